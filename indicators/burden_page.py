"""The account of reporting (填报减负) in words and as CSV rows; no queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.language import joined, localized
from bureau.models import Area
from indicators.burden import DENOMINATOR, NUMERATOR, VALUE, ItemLine, PlaceLine, Use
from indicators.wording import DASH

ITEM_HEAD = ("code", "name", "forms", "cells_a_month", "indicators", "checks", "reports", "proposal")
PLACE_HEAD = ("place_code", "place", "form", "cells_asked", "counted", "filled", "imported", "carried_over")


def headline(lines: Sequence[ItemLine]) -> list[dict]:
    asked = [one for one in lines if one.cells]
    text = _("每月填 %(n)d 项、%(c)s 格") % {"n": len(asked), "c": f"{sum(one.cells for one in asked):,}"}
    proposed = sum(one.removable for one in lines)
    found = [{"text": text, "tone": ""}]
    if proposed:
        found.append({"text": _("，%(n)d 项没有用到，建议取消") % {"n": proposed}, "tone": "amber"})
    return found


def own_headline(lines: Sequence[PlaceLine]) -> list[dict]:
    cells = sum(one.asked for one in lines)
    return [{"text": _("每月要填 %(f)d 张表、%(c)s 格") % {"f": len(lines), "c": f"{cells:,}"}, "tone": ""}]


def items(lines: Iterable[ItemLine]) -> list[dict]:
    """One row an item, those proposed for removal first, else in the catalogue's order."""
    return [
        {
            "code": one.item.code,
            "name": localized(one.item),
            "forms": [_form(form, level) for form, level in one.asked],
            "cells": f"{one.cells:,}" if one.cells else DASH,
            "indicators": [{"text": _use(use), "url": _url(use)} for use in one.indicators],
            "checks": list(one.checks),
            "documents": joined([str(label) for label in one.documents]),
            "proposal": proposal(one),
        }
        for one in sorted(lines, key=lambda one: not one.removable)
    ]


def _form(form, level: str) -> str:
    return f"{form.number} {localized(form)}（{Area.Level(level).label}）"


def _use(use: Use) -> str:
    return _("%(code)s %(name)s（%(parts)s）") % {
        "code": use.indicator.code,
        "name": localized(use.indicator),
        "parts": joined([_part(part) for part in use.parts]),
    }


def _part(part: str) -> str:
    return {NUMERATOR: _("分子"), DENOMINATOR: _("分母"), VALUE: _("值")}[part]


def _url(use: Use) -> str:
    return reverse("indicator", args=[use.indicator.code])


def proposal(one: ItemLine) -> str:
    """What is said of an item: proposed for removal with the reason, or why it needs nothing."""
    if one.removable:
        return _("建议取消：没有指标、核对规则、报告用到，每月却要填 %(n)s 格") % {"n": f"{one.cells:,}"}
    if one.item.automatic:
        return _("按区划自动计数，不用填")
    if not one.in_use:
        return _("已停用")
    if one.asked and not one.indicators:
        return _("只用于核对")
    return "" if one.asked else _("没有报表要填")


def places(lines: Iterable[PlaceLine]) -> list[dict]:
    """By place, a row a form, then the place's sum where it has several."""
    groups: dict[str, dict] = {}
    for one in lines:
        group = groups.setdefault(one.place.code, {"title": one.place.label, "lines": []})
        group["lines"].append(one)
    return [
        {
            "title": group["title"],
            "rows": [_row(f"{one.form.number} {localized(one.form)}", [one]) for one in group["lines"]],
            "total": _row(_("合计"), group["lines"]) if len(group["lines"]) > 1 else None,
        }
        for group in groups.values()
    ]


def _row(name: str, lines: Sequence[PlaceLine]) -> dict:
    filled = sum(one.filled for one in lines)
    return {
        "name": name,
        "asked": f"{sum(one.asked for one in lines):,}",
        "counted": f"{sum(one.counted for one in lines):,}",
        "filled": f"{filled:,}",
        "imported": _share(sum(one.imported for one in lines), filled),
        "carried": _share(sum(one.carried for one in lines), filled),
    }


def _share(count: int, of: int) -> str:
    """'12（25.0%）', to the nearest tenth; '0' where there is none."""
    if not count or not of:
        return "0"
    tenths = (count * 2000 + of) // (2 * of)
    return f"{count:,}（{tenths // 10}.{tenths % 10}%）"


def item_rows(lines: Iterable[ItemLine]) -> list[list]:
    return [
        [
            one.item.code,
            one.item.name,
            joined([_form(form, level) for form, level in one.asked]),
            one.cells,
            joined([_use(use) for use in one.indicators]),
            "；".join(one.checks),
            joined([str(label) for label in one.documents]),
            proposal(one),
        ]
        for one in lines
    ]


def place_rows(lines: Iterable[PlaceLine]) -> list[list]:
    return [
        [
            one.place.code, one.place.name, one.form.number, one.asked, one.counted, one.filled, one.imported,
            one.carried,
        ]
        for one in lines
    ]  # fmt: skip
