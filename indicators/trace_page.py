"""Composes the page of where a value comes from (数的来处): formula with its values, items, months, places; text out.

Numbers of parts are printed with the decimals they have, the value itself as every other page prints it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.authorization import Permission, scope
from bureau.language import joined, localized, unit
from bureau.models import Area
from bureau.places import Place
from indicators import access, wording
from indicators.analysis.formula import Ref
from indicators.analysis.kinds import ItemKind, Window
from indicators.definition_page import tidy
from indicators.definitions import parsed
from indicators.history import told
from indicators.models import IndicatorVersion
from indicators.queries import LIVE, ReadAt
from indicators.spans import span_text
from indicators.trace import Trace
from indicators.traced import Asked, Below, Month, Other, Source

NAMED = 60  # absent places that are named
_REF = re.compile(r"[DWPT][0-9]{2,3}[a-z]?(?:\[[^\]]+\])?|\b[NM]\b")
_SUMMED = re.compile(r"months\(([^()]*)\)")


def address(at: ReadAt, code: str, area_code: str, month: int | None = None) -> str:
    """Where a value comes from: the page of this indicator, area and month as the state shown sees it."""
    month = at.month if month is None else month
    version = LIVE if at.live else str(at.versions.get(month or 0, ""))
    return f"{reverse('trace', args=[code, area_code])}?month={months.iso(month or 0)}&version={version}"


def facts(trace: Trace) -> list[str]:
    """Area and month, coverage, window."""
    window = dict(IndicatorVersion.WindowKind.choices)[trace.version.window]
    row = trace.row
    covered = _("报送 %(r)d/%(e)d 个单位") % {"r": row.reported, "e": row.expected} if row and row.expected else ""
    return [text for text in (str(window), covered) if text]


def value(trace: Trace) -> str:
    return wording.value(trace.row, trace.indicator)


def formula(trace: Trace) -> list[dict]:
    """The lines of the calculation: what is meant, the same with the numbers put in, what it comes to."""
    version, row = trace.version, trace.row
    names, numbers = _Words(trace, _name), _Words(trace, _number)
    result = {"words": "", "numbers": "", "result": value(trace), "unit": value_unit(trace)}
    if not version.denominator and not version.value:
        return [
            result | {"label": _("值"), "words": names.of(version.numerator), "numbers": numbers.of(version.numerator)}
        ]
    lines = [_part(_("分子"), version.numerator, row.numerator if row else None, names, numbers)]
    if version.denominator:
        lines.append(_part(_("分母"), version.denominator, row.denominator if row else None, names, numbers))
    text = version.value or ("N / M" if version.scale == 1 else f"N / M * {version.scale.normalize():f}")
    return [*lines, result | {"label": _("值"), "words": names.of(text), "numbers": numbers.of(text)}]


def _part(label: str, text: str, units: int | None, names: _Words, numbers: _Words) -> dict:
    return {
        "label": label,
        "words": names.of(text),
        "numbers": numbers.of(text),
        "result": wording.DASH if units is None else wording.amount(units),
        "unit": "",
    }


def value_unit(trace: Trace) -> str:
    return wording.unit_of(trace.indicator) if trace.row is not None and trace.row.value is not None else ""


class _Words:
    """A formula with each of its references replaced by what `of_ref` says of it."""

    def __init__(self, trace: Trace, of_ref: Callable[[Trace, Ref, bool], str]) -> None:
        self.trace, self.of_ref = trace, of_ref

    def of(self, text: str) -> str:
        summed = _SUMMED.sub(lambda found: f"{_('逐月合计')}（{self._replaced(tidy(found[1]), True)}）", text)
        return self._replaced(tidy(summed), False)

    def _replaced(self, text: str, summed: bool) -> str:
        def word(found: re.Match) -> str:
            code, _bracket, category = found[0].rstrip("]").partition("[")
            return self.of_ref(self.trace, Ref(code, category or None), summed)

        return _REF.sub(word, text)


def _name(trace: Trace, ref: Ref, summed: bool) -> str:
    if ref.letter == "N":
        return _("分子")
    if ref.letter == "M":
        return _("分母")
    asked = trace.asked.get(ref.code)
    return item_name(asked, ref) if asked else str(ref)


def item_name(asked: Asked, ref: Ref) -> str:
    name = localized(asked)
    category = next((name for code, name in asked.category_names.values() if code == ref.category), "")
    return _("%(name)s（%(category)s）") % {"name": name, "category": category} if category else name


def _number(trace: Trace, ref: Ref, summed: bool) -> str:
    """What stands in the formula: an item over its window, a parameter, N and M as worked out; '缺' where it is not."""
    units: int | None
    if ref.letter in "NM":
        units = None if trace.row is None else trace.row.numerator if ref.letter == "N" else trace.row.denominator
    elif ref.letter == "D":
        units = source_units(trace, ref, summed)
    else:
        units = next((one.units for one in trace.others if one.code == ref.code), None)
    return _("缺") if units is None else wording.amount(units)


def source_units(trace: Trace, ref: Ref, summed: bool) -> int | None:
    """An item's value over the window: of a part that is this item alone, as it was computed; else added up."""
    stored = _stored(trace, ref, summed)
    if stored is not None:
        return stored
    found = next((one for one in trace.sources if (one.ref, one.summed) == (ref, summed)), None)
    return found.units if found else None


def _stored(trace: Trace, ref: Ref, summed: bool) -> int | None:
    if trace.row is None or summed:
        return None
    for text, units in (
        (trace.version.numerator, trace.row.numerator),
        (trace.version.denominator, trace.row.denominator),
    ):
        if text and parsed(text).root == ref:
            return units
    return None


def other_rows(trace: Trace) -> list[dict]:
    """Parameters, projects and tasks of the formula."""
    return [
        {
            "code": one.code,
            "name": one.name or _("项目或任务完成情况"),
            "value": wording.DASH if one.units is None else wording.amount(one.units),
            "unit": unit(one.unit) if one.unit else "",
            "note": _since(one),
        }
        for one in trace.others
    ]


def _since(one: Other) -> str:
    if isinstance(one.since, date):
        return _("自 %(d)s") % {"d": one.since.isoformat()}
    return _("%(m)s完成") % {"m": months.label(one.since)} if one.since is not None else _("未完成")


def sources(trace: Trace) -> list[dict]:
    """One section a data item: its value over the window, the months added, the places of the month, who is absent."""
    return [_source(trace, one, number) for number, one in enumerate(trace.sources, 1)]


def _source(trace: Trace, one: Source, number: int) -> dict:
    item, units = one.asked.item, source_units(trace, one.ref, one.summed)
    now = one.now if one.now is not None and one.now.month == trace.month else None
    several = len(one.months) > 1 or bool(one.spans)
    return {
        "id": f"item-{number}",
        "title": f"{one.ref} {item_name(one.asked, one.ref)}",
        "unit": unit(one.asked.unit),
        "kind": _("按区划自动计数") if item.automatic else _kind(item.kind),
        "value": wording.DASH if units is None else wording.amount(units),
        "coverage": _covered(now.reported, now.expected) if now else "",
        "coverage_short": bool(now and now.reported < now.expected),
        "how": _how(one, Window(trace.version.window)),
        "months": [_month(trace, month) for month in reversed(one.months)] if several else [],
        "spans": [
            {
                "label": _("补录合计 %(s)s") % {"s": span_text(span.first, span.last)},
                "place": trace.tree.names.get(span.area, ""),
                "value": wording.amount(span.units),
                "counts": counts,
            }
            for span, counts in one.spans
        ],
        "difference": _difference(one, units),
        "below": [_below(trace, one, line) for line in one.below],
        "absent": _absent(one),
        "adjustments": [
            {
                "place": trace.tree.names.get(line.area, ""),
                "text": _adjusted(line.upon, line.units),
                "reason": f"{line.reason}（{line.by}）",
            }
            for line in one.adjustments
        ],
    }


def _adjusted(typed: int, added: int) -> str:
    return f"{wording.amount(typed)} {'+' if added >= 0 else '−'} {wording.amount(abs(added))}"


def _kind(kind: ItemKind) -> str:
    return {ItemKind.FLOW: _("当期数"), ItemKind.STOCK: _("期末数"), ItemKind.YTD: _("本年累计数")}[kind]


def _how(one: Source, window: Window) -> str:
    """In words, what is added over the window."""
    kind = one.asked.item.kind
    if kind == ItemKind.YTD:
        return _("报的是本年累计数，按下列各月相加减") if len(one.months) > 1 else _("报的是本年累计数，取当月所报")
    if kind == ItemKind.STOCK and not one.summed:
        return _("期末数，只取当月，不逐月相加")
    if len(one.months) < 2:
        return _("取当月数")
    words = {
        Window.YEAR: _("本年 1 月起逐月相加"),
        Window.PLAN: _("试点以来逐月相加"),
        Window.TRAILING12: _("近 12 个月逐月相加"),
    }
    return words.get(window, _("逐月相加"))


def _covered(reported: int, expected: int) -> str:
    return _("%(r)d/%(e)d 个单位") % {"r": reported, "e": expected}


def _month(trace: Trace, one: Month) -> dict:
    value = _("未发布") if not one.released else wording.DASH if one.units is None else wording.amount(one.units)
    leads = one.month != trace.month and one.released
    return {
        "label": months.label(one.month),
        "sign": "+" if one.sign > 0 else "−",
        "value": value,
        "coverage": _covered(one.reported, one.expected) if one.released else "",
        "short": one.released and one.reported < one.expected,
        "url": address(trace.at, trace.indicator.code, trace.place.code, one.month) if leads else "",
    }


def _difference(one: Source, units: int | None) -> str:
    """Where the months as listed do not come to what was computed, said so."""
    if not all(month.released for month in one.months):
        return _("有的月份没有单独发布，逐月数不全；合计按发布时的数。")
    if units is None or one.units is None or units == one.units:
        return ""
    return _("逐月数之和 %(s)s 与计算所用的 %(v)s 不等：发布后区划或口径有变动。") % {
        "s": wording.amount(one.units),
        "v": wording.amount(units),
    }


def _below(trace: Trace, one: Source, line: Below) -> dict:
    town = line.place.level == Area.Level.TOWN and not line.own
    histories = [] if town else _histories(trace, one, line)
    return {
        "name": _("%(name)s本级") % {"name": line.place.label} if line.own and len(one.below) > 1 else line.place.label,
        "value": _reported(line, one),
        "coverage": _covered(line.reported, line.expected) if town else "",
        "short": line.reported < line.expected,
        "url": address(trace.at, trace.indicator.code, line.place.code) if town else "",
        "history": histories[0]["url"] if len(histories) == 1 else "",
        "categories": histories if len(histories) > 1 else [],
        "submission": "" if town else _submission(trace, one.asked, line),
    }


def _reported(line: Below, one: Source) -> str:
    if not line.reported:
        return _("未报")
    if not line.told:
        return _("已报")
    if line.units is not None:
        return wording.amount(line.units)
    cells = line.figure.cells if line.figure else {}
    category = one.asked.item.categories.get(one.ref.category or "", 0)
    return told(*cells[category]) if category in cells else wording.DASH


def _histories(trace: Trace, one: Source, line: Below) -> list[dict]:
    """The way on to the history of the place's figure, of each category where the item is broken down."""
    if not line.may_read or not line.reported:
        return []
    base = reverse("figure_history", args=[one.ref.code, line.place.code, months.iso(trace.month)])
    names = one.asked.category_names
    if not names:
        return [{"label": "", "url": base}]
    return [
        {"label": name, "url": f"{base}?category={code}"}
        for code, name in names.values()
        if one.ref.category in (None, code)
    ]


def _submission(trace: Trace, asked: Asked, line: Below) -> str:
    """The address of the sheet the figure came in, for who may see all of it."""
    form, section = asked.forms.get(line.place.level, ("", 0))
    if not form or not line.reported:
        return ""
    place = line.place.parent if line.place.level == Area.Level.VILLAGE else line.place.id
    held = scope(trace.user, Permission.READ_SUBMISSIONS)
    if not access.reaches(held, section, place):
        return ""
    return reverse("entry", args=[form, trace.tree.codes[place], months.iso(trace.month)])


def _absent(one: Source) -> dict | None:
    if not one.absent:
        return None
    named: list[Place] = list(one.absent[:NAMED])
    names = joined([place.label for place in named])
    more = len(one.absent) - len(named)
    return {
        "count": len(one.absent),
        "names": _("%(names)s 等") % {"names": names} if more else names,
    }


def depth_note(trace: Trace) -> str:
    """How deep the state shown can be followed."""
    if trace.at.live:
        return ""
    return _("发布只冻结全县和镇（街道）的合计与未报单位；村（社区）逐个的数不在发布里，只给来历。")
