"""RollUp → analysis → Evaluation: the only bridge between the derived tables and the pure analysis functions.

Called inside the approving transaction; whole rows of months are recomputed for each indicator touched.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

import numpy as np

from bureau import bulk
from bureau.fields import DERIVED_CAP, UNITS, raw
from bureau.places import Tree, unpack
from indicators import definitions as definitions_module
from indicators import spans
from indicators.analysis.exact import round_05up_fraction
from indicators.analysis.formula import Ref
from indicators.analysis.goals import Goal
from indicators.analysis.kinds import Comparator, ItemKind, Light, PathKind, Window
from indicators.analysis.panel import Evaluated, Panel, evaluate, points
from indicators.analysis.progress import Judgement, judge
from indicators.analysis.windows import ItemSeries
from indicators.definitions import Definitions, Version, parameter_in
from indicators.models import Completion, Evaluation, RollUp, Target
from indicators.rollup import TOTAL

KEY = ("county", "area", "indicator", "reading", "month")
NUMBERS = (
    "numerator", "denominator", "value", "month_value", "year_to_date", "plan_to_date",
    "completion", "schedule", "path_value", "lag", "remaining", "required",
    "pace3", "pace12", "pressure3", "pressure12", "target_value",
)  # fmt: skip
OTHERS = ("state", "reached", "reported", "expected", "light", "rule", "target", "definition")
FIELDS = (*KEY, *NUMBERS, *OTHERS)
_JUDGED = (
    "completion", "schedule", "expected", "lag", "remaining", "required", "pace3", "pace12", "pressure3", "pressure12",
)  # fmt: skip
_CAP = DERIVED_CAP * UNITS


def units_of(value: Fraction | None) -> int | None:
    """A derived number in ten-thousandths by ROUND_05UP; None where there is none or it is beyond the column's cap."""
    if value is None:
        return None
    units = round_05up_fraction(value.numerator, value.denominator)
    return units if abs(units) <= _CAP else None


class PanelBuilder:
    """Reads what a set of formulas needs of a county into one panel: roll-ups, span totals, counts, parameters."""

    def __init__(self, tree: Tree, definitions: Definitions, areas: Collection[int] | None = None) -> None:
        """`areas` narrows it to some of those that hold roll-ups."""
        self.tree, self.definitions = tree, definitions
        self.areas = tuple(tree.stores if areas is None else areas)
        self.index = {area: position for position, area in enumerate(self.areas)}

    def build(self, refs: Collection[Ref]) -> Panel:
        """A panel over all areas with roll-ups and all months from the plan's first to the last with data or plan."""
        items = self.definitions.items
        ids = {items[ref.code].id for ref in refs if ref.code in items and not items[ref.code].automatic}
        rows, self.spans = self.read(ids)
        first = self.definitions.plan_start
        last = max([self.definitions.plan_end, *(row[3] for row in rows), *(span.last for span in self.spans)])
        self.first, self.count = first, last - first + 1
        by_key: dict[tuple[int, int], list[tuple]] = {}
        for row in rows:
            by_key.setdefault((row[1], row[2]), []).append(row)
        series = {}
        for ref in refs:
            if ref.code.startswith("D"):
                series[ref] = self._item(ref, by_key)
            elif ref.code[0] in "PT":
                series[ref] = self._completion(ref)
        parameters = {ref.code: self._parameter(ref.code) for ref in refs if ref.code.startswith("W")}
        return Panel(self.areas, first, self.count, first, series, parameters)

    def read(self, ids: Collection[int]) -> tuple[list[tuple], list[spans.Span]]:
        """The roll-ups of these items as (area, item, category, month, units, missing), and their span totals."""
        rows = RollUp.objects.filter(
            county=self.tree.county_id, area__in=self.areas, item__in=ids, month__gte=self.definitions.plan_start
        ).annotate(units=raw("total"))
        columns = ("area", "item", "category", "month", "units", "missing")
        return list(rows.values_list(*columns)), spans.approved(self.tree.county_id, ids)

    def _blank(self) -> tuple[np.ndarray, ...]:
        shape = (len(self.areas), self.count)
        empty = np.zeros(shape, dtype=object)
        return np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool), empty.copy(), empty.copy()

    def _expected(self, levels: Collection[str], expected: np.ndarray) -> None:
        for position in range(self.count):
            sets = self.tree.expected(levels, self.first + position)
            for area, row in self.index.items():
                expected[row, position] = sets[area]

    def _item(self, ref: Ref, by_key: dict[tuple[int, int], list[tuple]]) -> ItemSeries:
        item = self.definitions.items[ref.code]
        total, present, missing, expected = self._blank()
        self._expected(item.levels, expected)
        if item.automatic:
            total[:] = [[bits.bit_count() * UNITS for bits in row] for row in expected]
            present[:] = total > 0
            return ItemSeries(item.kind, total, present, missing, missing.copy(), entered=False)
        missing[:] = expected
        category = item.categories[ref.category] if ref.category else TOTAL
        for area, _, _, month, units, absent in by_key.get((item.id, category), ()):
            at = self.index[area], month - self.first
            total[at], present[at], missing[at] = units, True, unpack(absent)
        blocks = spans.blocks(self.spans, item, category, self.tree, self.index, self.first)
        return ItemSeries(item.kind, total, present, missing, expected, blocks=blocks)

    def _completion(self, ref: Ref) -> ItemSeries:
        """0 before the month of completion, 1 from it on, through the plan's months whatever has been reported."""
        total, present, missing, expected = self._blank()
        row = self.index[self.tree.county_id]
        months = self.definitions.plan_end - self.first + 1
        present[row, :months] = True
        done = Completion.objects.filter(county_id=self.tree.county_id, code=ref.code).values_list("month", flat=True)
        for month in done:
            total[row, max(0, month - self.first) : months] = UNITS
        return ItemSeries(ItemKind.STOCK, total, present, missing, expected)

    def _parameter(self, code: str) -> list[tuple[int, int] | None]:
        history = self.definitions.parameters.get(code, ())
        values = (parameter_in(history, self.first + position) for position in range(self.count))
        return [None if value is None else (value.numerator, value.denominator) for value in values]


def goal_of(target: Target, version: Version) -> Goal:
    """A stored target as the pure functions take it."""
    cumulative = version.window in (Window.YEAR, Window.PLAN) and version.definition.denominator is None
    return Goal(
        comparator=Comparator(target.comparator),
        value=None if target.value is None else Fraction(target.value),
        tolerance=None if target.tolerance is None else Fraction(target.tolerance),
        start=target.start_month,
        end=target.end_month,
        path=PathKind(target.path),
        points=tuple((int(month), Fraction(str(value))) for month, value in target.points),
        base_value=None if target.base_value is None else Fraction(target.base_value),
        base_month=target.base_month,
        cumulative=cumulative,
        yearly_check=target.yearly_check,
        behind=Fraction(target.behind),
        far=Fraction(target.far_behind),
        days=target.limit_days,
    )


def compute(
    tree: Tree, definitions: Definitions, versions: Collection[Version], builder: PanelBuilder | None = None
) -> list[tuple]:
    """Evaluation rows, in the order of FIELDS, of these definition versions over the county and its towns.

    `builder` gives other figures, or fewer areas, than those that stand.
    """
    refs = {ref for version in versions for ref in version.refs}
    panel = (builder or PanelBuilder(tree, definitions)).build(refs)
    rows: list[tuple] = []
    for version, first, last in _spans(versions):
        evaluated = evaluate(version.definition, panel)
        columns = [
            None if exact is None else exact.to_units()
            for exact in (
                evaluated.numerator, evaluated.denominator, evaluated.value,
                evaluated.month_value, evaluated.year_to_date, evaluated.plan_to_date,
            )
        ]  # fmt: skip
        for position, area in enumerate(panel.areas):
            if not evaluated.exists[position].any():
                continue
            judged = _judged(definitions, version, evaluated, panel, position, area)
            for month in range(panel.months):
                if evaluated.exists[position, month] and first <= panel.first_month + month <= last:
                    rows.append(_row(tree, version, evaluated, columns, panel, position, month, judged.get(month)))
    return rows


def _spans(versions: Collection[Version]) -> list[tuple[Version, int, int]]:
    """Each version with the first and last month in which it is in force."""
    later: dict[int, int] = {}
    spans = []
    for version in sorted(versions, key=lambda one: (one.reading_id, -one.from_month)):
        spans.append((version, version.from_month, later.get(version.reading_id, 10**6) - 1))
        later[version.reading_id] = version.from_month
    return spans


def _judged(
    definitions: Definitions, version: Version, evaluated: Evaluated, panel: Panel, position: int, area: int
) -> dict[int, tuple[Target, Judgement]]:
    """Month position → the target judged there and its judgement; of several active targets the earliest to end."""
    targets = definitions.targets.get((version.reading_id, area), ())
    if not targets:
        return {}
    goals = {goal_of(target, version): target for target in targets}  # no two end in the same month
    zero = any(goal.comparator == Comparator.DYNAMIC_ZERO for goal in goals)
    series = points(evaluated, panel, position, overdue=zero)
    return {
        month: (goals[judgement.goal], judgement)
        for month, judgement in enumerate(judge(list(goals), series))
        if judgement.goal is not None
    }


def _row(tree, version, evaluated, columns, panel, position, month, judged) -> tuple:
    at = position, month
    target, judgement = judged or (None, None)
    numbers = [None if column is None else _capped(column[at]) for column in columns]
    derived = [units_of(getattr(judgement, name)) if judgement else None for name in _JUDGED]
    return (
        tree.county_id, panel.areas[position], version.indicator, version.reading, panel.first_month + month,
        *numbers, *derived, units_of(Fraction(target.value)) if target and target.value is not None else None,
        int(evaluated.value.why[at]), judgement.reached if judgement else None,
        int(evaluated.reported[at]), int(evaluated.expected[at]),
        int(judgement.light) if judgement else int(Light.NONE), judgement.code if judgement else "",
        target.pk if target else None, version.id,
    )  # fmt: skip


def _capped(units: int | None) -> int | None:
    return None if units is None or abs(units) > _CAP else int(units)


def refresh(tree: Tree, indicators: Collection[int] | None = None, definitions: Definitions | None = None) -> None:
    """Recompute the county's evaluations of these indicators (all when None), every month, and write what differs."""
    definitions = definitions or definitions_module.load(tree.county_id)
    versions = [v for v in definitions.versions if indicators is None or v.indicator in indicators]
    standing = Evaluation.objects.filter(county=tree.county_id)
    if indicators is not None:
        standing = standing.filter(indicator__in=indicators)
    new = {row[:5]: row for row in compute(tree, definitions, versions)} if versions else {}
    numbers = [raw(name) for name in NUMBERS]
    old = {row[:5]: row for row in standing.values_list(*KEY, *numbers, *OTHERS)}
    bulk.upsert(Evaluation, FIELDS, [row for key, row in new.items() if old.get(key) != row], key=KEY)
    bulk.delete(Evaluation, KEY, list(old.keys() - new.keys()))
