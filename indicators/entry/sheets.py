"""Builds the plain Sheet of a form, place and month from the database; turns cells by code back into changes by id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal

from bureau.fields import from_units, raw
from bureau.models import Area
from bureau.places import Tree
from indicators.entry import adjusted, earlier
from indicators.entry.layout import BalanceRule as Balance
from indicators.entry.layout import Cell, CellKey, Column, Row, Sheet
from indicators.entry.layout import Change as CellChange
from indicators.entry.layout import SoftRule as Soft
from indicators.entry.relations import items_of
from indicators.entry.usual import YEAR
from indicators.entry.workflow import Change
from indicators.models import BalanceRule, Category, DataItem, Entry, FormItem, ReportingForm, SoftRule, Submission
from indicators.models.figures import CellState

STATES: dict[CellState, Literal["value", "na", "estimate", "carried"]] = {
    CellState.VALUE: "value",
    CellState.NOT_APPLICABLE: "na",
    CellState.ESTIMATE: "estimate",
    CellState.CARRIED: "carried",
}
STATE_CODES = {word: state for state, word in STATES.items()}
TEMPLATE_VERSION = "1"


@dataclass(frozen=True)
class Names:
    """Codes ↔ ids of one sheet's areas, items and categories."""

    areas: Mapping[str, int]
    items: Mapping[str, int]
    categories: Mapping[tuple[str, str], int]

    def ids(self, key: CellKey) -> tuple[int, int, int]:
        return self.areas[key.area], self.items[key.item], self.categories.get((key.item, key.category), 0)

    def key(self, area: int, item: int, category: int) -> CellKey:
        """The cell of these ids; KeyError where it is not on the sheet."""
        codes = {pk: code for (_, code), pk in self.categories.items()} | {0: ""}
        return CellKey(_code(self.areas, area), _code(self.items, item), codes[category])


@dataclass(frozen=True)
class Columns:
    """The columns of one form, with the ids behind their codes."""

    columns: tuple[Column, ...]
    items: Mapping[str, int]
    categories: Mapping[tuple[str, str], int]
    months: Mapping[str, tuple[int | None, int | None]]  # in use from and to (启用月、停用月)

    def at(self, month: int) -> Columns:
        """Those asked for in `month`."""
        out = {code for code, (first, last) in self.months.items() if month < (first or 0) or month > (last or 10**6)}
        if not out:
            return self
        return Columns(
            tuple(column for column in self.columns if column.item not in out),
            {code: pk for code, pk in self.items.items() if code not in out},
            {key: pk for key, pk in self.categories.items() if key[0] not in out},
            self.months,
        )


def _code(ids: Mapping[str, int], wanted: int) -> str:
    return next(code for code, pk in ids.items() if pk == wanted)


def build(
    form: ReportingForm, place: Area, month: int, tree: Tree | None = None, *, within: Collection[int] | None = None
) -> tuple[Sheet, Names]:
    """The sheet with its present entries, the approved figures before, and the names to write back by.

    `within` narrows it to these places' rows (area ids); everything else about it is then not read either.
    """
    tree = tree or Tree(place.home)
    known = columns_of([form.pk])[form.pk].at(month)
    rows, areas = _rows(place, month, tree, known.columns, within)
    names = Names(areas, known.items, known.categories)
    submission = Submission.objects.filter(form=form, place=place, month=month).values_list("pk", flat=True).first()
    before = earlier.approved(place.home, areas.values(), known.items.values(), earlier.compared(month))
    return Sheet(
        **_heading(form, place, month, tree),
        rows=rows,
        columns=known.columns,
        values=_cells(_entry_rows(submission, areas.values()), names) if submission else {},
        previous=_cells(before[month - 1], names),
        last_year=_cells(before[month - YEAR], names),
        past=earlier.past_of(place.home, month, names),
        rules=_rules(known.items, _all_rules()),
        soft_rules=_all_soft_rules(),
    ), names


def build_all(
    submissions: Sequence[Submission], contents: Mapping[int, Sequence[tuple]], tree: Tree
) -> dict[int, Sheet]:
    """The sheets of several submissions by id, in as few queries as one takes; `contents` as workflow gives them."""
    return earlier.with_past(*without_past(submissions, contents, tree), tree.county_id)


def without_past(
    submissions: Sequence[Submission], contents: Mapping[int, Sequence[tuple]], tree: Tree
) -> tuple[dict[int, Sheet], dict[int, Names]]:
    """The same, and the names to write back by, where what a soft rule wonders at is not known yet."""
    known = columns_of({one.form_id for one in submissions})
    rules, soft_rules, before = _all_rules(), _all_soft_rules(), _figures_before(submissions, known, tree)
    found, named = {}, {}
    for one in submissions:
        columns = known[one.form_id].at(one.month)
        rows, areas = _rows(one.place, one.month, tree, columns.columns, None)
        names = Names(areas, columns.items, columns.categories)
        found[one.pk] = Sheet(
            **_heading(one.form, one.place, one.month, tree),
            rows=rows,
            columns=columns.columns,
            values=_cells(((*row[:5], row[6], row[5], from_units(row[8])) for row in contents.get(one.pk, ())), names),
            previous=_cells(before[one.month - 1], names),
            last_year=_cells(before[one.month - YEAR], names),
            rules=_rules(columns.items, rules),
            soft_rules=soft_rules,
        )
        named[one.pk] = names
    return found, named


def _heading(form: ReportingForm, place: Area, month: int, tree: Tree) -> dict:
    valid = tree.valid(month)
    return {
        "form_code": form.code,
        "form_number": form.number,
        "form_name": form.name,
        "place_code": place.code,
        "place_name": valid[place.pk].name if place.pk in valid else place.code,
        "month": month,
        "version": TEMPLATE_VERSION,
        "month_areas": {one.code: one.name for one in valid.values()},
    }


def columns_of(forms: Collection[int]) -> dict[int, Columns]:
    """The columns of these forms, by the form's id."""
    found = (
        FormItem.objects.filter(form__in=forms)
        .select_related("item__breakdown")
        .prefetch_related("item__breakdown__categories")
        .order_by("form", "order", "pk")
    )
    by_form: dict[int, list[FormItem]] = {form: [] for form in forms}
    for form_item in found:
        by_form[form_item.form_id].append(form_item)
    return {form: _columns(items) for form, items in by_form.items()}


def _columns(form_items: Iterable[FormItem]) -> Columns:
    levels: dict[int, set[str]] = defaultdict(set)
    in_order: dict[int, DataItem] = {}
    for form_item in form_items:
        levels[form_item.item_id].add(form_item.level)
        in_order.setdefault(form_item.item_id, form_item.item)
    columns, items, categories = [], {}, {}
    for item in in_order.values():
        items[item.code] = item.pk
        split = list(item.breakdown.categories.all()) if item.breakdown else [None]
        for category in split:
            if category is not None:
                categories[item.code, category.code] = category.pk
            columns.append(
                Column(
                    item=item.code,
                    name=item.name,
                    unit=item.unit,
                    category=category.code if category else "",
                    category_name=category.name if category else "",
                    decimals=item.decimals,
                    kind=item.kind,
                    definition=item.definition,
                    levels=frozenset(levels[item.pk]),
                    title_en=_english(item, category),
                )
            )
    in_use = {item.code: (item.from_month, item.to_month) for item in in_order.values()}
    return Columns(tuple(columns), items, categories, in_use)


def _english(item: DataItem, category: Category | None) -> str:
    if category is None or not item.name_en:
        return item.name_en
    return f"{item.name_en} ({category.name_en or category.name})"


def _rows(
    place: Area, month: int, tree: Tree, columns: Iterable[Column], within: Collection[int] | None
) -> tuple[tuple[Row, ...], dict[str, int]]:
    valid = tree.valid(month)
    wanted = {level for column in columns for level in column.levels}
    below = [one for one in tree.villages(place.pk, month) if one.level in wanted] if place.level == "town" else []
    own = [valid[place.pk]] if place.pk in valid and place.level in wanted else []
    kept = [one for one in (*own, *below) if within is None or one.id in within]
    return tuple(Row(one.code, one.name, one.level) for one in kept), {one.code: one.id for one in kept}


_ENTRY = ("area_id", "item_id", "category", "units", "state", "version", "note")


def _entry_rows(submission: int, areas: Iterable[int]) -> Iterable[tuple]:
    found = Entry.objects.filter(submission=submission, area__in=list(areas))
    for *row, added in found.annotate(units=raw("value"), added=adjusted.added()).values_list(*_ENTRY, "added"):
        yield (*row, from_units(added))


def _figures_before(
    submissions: Sequence[Submission], known: Mapping[int, Columns], tree: Tree
) -> Mapping[int, list[tuple]]:
    """Approved figures of last month and of a year ago, by month: of these forms' items anywhere in the county."""
    items = {pk for columns in known.values() for pk in columns.items.values()}
    towns = {one.place_id for one in submissions}
    areas = towns | {
        below.id for one in submissions if one.place.level == "town" for below in tree.villages(one.place_id, one.month)
    }
    wanted = {month for one in submissions for month in earlier.compared(one.month)}
    return earlier.approved(tree.county_id, areas, items, wanted)


def standing(stored: Mapping[tuple[int, int, int], tuple], names: Names) -> dict[CellKey, Cell]:
    """The entries by code, of what content.standing_cells read."""
    return _cells(((*ids, row[1], row[2], row[0], row[3]) for ids, row in stored.items()), names)


def _cells(rows: Iterable[tuple], names: Names) -> dict[CellKey, Cell]:
    areas = {pk: code for code, pk in names.areas.items()}
    items = {pk: code for code, pk in names.items.items()}
    categories = {pk: code for (_, code), pk in names.categories.items()}
    cells = {}
    for area, item, category, units, state, version, *note in rows:
        if area in areas and item in items:
            key = CellKey(areas[area], items[item], categories.get(category, ""))
            cells[key] = Cell(None if units is None else from_units(units), STATES[CellState(state)], version, *note)
    return cells


def _all_rules() -> list[tuple[Balance, frozenset[str]]]:
    """Every balance rule with the items it speaks of."""
    return [(Balance(one.code, one.text, one.basis), items_of(one.text)) for one in BalanceRule.objects.all()]


def _all_soft_rules() -> tuple[Soft, ...]:
    names = [one.name for one in fields(Soft)]
    return tuple(Soft(**{name: getattr(rule, name) for name in names}) for rule in SoftRule.objects.all())


def _rules(items: Mapping[str, int], rules: Iterable[tuple[Balance, frozenset[str]]]) -> tuple[Balance, ...]:
    """Those whose every item is on the sheet."""
    return tuple(rule for rule, needed in rules if needed <= items.keys())


def changes(found: Iterable[CellChange], names: Names) -> list[Change]:
    """Cells by code as the changes workflow.save takes, each with the version that was seen."""
    return [
        Change(
            *names.ids(one.key),
            value=one.new.value,
            state=STATE_CODES[one.new.state],
            expected=one.old.version if one.old else 0,
            note=one.new.note,
        )
        for one in found
        if one.kind != "same"
    ]


def clearings(cells: Mapping[CellKey, Cell], names: Names) -> list[Change]:
    """The emptying of these cells, each with the version that was seen."""
    return [Change(*names.ids(key), value=None, expected=seen.version, clear=True) for key, seen in cells.items()]
