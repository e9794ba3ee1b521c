"""RollUp → analysis → Evaluation: the only bridge between the derived tables and the pure analysis functions.

Called inside the approving transaction; whole rows of months are recomputed for each indicator touched.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
from indicators.analysis.kinds import Comparator, ItemKind, PathKind, Window
from indicators.analysis.panel import Evaluated, Panel, evaluate, facts
from indicators.analysis.progress import NUMBERS as JUDGED
from indicators.analysis.progress import judge
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
        begun = np.arange(panel.months) + panel.first_month
        there = evaluated.exists & ((first <= begun) & (begun <= last))[None, :]
        if there.any():
            rows += _rows(tree, definitions, version, evaluated, panel, there)
    return rows


def _spans(versions: Collection[Version]) -> list[tuple[Version, int, int]]:
    """Each version with the first and last month in which it is in force."""
    later: dict[int, int] = {}
    spans = []
    for version in sorted(versions, key=lambda one: (one.reading_id, -one.from_month)):
        spans.append((version, version.from_month, later.get(version.reading_id, 10**6) - 1))
        later[version.reading_id] = version.from_month
    return spans


def _rows(
    tree: Tree, definitions: Definitions, version: Version, evaluated: Evaluated, panel: Panel, there: np.ndarray
) -> list[tuple]:
    """A row for each area and month of `there`."""
    targets = [definitions.targets.get((version.reading_id, area), ()) for area in panel.areas]
    judged = judge([[goal_of(target, version) for target in own] for own in targets], facts(evaluated, panel))
    measured = (
        evaluated.numerator, evaluated.denominator, evaluated.value,
        evaluated.month_value, evaluated.year_to_date, evaluated.plan_to_date,
    )  # fmt: skip
    numbers = [None if exact is None else exact.to_units(_CAP) for exact in measured]
    derived = [judged.numbers[name].to_units(_CAP) for name in JUDGED]
    wanted, ids = _of_targets(targets, judged.goal)
    months = np.arange(panel.months) + panel.first_month
    columns = (
        tree.county_id, np.array(panel.areas)[:, None], version.indicator, version.reading, months,
        *numbers, *derived, wanted, evaluated.value.why, judged.reached, evaluated.reported, evaluated.expected,
        judged.light, np.where(judged.goal < 0, "", judged.code), ids, version.id,
    )  # fmt: skip
    flat = [np.broadcast_to(column, panel.shape)[there].tolist() for column in columns]
    return list(zip(*flat, strict=True))


def _of_targets(targets: Sequence[Sequence[Target]], active: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The value, in ten-thousandths, and the id of the target that was active; `active`: its number, −1 for none."""
    values, ids = np.full(active.shape, None, dtype=object), np.full(active.shape, None, dtype=object)
    for row, own in enumerate(targets):
        for number, target in enumerate(own):
            where = active[row] == number
            values[row, where] = None if target.value is None else units_of(Fraction(target.value))
            ids[row, where] = target.pk
    return values, ids


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
