"""Composes the equality page (均等化): gaps in two numbers, their course, who makes them; finished text out.

A number of the towns or of town and country is exact, as evaluated; measures of spread are floats and decide nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.fields import UNITS, from_units
from bureau.language import english, localized
from indicators import equality_words as words
from indicators import wording
from indicators.analysis.equality import LEAST
from indicators.analysis.numbers_text import print_units
from indicators.charts import MonthPoint, monthly_figure
from indicators.drawings import bar_svg
from indicators.equality_charts import Line, two_lines
from indicators.equality_read import Gathered, Kind
from indicators.equality_series import Series, units_of
from indicators.queries import Row
from indicators.shown import place_words, town_words
from indicators.splits import RURAL, SIDES, URBAN, Split

Valued = Row | Split


def side_names() -> tuple[str, str]:
    return _("城镇"), _("乡村")


def sides(found: Gathered, month: int | None) -> tuple[Split, Split] | None:
    """Town and country of the county in a month, where both have a value and neither is too small."""
    if month is None:
        return None
    pair = found.side(URBAN, month), found.side(RURAL, month)
    return pair if all(one and one.value is not None and not small(one) for one in pair) else None


def small(one: Valued) -> bool:
    """Is the denominator under the least that is compared?"""
    return one.denominator is None or one.denominator < LEAST * UNITS


def counted(found: Gathered, month: int) -> list[Row]:
    """The towns' rows that are compared in a month."""
    return [row for _place, row in found.towns(month) if not small(row) and row.value is not None]


def spread(found: Gathered, month: int) -> int | None:
    """The highest town less the lowest, exact."""
    values = [row.value for row in counted(found, month)]
    return max(values) - min(values) if len(values) > 1 else None


def value(one: Valued | None, found: Gathered) -> str:
    """A value with the decimals of the indicator."""
    return wording.DASH if one is None or one.value is None else print_units(one.value, found.chosen.indicator.decimals)


def coverage(one: Valued, word: str) -> str:
    return f"{one.reported}/{one.expected} {word}"


def headline(found: Gathered) -> list[dict]:
    """The finding: the gap of town and country, and between the towns."""
    indicator, month = found.chosen.indicator, found.at.month
    name = localized(indicator)
    if found.chosen.role.kind == Kind.PAIR:
        gap = pair_gap(found, month)
        first, second = pair_names(found)
        told = words.higher(gap, first, second, indicator) or _("本月没有可用的数")
        return [{"text": _("%(name)s：%(told)s") % {"name": name, "told": told}, "tone": ""}]
    both, range_ = sides(found, month), spread(found, month)
    told = []
    if both:
        told.append(words.higher(both[0].value - both[1].value, *side_names(), indicator))
    if range_ is not None:
        told.append(_("镇街间最高与最低相差 %(d)s") % {"d": words.difference(range_, indicator)})
    text = wording.together(told) or _("本月没有可比的数")
    return [{"text": _("%(name)s：%(told)s") % {"name": name, "told": text}, "tone": ""}]


def facts(found: Gathered) -> list[dict]:
    """The two numbers of the head, each with unit, period and coverage; why where there is none."""
    indicator, month = found.chosen.indicator, found.at.month
    unit, period = wording.unit_of_difference(indicator.unit), months.label(month)
    both, range_ = sides(found, month), spread(found, month)
    gap = {"label": _("城乡差（城镇减乡村）"), "value": wording.DASH, "unit": "", "note": why_no_sides(found)}
    if both:
        told = [
            f"{name} {value(one, found)}（{coverage(one, _('村（社区）'))}）"
            for name, one in zip(side_names(), both, strict=True)
        ]
        gap |= {"value": wording.signed(both[0].value - both[1].value, indicator.decimals), "unit": unit}
        gap["note"] = wording.together([period, *told])
    range_fact = {"label": _("镇街极差（最高减最低）"), "value": wording.DASH, "unit": "", "note": ""}
    range_fact["note"] = _("够大可比的镇街不到 2 个，不比较")
    if range_ is not None:
        range_fact |= {"value": print_units(range_, indicator.decimals), "unit": unit}
        short = sum(not row.covered for row in counted(found, month))
        told = [period, _("%(n)d 个镇街") % {"n": len(counted(found, month))}]
        range_fact["note"] = wording.together([*told, _("%(n)d 个未报齐，暂按已报计") % {"n": short} if short else ""])
    return [gap, range_fact]


def why_no_sides(found: Gathered) -> str:
    """Why there is no gap of town and country."""
    if not found.has_sides:
        return _("公式中有不由村（社区）填报的项目，或这些月份发布时没有留存城乡数，不能分城乡")
    month = found.at.month
    parts = [found.side(part, month) for part in SIDES]
    if any(one is not None and small(one) for one in parts):
        return _("城镇或乡村的分母不足 %(n)d，不比较") % {"n": LEAST}
    return _("本月没有城镇、乡村两边的数")


def basis(found: Gathered) -> str:
    """How town and country are told apart, and what a falling rate means here."""
    told = []
    if found.has_sides:
        told.append(_("城乡按当月区划分：社区为城镇，村为乡村；两边都先加总各村（社区）的分子、分母再相除"))
    if not found.chosen.indicator.rising:
        told.append(_("本指标越低越好：“较弱”指高于全县的镇街，下降是改善"))
    told.append(_("分母不足 %(n)d 的地方不参加比较") % {"n": LEAST})
    return _("；").join(told) + _("。")


def gap_chart(found: Gathered) -> dict | None:
    """Town and country over the months."""
    shown = [month for month in found.months if sides(found, month)]
    if not shown:
        return None
    span = list(range(shown[0], shown[-1] + 1))
    lines = [_part_line(found, part, name, span) for part, name in zip(SIDES, side_names(), strict=True)]
    return two_lines(span, lines, wording.unit_of(found.chosen.indicator), found.breaks)


def _part_line(found: Gathered, part: str, name: str, span: Sequence[int]) -> Line:
    rows = [found.side(part, month) for month in span]
    return Line(
        name,
        [None if row is None or row.value is None or small(row) else from_units(row.value) for row in rows],
        [value(row, found) for row in rows],
        [row is not None and not row.covered for row in rows],
    )


def gap_table(found: Gathered) -> dict:
    """The chart's table: both sides with their parts, the gap, the coverage."""
    first, second = side_names()
    indicator, lines = found.chosen.indicator, []
    for month in reversed(found.months):
        if both := sides(found, month):
            gap = wording.signed(both[0].value - both[1].value, indicator.decimals)
            covered = wording.together([f"{one.reported}/{one.expected}" for one in both])
            lines.append([months.label(month), *(value(one, found) for one in both), gap, covered])
    return {"head": [_("月份"), first, second, _("城乡差"), _("覆盖（城；乡）")], "rows": lines}


def gap_sentence(found: Gathered, series: Series) -> str:
    now, then = sides(found, found.at.month), sides(found, series.since)
    if now is None or then is None:
        return ""
    pair = [(one[0].value, one[1].value) for one in (then, now)]
    return words.pair_movement(series.since, *pair, side_names(), found.chosen.indicator)


def range_chart(found: Gathered) -> dict | None:
    """The towns' range month by month, as bars."""
    decimals, points = found.chosen.indicator.decimals, []
    for month in found.months:
        rows, range_ = counted(found, month), spread(found, month)
        if range_ is None:
            continue
        top, low = max(row.value for row in rows), min(row.value for row in rows)
        told = _("最高 %(a)s，最低 %(b)s") % {"a": print_units(top, decimals), "b": print_units(low, decimals)}
        text = print_units(range_, decimals)
        full = all(row.covered for row in rows)
        points.append(MonthPoint(month, from_units(range_), text, told, covered=full))
    unit = wording.unit_of_difference(found.chosen.indicator.unit)
    return monthly_figure(points, unit=unit) if len(points) > 1 else None


def range_table(found: Gathered) -> dict:
    decimals, lines = found.chosen.indicator.decimals, []
    for month in reversed(found.months):
        rows, range_ = counted(found, month), spread(found, month)
        if range_ is not None:
            ends = [print_units(pick(row.value for row in rows), decimals) for pick in (max, min)]
            short = sum(not row.covered for row in rows)
            full = _("%(n)d 个未报齐") % {"n": short} if short else _("已报齐")
            lines.append([months.label(month), print_units(range_, decimals), *ends, str(len(rows)), full])
    return {"head": [_("月份"), _("极差"), _("最高"), _("最低"), _("镇街数"), _("覆盖")], "rows": lines}


def towns(found: Gathered, series: Series) -> list[dict]:
    """A line a town of the month, the one that adds most to the spread first; then the county."""
    month, indicator = found.at.month, found.chosen.indicator
    county = found.rows.get((found.at.county.pk, month))
    lines = []
    for place, row in found.towns(month):
        part = series.contributions.get(place.id)
        gap = row.value - county.value if county and None not in (row.value, county.value) else None
        line = _line(found, row, place.label, reverse("area", args=[place.code]))
        line |= {
            "gap": wording.signed(gap, indicator.decimals),
            "told": _below(row, county, indicator.rising) or wording.DASH,
            "coverage": wording.coverage(row, town_words(found.tree, place.id, month)),
        }
        if part is not None:
            thousandths = round(part.share * 1000)
            line["share"] = f"{wording.number(units_of(part.share * 100), 0)}%"
            line["weight"] = f"{wording.number(units_of(part.weight * 100), 1)}%"
            line["bar_svg"] = bar_svg(thousandths, thousandths, 1000)
        else:
            line["small"] = _("分母不足 %(n)d，不计") % {"n": LEAST}
        lines.append((-part.share if part else 0.0, line))
    lines.sort(key=lambda pair: pair[0])
    found_lines = [line for _order, line in lines]
    if county is not None and found_lines:
        total = _line(found, county, _("全县"), reverse("indicator", args=[indicator.code]))
        words_here = place_words(found.at, found.tree)
        found_lines.append(total | {"total": True, "coverage": wording.coverage(county, words_here)})
    return found_lines


def _line(found: Gathered, row: Row, name: str, url: str) -> dict:
    return {
        "name": name,
        "url": url + found.at.query,
        "value": value(row, found),
        "parts": f"{wording.amount(row.numerator)} / {wording.amount(row.denominator)}",
        "short": not row.covered,
        "bar_svg": "",
        "small": "",
        **dict.fromkeys(("gap", "share", "weight", "told"), wording.DASH),
    }


def _below(row: Row, county: Row | None, rising: bool) -> str:
    if county is None or county.target_value is None or row.value is None:
        return ""
    late = row.value < county.target_value if rising else row.value > county.target_value
    return _("未到县目标") if late else _("已到县目标")


def below_sentence(found: Gathered) -> str:
    """How many towns have not reached the county's target; the county's own number, not a target of theirs."""
    county = found.rows.get((found.at.county.pk, found.at.month))
    if county is None or county.target_value is None:
        return _("本月没有全县目标，不比对")
    rising, rows = found.chosen.indicator.rising, found.towns(found.at.month)
    late = sum(_below(row, county, rising) == _("未到县目标") for _place, row in rows)
    goal = wording.with_unit(print_units(county.target_value, found.chosen.indicator.decimals), found.chosen.indicator)
    return _("对照全县目标 %(t)s，%(n)d 个镇街中 %(m)d 个未到") % {"t": goal, "n": len(rows), "m": late}


def shares_sentence(found: Gathered, series: Series) -> str:
    names = {place.id: place.label for place, _row in found.towns(found.at.month)}
    parts = sorted(series.contributions.values(), key=lambda one: -one.share)
    return words.most_of_the_gap([(names[one.place], one.share) for one in parts])


def groups(found: Gathered) -> dict | None:
    """The county by the groups of the breakdown the indicator's items have (各类人), worst first; None without."""
    codes = [code for _area, code, _month in found.parts if code not in SIDES]
    if not codes:
        return None
    month, rising = found.at.month, found.chosen.indicator.rising
    known = [(code, found.side(code, month)) for code in dict.fromkeys(codes)]
    known = [(code, one) for code, one in known if one is not None]
    known.sort(key=lambda pair: (pair[1].value or 0) * (1 if rising else -1))
    valid = [(code, one) for code, one in known if one.value is not None and not small(one)]
    rows = [
        {
            "name": localized(found.groups[code]) if code in found.groups else code,
            "value": value(one, found) if not small(one) else wording.DASH,
            "parts": f"{wording.amount(one.numerator)} / {wording.amount(one.denominator)}",
            "note": _("分母不足 %(n)d，不比较") % {"n": LEAST} if small(one) else "",
            "coverage": coverage(one, _("单位")),
            "short": not one.covered,
        }
        for code, one in known
    ]
    told = ""
    if len(valid) > 1:
        ends = [valid[-1], valid[0]] if rising else [valid[0], valid[-1]]
        names = [localized(found.groups[code]) for code, _one in ends]
        told = words.higher(ends[0][1].value - ends[1][1].value, *names, found.chosen.indicator)
    chart = _groups_chart(found, [code for code, _one in (valid[0], valid[-1])] if len(valid) > 1 else [])
    return {"rows": rows, "sentence": told, "chart": chart, "table": _groups_table(found, [code for code, _ in known])}


def _groups_chart(found: Gathered, codes: Sequence[str]) -> dict | None:
    """The weakest and the strongest group of the month shown, over the months."""
    shown = [month for month in found.months if all(found.side(code, month) for code in codes)]
    if not codes or not shown:
        return None
    lines = [_part_line(found, code, localized(found.groups[code]), shown) for code in codes]
    return two_lines(shown, lines, wording.unit_of(found.chosen.indicator), found.breaks)


def _groups_table(found: Gathered, codes: Sequence[str]) -> dict:
    lines = [
        [months.label(month), *(value(found.side(code, month), found) for code in codes)]
        for month in reversed(found.months)
        if any(found.side(code, month) for code in codes)
    ]
    return {"head": [_("月份"), *(localized(found.groups[code]) for code in codes)], "rows": lines}


def pair_names(found: Gathered) -> tuple[str, str]:
    role = found.chosen.role
    text = (role.pair_en if english() else "") or role.pair
    first, _slash, second = text.partition("/")
    return first.strip(), second.strip()


def pair_gap(found: Gathered, month: int | None) -> int | None:
    """The first rate less the second; the indicator's own value where it is that difference, exact."""
    row = found.rows.get((found.at.county.pk, month or 0))
    if row is None or row.numerator is None or row.denominator is None:
        return None
    plain = (row.numerator - row.denominator) * 100
    return row.value if row.value is not None and abs(row.value - plain) <= 100 else plain


def pair(found: Gathered, since: int | None) -> dict:
    """The two groups' rates and their gap by month (分子、分母各为一类人的比率), with how it moved in a year."""
    names, indicator = pair_names(found), found.chosen.indicator
    rows = [found.rows[found.at.county.pk, month] for month in found.months if pair_gap(found, month) is not None]
    if not rows:
        return {}
    d = indicator.decimals
    lines = [
        Line(
            name,
            [Decimal(units(row)).scaleb(-2) for row in rows],
            [print_units(units(row) * 100, d) for row in rows],
            [not row.covered for row in rows],
        )
        for name, units in zip(names, (lambda row: row.numerator, lambda row: row.denominator), strict=True)
    ]
    table = [
        [
            months.label(row.month),
            print_units(row.numerator * 100, d),
            print_units(row.denominator * 100, d),
            wording.signed(pair_gap(found, row.month), d),
            wording.coverage(row, {}),
        ]
        for row in reversed(rows)
    ]
    by_month = {row.month: (row.numerator * 100, row.denominator * 100) for row in rows}
    told = ""
    if since in by_month and found.at.month in by_month:
        told = words.pair_movement(since, by_month[since], by_month[found.at.month], names, indicator)
    return {
        "chart": two_lines([row.month for row in rows], lines, "%", found.breaks),
        "table": {"head": [_("月份"), *names, _("差距（百分点）"), _("覆盖")], "rows": table},
        "sentence": told,
        "gap": wording.signed(pair_gap(found, found.at.month), d),
    }
