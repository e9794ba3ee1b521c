"""What hangs on one clause as a file has it: its numbers, indicators with their data items, work, parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from bureau.language import localized, unit
from indicators import wording
from indicators.definitions import parsed
from indicators.models import DataItem, IndicatorVersion, Parameter
from indicators.shown import Shown
from indicators.table_rows import Cells, stored
from reports.plan_page import Entry
from tasks.queries import status


@dataclass(frozen=True)
class Told:
    """What the page reads of a clause besides the ledger: its numbers, the items of its indicators, its parameters."""

    facts: Sequence[dict]
    items: Sequence[DataItem]
    parameters: Sequence[Parameter]


def items_of(shown: Iterable[Shown]) -> list[DataItem]:
    """The data items (填报项) which these indicators' formulas in force name; two queries."""
    readings = {one.reading.pk for one in shown}
    if not readings:
        return []
    formulas = IndicatorVersion.objects.current().filter(reading__in=readings)
    codes: set[str] = set()
    for texts in formulas.values_list("numerator", "denominator", "value"):
        codes |= {ref.code for text in texts if text for ref in parsed(text).refs}
    return list(DataItem.objects.filter(code__in=codes).order_by("code"))


def rows(entry: Entry, told: Told, today: date) -> tuple[Cells, list[Cells]]:
    """A line each, called by what it is."""
    head: Cells = [_("类别"), _("编号"), _("名称"), _("数"), _("单位"), _("状态"), _("责任科室"), _("日期"), _("来源")]
    lines: list[Cells] = []
    for fact in told.facts:
        codes = " ".join(fact["codes"])
        lines.append([_("条款中的数"), codes, fact["label"], fact["value"], unit(fact["unit"]), "", "", None, ""])
    for one in entry.shown:
        value = None if one.row is None else stored(one.row.value)
        light = wording.light(one.light) if one.target else ""
        section = localized(one.indicator.section)
        called, measured = localized(one.indicator), wording.unit_of(one.indicator)
        lines.append([_("指标"), one.indicator.code, called, value, measured, light, section, None, ""])
    for item in told.items:
        lines.append([_("填报项"), item.code, localized(item), None, unit(item.unit), "", "", None, ""])
    for row in entry.work:
        kind = _("重点项目") if row["kind"] == "project" else _("任务")
        _light, word = status(row, today)
        lines.append([kind, row["code"], row["name"], row["percent"], "%", word, row["lead_name"], row["due_on"], ""])
    for one in told.parameters:
        value = one.value.normalize()
        lines.append([_("参数"), one.code, one.name, value, unit(one.unit), "", "", one.valid_from, one.source])
    return head, lines
