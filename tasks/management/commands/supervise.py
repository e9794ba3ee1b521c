"""`manage.py supervise`: raise the slips (督办单) that the rules ask for; each lapse once, however often it runs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from bureau import installation
from tasks.slips.number import number_of
from tasks.slips.raising import raise_due


class Command(BaseCommand):
    """For the timer of every morning; a release raises them too."""

    help = "按规则立项督办：连续两个月严重滞后、节点逾期、未报进度月报；每件只立一次"

    def handle(self, *args: Any, **options: Any) -> None:
        here = installation.current()
        if here is None:
            self.stdout.write("还没有载入方案，请先运行 manage.py loadplan。")
            return
        with translation.override("zh-hans"):
            raised = raise_due(here)
            self.stdout.writelines(f"{number_of(one)} {one.subject}\n" for one in raised)
        self.stdout.write(f"立项 {len(raised)} 件")
