"""On the plan's own files: A16–A19 and B20 follow from approved reports, and P06 from what A20 counts."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from bureau import bulk, months
from bureau.models import Area, Grant, Installation, Section, User
from bureau.places import Tree
from indicators import evaluate, rollup
from indicators.analysis.kinds import Light
from indicators.entry.approval import FIGURE_FIELDS, KEY
from indicators.models import DataItem, Evaluation, Figure, Indicator
from tasks import progress
from tasks.content import Content
from tasks.models import Milestone, Progress, Project, Task
from tasks.rules import Refused
from tests.integration.factories import person

JUNE = months.parse("2017-06")
ON = date(2017, 6, 20)


@pytest.fixture(scope="module")
def people(real_plan, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        Installation.objects.update(business_date=date(2017, 7, 3))
        section = Section.objects.get(code="jyj")
        yield person("writer", (Grant.Role.SECTION_CLERK, section)), person("head", (Grant.Role.REVIEWER, section))
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def in_savepoint(db, people):
    """Each test in a transaction of its own."""


def completed(code: str, people: tuple[User, User]) -> Progress:
    writer, head = people
    model = Project if code.startswith("P") else Task
    work = model.objects.get(code=code)
    quantity = work.quantity if isinstance(work, Project) else None
    content = Content(100, done="完成", completed_on=ON, explanation="通过验收并投用", quantity=quantity)
    return progress.approve(progress.submit(progress.save(work, JUNE, content, by=writer), by=writer), by=head)


def live(code: str) -> list[tuple[int, Light]]:
    """Value and light of an indicator in the county in May, June and December 2017."""
    county = Area.objects.get(code="330424").pk
    rows = Evaluation.objects.filter(
        indicator=Indicator.objects.get(code=code).pk, area=county, reading=1,
        month__in=[JUNE - 1, JUNE, JUNE + 6],
    ).order_by("month")  # fmt: skip
    return [(int(row.value), Light(row.light)) for row in rows]


@pytest.mark.parametrize(
    ("code", "work"), [("A17", "P03"), ("A18", "P04"), ("A19", "P05"), ("B20", "T04")], ids=lambda code: code
)
def test_one_completed_work_reaches_its_indicator_from_its_month_on(people, code, work):
    assert [value for value, _light in live(code)] == [0, 0, 0]
    report = completed(work, people)
    assert [value for value, _light in live(code)] == [0, 1, 1]
    assert [light for _value, light in live(code)][1:] == [Light.REACHED, Light.REACHED]
    progress.take_back(report, by=people[1], reason="验收文件尚未印发")
    assert [value for value, _light in live(code)] == [0, 0, 0]


def test_two_towns_make_a16(people):
    completed("P01", people)
    assert [value for value, _light in live("A16")] == [0, 1, 1]
    completed("P02", people)
    assert [value for value, _light in live("A16")] == [0, 2, 2]
    assert live("A16")[1][1] == Light.REACHED


def test_the_village_stations_follow_from_what_the_villages_reported(people):
    stations(built=0)
    with pytest.raises(Refused, match="按指标 A20 的审定数，应建 133、已建 132"):
        completed("P06", people)
    stations(built=1)
    completed("P06", people)
    assert (live("A20")[0], Project.objects.get(code="P06").state) == ((100, Light.REACHED), "completed")


def stations(built: int) -> None:
    """Every village reports its station in June 2017, the first one `built`."""
    county = Area.objects.get(code="330424")
    tree, item = Tree(county.pk), DataItem.objects.get(code="D91").pk
    villages = [one.id for one in tree.valid(JUNE).values() if one.level == "village"]
    rows = [
        (county.pk, village, item, 0, JUNE, (built if village == villages[0] else 1) * 10_000, 0, 1, 1)
        for village in villages
    ]
    bulk.upsert(Figure, FIGURE_FIELDS, rows, key=KEY)
    rollup.refresh(tree)
    evaluate.refresh(tree)


def test_every_work_of_the_plan_has_nodes_that_end_with_its_due_date():
    for model in (Task, Project):
        for work in model.objects.prefetch_related("milestones"):
            nodes = list(work.milestones.all())
            assert nodes, work.code
            assert nodes[-1].due_on == work.due_on, work.code
            assert all(work.starts_on <= node.due_on for node in nodes), work.code
    assert Milestone.objects.count() == 28 * 3 + 4 + 14 * 4


def test_days_the_plan_does_not_name_are_recommended():
    assert set(Milestone.objects.exclude(order=4).values_list("project__standing", "standing").distinct()) >= {
        ("plan", "rec"),
        ("rec", "rec"),
    }
    last = Milestone.objects.filter(project__isnull=False, order=4).values_list("project__code", "standing")
    assert dict(last) == {f"P{n:02}": "plan" if n < 10 else "rec" for n in range(1, 15)}
