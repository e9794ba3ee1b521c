"""`manage.py remind`: tell by mail whoever has something that presses; once a day, however often it runs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from bureau import clock, installation
from indicators import reminders
from indicators.due import Dates


class Command(BaseCommand):
    """Nothing goes out on a day that is not worked, or while no mail server is named."""

    help = "按“我的工作”给有事要办的人发催报邮件，一天最多一封"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只列出今天该提醒谁什么，不发")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        here = installation.current()
        if here is None:
            self.stdout.write("还没有载入方案，请先运行 manage.py loadplan。")
            return
        with translation.override("zh-hans"):
            if dry_run:
                for one in reminders.digests(here):
                    self.stdout.write(f"{one.user.username} <{one.user.email or '未填邮箱'}>")
                    self.stdout.writelines(f"  {line.text}\n" for line in one.lines)
                return
            if not reminders.sending():
                self.stdout.write("没有配置邮件服务器（EMAIL_HOST），没有发出。")
                return
            if not Dates.of(here).workdays.is_workday(clock.real_day()):
                self.stdout.write("今天不是工作日，没有发出。")
                return
            done = reminders.send(here, say=self.stderr.write)
        self.stdout.write(
            f"发出 {done.sent}，今天已发过 {done.already}，没有邮箱 {done.without_address}，失败 {done.failed}"
        )
