"""`manage.py loadplan`: brings the database to the plan's files; `--check` only tells how it differs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.loading import WRITES, Kind
from indicators.plandata import FIXTURES, FixtureError, read_plan
from tasks.loadplan import load_plan


class Command(BaseCommand):
    """Loads the plan; what a person edited since the last load is kept and named."""

    help = "把方案数据文件载入数据库；人工修改过的行保留不动"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="只列出数据库与文件的差别，不写入；有差别时返回 1")
        parser.add_argument("--fixtures", type=Path, default=FIXTURES, help="方案数据文件所在的目录")

    def handle(self, *args: Any, check: bool, fixtures: Path, **options: Any) -> None:
        try:
            data = read_plan(fixtures)
        except FixtureError as error:
            raise CommandError(f"方案数据文件有误：\n{error}") from error
        changes = load_plan(data, write=not check)
        for change in changes:
            if check or change.kind not in WRITES:
                self.stdout.write(str(change))
        if check and changes:
            raise CommandError(f"数据库与方案数据文件有 {len(changes)} 处不同", returncode=1)
        counts = [f"{kind.name.lower()} {sum(c.kind == kind for c in changes)}" for kind in Kind]
        self.stdout.write("plan loaded: " + ", ".join(counts) if not check else "数据库与方案数据文件一致")
