"""Points of assessment: hand-worked values, and what holds whatever the figures are."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.assessment import rules
from tasks.assessment.rules import Grade, Grades, Item, Partial, Rule

HUNDRED = Fraction(100)
percents = st.fractions(min_value=0, max_value=250, max_denominator=400)
weights = st.integers(1, 90).map(Fraction)


def rule(weight: object = 40, **more: object) -> Rule:
    given = {name: Fraction(value) if not isinstance(value, Partial) else value for name, value in more.items()}
    return Rule(Fraction(weight), **given)


def item(done: object, key: str = "A04", **more: object) -> Item:
    return Item(key, None if done is None else Fraction(done), **more)


@st.composite
def any_rule(draw) -> Rule:
    full = draw(st.integers(1, 120))
    return Rule(
        draw(weights), Fraction(full), Fraction(draw(st.integers(0, full))), draw(st.sampled_from(Partial)),
        Fraction(draw(st.integers(0, 20))), Fraction(draw(st.integers(0, 100))), Fraction(draw(st.integers(0, 5))),
    )  # fmt: skip


class TestCompletion:
    @pytest.mark.parametrize(
        ("value", "standard", "rising", "wanted"),
        [
            (3400, 6800, True, 50),
            (7480, 6800, True, 110),
            (4, 3, False, 75),  # 登记失业率 4 % against 3 %
            (0, 3, False, 100),
            (0, 0, True, 100),
            (5, 0, False, 0),  # 动态归零: five households
        ],
    )
    def test_what_should_rise_and_what_should_fall(self, value, standard, rising, wanted):
        assert rules.completion(Fraction(value), Fraction(standard), rising=rising) == wanted


class TestShare:
    @pytest.mark.parametrize(
        ("done", "wanted"), [(120, 1), (100, 1), ("99.5", Fraction(199, 200)), (60, Fraction(3, 5)), ("59.99", 0)]
    )
    def test_as_recommended_below_sixty_there_is_nothing(self, done, wanted):
        assert rules.share(Fraction(done), rule(zero_below=60)) == wanted

    def test_each_point_short_takes_a_part_of_the_weight(self):
        """青浦: each point short takes 2 %, under 80 % nothing is left."""
        steps = rule(partial=Partial.STEP, step=2, zero_below=80)
        assert [rules.share(Fraction(one), steps) for one in (100, 95, 80, 79)] == [
            1,
            Fraction(9, 10),
            Fraction(3, 5),
            0,
        ]

    def test_all_or_nothing(self):
        assert [rules.share(Fraction(one), rule(partial=Partial.NONE)) for one in (100, 99)] == [1, 0]

    @given(any_rule(), percents, percents)
    def test_more_done_is_never_given_less(self, asked, one, other):
        less, more = sorted((one, other))
        assert 0 <= rules.share(less, asked) <= rules.share(more, asked) <= 1


def test_late_months_count_in_part_and_nothing_to_do_is_no_data():
    """Three on time, one late at half, one missing: 3.5 of 5."""
    assert rules.counted(3, 1, 1, rule()) == 70
    assert rules.counted(0, 0, 0, rule()) is None


class TestLines:
    def test_a_line_is_the_mean_of_its_items_times_its_part_of_the_hundred(self):
        """60 and 40 of 100: (1 + 0.9) / 2 × 60 = 57, 0.5 × 40 = 20."""
        asked = {"targets": rule(60, zero_below=60), "forms": rule(40)}
        found = rules.lines(asked, {"targets": [item(105), item(90, "A05a")], "forms": [item(50, "yj01")]})
        assert [(one.full, one.points, one.lost) for one in found] == [(60, 57, 3), (40, 20, 20)]
        assert rules.total(found) == 77

    def test_what_has_no_data_is_left_out_and_its_weight_goes_to_the_others(self):
        """40 + 15 of 60 are scored: 72.73 and 27.27; the third says why it is not."""
        asked = {"targets": rule(40), "lights": rule(15), "forms": rule(5)}
        found = rules.lines(
            asked,
            {
                "targets": [item(100), item(None, "A05a", why="grey")],
                "lights": [item(100)],
                "forms": [item(None, "yj01", why="back_fill")],
            },
        )
        assert [one.full for one in found] == [Fraction("72.73"), Fraction("27.27"), 0]
        assert [one.why for one in found] == ["", "", "back_fill"]
        assert rules.total(found) == 100
        assert rules.scored_share(asked, found) == Fraction(5500, 60)

    def test_grey_alone_is_no_score_at_all(self):
        found = rules.lines({"targets": rule()}, {"targets": [item(None, why="grey")]})
        assert (found[0].scored, rules.total(found)) == (False, 0)
        assert rules.grade(rules.total(found), rules.scored_share({"targets": rule()}, found), Grades()) == Grade.NONE

    def test_what_is_beyond_is_no_bonus_unless_a_cap_allows_it(self):
        """120 % of 40 points would be 8 more; the cap gives 3, the usual none."""
        assert rules.lines({"a": rule(40)}, {"a": [item(120)]})[0].points == 100
        assert rules.lines({"a": rule(40, cap=3)}, {"a": [item(120)]})[0].points == 103

    @given(st.lists(st.tuples(any_rule(), st.lists(percents | st.none(), max_size=4)), min_size=1, max_size=6))
    def test_points_lie_within_the_weight_and_lines_add_up(self, drawn):
        asked = {f"c{n}": one for n, (one, _done) in enumerate(drawn)}
        found = rules.lines(asked, {f"c{n}": [item(one) for one in done] for n, (_rule, done) in enumerate(drawn)})
        for line in found:
            assert 0 <= line.points <= line.full + asked[line.code].cap
            assert (line.points * 100).denominator == 1
            assert line.scored or (line.full, line.points) == (0, 0)
        assert rules.total(found) == sum(line.points for line in found)
        assert sum(line.full for line in found) == (100 if any(line.scored for line in found) else 0)

    @given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), weights, min_size=1, max_size=9))
    def test_scaled_weights_are_a_hundred_and_keep_their_order(self, drawn):
        found = rules.scaled(drawn)
        assert sum(found.values()) == 100
        for code, weight in drawn.items():
            assert abs(found[code] - weight / sum(drawn.values()) * 100) < Fraction(1, 100)

    @given(any_rule(), st.lists(percents, min_size=1, max_size=4), percents)
    def test_no_line_falls_when_more_is_done(self, asked, done, more):
        def points(first: Fraction) -> Fraction:
            return rules.lines({"a": asked}, {"a": [item(first), *map(item, done)]})[0].points

        assert points(Fraction(0)) <= points(more) <= points(Fraction(250))


class TestByHand:
    def test_the_cap_holds_and_nothing_goes_below_zero(self):
        def points(*given: str, cap: str = "5", base: str = "80") -> Fraction:
            found = {str(n): Fraction(one) for n, one in enumerate(given)}
            return rules.by_hand("hand", found, Fraction(cap), Fraction(base)).points

        assert points("1.5", "-0.5") == 1
        assert points("3", "3") == 5
        assert points("-3", cap="2") == -2
        assert points("-3", base="2") == -2
        assert points("5", cap="50") == 5  # never more than five, whatever a scheme says

    def test_none_given_says_so(self):
        assert rules.by_hand("hand", {}, Fraction(5), HUNDRED).why == "nothing"


class TestGrades:
    @pytest.mark.parametrize(
        ("points", "wanted"),
        [("90", "excellent"), ("89.99", "good"), ("80", "good"), ("60", "passing"), ("59.99", "failed")],
    )
    def test_grades_begin_with_their_number(self, points, wanted):
        assert rules.grade(Fraction(points), HUNDRED, Grades()) == wanted

    def test_a_veto_takes_every_grade_and_leaves_the_points(self):
        assert rules.grade(Fraction(98), HUNDRED, Grades(), vetoed=True) == Grade.FAILED

    def test_too_little_scored_gives_no_grade(self):
        assert rules.grade(Fraction(98), Fraction(49), Grades()) == Grade.NONE


class TestRanks:
    def test_ties_share_a_rank_and_the_next_is_left_out(self):
        totals = {"a": Fraction("91.2"), "b": Fraction("93"), "c": Fraction("91.2"), "d": Fraction("70")}
        assert rules.ranks(totals) == {"a": 2, "b": 1, "c": 2, "d": 4}

    def lines(self, *keys: str, base: int | None = None) -> list[rules.Line]:
        items = [item(90, one, measure=one, base=None if base is None else Fraction(base)) for one in keys]
        return rules.lines({"targets": rule()}, {"targets": items})

    def test_who_is_measured_by_other_things_is_named(self):
        every = {"east": self.lines("A04", "A05a"), "west": self.lines("A04"), "north": self.lines("A04", "A05a")}
        assert rules.unlike(every) == ["west"]
        assert rules.unlike({"east": every["east"], "north": every["north"]}) == []

    def test_a_rate_of_few_is_named(self):
        every = {"east": self.lines("A04", base=30), "west": self.lines("A04", base=29)}
        assert rules.small(every, 30) == [("west", "A04")]
