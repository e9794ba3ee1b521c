"""`manage.py importfigures FILE --by USER`: a long form (长表) into draft entries, the whole or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from bureau.authorization import Permission, can
from bureau.models import User
from indicators.entry import importing, workflow
from indicators.entry.judging import Judged
from indicators.entry.layout import Problem

SHOWN = 50
UNCHANGED = "与现有数据一致，无变化"
STEPS = {
    "read": "读取文件",
    "rows": "逐行核对",
    "check": "逐张报表核对",
    "prepare": "准备写入",
    "write": "写入草稿",
    "submit": "提交审核",
}


class Command(BaseCommand):
    """Reads the file in the name of a person, within what that person may fill."""

    _said: tuple[str, int] = ("", 0)
    help = "把长表（CSV、XLSX）导入为草稿；全部写入，或一格不写"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="要导入的文件")
        parser.add_argument("--by", required=True, help="以谁的名义导入（用户名）；只收他填报范围内的行")
        parser.add_argument("--dry-run", action="store_true", help="只检查并列出差别，不写入")
        parser.add_argument("--submit", action="store_true", help="写入后提交审核；未填的格按未填提交")

    def handle(self, *args: Any, file: Path, by: str, dry_run: bool, submit: bool, **options: Any) -> None:
        user = User.objects.filter(username=by, is_active=True).first()
        if user is None or not can(user, Permission.ENTER):
            raise CommandError(f"没有可以填报的账号“{by}”")
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"文件读不到：{file}") from error
        judged = importing.examine(content, file, by=user, tell=self.say)
        self._list(judged.problems)
        if judged.refused and not dry_run:
            importing.store(importing.keep(content, file.name, by=user), judged)  # on record, as on the page
        if judged.refused:
            raise CommandError(f"没有导入：{judged.refused} 处错误须先改")
        self._tell(judged)
        if not dry_run:
            self._write(content, file.name, judged, user, submit)

    def say(self, step: str, done: int, total: int) -> None:
        """One line a step, and one a tenth of it."""
        tenth = done * 10 // total if total else 0
        if (step, tenth) != self._said:
            self._said = step, tenth
            self.stdout.write(f"{STEPS[step]} {done} / {total}" if total else STEPS[step])

    def _write(self, content: bytes, name: str, judged: Judged, user: User, submit: bool) -> None:
        try:
            with transaction.atomic():
                if any(part.changes for part in judged.parts):
                    one = importing.store(importing.keep(content, name, by=user), judged)
                    written = importing.confirm(one, by=user, tell=self.say)
                    self.stdout.write(f"已写入草稿 {written} 格")
                else:
                    self.stdout.write(UNCHANGED)
                if submit:
                    done = importing.hand_in(judged.parts, by=user, tell=self.say)
                    self.stdout.write(f"已提交审核 {done} 份")
        except workflow.Refused as refused:
            raise CommandError(f"没有写入任何数：{refused}") from refused

    def _tell(self, judged: Judged) -> None:
        new, changed = (sum(part.count(kind) for part in judged.parts) for kind in ("new", "changed"))
        same = sum(part.same for part in judged.parts)
        self.stdout.write(f"新填 {new}，将更新 {changed}，与现有相同 {same}，已转换 {len(judged.converted)}")

    def _list(self, problems: list[Problem]) -> None:
        for one in problems[:SHOWN]:
            where = f"第{one.row}行{one.column}列" if one.row else ""
            told = (one.sheet + where, one.area_name, one.item, one.value, one.rule, one.fix)
            self.stderr.write("：".join(filter(None, told)))
        if len(problems) > SHOWN:
            self.stderr.write(f"…… 共 {len(problems)} 处")
