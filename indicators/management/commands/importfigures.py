"""`manage.py importfigures FILE --by USER`: a long form or signed workbook into draft entries, the whole or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from bureau.authorization import Permission, can
from bureau.models import User
from indicators.entry import importing, workflow
from indicators.entry.judging import Judged
from indicators.entry.rawbook import UploadRefused
from indicators.models import Import

SHOWN = 50


class Command(BaseCommand):
    """Reads the file in the name of a person, within what that person may fill."""

    help = "把长表（CSV、XLSX）或多月模板导入为草稿；全部写入，或一格不写"

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
        if dry_run:
            self._examine(content, file, user)
        else:
            self._import(content, file, user, submit)

    def _examine(self, content: bytes, file: Path, user: User) -> None:
        try:
            judged = importing.examine(content, file, by=user)
        except UploadRefused as refused:
            raise CommandError("；".join(refused.reasons)) from refused
        new, changed = _count(judged, "new"), _count(judged, "changed")
        self._tell(new, changed, sum(part.same for part in judged.parts), len(judged.converted))
        self._list([vars(problem) for problem in judged.problems])
        if judged.refused:
            raise CommandError(f"不能导入：{judged.refused} 处错误须先改")

    def _import(self, content: bytes, file: Path, user: User, submit: bool) -> None:
        one = importing.read(importing.keep(content, file.name, by=user))
        self._list(one.problems)
        if one.state == Import.State.REFUSED:
            raise CommandError(f"没有导入：{one.refused} 处错误须先改")
        parts = list(one.parts.all())
        new, changed = sum(part.new for part in parts), sum(part.changed for part in parts)
        self._tell(new, changed, sum(part.same for part in parts), one.converted_count)
        try:
            with transaction.atomic():
                written = importing.confirm(one, by=user, submit=submit)
        except workflow.Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"已写入草稿 {written} 格" if written else "与现有数据一致，无变化")

    def _tell(self, new: int, changed: int, same: int, converted: int) -> None:
        self.stdout.write(f"新填 {new}，将更新 {changed}，与现有相同 {same}，已转换 {converted}")

    def _list(self, problems: list[dict]) -> None:
        for one in problems[:SHOWN]:
            where = f"{one['sheet']} {one['column']}{one['row']}".strip() if one["row"] else one["sheet"]
            self.stderr.write("：".join(filter(None, (where, one["area_name"], one["value"], one["rule"], one["fix"]))))
        if len(problems) > SHOWN:
            self.stderr.write(f"…… 共 {len(problems)} 处")


def _count(judged: Judged, kind: str) -> int:
    return sum(change.kind == kind for part in judged.parts for change in part.changes)
