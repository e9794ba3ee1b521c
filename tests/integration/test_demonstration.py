"""The demonstration on a real database: where it stands when filled in, that it keeps the rules, that it goes again."""

from __future__ import annotations

import io
import re
import stat
from collections import Counter
from datetime import date
from fractions import Fraction
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from bureau import audit, clock, months
from bureau.authorization import Permission, Scope, can
from bureau.models import Area, AuditEvent, Grant, Installation, StoredFile, User
from bureau.places import Tree
from bureau.trail import hooks
from indicators import timeliness
from indicators.analysis.kinds import Light
from indicators.deadlines import Standing
from indicators.due import Dates
from indicators.forecasts import keep_of_release
from indicators.models import (
    DataItem,
    Entry,
    Evaluation,
    Figure,
    Indicator,
    PublishedEvaluation,
    PublishedMonth,
    PublishedRollUp,
    Reading,
    Reopening,
    ReportingForm,
    Revision,
    RollUp,
    Submission,
    Target,
    TargetRevision,
)
from indicators.queries import at_release
from reports import compose, proof
from reports.demonstration import run
from reports.demonstration.reporttexts import OF_INDICATORS
from reports.manuscript import Manuscript
from reports.models import Edition, PartText, Report
from reports.proof.keys import parse
from tasks import decision_slips
from tasks.assessment import checking
from tasks.models import Assessment, Decision, Evidence, Extension, Project, Slip, SlipStep, State, Task
from tests.integration.recomputed import outlook, reading, works
from tests.integration.recomputed.checking import Recomputed
from tests.integration.recomputed.equality import Equality, compared
from tests.integration.recomputed.exports import Exports, table
from tests.integration.recomputed.manuscripts import Documents

FILLED_MONTHS = 6  # January to June 2017: enough for the correction of March and for forecasts
MAY, JUNE, JULY = (months.parse(f"2017-0{number}") for number in (5, 6, 7))


@pytest.fixture(scope="module")
def filled(real_plan, django_db_blocker, tmp_path_factory) -> SimpleNamespace:
    """The plan with the demonstration's last six months; every test works in a savepoint upon it."""
    with django_db_blocker.unblock():
        path = tmp_path_factory.mktemp("var") / "demo-accounts.txt"
        before, settings.DEMO_ACCOUNTS_FILE = settings.DEMO_ACCOUNTS_FILE, path
        try:
            with transaction.atomic():
                call_command("demo", "--months", str(FILLED_MONTHS), stdout=io.StringIO())
                yield SimpleNamespace(accounts=path, county=Area.objects.get(code="330424"))
                transaction.set_rollback(True)
        finally:
            settings.DEMO_ACCOUNTS_FILE = before


@pytest.fixture(autouse=True)
def in_savepoint(db):
    """Each test in a transaction of its own."""


@pytest.fixture(scope="module")
def exported(filled, django_db_blocker, tmp_path_factory) -> SimpleNamespace:
    """What the office exports of the release of June, with the release's forecasts made; `fetch` gives a page."""
    with django_db_blocker.unblock():
        client = Client()
        office = User.objects.get(username="bangongshi")
        client.force_login(office, backend="bureau.people.backend.AccountBackend")

        def fetch(address: str) -> bytes:
            answer = client.get(address)
            assert answer.status_code == 200, address
            return answer.content

        keep_of_release(PublishedMonth.objects.get(month=JUNE))
        file = tmp_path_factory.mktemp("exports") / "evaluations.csv"
        call_command("exportevaluations", str(file), "--since", "2017-01", stdout=io.StringIO())
        exports = Exports.of(fetch, file.read_bytes(), JUNE, JUNE - FILLED_MONTHS + 1)
        return SimpleNamespace(exports=exports, fetch=fetch)


@pytest.fixture
def accounts_copy(filled, settings, tmp_path):
    """The accounts' file where a test may lose it."""
    settings.DEMO_ACCOUNTS_FILE = tmp_path / "demo-accounts.txt"
    settings.DEMO_ACCOUNTS_FILE.write_bytes(filled.accounts.read_bytes())
    return settings.DEMO_ACCOUNTS_FILE


def forms_of(month: int) -> Counter:
    return Counter(Submission.objects.filter(month=month).values_list("state", flat=True))


def test_it_stands_at_the_ninth_of_august_2017_and_says_that_it_is_a_demonstration(filled):
    here = Installation.objects.get()
    assert clock.today().isoformat() == "2017-08-09"
    assert (here.demonstration, months.iso(here.go_live_month)) == (True, "2017-07")
    assert PublishedMonth.objects.exclude(demonstration=True).count() == 0


def test_every_form_up_to_june_is_approved_and_july_is_half_way(filled):
    for month in range(JUNE - FILLED_MONTHS + 1, JUNE + 1):
        assert forms_of(month) == {"approved": 9 * 5 + 2}  # five forms of nine towns, two of the county
    assert forms_of(JULY) == {"submitted": 14, "draft": 6, "returned": 1, "approved": 1}
    assert len(Submission.objects.get(month=JULY, state="returned").reason) >= 5


def test_each_month_was_released_on_the_fifteenth_of_the_next(filled):
    found = list(PublishedMonth.objects.order_by("sequence").values_list("month", "version", "business_date"))
    assert [(months.iso(month), version, day.isoformat()) for month, version, day in found] == [
        ("2017-01", 1, "2017-02-15"),
        ("2017-02", 1, "2017-03-15"),
        ("2017-03", 1, "2017-04-15"),
        ("2017-04", 1, "2017-05-15"),
        ("2017-05", 1, "2017-06-15"),
        ("2017-06", 1, "2017-07-15"),
    ]


def test_the_release_of_may_lists_the_correction_of_march(filled):
    lines = {months.iso(one.month): one.corrections for one in PublishedMonth.objects.all()}
    assert [month for month, found in lines.items() if found] == ["2017-05"]
    (line,) = lines["2017-05"]
    assert (months.iso(line["month"]), line["area_name"], line["item"]) == ("2017-03", "百步镇", "D01")
    assert line["old"] - line["new"] == line["county_old"] - line["county_new"] == 20 * 10_000
    assert line["reason"] == run.REASON


def test_nobody_approved_what_he_typed_and_every_figure_has_its_revision(filled):
    assert not Entry.objects.filter(submission__approved_by=F("by")).exists()
    assert not Submission.objects.filter(submitted_by=F("approved_by")).exists()
    assert Figure.objects.count() + 1 == Revision.objects.count()  # one figure was corrected
    assert set(Entry.objects.values_list("source", flat=True).distinct()) == {"demo"}


def test_the_audit_trail_holds(filled):
    assert audit.first_broken() is None
    assert hooks.broken_rows() == []
    approvals = AuditEvent.objects.filter(act="submission.approve")
    assert sum(event.revisions for event in approvals) == Revision.objects.count()


def test_the_employment_rate_of_june_is_not_fully_covered_and_all_other_core_indicators_are(filled):
    core = dict(Indicator.objects.filter(core=True).values_list("pk", "code"))
    rows = PublishedEvaluation.objects.filter(area=filled.county.pk, month=JUNE, reading=1, indicator__in=list(core))
    open_ones = {core[row.indicator]: (row.reported, row.expected) for row in rows if row.reported != row.expected}
    assert len(rows) == 22
    assert open_ones["A04"] == (130, 133)
    assert set(open_ones) <= {"A02", "A04"}  # January to June cannot cover what is counted since January 2015
    lights = {core[row.indicator]: Light(row.light) for row in rows}
    assert lights["A04"] == Light.NOT_COVERED
    assert (lights["A07"], lights["A15"], lights["A17"]) == (Light.REACHED,) * 3
    assert next(row.value for row in rows if core[row.indicator] == "A07") == 100


def test_tasks_and_projects_have_moved_and_three_are_overdue(filled):
    work = [*Task.objects.all(), *Project.objects.all()]
    assert all(one.state != State.NOT_BEGUN for one in work)
    late = {one.code for one in work if one.state != State.COMPLETED and one.due_on < clock.today()}
    assert late == {"T10", "T14", "T15"}


def test_the_half_year_is_assessed_frozen_by_another_and_agrees_when_checked_again(filled):
    frozen = Assessment.objects.filter(state="frozen").select_related("scheme", "release")
    assert {(one.scheme.code, months.iso(one.first_month), one.release.month) for one in frozen} == {
        ("sections", "2017-01", JUNE),
        ("towns", "2017-01", JUNE),
    }
    assert all(one.by_id != one.frozen_by_id and checking.differences(one) == [] for one in frozen)
    drafts = Assessment.objects.filter(state="draft").values_list("scheme__code", "last_month")
    assert set(drafts) == {("sections", JULY + 5), ("towns", JULY + 5)}


def test_the_printed_accounts_sign_in_and_the_file_is_for_its_owner_alone(filled, rf):
    assert stat.S_IMODE(filled.accounts.stat().st_mode) == 0o600
    _, heading, *lines = filled.accounts.read_text(encoding="utf-8").splitlines()
    assert heading.split() == ["账号", "密码", "角色", "单位"]
    accounts = dict(line.split()[:2] for line in lines)
    assert len(accounts) == 16
    assert all(len(password) >= 12 for password in accounts.values())
    assert len(set(accounts.values())) == len(accounts)
    for username in ("wuyuan.tianbao", "jyj.shenhe", "lingdao", "bangongshi"):
        user = authenticate(rf.get("/"), username=username, password=accounts[username])
        assert user is not None, username
        assert str(user).startswith("演示·")
        assert user.is_demonstration
    assert can(User.objects.get(username="bangongshi"), Permission.PUBLISH)


def test_there_is_an_account_for_each_role(filled):
    assert set(Grant.objects.values_list("role", flat=True)) == set(Grant.Role.values)
    silent = User.objects.filter(is_demonstration=True, password__startswith="!")
    assert silent.count() == 7  # the clerks of the other towns are authors only


def test_of_july_most_came_in_time_some_the_day_after_and_nothing_is_closed(filled):
    here = Installation.objects.get()
    dates = Dates.of(here)
    july = timeliness.tally(timeliness.lines(Scope(everywhere=True), Tree(here.county_id), dates, 2017))
    assert {one: july[one] for one in (Standing.ON_TIME, Standing.LATE, Standing.MISSING)} == {
        Standing.ON_TIME: 12, Standing.LATE: 4, Standing.MISSING: 31,
    }  # fmt: skip
    assert not dates.now > dates.due(JULY).closes  # what is late can still be entered: until Monday 14 August
    assert dates.due(JULY).closes.date() == date(2017, 8, 14)


def test_every_status_pace_and_pressure_of_the_overview_can_be_recomputed_from_the_exported_csv(exported):
    found = Recomputed(exported.exports)
    assert len(exported.exports.indicators) == 51  # 43 of the catalogue, some in several measures
    compared_numbers, wrong = found.exported()
    assert wrong == []
    assert compared_numbers > 8_000
    shown, wrong = found.overview(exported.fetch("/?all=1").decode())
    assert wrong == []
    assert shown > 140


def test_every_number_of_the_equality_page_can_be_recomputed_from_its_csv(exported):
    codes = compared(exported.fetch("/equality/").decode())
    assert len(codes) == 16
    numbers = 0
    for code in codes:
        query = f"?indicator={code}"
        lines = table(exported.fetch(f"/equality/data.csv{query}"))
        found = Equality(exported.exports, code, lines, exported.fetch(f"/equality/{query}").decode())
        assert found.wrong() == []
        numbers += found.compared
    assert numbers > 3_000


@pytest.fixture(scope="module")
def composed(exported, django_db_blocker) -> dict[str, Manuscript]:
    """The three documents of the release of June, without people's parts."""
    with django_db_blocker.unblock():
        at = at_release(PublishedMonth.objects.get(month=JUNE))
        return {kind: compose.manuscript(kind, at, {}, compose.Meta()) for kind in compose.KINDS}


def test_every_figure_of_the_documents_is_that_of_the_exports_and_of_the_pages(exported, composed):
    release = PublishedMonth.objects.get(month=JUNE)
    documents = Documents(exported.exports, exported.fetch, works.at_release(release))
    for kind, least in (("bulletin", 130), ("phase", 150), ("evaluation", 600)):
        figures = [(figure.text, figure.key) for figure in composed[kind].figures()]
        compared_keys, wrong = documents.wrong(figures)
        assert wrong == []
        assert compared_keys == len({key for _text, key in figures}) > least
    assert documents.on_pages(composed.values()) == []


def test_the_documents_give_every_number_its_key_and_say_nothing_twice(filled, composed):
    models = (Task, Project, DataItem, Reading)
    names = [name for model in models for name in model.objects.values_list("name", flat=True)]
    january = at_release(PublishedMonth.objects.get(month=months.parse("2017-01")))  # the first month of a year
    earlier = [compose.manuscript(kind, january, {}, compose.Meta()) for kind in compose.KINDS]
    for manuscript in (*composed.values(), *earlier):
        assert reading.unkeyed(manuscript, names) == []
        assert reading.repeated(manuscript) == []
        assert reading.unfinished(manuscript) == []
        assert len(reading.sentences(manuscript)) > 20


def test_the_proof_of_a_document_has_each_key_once_and_what_it_rests_on(composed):
    at = at_release(PublishedMonth.objects.get(month=JUNE))
    found = proof.rows(composed["evaluation"], at)
    ledger = proof.Ledger(at)
    assert [row for row in found if ledger.text(parse(row.key)) != row.text] == []  # each is found again by its key
    assert [row.key for row in found] == list(dict.fromkeys(figure.key for figure in composed["evaluation"].figures()))
    by_key = {row.key: row for row in found}
    jobs, rate = (by_key[f"{code}/official/330424/2017-06/value"] for code in ("A01", "A05b"))
    assert jobs.formula == "D01 \u2212 D02"
    assert jobs.approvals == f"54份报表，1人审核，最后{timezone.localdate().isoformat()}"  # 9 towns, 6 months
    assert rate.numerator.replace(",", "").isdigit()
    assert "表1" in rate.places
    assert all(row.name and row.formula for row in found)


def test_forecasts_are_in_order_shown_as_exported_and_can_be_drawn_again(exported):
    rows = exported.exports.forecasts
    by_indicator = outlook.by_indicator(rows)
    assert len(by_indicator) == 25
    assert outlook.out_of_order(rows) == []
    for key, decimals in ((("A01", "main"), 0), (("A05b", "main"), 2)):
        shown, told = outlook.shown(by_indicator[key], exported.fetch(f"/indicators/{key[0]}/").decode(), decimals)
        assert shown == told
    drawn = list(outlook.drawn_again(Recomputed(exported.exports), rows))
    assert len(drawn) == 25 * 6 * 5
    assert [one for one in drawn if abs(Fraction(one[1]) - Fraction(one[2])) > Fraction(1, 10_000)] == []


def test_it_is_not_filled_in_twice(filled):
    said = io.StringIO()
    call_command("demo", "--if-empty", stdout=said, stderr=said)
    assert said.getvalue() == ""
    with pytest.raises(CommandError, match="空库"):
        call_command("demo")


def test_removing_it_leaves_the_plan_and_the_audit_trail_and_nothing_else(
    accounts_copy, django_capture_on_commit_callbacks
):
    late = {"form": ReportingForm.objects.get(code="yj01"), "place": Area.objects.get(code="330424105"), "month": 1}
    Reopening.objects.create(
        **late, asked_by=User.objects.get(username="wuyuan.tianbao"), asked_at=clock.now(), expires_on=clock.today()
    )
    acts, revisions, figures = AuditEvent.objects.count(), Revision.objects.count(), Figure.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("demo", "--remove", stdout=io.StringIO())
    gone = (Submission, Entry, Figure, RollUp, Evaluation, PublishedMonth, PublishedRollUp, Reopening, StoredFile)
    for model in (*gone, Slip, SlipStep, Extension, Evidence, Decision, Report, Edition, PartText):
        assert model.objects.count() == 0, model
    assert Project.objects.get(code="P07").due_on == date(2017, 12, 31)  # was extended
    assert not PublishedEvaluation.objects.exists()
    assert not Assessment.objects.exists()
    assert not Target.objects.filter(base_month__isnull=False).exists()
    assert not Target.objects.exclude(area__level="county").exists()
    assert not TargetRevision.objects.filter(by__isnull=False).exists()
    assert set(Task.objects.values_list("state", "percent", "completed_on")) == {("not_begun", 0, None)}
    here = Installation.objects.get()
    assert (here.demonstration, here.business_date, here.go_live_month) == (False, None, None)
    assert not User.objects.filter(is_demonstration=True).exists()
    assert not User.objects.filter(is_active=True).exists()
    assert not Grant.objects.exists()
    assert not accounts_copy.exists()
    assert AuditEvent.objects.count() == acts + 1
    assert Revision.objects.count() == revisions + figures  # each figure's history ends with the removal
    assert AuditEvent.objects.latest("sequence").revisions == figures
    assert audit.first_broken() is None
    assert hooks.broken_rows() == []
    assert Indicator.objects.filter(core=True).count() == 22


def test_the_towns_shares_of_6800_jobs_add_up_and_have_lights_in_the_last_release(filled):
    shares = Target.objects.filter(reading__indicator__code="A01", area__level="town", end_month=JULY + 5)
    assert (shares.count(), sum(one.value for one in shares)) == (9, 6800)
    assert {one.note for one in shares} == {"目标分解：按户籍人口（2017年1月）"}
    lights = Counter(
        PublishedEvaluation.objects.filter(
            indicator=Indicator.objects.get(code="A01").pk, month=JUNE, area__in=shares.values("area")
        ).values_list("light", flat=True)
    )
    assert sum(lights.values()) == 9
    assert Light.NONE not in lights


def test_slips_stand_in_every_state_and_one_decision_waits_to_be_closed(filled):
    states = Counter(Slip.objects.values_list("state", flat=True))
    assert states == {
        "struck_off": 1, "accepted": 2, "assigned": 1, "returned": 1, "answered": 1, "dropped": 1, "raised": 5,
    }  # fmt: skip
    assert set(Slip.objects.filter(origin="light").values_list("key", flat=True)) == {"light:A05b:2017-04"}
    (asked,) = Extension.objects.filter(state="asked")
    assert (asked.slip.town.code, asked.slip.decision.text[:4]) == ("330424001", "武原街道")
    slips = decision_slips.read(Decision.objects.all())
    (done,) = [one for one in Decision.objects.all() if decision_slips.closable(one, slips.get(one.pk, ()))]
    assert done.text.startswith("医保科核对")
    assert Evidence.objects.filter(slip__isnull=False).count() == 3


def test_a_bulletin_is_final_another_a_draft_and_the_evaluation_report_waits_for_its_review(filled):
    """Every part of the evaluation report is written, marked as a demonstration, and says nothing twice."""
    states = Edition.objects.values_list("report__kind", "report__month", "state", "demonstration")
    assert set(states) == {
        ("bulletin", MAY, "final", True), ("bulletin", JUNE, "draft", True), ("evaluation", JUNE, "review", True),
    }  # fmt: skip
    final = Edition.objects.get(state="final")
    assert final.finalised_by != final.submitted_by
    assert {"word", "excel"} <= set(final.files)
    parts = PartText.objects.filter(edition__report__kind="evaluation")
    assert not parts.filter(text="").exists()
    assert {key for key in parts.values_list("key", flat=True) if "/A" in key} == {
        f"{part}/{code}" for part in ("cause", "next") for code in OF_INDICATORS
    }
    paragraphs = [line for text in parts.values_list("text", flat=True) for line in text.splitlines()]
    assert all(line.startswith("（演示）") for line in paragraphs)
    sentences = [one for line in paragraphs for one in re.split("[。；]", line.removeprefix("（演示）")) if one]
    assert len(sentences) == len(set(sentences))
    assert not [one for one in sentences if re.search(r"[0-9]", one)], "figures are the system's to print"


def test_once_removed_it_does_not_come_back_by_itself_but_can_be_asked_for(
    accounts_copy, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("demo", "--remove", stdout=io.StringIO())
    said = io.StringIO()
    call_command("demo", "--if-empty", stdout=said)
    assert said.getvalue() == ""
    assert run.why_not() == ""
    with pytest.raises(CommandError, match="no demonstration"):
        call_command("demo", "--remove")


def test_figures_typed_by_others_are_not_removed_unasked(filled, accounts_copy):
    somebody = User.objects.create(username="somebody")
    Entry.objects.filter(pk=Entry.objects.first().pk).update(by=somebody)
    with pytest.raises(CommandError, match="1 figures"):
        call_command("demo", "--remove")
    assert Entry.objects.exists()
    call_command("demo", "--remove", "--force", stdout=io.StringIO())
    assert not Entry.objects.exists()
    assert User.objects.filter(username="somebody").exists()
