"""`manage.py clearimports`: throw away uploads and imports that nobody confirmed; for a daily timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from indicators.entry import discarding


class Command(BaseCommand):
    """What was confirmed stays, with its file."""

    help = "清理多日没有确认的上传和导入（预览、被拒的），连同原文件；记入审计"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=discarding.KEPT_DAYS, help="留多少天（默认 %(default)s）")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        self.stdout.write(f"清理 {discarding.discard(max(days, 1))} 个文件")
