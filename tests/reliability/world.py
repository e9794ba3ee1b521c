"""The county that the proofs walk through: the real plan, a person for each role, and a number no other cell holds.

May 2017 is released; June is approved and not released; July is being entered, on the business date of 2017-08-09.
Every value of June and July is a canary (金丝雀): nine digits of its own, so that where it appears tells whose it is.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from bureau import clock, months
from bureau.models import ApiToken, Area, AreaSpan, Grant, Installation, Section, User
from bureau.people import granting, handover, tokens
from bureau.places import Tree
from indicators.entry import importing, periods, sheets, spans, uploads, workflow
from indicators.entry.longform import write_long
from indicators.entry.oldfiles import wizard
from indicators.entry.oldfiles.layout import Layout
from indicators.entry.oldfiles.matching import Choice
from indicators.entry.spans import Total
from indicators.entry.template import DATA_SHEET, FIRST_INPUT, FIRST_ROW, write_template
from indicators.models import (
    DataItem,
    Import,
    OldFile,
    PublishedMonth,
    Reopening,
    ReportingForm,
    SpanTotal,
    Submission,
    Target,
    Upload,
)
from indicators.publish import publish
from reports import edition_files, edition_jobs, editions, issuing
from reports import writing as report_writing
from tasks import decisions, evidence, progress
from tasks.assessment import writing
from tasks.content import Content
from tasks.models import Assessment, Decision, Deliverable, Evidence, Scheme, Slip, Task
from tasks.slips import supervision
from tests.integration.factories import person

Role = Grant.Role
MAY, JUNE, JULY = (months.parse(f"2017-{number:02}") for number in (5, 6, 7))
COUNTY, OWN, OTHER = "330424", "330424101", "330424102"
OWN_SECTION, OTHER_SECTION, COUNTY_SECTION = "jyj", "sbj", "yb"

# One letter a column of the URL tables, in this order; "-" is somebody not signed in, N an account without any grant.
ROLES: dict[str, tuple[str, str] | None] = {
    "V": (Role.VILLAGE_ASSISTANT, "own village"),
    "T": (Role.TOWN_CLERK, "own town"),
    "C": (Role.TOWN_CHECKER, "own town"),
    "K": (Role.SECTION_CLERK, COUNTY_SECTION),
    "R": (Role.REVIEWER, OWN_SECTION),
    "L": (Role.LEADER, ""),
    "O": (Role.OFFICE, ""),
    "S": (Role.SYSTEM_ADMINISTRATOR, ""),
    "G": (Role.SECURITY_ADMINISTRATOR, ""),
    "A": (Role.AUDITOR, ""),
    "N": None,
}
COLUMNS = "-" + "".join(ROLES)


@dataclass(frozen=True)
class Canary:
    """A planted number: where it stands, how far it has come, and who may ever see it (letters of ROLES)."""

    number: int
    place: str
    form: str
    stage: str  # draft, submitted, approved
    seen_by: frozenset[str]

    def __str__(self) -> str:
        return f"{self.number} ({self.form} {self.place} {self.stage})"


@dataclass
class World:
    """The county's people by letter, its rows by the names the tables use, and the canaries in it."""

    people: dict[str, User]
    names: dict[str, str]
    canaries: list[Canary]
    own_village: str
    more: SimpleNamespace = field(default_factory=SimpleNamespace)


def build() -> World:
    """Make it; the plan must be loaded. Inside a transaction that the caller takes back."""
    Installation.objects.update(business_date=date(2017, 8, 9), go_live_month=None, demonstration=False)
    county = Area.objects.get(code=COUNTY)
    tree = Tree(county.pk)
    own_town = Area.objects.get(code=OWN)
    village = min(place.code for place in tree.villages(own_town.pk, JULY))
    people = _people(own_town, Area.objects.get(code=village))
    author, approver = person("author"), person("approver")
    planter = _Planter(author, tree)
    towns = sorted(place.code for place in tree.towns(JULY))

    for town in towns:
        by = people["T"] if town == OWN else author
        workflow.approve_all(
            [planter.hand_in("yj01", town, MAY, {(town, "D01"): 5, (town, "D02"): 1}, by)], by=approver
        )
    publish(county, MAY, by=people["O"])
    for town in towns:
        _plant_town(planter, town, people["T"] if town == OWN else author, approver)
    for form, item, section in (("yj05", "D66", "yb"), ("yj07", "D20", "bgs")):
        mine = "K" if section == COUNTY_SECTION else ""
        by = people["K"] if mine else author
        number = planter.new(COUNTY, form, "approved", mine)
        workflow.approve_all([planter.hand_in(form, COUNTY, JUNE, {(COUNTY, item): number}, by)], by=approver)
        planter.draft(form, COUNTY, JULY, {(COUNTY, item): planter.new(COUNTY, form, "draft", mine)}, by)
    total = sum(one.number for one in planter.canaries if one.form == "yj01" and one.stage == "approved")
    planter.canaries.append(Canary(total, COUNTY, "yj01", "approved", frozenset("ROA")))

    _reports(people["O"], people["L"])
    checks = [_awaiting_town_check(planter, town, people["T"] if town == OWN else author) for town in (OWN, OTHER)]
    grant = people["T"].grants.get()
    today = clock.real_day()
    paper = handover.start(by=people["T"], giver=people["T"], receiver=author, on=today + timedelta(9), grants=[grant])
    request = granting.propose(people["N"], by=people["G"], role=Role.LEADER, reason="分管就业工作")
    _report_tasks(author)
    Installation.objects.update(go_live_month=MAY)  # from here on May and June are closed
    asked = [_ask_to_reopen("yj02", OWN, people["T"]), _ask_to_reopen("yj04", OTHER, author)]
    names = {
        "check": str(checks[0].pk),
        "check_theirs": str(checks[1].pk),
        "reopening": str(asked[0].pk),
        "reopening_theirs": str(asked[1].pk),
        "handover": str(paper.pk),
        "request": str(request.pk),
        "person": str(people["T"].pk),
        "grant": str(grant.pk),
        "approved": str(Submission.objects.get(form__code="yj01", place__code=OWN, month=JUNE).pk),
        "own": OWN,
        "other": OTHER,
        "county": COUNTY,
        "village": village,
        "waiting": str(_submission("yj01", OWN).pk),
        "theirs": str(_submission("yj03", OWN).pk),
        "upload": str(_upload(people["T"], own_town).pk),
        "upload_colleague": str(_upload(author, own_town).pk),
        "upload_theirs": str(_upload(author, Area.objects.get(code=OTHER)).pk),
        "import": str(_import(people["T"]).pk),
        "import_colleague": str(_import(author).pk),
        "old_file": str(_old_file(people["T"]).pk),
        "old_file_colleague": str(_old_file(author).pk),
        "import_refused": str(_import(people["T"], "D99").pk),
        "import_refused_colleague": str(_import(author, "D99").pk),
        "upload_refused": str(_upload(people["T"], own_town, "约50").pk),
        "upload_refused_colleague": str(_upload(author, own_town, "约50").pk),
        "county_draft": str(_submission("yj05", COUNTY).pk),
        "nobody": str(people["N"].pk),
        "release": str(PublishedMonth.objects.get().pk),
        "token": str(_token(people["T"]).pk),
        "token_theirs": str(_token(author).pk),
        "target": str(_target("A01")),
        "target_theirs": str(_target("A10")),
        "target_town": str(_town_target(own_town)),
        "evidence": str(_evidence(people["O"]).pk),
        **_slips(people["O"], own_town),
        "decision": str(_decision(people["O"]).pk),
        "assessed": str(_assessed(people["O"], people["L"]).pk),
        "assessed_draft": str(_assessing("sections", people["O"]).pk),
        "span": str(_span(people["T"], own_town).pk),
        "span_theirs": str(_span(author, Area.objects.get(code=OTHER)).pk),
    }
    return World(people, names, planter.canaries, village)


def _token(owner: User) -> ApiToken:
    """One for a program, whose text nobody knows."""
    return ApiToken.objects.create(
        user=owner, name="看板", digest=tokens.digest_of(owner.username), created_at=clock.now(),
        expires_on=clock.real_day() + timedelta(days=30),
    )  # fmt: skip


def _target(indicator: str) -> int:
    """A target of the county of the reviewer's section, or of another's."""
    found = Target.objects.filter(reading__indicator__code=indicator, area__level="county")
    return found.order_by("-end_month")[0].pk


def _town_target(town: Area) -> int:
    """A town's own target; only the county's are divided."""
    county = Target.objects.get(pk=_target("A01"))
    county.pk, county.area = None, town
    county.save()
    return county.pk


def _decision(by: User) -> Decision:
    """What a meeting decided on May's figures, by the reviewer's section."""
    owner = Section.objects.get(code=OWN_SECTION)
    return decisions.decide(MAY, decisions.Wanted("每周调度城镇新增就业", owner, date(2017, 8, 31)), by=by)


def _slips(by: User, town: Area) -> dict[str, str]:
    """One that the reviewer's section answers for, one of Baibu, both assigned; one of the clerk's section, not yet."""
    owners = {
        "slip": Section.objects.get(code=OWN_SECTION),
        "slip_town": town,
        "slip_raised": Section.objects.get(code=COUNTY_SECTION),
    }
    names = {}
    for name, owner in owners.items():
        wanted = supervision.Wanted("加快补上进度", "会商要求尽快补上", "两周内拿出办法", owner, date(2017, 8, 31))
        slip = supervision.raise_slip(wanted, by=by, origin=Slip.Origin.LEADING_GROUP)
        if name != "slip_raised":
            supervision.assign(slip, by=by, seen=slip.version)
        names[name] = str(slip.pk)
    return names


def _evidence(by: User) -> Evidence:
    """The file of a phase's paper."""
    file = SimpleUploadedFile("摸底调研报告.pdf", b"%PDF-1.4")
    return evidence.attach(file, by=by, deliverable=Deliverable.objects.get(code="G01"))


def _reports(office: User, leader: User) -> None:
    """May's bulletin, made final by the leader, and its evaluation report, which sections write."""
    bulletin = editions.begin("bulletin", MAY, by=office)
    for part in bulletin.parts.all():
        report_writing.write(bulletin, part.key, "逐镇核对进度。", by=office, seen=0)
    bulletin = issuing.submit(bulletin, by=office, seen=bulletin.version)
    number, day = "盐人社〔2017〕1号", date(2017, 8, 9)
    issuing.finalise(bulletin, edition_files.ready(bulletin, number, day, seen=bulletin.version), by=leader)
    edition_jobs.ask(editions.begin("evaluation", MAY, by=office), "word", by=office)


def _assessing(scheme: str, by: User) -> Assessment:
    """May by a scheme, as the office drafted it."""
    return writing.begin(Scheme.objects.get(code=scheme), MAY, MAY, by=by)


def _assessed(by: User, leader: User) -> Assessment:
    """The towns' May, frozen by the leader."""
    return writing.freeze(_assessing("towns", by), by=leader)


def _span(by: User, town: Area) -> SpanTotal:
    """A draft of a total of 2015 (补录合计) of the reviewer's section."""
    year = months.parse("2015-01"), months.parse("2015-12")
    item = DataItem.objects.get(code="D01")
    return spans.save(Total(town, item, 0, *year, Decimal(120), "yearbook", "2015年年报"), by=by)


def _people(town: Area, village: Area) -> dict[str, User]:
    places = {"own town": town, "own village": village, "": None}
    found = {}
    for letter, held in ROLES.items():
        if held is None:
            found[letter] = person("nobody")
            continue
        role, where = held
        found[letter] = person(role, (role, places[where] if where in places else Section.objects.get(code=where)))
    return found


def _awaiting_town_check(planter: _Planter, town: str, by: User) -> Submission:
    """A form of the office's that a town checks itself before the section does."""
    ReportingForm.objects.filter(code="yj06").update(town_check=True)
    planter.forms["yj06"].town_check = True
    number = planter.new(town, "yj06", "submitted", "TCV" if town == OWN else "")  # his village
    village = min(place.code for place in planter.tree.villages(planter.areas[town].pk, JULY))
    return planter.hand_in("yj06", town, JULY, {(village, "D92"): number}, by)


def _ask_to_reopen(form: str, town: str, by: User) -> Reopening:
    """Somebody asks for his May, closed since its release, to be opened again."""
    return periods.ask(
        ReportingForm.objects.get(code=form), Area.objects.get(code=town), MAY, by=by, reason="村里换了协理员，漏报",
        expires_on=date(2017, 8, 15),
    )  # fmt: skip


def _report_tasks(author: User) -> None:
    """June's progress of a task of each section, handed in: T01 is the reviewer's, T16 the section clerk's."""
    for code in ("T01", "T11", "T16"):
        content = Content(percent=40, done="已完成方案", problem="", next_step="继续推进")
        progress.submit(progress.save(Task.objects.get(code=code), JUNE, content, by=author), by=author)


def disable(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def expire(user: User) -> None:
    User.objects.filter(pk=user.pk).update(expires_on=clock.real_day() - timedelta(days=1))


def _plant_town(planter: _Planter, town: str, by: User, approver: User) -> None:
    """June approved on two sections' forms; July handed in on one, begun on two."""
    village = min(place.code for place in planter.tree.villages(planter.areas[town].pk, JULY))
    mine = "TC" if town == OWN else ""
    approved = [
        planter.hand_in("yj01", town, JUNE, {(town, "D01"): planter.new(town, "yj01", "approved", mine)}, by),
        planter.hand_in("yj03", town, JUNE, {(town, "D33"): planter.new(town, "yj03", "approved", mine)}, by),
    ]
    workflow.approve_all(approved, by=approver)
    planter.hand_in("yj01", town, JULY, {(town, "D01"): planter.new(town, "yj01", "submitted", mine + "R")}, by)
    planter.hand_in("yj03", town, JULY, {(town, "D33"): planter.new(town, "yj03", "submitted", mine)}, by)
    rates = planter.new(town, "yj02", "draft", "TCRV" if town == OWN else "R")
    planter.draft("yj02", town, JULY, {(village, "D22"): rates}, by)
    planter.draft(
        "yj04",
        town,
        JULY,
        {(village, "D42"): planter.new(town, "yj04", "draft", mine + mine[:1].replace("T", "V"))},
        by,
    )


class _Planter:
    """Fills forms with numbers and remembers who may see them; approved ones are live: reviewers and the office too."""

    def __init__(self, author: User, tree: Tree) -> None:
        self.author, self.tree, self.canaries = author, tree, []
        self.areas = {area.code: area for area in Area.objects.all()}
        self.items = dict(DataItem.objects.values_list("code", "pk"))
        self.forms = {form.code: form for form in ReportingForm.objects.all()}
        self._chance = random.Random("canaries")

    def new(self, place: str, form: str, stage: str, seen_by: str) -> int:
        number = self._chance.randrange(100_000_000, 999_999_999)
        seen = frozenset(seen_by + "A" + ("RO" if stage == "approved" else ""))
        self.canaries.append(Canary(number, place, form, stage, seen))
        return number

    def draft(self, form: str, place: str, month: int, cells: dict, by: User) -> Submission:
        submission = workflow.submission_for(self.forms[form], self.areas[place], month)
        changes = [
            workflow.Change(self.areas[area].pk, self.items[item], 0, value) for (area, item), value in cells.items()
        ]
        workflow.save(submission, changes, by=by, source="grid")
        return submission

    def hand_in(self, form: str, place: str, month: int, cells: dict, by: User) -> Submission:
        return workflow.submit(self.draft(form, place, month, cells, by), by=by)


def _submission(form: str, place: str) -> Submission:
    return Submission.objects.get(form__code=form, place__code=place, month=JULY)


def _import(clerk: User, item: str = "D02") -> Import:
    """A long form of one cell that the clerk sent and has not confirmed, or that was refused for its item."""
    return importing.read(write_long([(OWN, item, "", "2017-08", "3")]), "长表.csv", by=clerk)


def _old_file(clerk: User) -> OldFile:
    """An old file of one cell that the clerk has brought as far as its trial."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["地方", "失业人数"])
    book.active.append([AreaSpan.objects.filter(area__code=OWN).latest("from_month").name, 3])
    book.save(stream)
    one = wizard.start(stream.getvalue(), "旧表.xlsx", by=clerk)
    opened = wizard.Opened(one)
    layout = Layout(opened.grid().sheet.name, 1, 1, place_column=1, month=months.parse("2017-08"))
    wizard.say_layout(one, layout, opened.grid())
    wizard.say_columns(one, {"失业人数": Choice("D02")})
    return one


def _upload(clerk: User, town: Area, typed: str = "") -> Upload:
    """A workbook of villages that the clerk sent; nobody filled it in, but for what is typed in its first cell."""
    submission = Submission.objects.get(form__code="yj02", place=town, month=JULY)
    sheet, _names = sheets.build(submission.form, town, JULY, Tree(town.county_id))
    content = write_template(sheet, uploads.template_key())
    if typed:
        book, out = openpyxl.load_workbook(io.BytesIO(content)), io.BytesIO()
        book[DATA_SHEET].cell(FIRST_ROW + 1, FIRST_INPUT + 1).value = typed
        book.save(out)
        content = out.getvalue()
    return uploads.read(submission, content, "空表.xlsx", by=clerk)
