"""Tables of composed pages that had no file of their own: sections, releases, correction lists; thin."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock, months
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.fields import from_units
from bureau.language import localized
from bureau.models import Section
from bureau.tables_out import table_response
from indicators import listing, pages, wording
from indicators.models import PublishedMonth
from indicators.shown import shown_indicators
from reports.release_views import listed
from tasks import queries


@require_safe
@requires(Permission.READ_RELEASES)
def section_list_table(request: HttpRequest, ending: str) -> HttpResponse:
    """A line a section: how many indicators stand where, how many tasks, how many of them late."""
    at, today = pages.reading(request), clock.today_in(installation_of(request))
    shown = shown_indicators(at) if at.month is not None else []
    works = queries.work()
    head = [
        _("代码"),
        _("责任科室"),
        _("指标数"),
        *(wording.light(one) for one in listing.LIGHTS),
        _("任务数"),
        _("逾期任务"),
    ]
    lines = []
    for section in Section.objects.all():
        mine = [one for one in shown if one.indicator.section_id == section.pk]
        tasks = [row for row in works if row["lead_id"] == section.pk]
        lights = [sum(one.light == light for one in mine) for light in listing.LIGHTS]
        late = sum(queries.late(row, today) for row in tasks)
        lines.append([section.code, localized(section), len(mine), *lights, len(tasks), late])
    name = f"{_('责任科室')}-{months.iso(at.month) if at.month is not None else ''}"
    return table_response(name, head, lines, ending=ending, demonstration=pages.is_demonstration(at, request))


@require_safe
@requires(Permission.READ_RELEASES)
def release_list_table(request: HttpRequest, ending: str) -> HttpResponse:
    """Every release the page lists, the last first."""
    head = [_("月份"), _("版本"), _("发布日期"), _("发布人"), _("说明"), _("更正处数")]
    found = listed(installation_of(request))
    lines = [
        [months.iso(one.month), one.version, one.business_date, str(one.by), one.reason, len(one.corrections)]
        for one in found
    ]
    return _table(request, _("发布"), head, lines, ending)


@require_safe
@requires(Permission.READ_RELEASES)
def correction_list_table(request: HttpRequest, ending: str) -> HttpResponse:
    """Every correction of these releases, a line each; of a figure corrected more than once each step after it."""
    head = [
        _("发布月份"), _("版本"), _("月份"), _("地方"), _("填报项"), _("名称"), _("次序"), _("原数"), _("新数"),
        _("理由"),
        _("审核人"), _("全县原数"), _("全县新数"), _("该月状态"),
    ]  # fmt: skip
    lines = [line for one in listed(installation_of(request)) for cell in one.corrections for line in _lines(one, cell)]
    return _table(request, _("更正清单"), head, lines, ending)


def _lines(release: PublishedMonth, cell: dict) -> list[list[object]]:
    steps = cell.get("steps", ())
    whole = _line(release, cell, cell, steps[0] if len(steps) == 1 else None, None)
    if len(steps) < 2:
        return [whole]
    return [whole, *(_line(release, cell, step, step, number) for number, step in enumerate(steps, 1))]


def _line(release: PublishedMonth, cell: dict, change: dict, step: dict | None, number: int | None) -> list[object]:
    return [
        months.iso(release.month), release.version, months.iso(cell["month"]), cell["area_name"], cell["item"],
        cell["item_name"], number, _amount(change["old"]), _amount(change["new"]), change["reason"],
        step["by"] if step else "", _amount(change["county_old"]), _amount(change["county_new"]),
        wording.lights(step) if step else "",
    ]  # fmt: skip


def _amount(units: int | None) -> Decimal | None:
    return None if units is None else from_units(units).normalize()


def _table(request: HttpRequest, name: str, head: list, lines: list, ending: str) -> HttpResponse:
    here = installation_of(request)
    return table_response(name, head, lines, ending=ending, demonstration=bool(here and here.demonstration))
