"""The annex of the equality page: measures of spread with their series, 实现度 with its weights, and the CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.fields import from_units
from bureau.language import localized
from indicators import wording
from indicators.analysis.exact import round_05up_fraction
from indicators.analysis.numbers_text import print_units
from indicators.equality_charts import stacked
from indicators.equality_read import Gathered
from indicators.equality_series import Series, units_of
from indicators.models.plan import Standing
from indicators.realisation import Composite, Realised

MONTHS = 13  # of the table by month; the CSV has them all
TEN_THOUSAND = 10_000


def _measures() -> list[tuple[str, str, int, int, str]]:
    """Name in analysis/equality.py, its label, times what it is printed, decimals, what it says."""
    return [
        ("ratio", _("极值比"), 1, 2, _("最高 ÷ 最低，1 为没有差距")),
        ("cv", _("加权变异系数"), 1, 4, _("各镇街对全县的偏离，按分母人数加权，0 为没有差距")),
        ("evenness", _("均等化系数"), 1, 4, _("1 − 加权变异系数，越近 1 越均等；越高越好的指标才有意义")),
        ("gini", _("基尼系数"), 1, 4, _("按分母人数加权，0 为没有差距")),
        ("theil_t", _("泰尔指数 T（×10⁻⁴）"), TEN_THOUSAND, 2, _("对高的一端敏感，0 为没有差距")),
    ]


def parts(series: Series) -> list[tuple[str, str]]:
    """The two parts of Theil's T: of town and country, else of subdistricts and towns."""
    if series.by_sides:
        return [("between", _("城乡间")), ("within", _("城、乡内部"))]
    return [("between", _("街道与镇之间")), ("within", _("街道、镇内部"))]


def measures(found: Gathered, series: Series) -> dict:
    """The measures of the month shown and of the month compared with; then Theil's T by town and country."""
    now, then = series.measures.get(found.at.month or 0, {}), series.measures.get(series.since or 0, {})
    rows = [
        {
            "name": label,
            "now": _printed(now.get(key), times, decimals),
            "then": _printed(then.get(key), times, decimals),
            "note": note,
        }
        for key, label, times, decimals, note in _measures()
        if key != "evenness" or found.chosen.indicator.rising
    ]
    split_now, split_then = series.theil.get(found.at.month or 0), series.theil.get(series.since or 0)
    note = _("以各镇街的城镇部分、乡村部分为单位，两项相加为这些部分间的泰尔指数")
    for key, label in parts(series) if split_now else ():
        rows.append(
            {
                "name": _("泰尔指数 T 分解：%(part)s（×10⁻⁴）") % {"part": label},
                "now": _printed(getattr(split_now, key), TEN_THOUSAND, 2),
                "then": _printed(getattr(split_then, key, None), TEN_THOUSAND, 2),
                "note": note if series.by_sides else _("不能分城乡，按街道、镇分组；两项相加为泰尔指数 T"),
            }
        )
    return {
        "now": months.label(found.at.month),
        "then": months.label(series.since) if series.since is not None else "",
        "rows": rows,
        "why_no_parts": "" if split_now else _("只有一类地方有数，泰尔指数不分解"),
    }


def _printed(value: float | None, times: int, decimals: int) -> str:
    return wording.number(units_of(None if value is None else value * times), decimals)


def by_month(found: Gathered, series: Series) -> dict:
    """The measures of the last months, newest first."""
    columns = _measures()
    lines = []
    for month in sorted(series.measures, reverse=True)[:MONTHS]:
        known = series.measures[month]
        cells = (_printed(known.get(key), times, decimals) for key, _label, times, decimals, _note in columns)
        lines.append([months.label(month), *cells, str(int(known["places"]))])
    return {"head": [_("月份"), *(label for _k, label, *_rest in columns), _("镇街数")], "rows": lines}


def theil_chart(series: Series) -> dict | None:
    shown = sorted(series.theil)
    if len(shown) < 2:
        return None
    between, within = (
        [_decimal(getattr(series.theil[month], key) * TEN_THOUSAND) for month in shown] for key in ("between", "within")
    )
    return stacked(shown, between, within, [label for _key, label in parts(series)], series.breaks)


def theil_table(series: Series) -> dict:
    lines = [
        [months.label(month), *(_printed(getattr(series.theil[month], key), TEN_THOUSAND, 2) for key in _KEYS)]
        for month in sorted(series.theil, reverse=True)
    ]
    return {"head": [_("月份"), _("合计"), *(label for _key, label in parts(series))], "rows": lines}


_KEYS = ("total", "between", "within")


def _decimal(value: float) -> Decimal | None:
    units = units_of(value)
    return None if units is None else from_units(units)


# --- 实现度 ---


def realisation(composite: Composite, query: str) -> dict:
    """实现度 by domain and indicator; the composite stands in the last line, never in a headline."""
    groups = [
        {
            "name": wording.domain(group.domain),
            "value": _per_cent(group.value),
            "weight": _weight(group.weight),
            "rows": [_realised(one, query) for one in group.members],
        }
        for group in composite.groups
    ]
    note = ""
    if composite.left_out:
        note = _("%(n)d 项没有可用的数，不计，其余权重按比例放大（计入权重 %(u)s / %(w)s）") % {
            "n": composite.left_out,
            "u": _weight(composite.used),
            "w": _weight(composite.weight),
        }
    pending = any(one.choice.role.standing in PENDING for group in composite.groups for one in group.members)
    sources = dict.fromkeys(
        one.choice.role.source for group in composite.groups for one in group.members if one.choice.role.source
    )
    return {
        "groups": groups,
        "value": _per_cent(composite.value),
        "weight": _weight(composite.used),
        "note": note,
        "pending": pending,
        "sources": list(sources),
    }


PENDING = (Standing.MEMORY, Standing.REC)


def _realised(one: Realised, query: str) -> dict:
    indicator, row = one.choice.indicator, one.row
    return {
        "code": indicator.code,
        "name": localized(indicator),
        "url": reverse("indicator", args=[indicator.code]) + query,
        "value": wording.with_unit(wording.value(row, indicator), indicator)
        if row and row.value is not None
        else wording.DASH,
        "standard": print_units(one.standard, indicator.decimals) if one.standard is not None else wording.DASH,
        "direction": _("越高越好") if indicator.rising else _("越低越好"),
        "weight": _weight(Fraction(one.choice.role.weight)),
        "realised": _per_cent(one.value),
        "why": one.why,
    }


def _units(value: Fraction) -> int:
    return round_05up_fraction(value.numerator, value.denominator)


def _per_cent(value: Fraction | None) -> str:
    return wording.DASH if value is None else f"{print_units(_units(value), 2)}%"


def _weight(value: Fraction) -> str:
    text = print_units(_units(value), 4).rstrip("0").rstrip(".")
    return text or "0"


# --- CSV ---

HEAD = ("month", "kind", "area", "part", "numerator", "denominator", "value", "reported", "expected", "weight")


def lines(found: Gathered, series: Series | None, composite: Composite) -> Iterator[Sequence]:
    """Every number the page is made of: places, parts, measures, realisation and its weights.

    As stored, measures to 10 digits.
    """
    codes = found.tree.codes
    for (area, month), row in sorted(found.rows.items(), key=lambda pair: (pair[0][1], codes[pair[0][0]])):
        yield _line(month, "place", codes[area], "", row)
    for (area, part, month), row in sorted(found.parts.items(), key=lambda pair: (pair[0][2], codes[pair[0][0]])):
        yield _line(month, "part", codes[area], part, row)
    for month in sorted(series.measures) if series else ():
        for name, value in series.measures[month].items():
            yield [months.iso(month), "measure", "", name, "", "", _float(value), "", "", ""]
        for name in _KEYS if month in series.theil else ():
            value = getattr(series.theil[month], name)
            yield [months.iso(month), "measure", "", f"theil_parts_{name}", "", "", _float(value), "", "", ""]
    for group in composite.groups:
        for one in group.members:
            value = None if one.value is None else _plain(_units(one.value))
            code, weight = one.choice.indicator.code, one.choice.role.weight.normalize()
            yield [months.iso(found.at.month), "realisation", "", code, "", "", value, "", "", weight]


def _line(month: int, kind: str, area: str, part: str, row) -> list:
    numbers = (_plain(units) for units in (row.numerator, row.denominator, row.value))
    return [months.iso(month), kind, area, part, *numbers, row.reported, row.expected, ""]


def _plain(units: int | None) -> Decimal | None:
    return None if units is None else from_units(units).normalize()


def _float(value: float) -> Decimal | None:
    return None if value != value else Decimal(f"{value:.10g}")
