"""Values are exact from Python to the database and back, and the database itself refuses what is no value."""

from decimal import Decimal

import pytest
from django.core.exceptions import FieldError
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Max, Sum, Value

from bureau import bulk
from bureau.fields import CELL_CAP, ValueField, from_units, raw, to_units
from indicators import rollup
from indicators.entry.approval import FIGURE_FIELDS, KEY
from indicators.models import Figure, RollUp
from indicators.models.figures import CellState

pytestmark = pytest.mark.django_db

CAP = CELL_CAP * 10_000


def write(value, *, item=1, month=1, state=CellState.VALUE) -> Figure:
    return Figure.objects.create(
        county=1, area=1, item=item, category=0, month=month, value=value, state=state, submission=1
    )


def write_raw(sql_value: str) -> None:
    """A row past Django, its value as SQL text."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO indicators_figure (county, area, item, category, month, value, state, submission, revision) "
            f"VALUES (1, 1, 1, 0, 1, {sql_value}, 0, 1, 1)"
        )


@pytest.mark.parametrize(
    "value", [0.1, 1.0, float("nan"), True, "NaN", "Infinity", "-inf", "0.00001", Decimal("1.23456"), "abc", "1e20"]
)
def test_what_is_no_exact_number_is_refused(value):
    with pytest.raises(ValueError, match=r"."), transaction.atomic():
        write(value)
    assert not Figure.objects.exists()


@pytest.mark.parametrize("value", ["0", "0.0001", "-0.0001", "99999999999.9999", "100000000000", "-100000000000"])
def test_a_value_comes_back_to_the_digit(value):
    write(Decimal(value))
    found = Figure.objects.get().value
    assert isinstance(found, Decimal)
    assert found == Decimal(value)


def test_a_float_is_refused_in_a_query_too():
    with pytest.raises(ValueError, match="float"):
        Figure.objects.filter(value__gte=0.57)


@pytest.mark.parametrize("value", ["100000000000.0001", "-100000000000.0001"])
def test_the_database_refuses_a_cell_above_the_cap(value):
    with pytest.raises(DatabaseError), transaction.atomic():
        write(Decimal(value))
    assert not Figure.objects.exists()


@pytest.mark.parametrize("sql_value", ["'abc'", str(CAP + 1), str(-CAP - 1), "9223372036854775807"])
def test_the_database_refuses_what_is_no_value_past_django(sql_value):
    with pytest.raises(DatabaseError):
        write_raw(sql_value)
    assert not Figure.objects.exists()


@pytest.mark.parametrize("sql_value", ["0.5", "1.5e10"])
def test_no_real_number_gets_into_the_database(sql_value):
    """SQLite would keep a REAL in an integer column and refuses it by our check; PostgreSQL's column holds integers."""
    if connection.vendor == "sqlite" and sql_value == "0.5":
        with pytest.raises(DatabaseError):
            write_raw(sql_value)
        return
    write_raw(sql_value)
    with connection.cursor() as cursor:
        kind = "typeof(value)" if connection.vendor == "sqlite" else "pg_typeof(value)::text"
        cursor.execute(f"SELECT {kind} FROM indicators_figure")
        assert cursor.fetchone()[0] in ("integer", "bigint")


def test_multiplying_in_the_database_cannot_pass_the_cap():
    """On SQLite F*2 of a large value once stored a REAL in silence."""
    write(Decimal(CELL_CAP))
    with pytest.raises((DatabaseError, FieldError, ValueError)), transaction.atomic():
        Figure.objects.update(value=F("value") * Value(2, output_field=ValueField()))
    assert Figure.objects.get().value == CELL_CAP


@pytest.mark.parametrize(("value", "state"), [(None, CellState.VALUE), (Decimal(1), CellState.NOT_APPLICABLE)])
def test_a_cell_has_a_value_or_is_not_applicable(value, state):
    with pytest.raises(DatabaseError), transaction.atomic():
        write(value, state=state)


def test_a_thousand_tenths_are_exactly_a_hundred():
    rows = [(1, 1, item, 0, 1, to_units("0.1"), 0, 1, 1) for item in range(1000)]
    bulk.insert(Figure, FIGURE_FIELDS, rows)
    total = Figure.objects.aggregate(total=Sum("value"), largest=Max("value"))
    assert total == {"total": Decimal(100), "largest": Decimal("0.1")}
    assert Figure.objects.filter(value=Decimal("0.1")).count() == 1000


def test_comparing_in_the_database_is_exact():
    """0.57 × 100 ≥ 57 is false in SQLite's own decimals."""
    write(Decimal("57"))
    write(Decimal("56.9999"), item=2)
    assert Figure.objects.filter(value__gte=Decimal("57")).count() == 1
    assert list(Figure.objects.order_by("value").values_list("value", flat=True)) == [Decimal("56.9999"), 57]


def test_the_largest_values_of_a_county_still_add_up():
    """145 places × 36 months at the cap fit in 64 bits."""
    rows = [(1, place, 1, 0, month, CAP, 0, 1, 1) for place in range(145) for month in range(36)]
    bulk.insert(Figure, FIGURE_FIELDS, rows)
    assert Figure.objects.aggregate(total=Sum("value"))["total"] == 145 * 36 * Decimal(CELL_CAP)


def test_raw_reads_the_stored_integer():
    write(Decimal("12.5"))
    assert Figure.objects.annotate(units=raw("value")).values_list("units", flat=True).get() == 125_000


@pytest.mark.parametrize(
    ("text", "units"), [("12.5", 125_000), ("-0.0001", -1), ("1E+2", 1_000_000), ("1.50000", 15_000)]
)
def test_units_and_values_are_the_same_thing(text, units):
    assert to_units(text) == units
    assert from_units(units) == Decimal(text)


class TestBulkWriting:
    """The set-based paths: the same on both databases."""

    def row(self, item, units, revision=1, state=0):
        return (1, 1, item, 0, 1, units, state, 1, revision)

    def stored(self):
        return dict(Figure.objects.order_by("item").values_list("item", "value"))

    @pytest.mark.parametrize("at_once", [1, 1_000])
    def test_upsert_adds_and_replaces(self, at_once, monkeypatch):
        monkeypatch.setattr(bulk, "A_SHEET", at_once)
        bulk.upsert(Figure, FIGURE_FIELDS, [self.row(1, 10_000), self.row(2, 20_000)], key=KEY)
        bulk.upsert(Figure, FIGURE_FIELDS, [self.row(2, 25_000), self.row(3, 30_000)], key=KEY)
        assert self.stored() == {1: 1, 2: Decimal("2.5"), 3: 3}

    def test_a_blank_value_stays_blank(self):
        bulk.upsert(Figure, FIGURE_FIELDS, [self.row(1, 10_000)], key=KEY)
        bulk.upsert(Figure, FIGURE_FIELDS, [self.row(1, None, state=1)], key=KEY)
        assert self.stored() == {1: None}

    def test_delete_takes_only_the_keys_given(self):
        bulk.insert(Figure, FIGURE_FIELDS, [self.row(item, 10_000) for item in range(1, 5)])
        bulk.delete(Figure, KEY, [(1, 1, 2, 0, 1), (1, 1, 3, 0, 1), (1, 1, 99, 0, 1)])
        assert set(self.stored()) == {1, 4}

    def test_nothing_to_do_does_nothing(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            bulk.upsert(Figure, FIGURE_FIELDS, [], key=KEY)
            bulk.insert(Figure, FIGURE_FIELDS, [])
            bulk.delete(Figure, KEY, [])

    @pytest.mark.parametrize(
        "text", ["plain", "tab\there", "line\nbreak", "\\N", "back\\slash", "回车\r", "", "引“号”'\""]
    )
    @pytest.mark.parametrize("at_once", [0, 1_000])
    def test_texts_arrive_as_they_were(self, text, at_once, monkeypatch):
        monkeypatch.setattr(bulk, "A_SHEET", at_once)
        bulk.upsert(RollUp, rollup.FIELDS, [(1, 1, 1, 0, 1, 5, 1, 2, text)], key=rollup.KEY)
        assert RollUp.objects.get().missing == text
