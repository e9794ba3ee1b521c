"""The equality page of an indicator: its CSV and what the page shows, worked out again from the CSV's places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from . import spread
from .checking import cut, text_of
from .exports import COUNTY, Exports, Rows, iso, number
from .printed import kept, numbers, printed

MEASURES = {"极值比": ("ratio", 1, 2), "加权变异系数": ("cv", 1, 4), "均等化系数": ("evenness", 1, 4),
            "基尼系数": ("gini", 1, 4), "泰尔指数 T（×10⁻⁴）": ("theil_t", 10_000, 2)}  # fmt: skip
SIDES = ("urban", "rural")
HUNDRED = 100


def compared(page: str) -> list[str]:
    """The indicators the page offers to compare."""
    return re.findall(r'<option value="(\w+)"', cut(page, 'name="indicator"', "</select>"))


class Equality:
    """One indicator compared; `lines` are those of its CSV, `page` is its page."""

    def __init__(self, exports: Exports, code: str, lines: Rows, page: str) -> None:
        self.exports, self.code, self.lines, self.page = exports, code, lines, page
        self.indicator = next(row for row in exports.indicators if row["代码"] == code)
        self.decimals = int(self.indicator["小数位"])
        self.scale = HUNDRED if self.indicator["单位"] in ("%", "百分点") else 1
        self.month = iso(exports.month)
        self.compared = 0  # how many numbers were held against each other

    def wrong(self) -> list[str]:
        """Each number that differs, in words."""
        found = [*self._realisation(), *self._pair()] if self.is_pair else [
            *self._values(), *self._measures(), *self._facts(), *self._towns(), *self._annex(), *self._realisation(),
        ]  # fmt: skip
        return [f"{self.code}: {one}" for one in found]

    @property
    def is_pair(self) -> bool:
        return not any(line["kind"] == "measure" for line in self.lines)

    def _differs(self, what: str, shown: object, told: object) -> Iterator[str]:
        self.compared += 1
        if shown != told:
            yield f"{what}: {shown}, recomputed {told}"

    def of(self, kind: str, month: str, part: str | None = None) -> Rows:
        return [
            one for one in self.lines
            if one["kind"] == kind and one["month"] == month and (part is None or one["part"] == part)
        ]  # fmt: skip

    def rates(self, month: str) -> list[spread.Rate]:
        towns = [one for one in self.of("place", month) if one["area"] != COUNTY and one["denominator"]]
        pairs = {one["area"]: (number(one["numerator"]), Fraction(one["denominator"])) for one in towns}
        return spread.rates(pairs, self.scale)

    @property
    def months(self) -> list[str]:
        return sorted({one["month"] for one in self.lines if one["kind"] == "measure"})

    def _values(self) -> Iterator[str]:
        """Each place and part: its parts divided."""
        for line in self.lines:
            if line["kind"] in ("place", "part") and number(line["denominator"]):
                rate = Fraction(line["numerator"]) / Fraction(line["denominator"]) * self.scale
                where = f"{line['month']} {line['area']} {line['part']}"
                yield from self._differs(where, Decimal(line["value"]), kept(rate))

    def _measures(self) -> Iterator[str]:
        """Every measure of every month, to the digits exported."""
        for month in self.months:
            told = spread.measures(self.rates(month))
            told |= {f"theil_parts_{name}": value for name, value in (self.parts(month) or {}).items()}
            shown = {one["part"]: float(one["value"]) for one in self.of("measure", month) if one["value"]}
            yield from self._differs(f"{month} measures", sorted(shown), sorted(told))
            for name in shown.keys() & told.keys():
                near = abs(shown[name] - told[name]) <= max(6e-10 * abs(told[name]), 1e-13)  # ten digits
                yield from self._differs(f"{month} {name}", shown[name], shown[name] if near else told[name])

    def parts(self, month: str) -> dict[str, float] | None:
        """Theil's T in two parts: of town and country, else of 街道 and 镇."""
        if any(one["part"] in SIDES for one in self.lines if one["kind"] == "part"):
            sides = [
                one for one in self.of("part", month)
                if one["area"] != COUNTY and one["part"] in SIDES and one["denominator"]
            ]  # fmt: skip
            if {one["part"] for one in sides} != set(SIDES):
                return None
            pairs = {
                f"{one['area']} {one['part']}": (number(one["numerator"]), Fraction(one["denominator"]))
                for one in sides
            }
            return spread.theil_parts(spread.rates(pairs, self.scale), {key: key.split()[1] for key in pairs})
        kinds = {row["区划代码"]: row["类别"] for row in self.exports.areas if row["层级"] == "town"}
        found = self.rates(month)
        return spread.theil_parts(found, kinds) if len({kinds[one.place] for one in found}) > 1 else None

    def side(self, part: str) -> Fraction | None:
        line = next((one for one in self.of("part", self.month, part) if one["area"] == COUNTY), None)
        if line is None or not line["value"] or Fraction(line["denominator"]) < spread.LEAST:
            return None
        return Fraction(line["value"])

    def counted(self) -> list[Fraction]:
        rated = {one.place for one in self.rates(self.month)}
        return [Fraction(one["value"]) for one in self.of("place", self.month) if one["area"] in rated]

    def _facts(self) -> Iterator[str]:
        """The two numbers of the head: town less country, highest less lowest."""
        shown = [text_of(one) for one in re.findall(r'class="fact-value">(.*?)</dd>', self.page, re.DOTALL)]
        town, country, values = self.side("urban"), self.side("rural"), self.counted()
        gap = [] if town is None or country is None else numbers(printed(town - country, self.decimals))
        yield from self._differs("城乡差", [] if "持平" in shown[0] else numbers(shown[0]), gap)
        range_ = printed(max(values) - min(values), self.decimals) if len(values) > 1 else ""
        yield from self._differs("极差", numbers(shown[1]), numbers(range_))

    def _towns(self) -> Iterator[str]:
        """The towns' table: value, distance to the county, share of the spread, weight."""
        table = cut(self.page, "equality-towns", "</table>")
        county = next(one for one in self.of("place", self.month) if one["area"] == COUNTY)
        rated = self.rates(self.month)
        shares, weights = spread.shares(rated), {one.place: one.weight for one in rated}
        names = {row["区划代码"]: row["名称"] for row in self.exports.areas}
        rows = {text_of(cut(row, "<th", "</th>").partition(">")[2]): row for row in table.split("<tr")[2:]}
        for line in self.of("place", self.month):
            area, cells = line["area"], [text_of(one) for one in rows[names.get(line["area"], "")].split("<td")[1:]] \
                if line["area"] != COUNTY else []  # fmt: skip
            if not cells or not line["value"]:
                continue
            value, apart = Fraction(line["value"]), Fraction(line["value"]) - Fraction(county["value"])
            told = [printed(value, self.decimals), printed(apart, self.decimals)]
            shown = [numbers(cells[0].partition(">")[2])[0], *(numbers(cells[2].partition(">")[2]) or [told[1]])]
            if area in shares:
                told += [printed(shares[area] * HUNDRED, 0), printed(weights[area] * HUNDRED, 1)]
                shown += [numbers(cells[index].partition(">")[2])[0] for index in (3, 5)]
            yield from self._differs(names[area], shown, told)

    def _annex(self) -> Iterator[str]:
        """附表一: the measures of this month and of the one compared with."""
        table = text_rows(cut(self.page, '<section class="section" aria-labelledby="measures"', "</table>"))
        year_ago = iso(self.exports.month - 12)
        then = year_ago if year_ago in self.months else min(self.months)
        now_told, then_told = (spread.measures(self.rates(month)) for month in (self.month, then))
        parts = [self.parts(month) or {} for month in (self.month, then)]
        for name, *cells in table:
            if name in MEASURES:
                key, times, decimals = MEASURES[name]
                told = [_measure(one.get(key), times, decimals) for one in (now_told, then_told)]
            elif "分解" in name:
                key = "within" if "内部" in name else "between"
                told = [_measure(one.get(key), 10_000, 2) for one in parts]
            else:
                continue
            if then == self.month:
                told[1] = "—"
            yield from self._differs(name, cells[:2], told)

    def _pair(self) -> Iterator[str]:
        """A gap of two groups is the indicator itself."""
        line = next(one for one in self.of("place", self.month) if one["area"] == COUNTY)
        gap, plain = Fraction(line["value"]), (Fraction(line["numerator"]) - Fraction(line["denominator"])) * HUNDRED
        told = abs(gap if abs(gap - plain) <= Fraction(1, 100) else plain)
        yield from self._differs("差距", numbers(text_of(cut(self.page, "<h1>", "</h1>")))[-1:],
                                 [printed(told, self.decimals)])  # fmt: skip

    def _realisation(self) -> Iterator[str]:
        """附表二: each indicator's 实现度, each domain's, and all."""
        indicators = {row["代码"]: row for row in self.exports.indicators}
        standing = {
            row["指标代码"]: row
            for row in self.exports.evaluations
            if row["区划代码"] == COUNTY and row["月份"] == self.month and row["正式读法"] == "是"
        }
        found, groups = [], {}
        for line in self.of("realisation", self.month):
            row, code, value = standing.get(line["part"]), line["part"], None
            if row and row["值"] and row["亮灯规则代码"] and row["已报单位数"] == row["应报单位数"]:
                standard = row["目标值"] or row["路径值"]
                rising = indicators[code]["越高越好"] == "是"
                value = spread.realised(Fraction(row["值"]), Fraction(standard), rising=rising) if standard else None
            told = "" if value is None else f"{kept(value).normalize():f}"
            yield from self._differs(f"实现度 {code}", line["value"], told)
            if value is not None:
                found.append((value, Fraction(line["weight"])))
                groups.setdefault(indicators[code]["任务领域代码"], []).append(found[-1])
        section = self.page.partition('<table class="measures realisation">')[2]
        sums = re.findall(r'class="(?:subtotal|total)">(.*?)</tr>', section, re.DOTALL)
        shown = [numbers(text_of(one))[-1] for one in sums if "%" in one]
        told = [printed(spread.weighted(pairs), 2) for pairs in groups.values()] + [printed(spread.weighted(found), 2)]
        yield from self._differs("实现度", sorted(shown), sorted(told))


def _measure(value: float | None, times: int, decimals: int) -> str:
    return "—" if value is None else printed(Fraction(round(value * times * 10_000), 10_000), decimals)


def text_rows(table: str) -> list[list[str]]:
    """The cells of a table's rows as text."""
    return [
        [text_of(cell.partition(">")[2]) for cell in re.split(r"<t[hd](?=[ >])", row)[1:]]
        for row in table.split("<tr")[1:]
    ]
