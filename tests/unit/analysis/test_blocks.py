"""Totals of whole spans (补录合计): in which windows they count, and for whom they stand."""

import numpy as np

from indicators.analysis.blocks import Block
from indicators.analysis.kinds import ItemKind, State, Window
from indicators.analysis.windows import Calendar, windowed

from .builders import JANUARY_2015, UNITS, flow, series

CALENDAR = Calendar(JANUARY_2015, 36, JANUARY_2015)


def with_blocks(*blocks, months=36, known=(), others=0b10):
    """One place (bit 1) reports the value in `known` months from January 2015; bit 0 owes it always, never reports."""
    row = [None] * months
    for month, value in known:
        row[month] = value
    missing = [[0b01 | (0 if cell is not None else others) for cell in row]]
    found = flow(*row, missing=missing, expected=[[0b01 | others] * months])
    return type(found)(found.kind, found.total, found.present, found.missing, found.expected, blocks=tuple(blocks))


def block(first, last, value, place=0b01):
    return Block(0, first, last, value * UNITS, (place,) * (last - first + 1))


def read(item, window):
    found = windowed(item, window, CALENDAR)
    return [
        (None if found.value.state(0, m) != State.OK else found.value.fraction(0, m), found.missing[0, m])
        for m in range(36)
    ]


def test_a_year_counts_once_the_window_contains_it():
    year = read(with_blocks(block(0, 11, 120), others=0), Window.YEAR)
    assert year[:12] == [(None, 1)] * 11 + [(120, 0)]  # eleven windows cut it
    assert year[12:24] == [(None, 1)] * 12  # the next year has nothing of it


def test_the_plan_to_date_has_it_from_its_last_month_on():
    plan = read(with_blocks(block(0, 11, 120), known=[(12, 5), (13, 6)], others=0), Window.PLAN)
    assert plan[10:15] == [(None, 1), (120, 0), (125, 1), (131, 1), (131, 1)]
    # bit 0 is missing in 2016: the months after the block are its own


def test_twelve_months_contain_it_only_in_december_and_cut_it_afterwards():
    trailing = read(with_blocks(block(0, 11, 120), known=[(12, 5)], others=0), Window.TRAILING12)
    assert trailing[11] == (120, 0)
    assert trailing[12] == (5, 1)  # February 2015 to January 2016


def test_a_single_month_is_never_a_span():
    assert read(with_blocks(block(0, 11, 120), others=0), Window.MONTH)[11] == (None, 1)


def test_others_stay_missing_and_others_figures_are_added():
    known = [(m, 2) for m in range(12) if m != 4]
    year = read(with_blocks(block(0, 11, 120), known=known), Window.YEAR)
    assert year[3] == (8, 0b01)  # 4 × 2, the block is cut
    assert year[11] == (120 + 22, 0b10)  # who reported by month lacks May


def test_two_halves_count_one_after_the_other():
    halves = with_blocks(block(0, 5, 50), block(6, 11, 70), others=0)
    year = read(halves, Window.YEAR)
    assert year[4:8] == [(None, 1), (50, 0), (50, 1), (50, 1)]
    assert year[11] == (120, 0)


def test_a_negative_total_and_one_beyond_64_bits_are_exact():
    most = 10**11
    many = with_blocks(*(block(0, 11, most) for _ in range(10_000)), block(0, 11, -7), others=0)
    assert read(many, Window.YEAR)[11] == (most * 10_000 - 7, 0)


def test_a_block_belongs_to_its_own_area():
    rows = series(
        ItemKind.FLOW, [[None] * 12, [None] * 12], missing=[[1] * 12, [2] * 12], expected=[[1] * 12, [2] * 12]
    )
    one = Block(1, 0, 11, 9 * UNITS, (2,) * 12)
    item = type(rows)(rows.kind, rows.total, rows.present, rows.missing, rows.expected, blocks=(one,))
    found = windowed(item, Window.YEAR, Calendar(JANUARY_2015, 12, JANUARY_2015))
    assert found.missing[:, 11].tolist() == [1, 0]
    assert np.array_equal(found.value.why[:, 11], [State.NO_DATA, State.OK])


def test_a_plan_that_begins_within_the_span_does_not_count_it():
    found = windowed(
        with_blocks(block(0, 11, 120), others=0), Window.PLAN, Calendar(JANUARY_2015, 36, JANUARY_2015 + 2)
    )
    assert found.value.state(0, 11) == State.NO_DATA
