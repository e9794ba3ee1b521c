"""Several people at one moment, each on a connection of his own: totals stay right, and no edit is lost."""

import threading
from dataclasses import replace

import pytest
from django.db import connection, connections
from django.db.models import Sum

from bureau import audit
from bureau.models import Grant
from indicators.entry import workflow
from indicators.entry.workflow import Conflict
from indicators.models import Entry, Evaluation, Figure, RollUp
from tests.integration.factories import COUNTY, E1, EAST, START, WEST, cells, fill, hand_in, person, tiny_county

ROUNDS = 5


@pytest.mark.django_db(transaction=True)
def test_the_county_total_is_right_after_towns_are_approved_at_once():
    """Two locks see to it, the county's and the audit head's, which an approval takes before it derives anything."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")
    tiny = tiny_county()
    reviewers = [person(f"reviewer{n}", (Grant.Role.REVIEWER, tiny.sections["jyj"])) for n in range(3)]
    for month in range(START, START + ROUNDS):
        waiting = [
            hand_in(tiny, "town", EAST, month, {(EAST, "D01"): 5, (EAST, "D02"): 1}),
            hand_in(tiny, "town", WEST, month, {(WEST, "D01"): 7, (WEST, "D02"): 2}),
            hand_in(tiny, "village", EAST, month, {(E1, "D22"): 3}),
        ]
        failures = together(
            [lambda s=s, r=r: workflow.approve(s, by=r) for s, r in zip(waiting, reviewers, strict=True)]
        )
        assert failures == []
        totals = RollUp.objects.filter(area=tiny.county.pk, month=month).values_list("item", "total")
        assert dict(totals) == {tiny.items["D01"].pk: 12, tiny.items["D02"].pk: 3, tiny.items["D22"].pk: 3}
    judged = Evaluation.objects.get(area=tiny.county.pk, indicator=tiny.indicators["A01"].pk, month=START + ROUNDS - 1)
    assert judged.value == 9 * ROUNDS
    assert Figure.objects.aggregate(sum=Sum("value"))["sum"] == ROUNDS * 18
    assert audit.first_broken() is None


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_saving_one_cell_at_once_one_is_told():
    tiny = tiny_county()
    submission = fill(tiny, "county", COUNTY, START, {(COUNTY, "D20"): 1})
    clerks = [tiny.clerk, tiny.colleague]

    def save(person, value):
        (change,) = cells(tiny, {(COUNTY, "D20"): value})
        workflow.save(submission, [replace(change, expected=1)], by=person, source="grid")

    failures = together([lambda p=p, v=v: save(p, v) for p, v in zip(clerks, ("2", "3"), strict=True)])
    assert [type(failure) for failure in failures] == [Conflict]
    assert Entry.objects.get().version == 2


def together(acts):
    """Run the acts in threads that start at one moment; the exceptions they ended with."""
    gate, failures = threading.Barrier(len(acts)), []

    def run(act):
        try:
            gate.wait()
            act()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures
