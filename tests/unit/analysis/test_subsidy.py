"""大病保险二次补助 to the fen: the catalogue's table, its boundaries, the three readings, what is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.analysis.subsidy import (
    LARGEST,
    Accumulation,
    Mode,
    Problem,
    Scheme,
    SubsidyError,
    settled,
    subsidy,
)

D = Decimal
PLAN = Scheme((D(15000), D(50000)), (D(55), D(70)))
WHOLE = Scheme(PLAN.thresholds, PLAN.rates, mode=Mode.WHOLE)
EXCESS = Scheme(PLAN.thresholds, PLAN.rates, mode=Mode.EXCESS)
NEAR = [boundary + off for boundary in (0, 1_500_000, 5_000_000) for off in range(-3, 4) if boundary + off >= 0]
FEN = st.one_of(st.sampled_from(NEAR), st.integers(0, 9_999_999_999))


def yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def fen(amount: Decimal) -> int:
    return int(amount * 100)


@pytest.mark.parametrize(
    ("paid", "pays", "left"),
    [
        ("15000.00", "0.00", "15000.00"),
        ("15000.01", "0.01", "15000.00"),
        ("30000.00", "8250.00", "21750.00"),
        ("50000.00", "19250.00", "30750.00"),
        ("80000.00", "40250.00", "39750.00"),
        ("200000.00", "124250.00", "75750.00"),
        ("21000.00", "3300.00", "17700.00"),
        ("9000.00", "0.00", "9000.00"),
        ("12000.00", "0.00", "12000.00"),
        ("0", "0.00", "0.00"),
        ("14999.99", "0.00", "14999.99"),
        ("50000.01", "19250.01", "30750.00"),
    ],
)
def test_the_catalogue(paid, pays, left):
    found = subsidy(D(paid), PLAN)
    assert (str(found.subsidy), str(found.left)) == (pays, left)


@pytest.mark.parametrize(
    ("scheme", "paid", "pays"),
    [
        (WHOLE, "80000", "56000.00"),
        (WHOLE, "15000.00", "8250.00"),
        (WHOLE, "14999.99", "0.00"),
        (WHOLE, "49999.99", "27499.99"),
        (WHOLE, "50000", "35000.00"),
        (EXCESS, "80000", "45500.00"),
        (EXCESS, "15000", "0.00"),
        (EXCESS, "49999.99", "19249.99"),
        (EXCESS, "50000", "24500.00"),
    ],
)
def test_the_other_readings(scheme, paid, pays):
    assert str(subsidy(D(paid), scheme).subsidy) == pays


def test_the_breakdown_of_80_000():
    found = subsidy(D(80000), PLAN)
    assert [(s.low, s.high, s.amount, s.rate, s.subsidy) for s in found.segments] == [
        (15000, 50000, 35000, 55, 19250),
        (50000, None, 30000, 70, 21000),
    ]
    assert not found.capped


@given(FEN)
def test_segmented_equals_integer_arithmetic(paid):
    """Hundredths of a fen: 55 a fen in the first band, 70 in the second, half up."""
    first = max(0, min(paid, 5_000_000) - 1_500_000)
    second = max(0, paid - 5_000_000)
    expected = (55 * first + 70 * second + 50) // 100
    found = subsidy(yuan(paid), PLAN)
    assert fen(found.subsidy) == expected
    assert found.subsidy + found.left == yuan(paid)


@given(FEN)
def test_whole_and_excess_equal_integer_arithmetic(paid):
    rate = 70 if paid >= 5_000_000 else 55 if paid >= 1_500_000 else 0
    assert fen(subsidy(yuan(paid), WHOLE).subsidy) == (rate * paid + 50) // 100
    assert fen(subsidy(yuan(paid), EXCESS).subsidy) == (rate * max(0, paid - 1_500_000) + 50) // 100


@given(st.integers(0, 9_999_999_998) | st.sampled_from([one for one in NEAR if one]))
def test_segmented_never_falls_and_never_leaps(paid):
    """One fen more brings no less and at most one fen more, so nobody is worse off for having paid more."""
    step = fen(subsidy(yuan(paid + 1), PLAN).subsidy) - fen(subsidy(yuan(paid), PLAN).subsidy)
    assert step in (0, 1)


def test_whole_leaps_at_both_thresholds():
    """The cliff: one fen more brings 8,250.00, then 7,500.01."""
    first = subsidy(D("15000"), WHOLE).subsidy - subsidy(D("14999.99"), WHOLE).subsidy
    second = subsidy(D("50000"), WHOLE).subsidy - subsidy(D("49999.99"), WHOLE).subsidy
    assert (first, second) == (D("8250.00"), D("7500.01"))


def test_a_cap_holds_the_total():
    capped = Scheme(PLAN.thresholds, PLAN.rates, cap=D(40000))
    assert not subsidy(D("79642.85"), capped).capped  # 19,250 + 20,749.995 → 40,000.00
    over = subsidy(D(80000), capped)
    assert (over.subsidy, over.left, over.capped) == (D(40000), D(40000), True)


STAYS = Scheme(PLAN.thresholds, PLAN.rates, accumulation=Accumulation.STAY)


def test_stays_are_one_case_by_the_year_or_each_its_own():
    """20,000 + 60,000: the year is 80,000; stay by stay 55 % of 5,000, and 19,250 + 70 % of 10,000."""
    year, each = settled([D(20000), D(60000)], PLAN), settled([D(20000), D(60000)], STAYS)
    assert (year.subsidy, year.left) == (D("40250.00"), D("39750.00"))
    assert (each.own_payment, each.subsidy, each.left) == (D(80000), D("29000.00"), D("51000.00"))
    assert [(one.amount, one.subsidy) for one in each.segments] == [(40000, 22000), (10000, 7000)]
    assert settled([D(20000)], STAYS) == subsidy(D(20000), PLAN)


def test_a_cap_holds_each_case():
    """Stay by stay 2,750 and 26,250: the second alone is over 20,000; of the year's 40,250 only 20,000 are paid."""
    cap = D(20000)
    each = settled([D(20000), D(60000)], Scheme(PLAN.thresholds, PLAN.rates, cap, Mode.SEGMENTED, Accumulation.STAY))
    assert (each.subsidy, each.capped) == (D("22750.00"), True)
    assert settled([D(20000), D(60000)], Scheme(PLAN.thresholds, PLAN.rates, cap)).subsidy == cap


@given(st.lists(st.integers(0, 199_999_999) | st.sampled_from(NEAR), min_size=1, max_size=6))
def test_stay_by_stay_is_the_sum_of_whole_fen(stays):
    """Each stay half up in integers; by the year what the sum gives, to the fen, and never less."""

    def pays(paid: int) -> int:
        return (55 * max(0, min(paid, 5_000_000) - 1_500_000) + 70 * max(0, paid - 5_000_000) + 50) // 100

    amounts = [yuan(one) for one in stays]
    each = settled(amounts, STAYS)
    assert fen(each.subsidy) == sum(map(pays, stays))
    assert each.subsidy + each.left == yuan(sum(stays))
    assert fen(settled(amounts, PLAN).subsidy) == pays(sum(stays))


def test_the_rounding_is_of_the_sum():
    """Half a fen in each of two bands is one fen, not two."""
    halves = Scheme((D(0), D("0.01")), (D(50), D(50)))
    assert subsidy(D("0.02"), halves).subsidy == D("0.01")


@pytest.mark.parametrize(
    ("amount", "problem"),
    [
        (D("-0.01"), Problem.NEGATIVE),
        (-1, Problem.NEGATIVE),
        (D("1.001"), Problem.DECIMALS),
        (D("1E-999"), Problem.DECIMALS),
        (LARGEST + D("0.01"), Problem.TOO_LARGE),
        (D("1E+999999"), Problem.TOO_LARGE),
        (10**400, Problem.TOO_LARGE),
        (D("NaN"), Problem.NOT_A_NUMBER),
        (D("sNaN"), Problem.NOT_A_NUMBER),
        (D("Infinity"), Problem.NOT_A_NUMBER),
        (D("-Infinity"), Problem.NOT_A_NUMBER),
        ("15000", Problem.NOT_A_NUMBER),
        (15000.0, Problem.NOT_A_NUMBER),
        (True, Problem.NOT_A_NUMBER),
        (None, Problem.NOT_A_NUMBER),
    ],
)
def test_what_is_no_amount_is_refused(amount, problem):
    with pytest.raises(SubsidyError) as refused:
        subsidy(amount, PLAN)
    assert refused.value.problem is problem


def test_the_largest_amount_and_trailing_zeros_are_taken():
    # 19,250 + 0.7 × 99,949,999.99 = 19,250 + 69,964,999.993
    assert subsidy(LARGEST, PLAN).subsidy == D("69984249.99")
    assert subsidy(D("30000.000"), PLAN).subsidy == D("8250.00")


@pytest.mark.parametrize(
    ("thresholds", "rates"),
    [
        ((), ()),
        ((D(1), D(2)), (D(5),)),
        ((D(2), D(2)), (D(5), D(6))),
        ((D(3), D(2)), (D(5), D(6))),
        ((D(1),), (D(101),)),
        ((D(1),), (D(-1),)),
        ((D(1),), (D("NaN"),)),
        ((D(1),), (0.55,)),
        ((D("0.001"),), (D(5),)),
    ],
)
def test_a_scheme_that_makes_no_sense_is_refused(thresholds, rates):
    with pytest.raises(SubsidyError):
        Scheme(thresholds, rates)
