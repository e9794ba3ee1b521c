"""What reporting asks of places (填报减负): each data item with its cells and uses, each sheet with how it was filled.

Places and forms are told, never people. Documents of higher floors that print indicators sign up by `register`, from
their AppConfig.ready(). An item that nothing uses is proposed for removal, which somebody then decides in the settings.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q

from bureau.authorization import Permission, Scope, scope
from bureau.models import Area, User
from bureau.places import Place, Tree
from indicators.access import reaches
from indicators.definitions import parsed
from indicators.entry.layout import SoftRule as Soft
from indicators.entry.relations import items_of
from indicators.entry.soft import items_named
from indicators.models import BalanceRule, DataItem, Entry, FormItem, Indicator, IndicatorVersion, SoftRule
from indicators.models.figures import CellState, ReportingForm

IMPORTED = ("workbook", "longform", "api")
NUMERATOR, DENOMINATOR, VALUE = "numerator", "denominator", "value"

Prints = Callable[[Indicator], bool]
_documents: dict[str, tuple[str, Prints]] = {}


def register(name: str, label: str, prints: Prints) -> None:
    """A document: its name in words, and whether it prints a given indicator."""
    _documents[name] = (label, prints)


@dataclass(frozen=True)
class Use:
    """An indicator that uses an item, and in which part of its formula."""

    indicator: Indicator
    parts: tuple[str, ...]


@dataclass(frozen=True)
class ItemLine:
    """A data item: the forms that ask it with the level, its cells in the month, and all that uses it."""

    item: DataItem
    asked: tuple[tuple[ReportingForm, str], ...]
    cells: int
    in_use: bool
    indicators: tuple[Use, ...]
    checks: tuple[str, ...]
    documents: tuple[str, ...]

    @property
    def removable(self) -> bool:
        """Is it asked in the month although no indicator, check or document uses it?"""
        return self.in_use and self.cells > 0 and not (self.indicators or self.checks or self.documents)


@dataclass(frozen=True)
class PlaceLine:
    """A form at a place in the month: cells asked, counted by the system itself, filled, imported, carried over."""

    form: ReportingForm
    place: Place
    asked: int
    counted: int
    filled: int
    imported: int
    carried: int


class Burden:
    """The account of one month."""

    def __init__(self, tree: Tree, month: int) -> None:
        self.tree, self.month = tree, month
        self.levels = Counter(place.level for place in tree.valid(month).values())

    @cached_property
    def items(self) -> list[DataItem]:
        return list(DataItem.objects.annotate(split=Count("breakdown__categories")))

    @cached_property
    def columns(self) -> dict[int, list[FormItem]]:
        """Item id → where it is asked."""
        found: dict[int, list[FormItem]] = defaultdict(list)
        for one in FormItem.objects.select_related("form__section").order_by("form__order", "form__code", "level"):
            found[one.item_id].append(one)
        return found

    def lines(self) -> list[ItemLine]:
        """Every item in the catalogue's order; seven queries."""
        uses, checks = _uses(), _checks()
        found = []
        for item in self.items:
            columns = self.columns.get(item.pk, [])
            in_use = self._in_use(item)
            cells = sum(self.levels[one.level] for one in columns) * max(1, item.split) if in_use else 0
            of_item = uses.get(item.code, ())
            printed = [label for label, prints in _documents.values() if any(prints(use.indicator) for use in of_item)]
            found.append(
                ItemLine(
                    item, tuple((one.form, one.level) for one in columns), cells, in_use, tuple(of_item),
                    tuple(checks.get(item.code, ())), tuple(printed),
                )
            )  # fmt: skip
        return found

    def _in_use(self, item: DataItem) -> bool:
        return (item.from_month or 0) <= self.month <= (item.to_month or 10**6)

    def places(self, held: Scope) -> list[PlaceLine]:
        """Each sheet of the month within the scope, by place and form; one query for what came in."""
        came = _came_in(self.month)
        by_id = {item.pk: item for item in self.items if self._in_use(item)}
        columns: dict[int, list[FormItem]] = defaultdict(list)
        forms: dict[int, ReportingForm] = {}
        for item, where in self.columns.items():
            for one in where:
                forms[one.form_id] = one.form
                if item in by_id:
                    columns[one.form_id].append(one)
        found = []
        for place in self.tree.valid(self.month).values():
            for form in sorted(forms.values(), key=lambda one: (one.order, one.code)):
                if form.submitted_by != place.level or not reaches(held, form.section_id, place.id):
                    continue
                rows = self._rows(place)
                asked = sum(rows[one.level] * max(1, by_id[one.item_id].split) for one in columns[form.pk])
                found.append(
                    PlaceLine(
                        form, place, asked, self._counted(form, rows, columns),
                        *came.get((form.pk, place.id), (0, 0, 0)),
                    )
                )  # fmt: skip
        return found

    def _rows(self, place: Place) -> Mapping[str, int]:
        """How many rows of each level a sheet of the place has."""
        below = len(self.tree.villages(place.id, self.month)) if place.level == Area.Level.TOWN else 0
        return Counter({place.level: 1, Area.Level.VILLAGE: below})

    def _counted(self, form: ReportingForm, rows: Mapping[str, int], columns: Mapping[int, list[FormItem]]) -> int:
        """Cells beside the form's that nobody fills, since the system counts places itself (按区划自动计数)."""
        levels = {one.level for one in columns[form.pk]}
        used = [item for item in self.items if item.automatic and self._beside(item, form, columns)]
        return sum(rows[level] for item in used for level in item.counts_levels if level in levels)

    def _beside(self, item: DataItem, form: ReportingForm, columns: Mapping[int, list[FormItem]]) -> bool:
        """Does an indicator set the counted item against one of the form's?"""
        asked = {one.item_id for one in columns[form.pk]}
        codes = {one.code for one in self.items if one.pk in asked}
        return any(item.code in group and codes & group for group in self._together)

    @cached_property
    def _together(self) -> list[frozenset[str]]:
        """The codes that stand together in a formula."""
        return [frozenset(_refs(version)) for version in _versions()]


def held_by(user: User) -> Scope:
    """Where a person is told it: the office everywhere, others the sheets they may read."""
    return Scope(everywhere=True) if scope(user, Permission.PUBLISH) else scope(user, Permission.READ_SUBMISSIONS)


def sees_items(held: Scope) -> bool:
    """The office, reviewers and clerks of sections see the whole catalogue; a town its own sheets."""
    return held.everywhere or bool(held.sections)


def _versions() -> Collection[IndicatorVersion]:
    return (
        IndicatorVersion.objects.current()
        .select_related("reading__indicator")
        .order_by("reading__indicator__order", "reading__indicator__code", "reading__number", "from_month")
    )


def _refs(version: IndicatorVersion) -> set[str]:
    return {code for codes in _parts(version).values() for code in codes}


def _parts(version: IndicatorVersion) -> dict[str, set[str]]:
    """The part of the formula → the codes it names."""
    texts = {NUMERATOR: version.numerator, DENOMINATOR: version.denominator, VALUE: version.value}
    return {part: {ref.code for ref in parsed(text).refs} for part, text in texts.items() if text}


def _uses() -> dict[str, list[Use]]:
    """Item code → the indicators that use it in any reading."""
    parts: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    indicators: dict[int, Indicator] = {}
    for version in _versions():
        indicator = version.reading.indicator
        indicators[indicator.pk] = indicator
        for part, codes in _parts(version).items():
            for code in codes:
                parts[code][indicator.pk].add(part)
    order = (NUMERATOR, DENOMINATOR, VALUE)
    return {
        code: [Use(indicators[pk], tuple(part for part in order if part in found)) for pk, found in of_item.items()]
        for code, of_item in parts.items()
    }


def _checks() -> dict[str, list[str]]:
    """Item code → the rules that name it; a rule for a whole kind of items names none."""
    found: dict[str, list[str]] = defaultdict(list)
    for rule in BalanceRule.objects.all():
        for code in sorted(items_of(rule.text)):
            found[code].append(rule.text)
    for rule in SoftRule.objects.all():
        for code in sorted(items_named(Soft(rule.code, rule.kind, rule.text))):
            found[code].append(f"{rule.code} {rule.get_kind_display()} {rule.text}")
    return found


def _came_in(month: int) -> dict[tuple[int, int], tuple[int, int, int]]:
    """(form, place) → cells filled, imported, carried over."""
    rows = Entry.objects.filter(submission__month=month).order_by().values_list(
        "submission__form", "submission__place"
    ).annotate(
        filled=Count("pk"),
        imported=Count("pk", filter=Q(source__in=IMPORTED)),
        carried=Count("pk", filter=Q(state=CellState.CARRIED)),
    )  # fmt: skip
    return {(form, place): (filled, imported, carried) for form, place, filled, imported, carried in rows}
