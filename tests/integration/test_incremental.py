"""Whatever people do in whatever order: what was derived step by step equals a full rebuild from the figures."""

from decimal import Decimal
from types import SimpleNamespace

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bureau import audit
from bureau.models import Installation
from bureau.places import Tree
from indicators import evaluate, rollup
from indicators.entry import exclusion, spans, workflow
from indicators.models import Evaluation, Figure, Revision, RollUp, SpanTotal, Submission
from tests.integration.factories import CATEGORIES, COUNTY, E1, E2, E3, EAST, MOVED, START, W1, W2, WEST, cells

# around a new year, a village's closing and a village's move
MONTHS = (START, START + 8, START + 9, START + 11, START + 12, MOVED - 1, MOVED)
ROWS = {
    "town": ((EAST, WEST), lambda place: (place,)),
    "village": ((EAST, WEST), lambda place: (E1, E2, E3, W2) if place == EAST else (W1, W2)),
    "network": ((EAST, WEST), lambda place: (EAST, E1, W2) if place == EAST else (WEST, W1)),
    "county": ((COUNTY,), lambda place: (place,)),
}
COLUMNS = {
    "town": (("D01",), ("D02",), ("D21",), *(("D31", one) for one in CATEGORIES)),
    "village": (("D22",), ("D23",), ("D27",), ("D27a",), ("D53",), ("D54",), *(("D13", one) for one in CATEGORIES)),
    "network": (("D81",),),
    "county": (("D20",), ("D61",), ("D62",), ("D81",)),
}

number = st.one_of(st.none(), st.sampled_from(["0", "1", "2.5", "97", "100", "0.0001", "99999999999"]))


@st.composite
def reports(draw):
    """A form, place and month with some of its cells."""
    form = draw(st.sampled_from(sorted(ROWS)))
    places, rows = ROWS[form]
    place = draw(st.sampled_from(places))
    keys = [(row, *column) for row in rows(place) for column in COLUMNS[form]]
    values = draw(st.dictionaries(st.sampled_from(keys), number, min_size=1, max_size=8))
    return form, place, draw(st.sampled_from(MONTHS)), values


TOTALS = (
    (COUNTY, "D01"),
    (EAST, "D01"),
    (WEST, "D02"),
    *((place, "D13", one) for one in CATEGORIES for place in (E1, WEST)),
)
SPANS = ((START, START + 8), (START, START + 11), (START + 9, START + 12))
totals = st.tuples(st.sampled_from(TOTALS), st.sampled_from(SPANS), st.sampled_from(["0", "97", "99999999999"]))

acts = st.one_of(
    st.tuples(st.just("total"), totals),
    st.tuples(st.just("take a total back"), st.integers(0, 20)),
    st.tuples(st.just("report"), reports()),
    st.tuples(st.just("report and submit"), reports()),
    st.tuples(st.sampled_from(["approve one", "return one", "correct one", "take one back", "withdraw one"]),
              st.integers(0, 20)),
    st.tuples(st.just("approve all"), st.none()),
)  # fmt: skip


class Bureau:
    """Carries the acts out; one that the rules refuse changes nothing."""

    def __init__(self, tiny: SimpleNamespace) -> None:
        self.tiny = tiny

    def do(self, act: str, with_: object) -> None:
        try:
            with transaction.atomic():
                self.carry_out(act, with_)
        except workflow.Refused as refused:  # a total of a span and finer figures exclude each other
            if "补录合计" not in str(refused):
                raise

    def carry_out(self, act: str, with_: object) -> None:
        {
            "total": self.total,
            "take a total back": self.take_total_back,
            "report": self.report,
            "report and submit": self.submit,
            "approve one": self.one(lambda s: workflow.approve(s, by=self.tiny.reviewer), "submitted"),
            "return one": self.one(
                lambda s: workflow.return_(s, by=self.tiny.reviewer, reason="请核对数字"), "submitted"
            ),
            "correct one": self.one(lambda s: workflow.correct(s, by=self.tiny.clerk, reason="发现填错了"), "approved"),
            "take one back": self.one(
                lambda s: workflow.take_back(s, by=self.tiny.reviewer, reason="整份数据有误"), "approved"
            ),
            "withdraw one": self.one(lambda s: workflow.withdraw(s, by=self.tiny.clerk), "submitted"),
            "approve all": self.approve_all,
        }[act](with_)

    def report(self, report) -> Submission | None:
        form, place, month, values = report
        submission = workflow.submission_for(self.tiny.forms[form], self.tiny.areas[place], month)
        if submission.state == "approved":
            submission = workflow.correct(submission, by=self.tiny.clerk, reason="发现填错了")
        if not submission.is_open:
            return None
        workflow.save(submission, cells(self.tiny, values), by=self.tiny.clerk, source="grid")
        return submission

    def submit(self, report) -> None:
        submission = self.report(report)
        if submission:
            workflow.submit(submission, by=self.tiny.clerk)

    def one(self, verb, state):
        def act(choice: int) -> None:
            found = list(Submission.objects.filter(state=state).order_by("pk"))
            if found:
                verb(found[choice % len(found)])

        return act

    def approve_all(self, _) -> None:
        waiting = list(Submission.objects.filter(state="submitted"))
        free = [one for one in waiting if not exclusion.against_finer([one])]
        workflow.approve_all(free, by=self.tiny.reviewer)

    def total(self, said) -> None:
        (place, item, *category), (first, last), value = said
        split = self.tiny.categories[category[0]].pk if category else 0
        where = self.tiny.areas[place], self.tiny.items[item], split
        total = spans.Total(*where, first, last, Decimal(value), "yearbook", "2015年年报")
        span = spans.submit(spans.save(total, by=self.tiny.clerk), by=self.tiny.clerk)
        spans.approve(span, by=self.tiny.reviewer)

    def take_total_back(self, choice: int) -> None:
        found = list(SpanTotal.objects.filter(state="approved").order_by("pk"))
        if found:
            spans.take_back(found[choice % len(found)], by=self.tiny.reviewer, reason="改报月度数")


def derived() -> list[set[tuple]]:
    return [set(model.objects.values_list(*(field.attname for field in model._meta.concrete_fields if field.column)))
            for model in (RollUp, Evaluation)]  # fmt: skip


def rebuilt(tiny) -> list[set[tuple]]:
    RollUp.objects.all().delete()
    Evaluation.objects.all().delete()
    tree = Tree(tiny.county.pk)
    rollup.refresh(tree)
    evaluate.refresh(tree)
    return derived()


def assert_figures_are_the_last_revisions() -> None:
    key = ("county", "area", "item", "category", "month")
    last = {row[:5]: row[5:] for row in Revision.objects.order_by("number").values_list(
        *key, "new_value", "new_state", "number")}  # fmt: skip
    standing = {row[:5]: row[5:] for row in Figure.objects.values_list(*key, "value", "state", "revision")}
    assert standing == {one: rest for one, rest in last.items() if rest[1] is not None}


@settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],  # explaining a failure takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batches=st.lists(st.lists(acts, min_size=4, max_size=9), min_size=1, max_size=3))
def test_step_by_step_equals_rebuilt(tiny, batches):
    with transaction.atomic():
        Installation.objects.update(go_live_month=START + 18)
        bureau = Bureau(tiny)
        for batch in batches:
            for act, with_ in [*batch, ("approve all", None)]:
                bureau.do(act, with_)
            step_by_step = derived()
            assert step_by_step == rebuilt(tiny)
        assert_figures_are_the_last_revisions()
        assert audit.first_broken() is None
        transaction.set_rollback(True)


def test_the_acts_leave_something_to_compare(tiny):
    """A month reported whole by everybody stands in both derived tables, for the county and both towns."""
    bureau = Bureau(tiny)
    for form, (places, rows) in ROWS.items():
        for place in places:
            values = {(row, *column): "1" for row in rows(place) for column in COLUMNS[form]}
            bureau.do("report and submit", (form, place, START, values))
    bureau.do("approve all", None)
    roll_ups, evaluations = derived()
    assert len(roll_ups) == 19 + 2 * 16  # 15 items, of two of them two categories; three are the county's alone
    assert len(evaluations) == 13 + 2 * 11
    assert derived() == rebuilt(tiny)
