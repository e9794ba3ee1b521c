"""A county small enough to work by hand: two towns, a handful of villages, a dozen items, and people to report on them.

For tests on a real database; made without the plan's files. `tiny_county` makes it, `fill`, `hand_in` and
`approved` walk a form through the workflow, `put` writes approved values straight into Figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from bureau import bulk, months
from bureau.fields import to_units
from bureau.models import Area, AreaSpan, Duty, Grant, Installation, Section, User
from indicators.entry import workflow
from indicators.entry.approval import FIGURE_FIELDS, KEY
from indicators.models import (
    Breakdown,
    Category,
    DataItem,
    Figure,
    FormItem,
    Indicator,
    IndicatorVersion,
    Parameter,
    Plan,
    Reading,
    ReportingForm,
    Submission,
    Target,
)
from indicators.models.figures import CellState

START, END = months.make(2015, 1), months.make(2016, 12)
COUNTY, EAST, WEST = "330424", "330424101", "330424102"
E1, E2, E3 = "330424101201", "330424101202", "330424101203"
W1, W2 = "330424102201", "330424102202"
CLOSED, OPENED, MOVED = months.make(2015, 9), months.make(2015, 10), months.make(2016, 4)
NOT_APPLICABLE = None

# code, level, parent, first month, last month: E3 takes over from E2, W2 moves from East to West
SPANS = (
    (COUNTY, "county", None, START, None),
    (EAST, "town", COUNTY, START, None),
    (WEST, "town", COUNTY, START, None),
    (E1, "village", EAST, START, None),
    (E2, "village", EAST, START, CLOSED),
    (E3, "village", EAST, OPENED, None),
    (W1, "village", WEST, START, None),
    (W2, "village", EAST, START, MOVED - 1),
    (W2, "village", WEST, MOVED, None),
)
CATEGORIES = ("active", "retired")
# code: kind, form → levels, with the breakdown?
ITEMS: dict[str, tuple[str, dict[str, tuple[str, ...]], bool]] = {
    "D01": ("flow", {"town": ("town",)}, False),
    "D02": ("flow", {"town": ("town",)}, False),
    "D21": ("stock", {"town": ("town",)}, False),
    "D31": ("stock", {"town": ("town",)}, True),
    "D13": ("flow", {"village": ("village",)}, True),
    "D22": ("stock", {"village": ("village",)}, False),
    "D23": ("stock", {"village": ("village",)}, False),
    "D27": ("stock", {"village": ("village",)}, False),
    "D27a": ("stock", {"village": ("village",)}, False),
    "D53": ("stock", {"village": ("village",)}, False),
    "D54": ("ytd", {"village": ("village",)}, False),
    "D81": ("stock", {"network": ("town", "village"), "county": ("county",)}, False),
    "D20": ("stock", {"county": ("county",)}, False),
    "D61": ("ytd", {"county": ("county",)}, False),
    "D62": ("ytd", {"county": ("county",)}, False),
}
AUTOMATIC = {"D80": ("county", "town", "village")}


@dataclass(frozen=True)
class Aim:
    """A target as the factory writes it; the value as text, exact."""

    comparator: str
    value: str | None
    area: str = COUNTY
    start: int = START
    end: int = END
    tolerance: str | None = None
    path: str = "linear"
    yearly_check: bool = False


@dataclass(frozen=True)
class Formula:
    """An indicator's formulas as stored, and what it is held against."""

    code: str
    window: str
    numerator: str
    denominator: str = ""
    value: str = ""
    scale: int = 1
    aims: tuple[Aim, ...] = field(default_factory=tuple)


_YEARS = ((START, START + 11), (START + 12, END))
FORMULAS = (
    Formula(
        "A01", "year", "D01 - D02",
        aims=(
            *(Aim(">=", "60", start=start, end=end) for start, end in _YEARS),
            Aim(">=", "33.3", EAST, *_YEARS[0]),
        ),
    ),
    Formula("A02", "plan", "D01", aims=(Aim(">=", "140"),)),
    Formula(
        "A03", "level", "D21", "D20 + D21", scale=100,
        aims=(Aim("~", "3", tolerance="0.5", path="none"),),
    ),
    Formula("A04", "level", "D23", "D22", scale=100, aims=(Aim(">=", "97", tolerance="2"), Aim(">=", "97", EAST))),
    Formula("A06", "year", "D62", "D61", "100 - N / M * 100", aims=(Aim("<=", "10"),)),
    Formula("A07", "level", "D81", "D80", scale=100, aims=(Aim("=", "100"),)),
    Formula("A11", "year", "D54", "D53", scale=100, aims=(Aim("=", "100"),)),
    Formula("A13", "year", "D62", "D61", scale=100, aims=(Aim(">=", "90", yearly_check=True),)),
    Formula("A15", "level", "D27", "D27a", "N", aims=(Aim("zero", "0", path="none"),)),
    Formula("B02", "month", "D13"),
    Formula("B05", "trailing12", "D01 * 100", "months(D21)", aims=(Aim("not_fall", None, path="none"),)),
    Formula("B09", "level", "D31[active]", "D31", scale=100),
    Formula("B12", "level", "D21 / W01"),
)  # fmt: skip
WAGES = ((date(2014, 6, 1), Decimal("4")), (date(2015, 6, 1), Decimal("6.4")))


def tiny_county() -> SimpleNamespace:
    """The county with its places, items, forms, indicators, targets and people; codes lead to rows or ids."""
    areas = _areas()
    Installation.objects.create(county=areas[COUNTY], business_date=date(2017, 2, 3))
    Plan.objects.create(
        code="tiny", county=areas[COUNTY], title="小县", issuer="局", issued_on=date(2015, 1, 1),
        first_month=START, last_month=END,
    )  # fmt: skip
    section = Section.objects.create(code="jyj", name="就业局")
    other = Section.objects.create(code="sbj", name="社保局")
    items, categories, forms = _items(section)
    indicators = _indicators(FORMULAS, section, areas)
    Parameter.objects.bulk_create(
        Parameter(code="W01", name="工资", unit="元", value=value, valid_from=begins) for begins, value in WAGES
    )
    return SimpleNamespace(
        county=areas[COUNTY],
        areas=areas,
        items=items,
        categories=categories,
        forms=forms,
        indicators=indicators,
        sections={"jyj": section, "sbj": other},
        **people(
            clerk=(Grant.Role.TOWN_CLERK, areas[EAST]),
            colleague=(Grant.Role.TOWN_CLERK, areas[EAST]),
            reviewer=(Grant.Role.REVIEWER, section),
            office=(Grant.Role.OFFICE, None),
        ),
    )


def people(**granted: tuple[str, Area | Section | None]) -> dict[str, User]:
    """An account for each name, with one role over its scope: in few queries."""
    users = {name: User(username=name, display_name=name) for name in granted}
    User.objects.bulk_create(users.values())
    kinds = {name: Duty.kind_of(role) for name, (role, _scope) in granted.items()}
    Duty.objects.bulk_create(
        Duty(key=f"{users[name].pk}:{kind}", user=users[name], kind=kind) for name, kind in kinds.items()
    )
    Grant.objects.bulk_create(
        Grant(user=users[name], role=role, **_scope_of(scope)) for name, (role, scope) in granted.items()
    )
    return users


def person(name: str, *grants: tuple[str, Area | Section | None]) -> User:
    """An account with these roles over these scopes."""
    user = User.objects.create(username=name, display_name=name)
    for role, scope in grants:
        Grant.objects.create(user=user, role=role, **_scope_of(scope))
    return user


def _scope_of(scope: Area | Section | None) -> dict[str, Area | Section]:
    return {"area": scope} if isinstance(scope, Area) else {"section": scope} if scope else {}


def _areas() -> dict[str, Area]:
    levels = {code: level for code, level, *_ in SPANS}
    county = Area.objects.create(code=COUNTY, level="county", number=0)
    county.county = county
    county.save()
    below = (
        Area(code=code, level=level, county=county, number=number)
        for number, (code, level) in enumerate(levels.items())
        if code != COUNTY
    )
    areas = {COUNTY: county} | {area.code: area for area in Area.objects.bulk_create(below)}
    AreaSpan.objects.bulk_create(
        AreaSpan(
            area=areas[code], name=code[-3:], kind=level, parent=areas.get(parent or ""),
            from_month=first, to_month=last,
        )
        for code, level, parent, first, last in SPANS
    )  # fmt: skip
    return areas


def _items(section: Section) -> tuple[dict[str, DataItem], dict[str, Category], dict[str, ReportingForm]]:
    split = Breakdown.objects.create(code="status", name="状态")
    categories = Category.objects.bulk_create(
        Category(breakdown=split, code=code, name=code, order=order) for order, code in enumerate(CATEGORIES)
    )
    names = dict.fromkeys(name for _kind, on, _broken in ITEMS.values() for name in on)
    forms = ReportingForm.objects.bulk_create(
        ReportingForm(
            code=name, number=name, name=name, section=section, submitted_by="county" if name == "county" else "town"
        )
        for name in names
    )
    entered = (
        DataItem(code=code, name=code, unit="人", kind=kind, breakdown=split if broken else None, order=order)
        for order, (code, (kind, _on, broken)) in enumerate(ITEMS.items())
    )
    counted = (
        DataItem(code=code, name=code, unit="个", kind="stock", automatic=True, counts_levels=list(levels))
        for code, levels in AUTOMATIC.items()
    )
    items = _by_code(DataItem.objects.bulk_create((*entered, *counted)))
    FormItem.objects.bulk_create(
        FormItem(form=_by_code(forms)[name], item=items[code], level=level, order=order)
        for order, (code, (_kind, on, _broken)) in enumerate(ITEMS.items())
        for name, levels in on.items()
        for level in levels
    )
    return items, _by_code(categories), _by_code(forms)


def _by_code(rows: Iterable) -> dict:
    return {row.code: row for row in rows}


def _indicators(formulas: Iterable[Formula], section: Section, areas: Mapping[str, Area]) -> dict[str, Indicator]:
    """An indicator for each, with its official reading, its formulas from the first month on and its targets."""
    found = {
        formula: Indicator(
            code=formula.code, number=formula.code, name=formula.code, core=True, section=section, unit="%", decimals=2
        )
        for formula in formulas
    }
    Indicator.objects.bulk_create(found.values())
    readings = {
        formula: Reading(indicator=indicator, number=1, code="main", name="正式", official=True)
        for formula, indicator in found.items()
    }
    Reading.objects.bulk_create(readings.values())
    IndicatorVersion.objects.bulk_create(
        IndicatorVersion(
            reading=reading, from_month=START, numerator=formula.numerator, denominator=formula.denominator,
            value=formula.value, scale=formula.scale, window=formula.window,
        )
        for formula, reading in readings.items()
    )  # fmt: skip
    Target.objects.bulk_create(
        Target(
            reading=reading, area=areas[aim.area], start_month=aim.start, end_month=aim.end,
            comparator=aim.comparator, value=aim.value, tolerance=aim.tolerance, path=aim.path,
            yearly_check=aim.yearly_check,
        )
        for formula, reading in readings.items()
        for aim in formula.aims
    )  # fmt: skip
    return _by_code(found.values())


def _indicator(formula: Formula, section: Section, areas: Mapping[str, Area]) -> Indicator:
    return _indicators((formula,), section, areas)[formula.code]


Written = Mapping[tuple[str, ...], object]
"""(place code, item code[, category code]) → a number, text of one, or NOT_APPLICABLE."""


def cells(county: SimpleNamespace, values: Written) -> list[workflow.Change]:
    """Values by code as the changes workflow.save takes, without asking for versions."""
    return [
        workflow.Change(
            county.areas[place].pk,
            county.items[item].pk,
            county.categories[category[0]].pk if category else 0,
            None if value is NOT_APPLICABLE else Decimal(str(value)),
            CellState.NOT_APPLICABLE if value is NOT_APPLICABLE else CellState.VALUE,
        )
        for (place, item, *category), value in values.items()
    ]


def fill(
    county: SimpleNamespace, form: str, place: str, month: int, values: Written, by: User | None = None
) -> Submission:
    """A draft with these values in it."""
    submission = workflow.submission_for(county.forms[form], county.areas[place], month)
    workflow.save(submission, cells(county, values), by=by or county.clerk, source="grid")
    submission.refresh_from_db()
    return submission


def hand_in(
    county: SimpleNamespace, form: str, place: str, month: int, values: Written, by: User | None = None
) -> Submission:
    """The same, submitted."""
    return workflow.submit(fill(county, form, place, month, values, by), by=by or county.clerk)


def approved(county: SimpleNamespace, form: str, place: str, month: int, values: Written) -> Submission:
    """The same, approved by the reviewer."""
    return workflow.approve(hand_in(county, form, place, month, values), by=county.reviewer)


def put(county: SimpleNamespace, month_values: Iterable[tuple[int, Written]]) -> None:
    """Approved values straight into Figure; nothing is derived."""
    rows = []
    for month, values in month_values:
        for (place, item, *category), value in values.items():
            split = county.categories[category[0]].pk if category else 0
            units = None if value is NOT_APPLICABLE else to_units(str(value))
            state = CellState.NOT_APPLICABLE if units is None else CellState.VALUE
            key = (county.county.pk, county.areas[place].pk, county.items[item].pk, split, month)
            rows.append((*key, units, int(state), 1, 1))
    bulk.upsert(Figure, FIGURE_FIELDS, rows, key=KEY)
