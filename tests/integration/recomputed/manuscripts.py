"""Every figure of a composed document held against what the exports of the same release say, found by its key alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from reports.manuscript import Manuscript

from .checking import text_of
from .exports import COUNTY, Exports, Fetch, Rows, iso, month_of, number, table
from .printed import against, printed
from .spread import LEAST

YEAR, WHOLE = 12, Fraction(100)
GOOD = ("reached", "on_course")
PRINTED = ("value", "target", "completion", "schedule", "coverage")


def plain(value: Fraction | None) -> str:
    """With the decimals it has: '1,040', '12.5'."""
    if value is None:
        return "—"
    text = printed(value, 4)
    return text.rstrip("0").rstrip(".")


def short(value: Fraction, decimals: int) -> str:
    return against(abs(value), Fraction(0), decimals)


class Documents:
    """What the keys of a release's documents must print. `works`: code → what a task or project must say."""

    def __init__(self, exports: Exports, fetch: Fetch, works: Mapping[str, Mapping[str, str]]) -> None:
        self.exports, self.fetch, self.works = exports, fetch, works
        self.month = iso(exports.month)
        self.rows: dict[tuple[str, str, str, str], dict[str, str]] = {}
        for row in exports.evaluations:
            for reading in (row["读法代码"], *(["official"] if row["正式读法"] == "是" else [])):
                self.rows[row["指标代码"], reading, row["区划代码"], row["月份"]] = row
        self.indicators = {row["代码"]: row for row in exports.indicators}
        self._equality: dict[str, Rows] = {}

    def wrong(self, figures: Iterable[tuple[str, str]]) -> tuple[int, list[str]]:
        """How many different keys were compared, and each figure that prints something else."""
        seen, found = set(), []
        for text, key in figures:
            seen.add(key)
            told = self.expected(key)
            if told != text:
                found.append(f"{key}: {text}, recomputed {told}")
        return len(seen), found

    def expected(self, key: str) -> str | None:
        name, group, area, period, what = key.split("/")
        if name in self.indicators:
            return self._of_indicator(name, group, area, period, what)
        if name in self.works:
            return self.works[name][what]
        counted: Mapping[str, Callable[[], str]] = {
            "indicators": lambda: self._lights(group, what),
            "tasks": lambda: self._states("T", group, what),
            "projects": lambda: self._states("P", group, what),
            "places": lambda: str(sum(row["层级"] == group for row in self.exports.areas)),
            "equality": lambda: self._realisation(group),
            "corrections": lambda: self._correction(group, period, what),
            "release": lambda: next(iter(self.rows.values()))["版本"],
        }
        return counted[name]() if name in counted else self.works[""].get(f"{name}/{what}")

    def on_pages(self, manuscripts: Iterable[Manuscript]) -> list[str]:
        """Values, targets, completion of the county that its indicator's page does not print, and of towns theirs."""
        pages: dict[str, str] = {}
        found = []
        for key, text in {figure.key: figure.text for one in manuscripts for figure in one.figures()}.items():
            name, group, area, period, what = key.split("/")
            if name not in self.indicators or group != "official" or period != self.month or what not in PRINTED:
                continue
            at = f"?month={self.month}&version=1"
            address = f"/areas/{area}/{at}" if area != COUNTY else f"/indicators/{name}/{at}"
            if address not in pages:
                pages[address] = " ".join(text_of(self.fetch(address).decode()).split())
            if text not in pages[address]:
                found.append(f"{key}: {text} is not on {address}")
        return found

    # --- indicators ---

    def _of_indicator(self, code: str, reading: str, area: str, period: str, what: str) -> str | None:
        row, d = self.rows.get((code, reading, area, period)), int(self.indicators[code]["小数位"])
        if row is None:
            return None
        of = {head: number(row[head]) for head in ("值", "目标值", "分子", "分母", "当月值", "完成率", "时序进度",
              "路径值", "差距", "剩余", "所需月均", "近3个月月均", "压力（近3个月）")}  # fmt: skip
        value, goal, summing = of["值"], of["目标值"], not row["分母"] and self._window(row) in ("year", "plan")
        before = self.rows.get((code, reading, area, iso(month_of(period) - YEAR)))
        ago = number(before["值"]) if before else None
        makers: Mapping[str, Callable[[], str]] = {
            "value": lambda: self._value(row, value, goal, d),
            "month": lambda: printed(of["当月值"], d),
            "numerator": lambda: plain(of["分子"]),
            "denominator": lambda: plain(of["分母"]),
            "completion": lambda: against(of["完成率"], WHOLE, 1),
            "schedule": lambda: printed(of["时序进度"], 1),
            "path": lambda: printed(of["路径值"], d),
            "lag": lambda: short(of["差距"], 1 if summing else d),
            "remaining": lambda: short(of["剩余"], d),
            "required": lambda: short(of["所需月均"], d),
            "pace": lambda: short(of["近3个月月均"], d),
            "pressure": lambda: printed(of["压力（近3个月）"], 2),
            "gap": lambda: short(value - goal, d),
            "beyond": lambda: short(value - goal, d),
            "target": lambda: printed(number(self._aim(code, reading, area)["目标值"]) if goal is None else goal, d),
            "tolerance": lambda: printed(Fraction(self._aim(code, reading, area)["容差"]), d),
            "limit_days": lambda: self._aim(code, reading, area)["动态归零限天"],
            "months_left": lambda: str(month_of(self._aim(code, reading, area)["目标月"]) - month_of(period)),
            "reported": lambda: row["已报单位数"],
            "expected": lambda: row["应报单位数"],
            "coverage": lambda: self._coverage(row),
            "year_change": lambda: short(value - ago, d),
            "year_growth": lambda: printed(abs(value - ago) * 100 / ago, 1),
            "best_months": lambda: str(month_of(self._aim(code, reading, area)["目标月"]) - month_of(period)),
            "best_short": lambda: self._best_short(code, reading, area, month_of(period), of["剩余"], d),
        }
        return makers[what]() if what in makers else self._apart(code, what, d)

    def _window(self, row: dict[str, str]) -> str:
        same = ("指标代码", "读法代码")
        return next(one["窗口"] for one in self.exports.formulas if all(one[head] == row[head] for head in same))

    def _value(self, row: dict[str, str], value: Fraction | None, goal: Fraction | None, d: int) -> str:
        if value is None:
            return {"zero_over_zero": "不适用", "not_here": "本级不适用", "over_zero": "无法计算"}.get(
                row["数据状态"], "未填"
            )
        return printed(value, d) if goal is None else against(value, goal, d)

    def _coverage(self, row: dict[str, str]) -> str:
        """Of one place alone and of records words say it; else the numbers, with the word for the places."""
        reported, expected = row["已报单位数"], row["应报单位数"]
        if expected == "0":
            return "项目台账"
        if expected == "1":
            return "县级" if reported == "1" else "县级未报"
        by_level = Counter(one["层级"] for one in self.exports.areas)
        towns, villages = by_level["town"], by_level["village"]
        words = {
            towns: "镇街", towns + 1: "县镇", villages: "村", towns + villages: "镇村", towns + villages + 1: "机构",
        }  # fmt: skip
        return f"{reported}/{expected} {words.get(int(expected), '单位')}"

    def _aim(self, code: str, reading: str, area: str) -> dict[str, str]:
        """The reading's target of the month."""
        named = next(row["读法代码"] for key, row in self.rows.items() if key[:2] == (code, reading))
        aims = [
            row for row in self.exports.targets
            if (row["指标代码"], row["读法代码"], row["区划代码"]) == (code, named, area)
        ]  # fmt: skip
        aims.sort(key=lambda row: row["目标月"])
        return next((row for row in aims if row["窗口首月"] <= self.month <= row["目标月"]), aims[-1])

    def _best_short(self, code: str, reading: str, area: str, month: int, left: Fraction | None, d: int) -> str:
        """What the best run of as many months as are left would still leave, of a level: by its ends' difference."""
        span = month_of(self._aim(code, reading, area)["目标月"]) - month
        falling = self._aim(code, reading, area)["比较"] in ("<=", "~", "zero")
        values = {
            month_of(key[3]): number(row["值"]) for key, row in self.rows.items()
            if key[:3] == (code, reading, area) and row["已报单位数"] == row["应报单位数"]
        }  # fmt: skip
        runs = [
            (values[last] - values[last - span]) * (-1 if falling else 1)
            for last in values
            if all(values.get(one) is not None for one in range(last - span, last + 1))
        ]
        return short(max(Fraction(0), (left or Fraction(0)) - max(runs)), d)

    # --- towns, town and country ---

    def _apart(self, code: str, what: str, d: int) -> str | None:
        if code not in self._equality:
            self._equality[code] = table(
                self.fetch(f"/equality/data.csv?indicator={code}&month={self.month}&version=1")
            )
        lines = self._equality[code]
        earlier = sorted({row["month"] for row in lines if row["kind"] == "measure" and row["month"] < self.month})
        year_before = iso(month_of(self.month) - YEAR)
        then = year_before if year_before in earlier else next(iter(earlier), "")
        month = then if what.endswith("_then") else self.month
        places = [
            row for row in lines
            if row["kind"] == "place" and row["month"] == month and row["area"] != COUNTY and row["denominator"]
        ]  # fmt: skip
        rates = [Fraction(row["value"]) for row in places if Fraction(row["denominator"]) >= LEAST]
        sides = {
            row["part"]: Fraction(row["value"]) for row in lines
            if row["kind"] == "part" and row["month"] == month and row["area"] == COUNTY and row["value"]
        }  # fmt: skip
        name = what.removesuffix("_then").removesuffix("_now")
        if name in ("urban", "rural"):
            return printed(sides[name], d)
        if name == "gap":
            return printed(abs(sides["urban"] - sides["rural"]), d)
        if name == "spread":
            return printed(max(rates) - min(rates), d)
        if name == "towns":
            return str(len(places))
        goal = Fraction(self.rows[code, "official", COUNTY, self.month]["目标值"])
        return str(sum(Fraction(row["value"]) < goal for row in places)) if name == "towns_below" else None

    def _realisation(self, group: str) -> str:
        """实现度 as the equality page prints it; recomputed from its CSV by equality.py."""
        lines = table(self.fetch(f"/equality/data.csv?indicator=A04&month={self.month}&version=1"))
        parts = {row["part"]: row for row in lines if row["kind"] == "realisation" and row["value"]}
        domains = {code: row["任务领域代码"] for code, row in self.indicators.items()}
        inside = [row for code, row in parts.items() if group == "composite" or domains[code] == group]
        weight = sum(Fraction(row["weight"]) for row in inside)
        return printed(sum(Fraction(row["value"]) * Fraction(row["weight"]) for row in inside) / weight, 2)

    # --- counts ---

    def _lights(self, group: str, what: str) -> str:
        kind, _, domain = group.partition(".")
        members = [
            row for row in self.indicators.values()
            if (kind == "all" or (row["核心指标"] == "是") is (kind == "core"))
            and (not domain or (row["任务领域代码"] or "0") == domain)
        ]  # fmt: skip
        if what == "total":
            return str(len(members))
        lights = Counter(self._light(row["代码"]) for row in members)
        return str(sum(lights[one] for one in GOOD) if what == "good" else lights[what])

    def _light(self, code: str) -> str:
        row = self.rows.get((code, "official", COUNTY, self.month))
        return row["亮灯"] if row else "not_covered"

    def _states(self, letter: str, group: str, what: str) -> str:
        found = [
            work for code, work in self.works.items() if code.startswith(letter) and group in ("all", work["domain"])
        ]
        if what == "total":
            return str(len(found))
        if what.startswith("nodes"):
            return str(sum(int(work[what]) for work in found))
        return str(sum(work["state"] == what for work in found))

    def _correction(self, group: str, period: str, what: str) -> str:
        """The lines of the release, in its order."""
        lines = [row for row in self.exports.corrections if row["发布月份"] == self.month]
        _sequence, line, *_step = group.split(".")
        if what == "count":
            return str(len(lines))
        heads = {"old": "原数", "new": "新数", "county_old": "全县原数", "county_new": "全县新数"}
        return plain(number(lines[int(line) - 1][heads[what]]))
