"""The releases (发布) with all their versions, and the correction list (更正清单) of the one shown."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from bureau import months
from bureau.fields import from_units
from indicators.api.asking import Asked, asking, whole
from indicators.api.tables import Column, Table
from indicators.models import Category, PublishedMonth

router = Router(tags=["发布"])
C = Column

RELEASES = Table(
    "releases",
    "发布",
    (
        C("month", "月份"), C("version", "版本"), C("sequence", "发布序号", "count"), C("released_on", "发布日期"),
        C("at", "发布时间"), C("reason", "说明"), C("corrections", "更正项数", "count"),
        C("data_version", "数据版本", "count"), C("demonstration", "演示数据", "flag"), C("sha256", "校验码"),
    ),
)  # fmt: skip
CORRECTIONS = Table(
    "corrections",
    "更正清单",
    (
        C("release_month", "发布月份"), C("release_version", "发布版本"), C("month", "更正的月份"),
        C("area", "区划代码"), C("area_name", "地方"), C("item", "填报项代码"), C("item_name", "填报项"),
        C("category", "类别代码"), C("old", "原数", "number"), C("new", "新数", "number"), C("reason", "理由"),
        C("county_old", "全县原数", "number"), C("county_new", "全县新数", "number"),
    ),
)  # fmt: skip


@router.get("/releases", response=RELEASES.page_model, summary="发布各月各版", url_name="releases")
def releases(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """All of them, newest first, whichever month is read."""
    ask = asking(request, asked)
    found = PublishedMonth.objects.filter(county=ask.at.county).defer("evidence").order_by("-sequence")
    rows = [
        (months.iso(one.month), str(one.version), one.sequence, one.business_date.isoformat(),
         timezone.localtime(one.at).isoformat(timespec="seconds"), one.reason, len(one.corrections), one.data_version,
         one.demonstration, one.sha256)
        for one in found
    ]  # fmt: skip
    return whole(ask, RELEASES, rows)


@router.get("/corrections", response=CORRECTIONS.page_model, summary="所看版本的更正清单", url_name="corrections")
def corrections(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Empty for live figures: nothing is listed before it is released."""
    ask = asking(request, asked)
    release = ask.at.release
    lines = release.corrections if release else []
    codes = dict(Category.objects.values_list("pk", F("code"))) if lines else {}
    rows = [
        (months.iso(release.month), str(release.version), months.iso(line["month"]), line["area"], line["area_name"],
         line["item"], line["item_name"], codes.get(line["category"], ""),
         *(_amount(line[key]) for key in ("old", "new")), line["reason"],
         *(_amount(line[key]) for key in ("county_old", "county_new")))
        for line in lines
    ]  # fmt: skip
    return whole(ask, CORRECTIONS, rows)


def _amount(units: int | None):
    return None if units is None else from_units(units)
