"""A county evaluated in plain floats on arrays of areas × months: what `evaluating.py` measures the exact way beside.

The same columns from the same figures as indicators/evaluate.py, as somebody would write it who does not mind that
0.1 + 0.2 is not 0.3: NaN where there is no value, a boolean for each place that ought to report, comparisons as they
fall. It knows what the plan's own targets ask for: no seasonal paths, no totals of spans, one kind of target a reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from bureau.fields import UNITS
from indicators.analysis.kinds import Comparator, ItemKind, Light, PathKind, State, Window
from indicators.analysis.panel import Panel
from indicators.analysis.rules import RULE_BY_CODE
from indicators.definitions import Definitions, Version

TOWARDS = (Comparator.AT_LEAST, Comparator.EQUAL, Comparator.AT_MOST)
FALLING = (Comparator.AT_MOST, Comparator.ABOUT, Comparator.DYNAMIC_ZERO)
LIGHTS = {code: int(rule.light) for code, rule in RULE_BY_CODE.items()} | {"": int(Light.NONE)}


class Series(NamedTuple):
    """An item: numbers and who is missing, (areas, months) and (areas, months, places)."""

    kind: ItemKind
    total: np.ndarray
    present: np.ndarray
    missing: np.ndarray
    expected: np.ndarray
    entered: bool


class World(NamedTuple):
    """What a panel holds, in floats."""

    areas: tuple[int, ...]
    first: int
    months: int
    items: Mapping[object, Series]
    parameters: Mapping[str, np.ndarray]


def world(panel: Panel, places: int) -> World:
    """The panel in floats and booleans; made outside what is measured."""

    def spread(bits: np.ndarray) -> np.ndarray:
        return np.array([[[bool(cell >> n & 1) for n in range(places)] for cell in row] for row in bits])

    items = {
        ref: Series(
            one.kind, one.total / UNITS, one.present.astype(bool), spread(one.missing), spread(one.expected),
            one.entered,
        )
        for ref, one in panel.items.items()
    }  # fmt: skip
    parameters = {
        code: np.array([[np.nan if pair is None else pair[0] / pair[1] for pair in row]])
        for code, row in panel.parameters.items()
    }
    return World(panel.areas, panel.first_month, panel.months, items, parameters)


def compute(definitions: Definitions, versions: tuple[Version, ...], figures: World) -> list[tuple]:
    """Evaluation rows in the order of evaluate.FIELDS less the county, numbers as floats, NaN where there is none."""
    rows: list[tuple] = []
    items = _Items(figures)
    with np.errstate(all="ignore"):
        for version in versions:
            rows += _rows(definitions, version, items)
    return rows


class _Items:
    """Items over windows, each worked out once."""

    def __init__(self, figures: World) -> None:
        self.figures = figures
        self.known: dict[tuple, tuple[np.ndarray, ...]] = {}

    def over(self, ref, window: Window, summed: bool) -> tuple[np.ndarray, ...]:
        """Value (NaN without), missing and expected of an item."""
        key = ref, window, summed
        if key not in self.known:
            self.known[key] = self._over(self.figures.items[ref], window, summed)
        return self.known[key]

    def _over(self, one: Series, window: Window, summed: bool) -> tuple[np.ndarray, ...]:
        value = np.where(one.present, one.total, np.nan)
        if one.kind == ItemKind.YTD:
            return self._typed(one, value, window)
        if one.kind == ItemKind.STOCK and not summed:
            return value, one.missing, one.expected
        if window == Window.TRAILING12:
            value = _trailing(np.where(one.present, one.total, 0), 12)
            return value, _united(one.missing, 12), _united(one.expected, 12)
        if window in (Window.MONTH, Window.LEVEL):
            return value, one.missing, one.expected
        value, missing, expected = np.empty_like(value), np.empty_like(one.missing), np.empty_like(one.expected)
        for months in self._years() if window == Window.YEAR else (slice(None),):
            held = np.logical_or.accumulate(one.present[:, months], axis=1)
            added = np.cumsum(np.where(one.present, one.total, 0)[:, months], axis=1)
            value[:, months] = np.where(held, added, np.nan)
            missing[:, months] = np.logical_or.accumulate(one.missing[:, months], axis=1)
            expected[:, months] = np.logical_or.accumulate(one.expected[:, months], axis=1)
        return value, missing, expected

    def _typed(self, one: Series, value: np.ndarray, window: Window) -> tuple[np.ndarray, ...]:
        if window not in (Window.MONTH, Window.PLAN):
            return value, one.missing, one.expected
        missing, expected = one.missing.copy(), one.expected.copy()
        if window == Window.MONTH:
            later = np.arange(self.figures.first, self.figures.first + self.figures.months) % 12 != 0
            later[0] = False
            before = np.flatnonzero(later) - 1
            value = value.copy()
            value[:, later] -= np.where(one.present, one.total, np.nan)[:, before]
            missing[:, later] |= one.missing[:, before]
            expected[:, later] |= one.expected[:, before]
            return value, missing, expected
        for months in self._years()[:-1]:
            december = months.stop - 1
            value = value.copy()
            value[:, december + 1 :] += np.where(one.present, one.total, 0)[:, december, None]
            missing[:, december + 1 :] |= one.missing[:, december, None]
            expected[:, december + 1 :] |= one.expected[:, december, None]
        return value, missing, expected

    def _years(self) -> list[slice]:
        return [slice(at, min(at + 12, self.figures.months)) for at in range(0, self.figures.months, 12)]


def _trailing(value: np.ndarray, months: int) -> np.ndarray:
    """Σ of the last `months` columns; NaN before there are as many."""
    found = np.full(value.shape, np.nan)
    found[:, months - 1 :] = np.lib.stride_tricks.sliding_window_view(value, months, axis=1).sum(axis=-1)
    return found


def _united(places: np.ndarray, months: int) -> np.ndarray:
    found = np.zeros_like(places)
    found[:, months - 1 :] = np.lib.stride_tricks.sliding_window_view(places, months, axis=1).any(axis=-1)
    return found


def _values(version: Version, items: _Items, window: Window) -> tuple[np.ndarray | None, ...]:
    definition = version.definition

    def resolve(ref, months: bool = False) -> np.ndarray:
        if ref.letter == "W":
            return items.figures.parameters[ref.code]
        return items.over(ref, window, months)[0]

    shape = len(items.figures.areas), items.figures.months
    numerator = np.broadcast_to(definition.numerator.evaluate(resolve, float), shape)
    denominator = definition.denominator and np.broadcast_to(definition.denominator.evaluate(resolve, float), shape)
    if definition.value:
        parts = {"N": numerator, "M": denominator}
        value = definition.value.evaluate(lambda ref, months=False: parts[ref.code], float)
    elif denominator is not None:
        value = numerator / denominator * float(definition.scale)
    else:
        value = numerator
    return numerator, denominator, value


def _rows(definitions: Definitions, version: Version, items: _Items) -> list[tuple]:
    figures, definition, window = items.figures, version.definition, version.window
    refs = [ref for ref in definition.refs if ref.letter != "W"]
    counted = [ref for ref in refs if ref.letter == "D" and figures.items[ref].entered] or refs
    numerator, denominator, value = _values(version, items, window)
    month_value, year, plan = value, np.full(value.shape, np.nan), np.full(value.shape, np.nan)
    summed = {ref for formula in definition.formulas for ref in formula.stock_sum_refs}
    if summed or any(figures.items[ref].kind != ItemKind.STOCK for ref in refs):
        month_value, year, plan = (
            value if other == window else _values(version, items, other)[2]
            for other in (Window.MONTH, Window.YEAR, Window.PLAN)
        )
    wanted = [items.over(ref, window, ref in summed) for ref in counted]
    alone = [items.over(ref, Window.MONTH, ref in summed)[1] for ref in counted]
    missing, expected = (np.logical_or.reduce([one[n] for one in wanted]) for n in (1, 2))
    due, reported = expected.sum(axis=2), (expected & ~missing).sum(axis=2)
    here = np.logical_and.reduce(
        [(figures.items[r].present.any(axis=1) | figures.items[r].expected.any(axis=(1, 2))) for r in refs]
    )[:, None]  # fmt: skip
    told = [items.figures.parameters[ref.code] for ref in definition.refs if ref.letter == "W"]
    blank = np.logical_or.reduce([np.isnan(items.over(r, window, r in summed)[0]) for r in refs])
    for one in told:
        blank = blank | np.isnan(one)
    state = np.select(
        [np.broadcast_to(~here, value.shape), blank, np.isnan(value), np.isinf(value)],
        [State.NOT_HERE, State.NO_DATA, State.ZERO_OVER_ZERO, State.OVER_ZERO], State.OK,
    )  # fmt: skip
    value, month_value, year, plan = (
        np.where(np.isfinite(one), one, np.nan) for one in (value, month_value, year, plan)
    )
    covered = ~missing.any(axis=2) & (state != State.NO_DATA) & (state != State.NOT_HERE)
    month_covered = ~np.logical_or.reduce(alone).any(axis=2) & ~np.isnan(month_value)
    exists = np.logical_or.reduce([figures.items[ref].present for ref in counted])
    facts = _Facts(version, figures, value, denominator, state, covered, month_value, month_covered)
    judged = _judged(definitions, facts)
    numbers = [numerator, denominator, value, month_value, year, plan]
    numbers = [np.full(value.shape, np.nan) if one is None else one for one in numbers]
    numbers += [judged[name] for name in _DERIVED]
    areas = np.broadcast_to(np.array(figures.areas)[:, None], value.shape)
    months = np.broadcast_to(np.arange(figures.first, figures.first + figures.months), value.shape)
    ids = [np.broadcast_to(one, value.shape) for one in (version.indicator, version.reading)]
    columns = [
        areas, *ids, months, *(np.rint(one * UNITS) for one in numbers), state, judged["reached"], reported, due,
        judged["light"], judged["rule"], judged["goal"], np.broadcast_to(version.id, value.shape),
    ]  # fmt: skip
    return list(zip(*(one[exists].tolist() for one in columns), strict=True))


class _Facts(NamedTuple):
    version: Version
    figures: World
    value: np.ndarray
    overdue: np.ndarray | None
    state: np.ndarray
    covered: np.ndarray
    month_value: np.ndarray
    month_covered: np.ndarray


_DERIVED = (
    "completion", "schedule", "expected", "lag", "remaining", "required", "pace3", "pace12", "pressure3", "pressure12",
    "target",
)  # fmt: skip


def _judged(definitions: Definitions, facts: _Facts) -> dict[str, np.ndarray]:
    """Each derived column; a year's target is worked out on its own months."""
    shape = facts.value.shape
    found = {name: np.full(shape, np.nan) for name in (*_DERIVED, "reached")}
    found |= {"light": np.zeros(shape, int), "rule": np.full(shape, "NO_GOAL", object), "goal": np.full(shape, None)}
    by_area = [definitions.targets.get((facts.version.reading_id, area), ()) for area in facts.figures.areas]
    for targets in zip(*by_area, strict=True):
        months = slice(targets[0].start_month - facts.figures.first, targets[0].end_month - facts.figures.first + 1)
        for name, values in _against(targets, facts, months).items():
            found[name][:, months] = values
    found["light"] = np.vectorize(LIGHTS.get, otypes=[int])(found["rule"])
    return found


def _column(targets, name: str) -> np.ndarray:
    return np.array([[np.nan if getattr(one, name) is None else float(getattr(one, name))] for one in targets])


def _against(targets, facts: _Facts, months: slice) -> dict[str, np.ndarray]:
    one = targets[0]
    comparator, path = Comparator(one.comparator), PathKind(one.path)
    falling, towards = comparator in FALLING, comparator in TOWARDS
    cumulative = facts.version.window in (Window.YEAR, Window.PLAN) and facts.version.definition.denominator is None
    flow = cumulative and towards
    start, end = one.start_month, one.end_month
    month = np.arange(facts.figures.first, facts.figures.first + facts.figures.months)[None, months]
    value = facts.value[:, months]
    target = _column(targets, "value") if comparator != Comparator.DYNAMIC_ZERO else np.zeros((len(targets), 1))
    tolerance = _column(targets, "tolerance")
    tolerance = np.where(np.isnan(tolerance), 0 if cumulative or comparator == Comparator.ABOUT else 2, tolerance)
    deadline = np.minimum(end, month // 12 * 12 + 11) if one.yearly_check else np.full(month.shape, end)
    year_ago = np.full(facts.value.shape, np.nan)
    year_ago[:, 12:] = np.where(facts.covered, facts.value, np.nan)[:, :-12]
    year_ago = year_ago[:, months]
    part = (month - start + 1) / (end - start + 1)
    none = np.full(value.shape, np.nan)
    base, base_month = _base(targets, facts, month)
    hold = (base <= target if falling else base >= target) & ~np.isnan(base)

    if comparator == Comparator.NOT_FALL:
        expected = year_ago
    elif not towards or one.yearly_check:
        expected = np.broadcast_to(target, value.shape)
    elif path == PathKind.STEPS:
        given = sorted(one.points)
        expected = none if falling else np.zeros(value.shape)
        for when, asked in given:
            expected = np.where(month >= int(when), float(asked), expected)
    elif path == PathKind.NONE:
        expected = none
    elif cumulative:
        expected = target * part
    else:
        way = base + (target - base) * (month - base_month) / (end - base_month)
        expected = np.where(hold, target, np.where(month <= base_month, base, way))
    if not towards or one.yearly_check:
        schedule = none
    elif cumulative:
        schedule = np.broadcast_to(part * 100, value.shape)
    else:
        schedule = np.where(hold, np.nan, (expected - base) / (target - base) * 100)
    good = value <= target if falling else value >= target
    if not towards or (one.yearly_check and not cumulative):
        completion = none
    elif cumulative:
        completion = np.where(target > 0, value / target * 100, np.where(good, 100, 0))
    else:
        completion = np.where(hold, np.where(good, 100, np.nan), (value - base) / (target - base) * 100)
    completion = np.where(np.isnan(value), np.nan, completion)
    ahead, behind = (completion, schedule) if flow else (value, expected)
    lag = ahead - behind if falling else behind - ahead
    wanted = year_ago if comparator == Comparator.NOT_FALL else target
    short = np.maximum(0, value - wanted if falling else wanted - value)
    required = none
    if (towards or comparator == Comparator.ABOUT) and not (flow and falling):
        left = deadline - month
        required = np.where(short == 0, 0, np.where(left > 0, short / left, np.nan))
    pace3, pace12 = (_pace(facts, cumulative, falling, n)[:, months] for n in (3, 12))
    pressure3, pressure12 = (np.where(pace > 0, required / pace, np.nan) for pace in (pace3, pace12))
    rule = _rule(one, facts, months, short, lag, month == deadline, tolerance, year_ago, flow)
    return {
        "completion": completion, "schedule": schedule, "expected": expected, "lag": lag, "remaining": short,
        "required": required, "pace3": pace3, "pace12": pace12, "pressure3": pressure3, "pressure12": pressure12,
        "target": np.broadcast_to(_column(targets, "value"), value.shape), "rule": rule,
        "reached": np.where(np.isnan(short), np.nan, short == 0),
        "goal": np.broadcast_to(np.array([[one.pk] for one in targets], dtype=object), value.shape),
    }  # fmt: skip


def _base(targets, facts: _Facts, month: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where a level's path begins, NaN before the first month that has all its places."""
    known = facts.covered & ~np.isnan(facts.value)
    first = known.argmax(axis=1)[:, None]
    begun = facts.figures.first + first
    there = known.any(axis=1)[:, None] & (month >= begun)
    base = np.where(there, np.take_along_axis(facts.value, first, axis=1), np.nan)
    given = _column(targets, "base_value")
    given_month = _column(targets, "base_month")
    return np.where(np.isnan(given), base, given), np.where(np.isnan(given), begun, given_month)


def _pace(facts: _Facts, cumulative: bool, falling: bool, months: int) -> np.ndarray:
    if cumulative:
        return _trailing(np.where(facts.month_covered, facts.month_value, np.nan), months) / months
    known = np.where(facts.covered, facts.value, np.nan)
    found = np.full(known.shape, np.nan)
    found[:, months:] = (known[:, months:] - known[:, :-months]) / months
    return -found if falling else found


def _rule(one, facts: _Facts, months: slice, short, lag, ended, tolerance, year_ago, flow: bool) -> np.ndarray:
    """The rule's code, by the order of analysis/rules.py, of the rules that can hold for this comparator."""
    comparator = Comparator(one.comparator)
    value, state, covered = facts.value[:, months], facts.state[:, months], facts.covered[:, months]
    reached, near, always = short == 0, short <= tolerance, np.ones(value.shape, dtype=bool)
    capped = flow and comparator == Comparator.AT_MOST
    cases = [("NOT_HERE", state == State.NOT_HERE)]
    if flow and not capped:
        cases.append(("FLOW_REACHED", reached))
    cases += [
        ("NOT_COVERED", ~covered), ("ZERO_OVER_ZERO", state == State.ZERO_OVER_ZERO),
        ("OVER_ZERO", state == State.OVER_ZERO), ("NO_DATA", np.isnan(value)),
    ]  # fmt: skip
    if comparator == Comparator.DYNAMIC_ZERO:
        late = facts.overdue[:, months]
        cases += [("ZERO_REACHED", reached), ("ZERO_UNKNOWN", np.isnan(late)), ("ZERO_OVERDUE", late > 0),
                  ("ZERO_IN_TIME", always)]  # fmt: skip
    elif comparator == Comparator.NOT_FALL:
        cases += [("NO_YEAR_AGO", np.isnan(year_ago)), ("NOT_FALLEN", reached), ("FALLEN_LITTLE", near),
                  ("FALLEN", always)]  # fmt: skip
    elif comparator == Comparator.ABOUT:
        cases += [("ABOUT_REACHED", reached), ("ABOUT_NEAR", near), ("ABOUT_OVER", always)]
    else:
        if one.yearly_check:
            cases += [("YEARLY_STANDING", ~ended & reached), ("YEARLY_SHORT", ~ended & always)]
        cases.append(("REACHED", reached & ended if capped else reached))
        if capped:
            cases += [("CAP_PASSED_LITTLE", ~reached & near), ("CAP_PASSED", ~reached)]
        cases += [("ENDED_NEAR", ended & near), ("ENDED_SHORT", ended & always), ("NO_PATH", np.isnan(lag))]
        if flow:
            cases += [("FLOW_ON_COURSE", lag <= 0), ("FLOW_NEARLY", lag <= float(one.behind)),
                      ("FLOW_BEHIND", lag <= float(one.far_behind)), ("FLOW_FAR_BEHIND", always)]  # fmt: skip
        else:
            cases += [("LEVEL_ON_COURSE", lag <= 0), ("LEVEL_BEHIND", lag <= tolerance), ("LEVEL_FAR_BEHIND", always)]
    return np.select([case for _, case in cases], [np.array(code, dtype=object) for code, _ in cases], "")
