"""The correction list (更正清单) of a release: what each cell came to, and every correction with its own effect.

Called by publish.py inside its transaction; reads revisions, roll-ups and definitions, writes nothing. The own effect
is found by replaying: all approved changes since are undone, then done again one by one in the order of their approval,
and the county's total and the lights are worked out before and after each, everything else as it stood at that step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bureau.fields import raw
from bureau.models import Area, User
from bureau.places import Tree
from indicators import definitions, rollup, spans
from indicators.analysis.kinds import Light
from indicators.definitions import Definitions, Version
from indicators.evaluate import FIELDS, PanelBuilder, compute
from indicators.models import Category, DataItem, Figure, Indicator, PublishedMonth, PublishedRollUp, Revision, RollUp

_LIGHT, _AREA, _MONTH = FIELDS.index("light"), FIELDS.index("area"), FIELDS.index("month")
MOST_JUDGED = 300  # corrections of one release whose lights are worked out; a release with more says that it did not

CellKey = tuple[int, int, int, int]
"""(area, item, category, month)."""


class Step(NamedTuple):
    """One approved change of one cell; values in ten-thousandths, a state None where there is no figure."""

    area: int
    item: int
    category: int
    month: int
    old: int | None
    old_state: int | None
    new: int | None
    new_state: int | None
    reason: str
    by: int | None
    at: datetime

    @property
    def key(self) -> CellKey:
        return self[:4]


def corrections_since(county: Area, month: int) -> list[dict]:
    """What changed of months released before, up to `month`, and was not listed yet: one line a cell.

    Each line: month, area, item, old and new value, last reason, the county total of the same cell as last released and
    now; and its `steps`, each with old, new, reason, who approved it when, and what it alone did to the county's total
    and the lights of that month. A release lists months up to its own, so each month has its own moment from which to
    look.
    """
    releases = PublishedMonth.objects.filter(county=county).order_by("version").only("month", "version", "at")
    versions = {one.month: one.version for one in releases if one.month <= month}
    listed = {when: max(one.at for one in releases if one.month >= when) for when in versions}
    tree = Tree(county.pk)
    by_cell = _by_cell(county.pk, listed)
    effects = _effects(tree, by_cell, listed) if by_cell else {}
    items = DataItem.objects.in_bulk({key[1] for key in by_cell})
    categories = dict(Category.objects.filter(pk__in={key[2] for key in by_cell}).values_list("pk", "name"))
    people = User.objects.in_bulk({step.by for steps in by_cell.values() for step in steps if step.by})
    lines = []
    for (area, item, category, when), steps in sorted(by_cell.items()):
        then, now = _county_totals(county.pk, item, category, when, versions[when])
        lines.append(
            {
                "month": when,
                "area": tree.codes.get(area, ""),
                "area_name": tree.names.get(area, ""),
                "item": items[item].code,
                "item_name": items[item].name + (f"（{categories[category]}）" if category in categories else ""),
                "category": category,
                "old": steps[0].old,
                "new": steps[-1].new,
                "reason": steps[-1].reason,
                "county_old": then,
                "county_new": now,
                "steps": [_told(step, people, effects[step]) for step in steps],
            }
        )
    return lines + spans.corrections(county.pk, month, tree)


def _told(step: Step, people: Mapping[int, User], effect: dict[str, Any]) -> dict:
    return {
        "old": step.old,
        "new": step.new,
        "reason": step.reason,
        "by": str(people[step.by]) if step.by in people else "",
        "at": step.at.isoformat(),
        **effect,
    }


def _by_cell(county: int, since: Mapping[int, datetime]) -> dict[CellKey, list[Step]]:
    """Each cell with the changes of its value since the moment of its month, in order."""
    found: dict[CellKey, list[Step]] = defaultdict(list)
    if since:
        for step in _steps(county, min(since.values()), months=list(since)):
            if step.at > since[step.month] and (step.old, step.old_state is None) != (step.new, step.new_state is None):
                found[step.key].append(step)
    return found


def _steps(county: int, since: datetime, **where: Collection[int]) -> Iterable[Step]:
    """The approved changes after `since`, in the order of their approval; `where`: months, items."""
    found = Revision.objects.filter(county=county, at__gt=since)
    if "months" in where:
        found = found.filter(month__in=where["months"])
    if "items" in where:
        found = found.filter(item__in=where["items"])
    found = found.annotate(old=raw("old_value"), new=raw("new_value")).order_by("pk")
    columns = (
        "area", "item", "category", "month", "old", "old_state", "new", "new_state", "event__reason", "event__by", "at",
    )  # fmt: skip
    return (Step(*row) for row in found.values_list(*columns))


def _county_totals(county: int, item: int, category: int, month: int, version: int) -> tuple[int | None, int | None]:
    key = {"county": county, "area": county, "item": item, "category": category, "month": month}
    then = PublishedRollUp.objects.filter(**key, version=version).annotate(u=raw("total")).values_list("u", flat=True)
    now = RollUp.objects.filter(**key).annotate(u=raw("total")).values_list("u", flat=True)
    return then.first(), now.first()


def _effects(
    tree: Tree, by_cell: Mapping[CellKey, list[Step]], since: Mapping[int, datetime]
) -> dict[Step, dict[str, Any]]:
    """Each listed change with its own effect: {county_old, county_new, lights}."""
    known = definitions.load(tree.county_id)
    touched = {key[1] for key in by_cell}
    judged = [one for one in known.versions if one.official and one.indicator in known.using(touched)]
    codes = {ref.code for version in judged for ref in version.refs}
    items = touched | {item.id for code, item in known.items.items() if code in codes}
    steps = list(_steps(tree.county_id, min(since.values()), items=items))
    listed = {step for steps_of_cell in by_cell.values() for step in steps_of_cell}
    replay = _Replay(tree, known, judged, steps)
    lights = len(listed) <= MOST_JUDGED
    return {step: effect for step in steps if (effect := replay.do(step, told=step in listed, lights=lights))}


class _Replay:
    """The county's figures as they stood before the first of `steps`, moved forward one step at a time."""

    def __init__(self, tree: Tree, known: Definitions, judged: Collection[Version], steps: Collection[Step]) -> None:
        self.tree, self.known = tree, known
        self.builder = _ReplayedPanel(tree, known)
        self.levels, self.categories = rollup.levels_of_items(), rollup.categories_of_items()
        self.judged: dict[str, list[Version]] = defaultdict(list)  # by item code
        self.by_reading: dict[int, list[Version]] = defaultdict(list)
        for version in judged:
            self.by_reading[version.reading_id].append(version)
        self.users: dict[int, set[int]] = defaultdict(set)  # item id → ids of the readings that use it
        ids = {code: item.id for code, item in known.items.items()}
        for version in judged:
            for ref in version.refs:
                if ref.code in ids:
                    self.users[ids[ref.code]].add(version.reading_id)
        self.names = Indicator.objects.in_bulk({version.indicator for version in judged})
        self.rows: dict[int, dict[int, int]] = {}  # reading id → month → light, as last worked out
        figures = Figure.objects.filter(
            county=tree.county_id, item__in={one.item for one in steps}, month__in={one.month for one in steps}
        )
        self.cells = rollup.read_cells(figures)
        for step in reversed(list(steps)):
            self._set(step, step.old, step.old_state)
        for item, month in {(one.item, one.month) for one in steps}:
            self.builder.replace(item, month, self._rolled_up(item, month))

    def do(self, step: Step, *, told: bool, lights: bool) -> dict[str, Any] | None:
        """Take one step; its effect where it is `told`."""
        readings = sorted(self.users[step.item]) if told and lights else []
        before = [self._light(reading, step.month) for reading in readings]
        old = self._total(step)
        self._set(step, step.new, step.new_state)
        self.builder.replace(step.item, step.month, self._rolled_up(step.item, step.month))
        for reading in self.users[step.item]:
            self.rows.pop(reading, None)
        if not told:
            return None
        after = [self._light(reading, step.month) for reading in readings]
        changed = zip(readings, before, after, strict=True)
        return {
            "county_old": old,
            "county_new": self._total(step),
            "lights": [self._told(*one) for one in changed if set(one[1:]) != {int(Light.NONE)}] if lights else None,
        }

    def _told(self, reading: int, before: int, after: int) -> dict[str, Any]:
        indicator = self.names[self.by_reading[reading][0].indicator]
        return {"code": indicator.code, "name": indicator.name, "before": before, "after": after}

    def _set(self, step: Step, units: int | None, state: int | None) -> None:
        categories = self.cells[step.item, step.month][step.area]
        if state is None:
            categories.pop(step.category, None)
        else:
            categories[step.category] = units

    def _rolled_up(self, item: int, month: int) -> list[tuple]:
        """The county's roll-up rows of an item in a month, as rollup.py makes them."""
        places = {area: cells for area, cells in self.cells[item, month].items() if cells}
        rows = rollup.totals(self.tree, {(item, month): places}, self.levels, self.categories)
        return [row for row in rows if row[1] == self.tree.county_id]

    def _total(self, step: Step) -> int | None:
        rows = self.builder.replaced[step.item, step.month]
        return next((row[4] for row in rows if row[2] == step.category), None)

    def _light(self, reading: int, month: int) -> int:
        """The county's light in the month with the figures as they stand now in the replay."""
        if reading not in self.rows:
            rows = compute(self.tree, self.known, self.by_reading[reading], self.builder)
            self.rows[reading] = {row[_MONTH]: row[_LIGHT] for row in rows if row[_AREA] == self.tree.county_id}
        return self.rows[reading].get(month, int(Light.NONE))


class _ReplayedPanel(PanelBuilder):
    """A panel of the county alone, with some items' months as the replay has them; what is read is read once."""

    def __init__(self, tree: Tree, known: Definitions) -> None:
        super().__init__(tree, known, areas=(tree.county_id,))
        self.replaced: dict[tuple[int, int], list[tuple]] = {}
        self._kept: dict[frozenset[int], tuple[list[tuple], list[spans.Span]]] = {}

    def replace(self, item: int, month: int, rows: list[tuple]) -> None:
        """The county's rows of the item in the month, as (area, item, category, month, units, missing)."""
        self.replaced[item, month] = [(*row[1:6], row[8]) for row in rows]

    def read(self, ids: Collection[int]) -> tuple[list[tuple], list[spans.Span]]:
        wanted = frozenset(ids)
        if wanted not in self._kept:
            self._kept[wanted] = super().read(wanted)
        rows, totals = self._kept[wanted]
        kept = [row for row in rows if (row[1], row[3]) not in self.replaced]
        return kept + [row for (item, _), new in self.replaced.items() if item in wanted for row in new], totals
