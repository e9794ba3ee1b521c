"""The demonstration's part on tasks: where they stand on 2017-08-09, by reports through the same functions."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import F

from bureau import audit, months
from bureau.models import Area, Installation
from bureau.places import Tree
from indicators.models import Completion
from reports.demonstration import people, run, work
from tasks.listing import read
from tasks.models import Deliverable, Evidence, Milestone, Phase, Progress, Project, Step, Task

JULY = months.parse("2017-07")
END = date(2017, 12, 31)


@pytest.fixture(scope="module")
def reported(real_plan, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "FILES_ROOT", tmp_path_factory.mktemp("files"))
        Installation.objects.update(demonstration=True, go_live_month=run.GO_LIVE, business_date=run.BUSINESS_DATE)
        tree = Tree(Area.objects.get(code="330424").pk)
        acting, _passwords = people.create({tree.codes[area]: name for area, name in tree.names.items()})
        work.report(acting)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def in_savepoint(db, reported):
    """Each test in a transaction of its own."""


def works() -> list[Task | Project]:
    return [*Task.objects.all(), *Project.objects.all()]


def test_each_work_stands_as_its_last_approved_report_says():
    assert {one.code: one.completed_on for one in works() if one.completed_on} == work.COMPLETED
    assert {one.code: one.percent for one in works() if not one.completed_on} == work.UNDER_WAY
    assert Completion.objects.count() == len(work.COMPLETED)


def test_reports_run_from_the_first_month_to_july_and_july_is_half_way():
    states = Counter(Progress.objects.exclude(month=JULY).values_list("state", flat=True))
    assert set(states) == {"approved"}
    found = dict(
        Progress.objects.filter(month=JULY).annotate(code=F("task__code")).values_list("task__code", "state")
    ) | dict(Progress.objects.filter(month=JULY, task=None).values_list("project__code", "state"))
    assert {code for code, state in found.items() if code and state == "submitted"} == {"T10", "T14"}
    assert {code for code, state in found.items() if code and state == "returned"} == {"T15"}
    assert {code for code, state in found.items() if code and state == "draft"} == {"P06"}
    assert "P05" not in found


def test_the_list_says_what_is_late_slow_and_missing():
    here = Installation.objects.get()
    rows = read(here, run.BUSINESS_DATE, ()).rows
    by_word = {
        word: [row["code"] for row in rows if row["light"] == light] for word, light in (("late", 4), ("slow", 3))
    }
    assert by_word == {"late": ["T10", "T14", "T15"], "slow": ["P05"]}
    assert [row["code"] for row in rows if row["report"] == "missing"] == ["P05", "P06"]


def test_nobody_approved_what_he_wrote_and_two_were_returned_before():
    assert not Progress.objects.filter(approved_by=F("by")).exists()
    assert not Progress.objects.filter(approved_by=F("submitted_by")).exists()
    assert Step.objects.filter(act="return", report__state="approved").count() == 2


def test_percentages_never_fall():
    for one in works():
        percents = list(one.reports.order_by("month").values_list("percent", flat=True))
        assert percents == sorted(percents), one.code


def test_two_phases_have_their_papers_and_the_trail_holds():
    assert Deliverable.objects.filter(delivered_on__isnull=True).count() == 2
    assert Milestone.objects.filter(done_on__isnull=True, due_on__lt=run.BUSINESS_DATE).count() == 4
    assert audit.first_broken() is None


def test_a_phase_is_closed_with_its_files_and_a_project_has_slipped():
    assert {one.code: bool(one.closed_on) for one in Phase.objects.all()} == {
        "prepare": True, "implement": False, "evaluate": False,
    }  # fmt: skip
    assert Evidence.objects.filter(deliverable__phase__code="prepare").count() == 3
    project, node = Project.objects.get(code="P07"), Milestone.objects.get(code="P07-4")
    assert (project.due_on, node.due_on) == (date(2018, 3, 31), date(2018, 2, 28))


def test_it_goes_again():
    work.remove()
    assert not Progress.objects.exists()
    assert not Milestone.objects.filter(done_on__isnull=False).exists()
    assert {(one.state, one.percent, one.officer) for one in works()} == {("not_begun", 0, None)}
    assert (Project.objects.get(code="P07").due_on, Milestone.objects.get(code="P07-4").due_on) == (END, END)
    assert not Evidence.objects.exists()
    assert not Phase.objects.filter(closed_on__isnull=False).exists()
