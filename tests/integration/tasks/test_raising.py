"""The rules that raise slips: each lapse once, however often they run and however long it lasts; never of grey."""

from __future__ import annotations

from datetime import date
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection

from bureau import months
from bureau.models import AuditEvent, Installation
from bureau.places import Tree
from indicators import evaluate, rollup
from indicators.publish import publish
from tasks import jobs
from tasks.models import Milestone, Slip
from tasks.slips import raising, supervision
from tests.integration.factories import EAST, WEST, put, tiny_county
from tests.integration.tasks import workplace
from tests.integration.tasks.workplace import DECEMBER, JANUARY
from tests.integration.test_concurrency import together

pytestmark = pytest.mark.django_db
Origin = Slip.Origin
YEAR = months.make(2016, 1)
# New jobs of each month of 2016, five a month asked for; short by more than nine (15 points of sixty) is severe:
# in March to May (11, 11, 13 short), not in June to August (2 over; 3, 8 short), again in September and October.
ADDED = (2, 2, 0, 5, 3, 20, 0, 0, 0, 0)


def keys() -> list[str]:
    return list(Slip.objects.order_by("pk").values_list("key", flat=True))


def figures(tiny, added=ADDED, *, unreported=()) -> None:
    """`added` in the east town, none in the west; a month of `unreported` lacks the west."""
    written = []
    for number, value in enumerate(added):
        month = {(EAST, "D01"): value, (EAST, "D02"): 0, (WEST, "D01"): 0, (WEST, "D02"): 0}
        if number + 1 in unreported:
            month = {cell: one for cell, one in month.items() if cell[0] == EAST}
        written.append((YEAR + number, month))
    put(tiny, written)
    tree = Tree(tiny.county.pk)
    rollup.refresh(tree)
    evaluate.refresh(tree)


def release(tiny, *numbers: int) -> list[str]:
    """Release months of 2016 one after the other, the rules run twice after each; what stands at the end."""
    for number in numbers:
        publish(tiny.county, YEAR + number - 1, by=tiny.office)
        jobs.raise_slips.func()
        jobs.raise_slips.func()
    return keys()


class TestLights:
    def test_two_severe_months_raise_one_slip_and_a_new_lag_after_recovery_another(self, tiny):
        figures(tiny)
        assert release(tiny, 3) == []
        assert release(tiny, 4) == ["light:A01:2016-03"]
        assert release(tiny, 5, 6, 9) == ["light:A01:2016-03"]
        assert release(tiny, 10) == ["light:A01:2016-03", "light:A01:2016-09"]

    def test_it_says_who_by_when_and_on_what_ground(self, tiny):
        figures(tiny)
        release(tiny, 3, 4)
        slip = Slip.objects.get()
        assert (slip.origin, slip.state, slip.raised_by) == (Origin.LIGHT, Slip.State.RAISED, None)
        assert (slip.section, slip.indicator.code, slip.month) == (tiny.sections["jyj"], "A01", YEAR + 3)
        assert (slip.raised_on, slip.due_on) == (date(2017, 2, 3), date(2017, 3, 5))
        assert slip.subject == "A01 A01连续严重滞后"
        # 9 of 60 are 15.0 %, where 4 of 12 months make 33.3 %
        assert "完成年度目标60.00%的15.0%，落后时序进度（33.3%）18.3个百分点，严重滞后。" in slip.basis
        assert "自2016年3月起连续2个月严重滞后。" in slip.basis
        assert slip.problem.startswith("距2016年12月还有8个月，须月均完成6.38个百分点")
        assert AuditEvent.objects.filter(act="slip.raise", by=None).count() == 1

    def test_a_lag_that_stands_is_not_pressed_anew_once_its_slip_is_dropped_or_struck_off(self, tiny):
        figures(tiny)
        release(tiny, 3, 4)
        supervision.drop(Slip.objects.get(), why="数据有误，正在核对", by=tiny.office, seen=1)
        assert release(tiny, 5) == ["light:A01:2016-03"]

    def test_never_for_grey_lights(self, tiny):
        figures(tiny, unreported=range(3, 6))
        assert release(tiny, 3, 4, 5) == []

    @pytest.mark.parametrize(
        ("lights", "run"),
        [
            ("44", (0, 0, 2)),
            ("4", None),
            ("344", (1, 1, 2)),
            ("4443", None),  # better
            ("4445", None),  # unknown
            ("44545", None),
            ("4454", None),  # not two in a row
            ("44544", (0, 0, 4)),  # a month without data does not end it
            ("44-44", (0, 0, 4)),  # nor one without any row
            ("45344", (3, 3, 2)),
            ("4544", (2, 0, 3)),  # it is pressed from the first two in a row
            ("44044", (3, 3, 2)),  # without a target in between it is another lag
        ],
    )
    def test_how_a_lag_runs(self, lights, run):
        series = [SimpleNamespace(month=YEAR + at, light=int(one)) for at, one in enumerate(lights) if one != "-"]
        found = raising.run_of(series, YEAR + len(lights) - 1)
        assert found == (run and (YEAR + run[0], YEAR + run[1], run[2]))

    def test_only_what_was_released_counts(self, tiny):
        figures(tiny)
        raising.raise_due(Installation.objects.get())
        assert release(tiny, 4) == []  # March was never released

    def test_a_correction_that_moves_its_beginning_raises_no_second_slip(self, tiny):
        figures(tiny)
        release(tiny, 2, 3, 4)
        figures(tiny, (0, 0, 0, 9, 3))  # February was severe as well: 10 short
        for number in (2, 4):
            publish(tiny.county, YEAR + number - 1, by=tiny.office, reason="二月的数核减二人")
            jobs.raise_slips.func()
        assert keys() == ["light:A01:2016-03"]


@pytest.mark.django_db(transaction=True)
def test_of_two_runs_at_once_one_raises_and_the_other_is_quiet():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")
    tiny = tiny_county()
    figures(tiny)
    for number in (3, 4):
        publish(tiny.county, YEAR + number - 1, by=tiny.office)
    here = Installation.objects.select_related("county").get()
    assert together([lambda: raising.raise_due(here)] * 2) == []
    assert keys() == ["light:A01:2016-03"]


class TestWork:
    """On 2017-02-03: T01-1 was due on 2016-12-31, the reports of December and January are late from 02-07 on."""

    def supervise(self) -> str:
        said = StringIO()
        call_command("supervise", stdout=said)
        return said.getvalue()

    @pytest.fixture
    def only_nodes(self, place):
        """The reports of December have come; January's are not due before 2017-02-07."""
        for work in (place.task, place.project):
            workplace.handed_in(place, work, DECEMBER, 10)
            workplace.handed_in(place, work, JANUARY, 12)
        return place

    @pytest.mark.parametrize(("day", "raised"), [(date(2017, 1, 9), []), (date(2017, 1, 10), ["T01-1"])])
    def test_a_milestone_ten_days_overdue(self, only_nodes, day, raised):
        Installation.objects.update(business_date=day)
        self.supervise()
        assert [one.milestone.code for one in Slip.objects.all()] == raised

    def test_a_milestone_is_raised_once_of_its_day_and_not_while_it_is_pressed(self, only_nodes):
        said = self.supervise()
        assert said == "盐均督〔2017〕1 号 T01 城乡就业政策统一：节点“节点1”逾期\n立项 1 件\n"
        assert self.supervise() == "立项 0 件\n"
        slip = Slip.objects.get()
        assert (slip.key, slip.origin, slip.task) == ("milestone:T01-1:2016-12-31", Origin.MILESTONE, only_nodes.task)
        assert slip.basis == (
            "T01 城乡就业政策统一的节点“节点1”应于2016-12-31完成，至2017-02-03已逾期34天。依据方案四(二)2。"
        )
        assert [one.code for one in slip.supporting.all()] == ["sbj"]
        Milestone.objects.filter(code="T01-1").update(due_on=date(2017, 1, 20))  # moved, and missed again
        assert self.supervise() == "立项 0 件\n"
        supervision.drop(slip, why="节点已经调整过了", by=only_nodes.leader, seen=1)
        assert self.supervise().endswith("立项 1 件\n")
        assert keys() == ["milestone:T01-1:2016-12-31", "milestone:T01-1:2017-01-20"]

    def test_milestones_wait_for_the_first_month_of_real_use(self, only_nodes):
        Installation.objects.update(go_live_month=JANUARY)  # due on 2017-02-07
        assert self.supervise() == "立项 0 件\n"
        Installation.objects.update(business_date=date(2017, 2, 8))
        assert self.supervise().endswith("立项 1 件\n")

    def test_a_report_that_did_not_come(self, place):
        Milestone.objects.all().delete()
        workplace.handed_in(place, place.task, JANUARY, 10)
        workplace.written(place, place.project, JANUARY, 10)  # a draft is no report
        Installation.objects.update(business_date=date(2017, 2, 5))
        assert self.supervise() == "立项 0 件\n"
        Installation.objects.update(business_date=date(2017, 2, 9))
        self.supervise()
        self.supervise()
        slip = Slip.objects.get()
        assert (slip.key, slip.project, slip.section) == ("report:P05:2017-01", place.project, place.project.lead)
        assert slip.due_on == date(2017, 3, 11)
        assert "2017年1月进度月报应于2017-02-06前报送，至2017-02-09尚未报送。依据方案四(二)2。" in slip.basis

    def test_nothing_is_late_before_real_use(self, place):
        Milestone.objects.all().delete()
        Installation.objects.update(go_live_month=JANUARY + 1, business_date=date(2017, 2, 28))
        assert self.supervise() == "立项 0 件\n"
