"""Path, completion, lag, paces, pressure and light of a month, by catalogue 1.5c (2) to (7); exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .exports import month_of, number
from .values import Point

Series = Mapping[int, Point]


@dataclass(frozen=True)
class Aim:
    """A line of the targets' CSV."""

    sign: str
    value: Fraction | None
    start: int
    end: int
    tolerance: Fraction | None
    path: str
    steps: tuple[tuple[int, Fraction], ...]
    yearly: bool
    behind: Fraction
    far: Fraction
    base: Fraction | None
    base_month: int | None
    days: int
    summing: bool

    @classmethod
    def of(cls, row: dict[str, str], *, cumulative: bool) -> Aim:
        steps = (step.split("=") for step in row["路径节点"].split())
        return cls(
            sign=row["比较"],
            value=Fraction(0) if row["比较"] == "zero" else number(row["目标值"]),
            start=month_of(row["窗口首月"]),
            end=month_of(row["目标月"]),
            tolerance=number(row["容差"]),
            path=row["路径"],
            steps=tuple((month_of(month), Fraction(value)) for month, value in steps),
            yearly=row["年末考核"] == "是",
            behind=Fraction(row["滞后起点（百分点）"]),
            far=Fraction(row["严重滞后起点（百分点）"]),
            base=number(row["起点值"]),
            base_month=month_of(row["起点月"]) if row["起点月"] else None,
            days=int(row["动态归零限天"]),
            summing=cumulative and row["比较"] in (">=", "<=", "="),
        )

    @property
    def lower(self) -> bool:
        return self.sign in ("<=", "~", "zero")

    @property
    def to_number(self) -> bool:
        return self.sign in (">=", "<=", "=")

    @property
    def allowed(self) -> Fraction:
        return self.tolerance if self.tolerance is not None else Fraction(0 if self.summing or self.sign == "~" else 2)

    def due(self, month: int) -> int:
        return min(self.end, month // 12 * 12 + 11) if self.yearly else self.end


@dataclass
class Said:
    """What is said of a month, under the names the export has."""

    light: str = "none"
    completion: Fraction | None = None
    schedule: Fraction | None = None
    path: Fraction | None = None
    lag: Fraction | None = None
    remaining: Fraction | None = None
    required: Fraction | None = None
    pace3: Fraction | None = None
    pace12: Fraction | None = None
    pressure3: Fraction | None = None
    pressure12: Fraction | None = None


def aim_of(aims: list[Aim], month: int) -> Aim | None:
    """Of the targets whose months hold this one the first to end."""
    active = [
        one for one in aims if one.start <= month <= one.end and (one.value is not None or one.sign == "not_fall")
    ]
    return min(active, key=lambda one: one.end, default=None)


def said(aim: Aim, series: Series, month: int, state: str) -> Said:
    point, found = series[month], Said()
    value = point.value if state == "ok" else None
    year_ago = series[month - 12].value if month - 12 in series and series[month - 12].covered else None
    wanted = year_ago if aim.sign == "not_fall" else aim.value
    if value is not None and wanted is not None:
        found.remaining = max(Fraction(0), value - wanted if aim.lower else wanted - value)
    base = _base(aim, series, month)
    beyond = (
        base is not None and aim.value is not None and (base[1] <= aim.value if aim.lower else base[1] >= aim.value)
    )
    part = _part(aim, series, month)
    found.path = _path(aim, year_ago, base, beyond, part, month)
    found.schedule = _schedule(aim, found.path, base, beyond, part)
    found.completion = _completion(aim, value, base, beyond)
    found.lag = _lag(aim, value, found)
    found.required = _required(aim, found.remaining, aim.due(month) - month)
    found.pace3, found.pace12 = (_pace(aim, series, month, months) for months in (3, 12))
    for name, pace in (("pressure3", found.pace3), ("pressure12", found.pace12)):
        if found.required is not None and pace is not None and pace > 0:
            setattr(found, name, found.required / pace)
    found.light = light(aim, point, value, year_ago, found, month, state)
    return found


def _base(aim: Aim, series: Series, month: int) -> tuple[int, Fraction] | None:
    if aim.base is not None:
        return (aim.start - 1 if aim.base_month is None else aim.base_month), aim.base
    full = [one for one in sorted(series) if one <= month and series[one].covered and series[one].value is not None]
    return (full[0], series[full[0]].value) if full else None


def _part(aim: Aim, series: Series, month: int) -> Fraction:
    """The part of a flow due by now: evenly, or by last year's season where last year is whole."""
    even = Fraction(month - aim.start + 1, aim.end - aim.start + 1)
    if aim.path != "season" or aim.start % 12 or (aim.end + 1) % 12:
        return even
    january = month - month % 12
    last = [series.get(one) for one in range(january - 12, january)]
    if any(one is None or one.month_value is None or not one.month_covered for one in last):
        return even
    whole = sum(one.month_value for one in last)
    if whole <= 0:
        return even
    done = sum(one.month_value for one in last[: month % 12 + 1])
    return (Fraction(january - aim.start, 12) + Fraction(done) / whole) / Fraction(aim.end + 1 - aim.start, 12)


def _path(aim: Aim, year_ago, base, beyond: bool, part: Fraction, month: int) -> Fraction | None:
    if aim.sign == "not_fall":
        return year_ago
    if not aim.to_number or aim.yearly:
        return aim.value
    if aim.path == "steps":
        passed = [value for at, value in sorted(aim.steps) if at <= month]
        return passed[-1] if passed else (None if aim.lower else Fraction(0))
    if aim.path == "none":
        return None
    if aim.summing:
        return aim.value * part
    if base is None or beyond:
        return aim.value if beyond else None
    run = max(0, month - base[0])
    return base[1] + (aim.value - base[1]) * Fraction(run, aim.end - base[0])


def _schedule(aim: Aim, path, base, beyond: bool, part: Fraction) -> Fraction | None:
    if path is None or not aim.to_number or aim.yearly:
        return None
    if aim.summing:
        if aim.path in ("linear", "season"):
            return part * 100
        return path / aim.value * 100 if aim.value > 0 else None
    return None if base is None or beyond else (path - base[1]) / (aim.value - base[1]) * 100


def _completion(aim: Aim, value, base, beyond: bool) -> Fraction | None:
    if value is None or not aim.to_number:
        return None
    there = value <= aim.value if aim.lower else value >= aim.value
    if aim.summing:
        if aim.value > 0:
            return value / aim.value * 100
        return (Fraction(0) if there else None) if aim.lower else Fraction(100 if there else 0)
    if base is None or aim.yearly:
        return None
    if beyond:
        return Fraction(100) if there else None
    return (value - base[1]) / (aim.value - base[1]) * 100


def _lag(aim: Aim, value, found: Said) -> Fraction | None:
    ought, is_ = (found.schedule, found.completion) if aim.summing else (found.path, value)
    if value is None or ought is None or is_ is None:
        return None
    return is_ - ought if aim.lower else ought - is_


def _required(aim: Aim, remaining, left: int) -> Fraction | None:
    if remaining is None or not (aim.to_number or aim.sign == "~") or (aim.summing and aim.lower):
        return None
    if remaining == 0:
        return Fraction(0)
    return remaining / left if left > 0 else None


def _pace(aim: Aim, series: Series, month: int, months: int) -> Fraction | None:
    if aim.summing:
        stretch = [series.get(one) for one in range(month - months + 1, month + 1)]
        if any(one is None or one.month_value is None or not one.month_covered for one in stretch):
            return None
        return Fraction(sum(one.month_value for one in stretch)) / months
    ends = series.get(month), series.get(month - months)
    if any(one is None or not one.covered or one.value is None for one in ends):
        return None
    change = ends[0].value - ends[1].value
    return (-change if aim.lower else change) / months


def light(aim: Aim, point: Point, value, year_ago, found: Said, month: int, state: str) -> str:
    """Which light; the first sentence of 1.5c that fits decides."""
    short, lag, over = found.remaining, found.lag, month == aim.due(month)
    cap = aim.summing and aim.lower
    if state == "not_here":
        return "none"
    if aim.summing and not cap and short == 0:
        return "reached"
    if not point.covered:
        return "not_covered"
    if state in ("zero_over_zero", "over_zero"):
        return "none"
    if value is None:
        return "not_covered"
    if aim.sign == "zero":
        if short == 0:
            return "reached"
        if point.denominator is None:
            return "not_covered"
        return "far_behind" if point.denominator > 0 else "behind"
    if aim.sign == "not_fall":
        if year_ago is None:
            return "none"
        return "reached" if short == 0 else "behind" if short <= aim.allowed else "far_behind"
    if aim.sign == "~":
        return "reached" if short == 0 else "behind" if short <= aim.allowed else "far_behind"
    if aim.yearly and not over:
        return "on_course" if short == 0 else "behind"
    if short == 0 and (over or not cap):
        return "reached"
    if (cap and short > 0) or over:
        return "behind" if short <= aim.allowed else "far_behind"
    if lag is None:
        return "none"
    if aim.summing:
        return "on_course" if lag <= aim.behind else "behind" if lag <= aim.far else "far_behind"
    return "on_course" if lag <= 0 else "behind" if lag <= aim.allowed else "far_behind"
