"""`manage.py exportevaluations FILE`: evaluations of a release (or live) in a file, byte for byte as the API does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import Http404

from bureau import months
from bureau.installation import current
from bureau.language import in_chinese
from bureau.models import Installation
from indicators.api.asking import as_csv, as_json, state
from indicators.api.results import EVALUATIONS, Evaluations
from indicators.models import PublishedMonth
from indicators.queries import LIVE, ReadAt, at_release, last_live_month

MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


class Command(BaseCommand):
    """Writes all rows at once where the API gives pages; run by whoever keeps the server, so it asks no rights."""

    help = "把评价结果写入文件（CSV 或 JSON），与接口 /api/v1/evaluations 同样选择所给的一字不差"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="要写的文件")
        parser.add_argument("--month", help="月份，写作 2017-06；不写为最近发布的月份")
        parser.add_argument("--version", dest="release", help="发布版本号，或 live；不写为最新一版")
        parser.add_argument("--since", help="从哪个月起；不写则只取这个月份")
        parser.add_argument("--until", help="到哪个月止")
        parser.add_argument("--area", action="append", default=[], help="区划代码，可写几次")
        parser.add_argument("--indicator", action="append", default=[], help="指标代码，可写几次")
        parser.add_argument("--reading", help="读法代码，或 official")
        parser.add_argument("--format", choices=("csv", "json"), default="csv", help="csv（默认）或 json")

    # Django's own --version would be taken for ours.
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def handle(self, *args: Any, file: Path, release: str | None, **options: Any) -> None:
        for name in ("month", "since", "until"):
            if options[name] and not MONTH.fullmatch(options[name]):
                raise CommandError(f"--{name} 的月份写作 2017-06")
        installation = current()
        if installation is None:
            raise CommandError("还没有装入方案，先运行 manage.py loadplan")
        with in_chinese():
            at = _state(installation, options["month"], release)
            try:
                found = Evaluations(
                    at, indicators=options["indicator"], areas=options["area"], reading=options["reading"],
                    since=options["since"], until=options["until"],
                )  # fmt: skip
            except Http404:
                raise CommandError("没有这个指标、读法或地方（只有县和镇（街道）有评价）") from None
            stated, total = state(at, installation), found.total
            if options["format"] == "json":
                body = as_json(stated, EVALUATIONS, found.rows(), total)
            else:
                body = as_csv(stated, EVALUATIONS, found.rows())
        try:
            file.write_bytes(body)
        except OSError as error:
            raise CommandError(f"文件写不了：{file}") from error
        self.stdout.write(f"已写入 {file}：{total} 行")


def _state(installation: Installation, month: str | None, version: str | None) -> ReadAt:
    """The release or live state asked for, by the rules of queries.read_at; nobody's rights are asked."""
    wanted = months.parse(month) if month else None
    if version == LIVE:
        return ReadAt(installation.county, wanted or last_live_month(installation.county_id), None, True, {}, ())
    found = PublishedMonth.objects.filter(county=installation.county).defer("evidence").order_by("-month", "-version")
    if wanted is None:
        newest = found.first()
        wanted = newest.month if newest else None
    found = found.filter(month=wanted)
    release = (found.filter(version=int(version)) if version and version.isdecimal() else found).first()
    if release is None or (version and str(release.version) != version):
        raise CommandError("没有这个月份或版本的发布")
    return at_release(release)
