"""The only writers of monthly progress (月报进度): save, submit, withdraw, return, approve, take back.

Plain functions named by the verb, `by=` the acting person; each is one transaction that locks the county first and
writes its audit record. What an approval means for the task is tasks/carrying.py's; who may call is tasks/access.py's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock, months
from bureau.installation import county, lock_county, raise_data_version
from bureau.models import Area, User
from tasks import carrying
from tasks.content import FIELDS, Content, content_of, handing_in_problem, saving_problem
from tasks.models import Progress, Project, Step, Task
from tasks.rules import Conflict, Refused, reason_of

State = Progress.State
Draft = tuple[Task | Project, int, Content]
BATCH = 400
TOLD = 60


def save(work: Task | Project, month: int, content: Content, *, by: User, expected: int | None = None) -> Progress:
    """Write a draft; `expected` is the version the writer saw (0: none), Conflict where it is another."""
    return save_all([(work, month, content)], by=by, expected=expected)[0]


@transaction.atomic
def save_all(drafts: Sequence[Draft], *, by: User, expected: int | None = None) -> list[Progress]:
    """Write drafts, all or none. Refused where a report is not open or says something impossible."""
    lock_county(county().pk)
    today = clock.today()
    standing = _standing(drafts)
    moment, kept, fresh, changed = clock.now(), [], [], []
    for work, month, content in drafts:
        report = standing.get((work.code, month)) or _new(work, month)
        if expected is not None and report.version != expected:
            if content_of(report) == content and report.by_id == by.pk:
                return [report]  # the same form sent twice
            raise Conflict(_("这份月报已被他人修改，没有保存。"))
        if not report.is_open:
            raise Refused(_("这份月报“%(state)s”，不能再改。") % {"state": report.get_state_display()})
        problem = saving_problem(work, month, content, today)
        if problem:
            raise Refused(problem)
        kept.append(report)
        if report.version and content_of(report) == content:
            continue
        for name in FIELDS:
            setattr(report, name, getattr(content, name))
        report.version, report.by, report.at = report.version + 1, by, moment
        (changed if report.pk else fresh).append(report)
    Progress.objects.bulk_create(fresh)
    Progress.objects.bulk_update(changed, [*FIELDS, "version", "by", "at"])
    written = [*fresh, *changed]
    if written:
        _steps(written, "save", by)
        audit.record("progress.save", by=by, object=_objects(written), detail=_told(written))
    return kept


@transaction.atomic
def submit(report: Progress, *, by: User) -> Progress:
    """Hand a draft in for review; Refused while it lacks what a report must say."""
    return submit_all([report], by=by)[0]


@transaction.atomic
def submit_all(reports: Sequence[Progress], *, by: User) -> list[Progress]:
    """Hand drafts in, all or none."""
    fresh = _locked(reports)
    today = clock.today()
    priors = _priors(fresh)
    for report in fresh:
        if not report.is_open:
            raise Refused(_("这份月报“%(state)s”，不能提交。") % {"state": report.get_state_display()})
        _must_be_whole(report, priors)
    _move(fresh, state=State.SUBMITTED, submitted_by=by, submitted_on=today)
    _steps(fresh, "submit", by)
    audit.record("progress.submit", by=by, object=_objects(fresh), detail=_told(fresh))
    return fresh


@transaction.atomic
def withdraw(report: Progress, *, by: User) -> Progress:
    """Take a report back before it was reviewed."""
    (report,) = _locked([report])
    if report.state != State.SUBMITTED:
        raise Refused(_("只有待审核的月报可以撤回。"))
    _move([report], state=State.DRAFT)
    _steps([report], "withdraw", by)
    audit.record("progress.withdraw", by=by, object=describe(report))
    return report


@transaction.atomic
def return_(report: Progress, *, by: User, reason: str) -> Progress:
    """Send a report back to be mended; a reason of at least five characters is compulsory."""
    (report,) = _locked([report])
    if report.state != State.SUBMITTED:
        raise Refused(_("只有待审核的月报可以退回。"))
    _move([report], state=State.RETURNED, reason=reason_of(reason))
    _steps([report], "return", by, report.reason)
    audit.record("progress.return", by=by, object=describe(report), reason=report.reason)
    return report


def approve(report: Progress, *, by: User, seen: int | None = None) -> Progress:
    """Approve one report; `seen` is the version the reviewer looked at (Conflict when it changed)."""
    approve_all([report], by=by, seen={report.pk: seen} if seen is not None else None)
    report.refresh_from_db()
    return report


@transaction.atomic
def approve_all(reports: Sequence[Progress], *, by: User, seen: Mapping[int, int] | None = None) -> None:
    """Approve reports in one act; tasks and projects stand as they say, and the figures that count completions follow.

    Refused when one is not submitted, or `by` himself wrote in it; nothing is approved then.
    """
    fresh = _locked(reports)
    today = clock.today()
    priors = _priors(fresh)
    for report in fresh:
        if report.state != State.SUBMITTED:
            raise Refused(_("只有待审核的月报可以通过。"))
        if seen and report.version != seen.get(report.pk):
            raise Conflict(_("月报已变动，请重新核对。"))
        _must_be_whole(report, priors)
    if written_by(fresh, by):
        raise Refused(_("不能审核自己填报的月报。"))
    _move(fresh, state=State.APPROVED, reason="", approved_by=by, approved_on=today)
    _steps(fresh, "approve", by)
    audit.record("progress.approve", by=by, object=_objects(fresh), detail=_told(fresh))
    _carried(fresh, by=by, reason="；".join(dict.fromkeys(one.explanation for one in fresh if one.explanation)))


@transaction.atomic
def take_back(report: Progress, *, by: User, reason: str) -> Progress:
    """Undo an approval: the report is returned, and its task stands as the approved report before it says."""
    (report,) = _locked([report])
    if report.state != State.APPROVED:
        raise Refused(_("只有已审核的月报可以撤销审核。"))
    _move([report], state=State.RETURNED, reason=reason_of(reason), approved_by=None, approved_on=None)
    _steps([report], "take_back", by, report.reason)
    audit.record("progress.take_back", by=by, object=describe(report), reason=report.reason)
    _carried([report], by=by, reason=report.reason)
    return report


def written_by(reports: Collection[Progress], user: User) -> bool:
    """Did this person write or hand in any of these reports, at any time?"""
    found = Step.objects.filter(report__in=[one.pk for one in reports], act__in=("save", "submit"), by=user)
    return found.exists()


def describe(report: Progress) -> str:
    """'T01 2017-06', as audit records name a report."""
    return f"{report.work.code} {months.iso(report.month)}"


def _new(work: Task | Project, month: int) -> Progress:
    place = {"project": work} if isinstance(work, Project) else {"task": work}
    return Progress(month=month, **place)


def _standing(drafts: Sequence[Draft]) -> dict[tuple[str, int], Progress]:
    """The reports of these works and months that exist, by code and month."""
    found = {}
    rows = Progress.objects.select_related("task", "project").filter(month__in={month for _work, month, _c in drafts})
    for name, model in (("task", Task), ("project", Project)):
        ids = {work.pk for work, _month, _content in drafts if isinstance(work, model)}
        for report in rows.filter(**{f"{name}__in": ids}) if ids else ():
            found[report.work.code, report.month] = report
    return found


def _locked(reports: Sequence[Progress]) -> list[Progress]:
    """The reports as they stand now, with their county locked."""
    lock_county(county().pk)
    rows = Progress.objects.select_related("task", "project").in_bulk([one.pk for one in reports])
    shared: dict[str, Task | Project] = {}
    for report in rows.values():  # one object a work, whose milestones are read once
        work = shared.setdefault(report.work.code, report.work)
        setattr(report, "project" if isinstance(work, Project) else "task", work)
    return [rows[one.pk] for one in reports]


def _priors(reports: Collection[Progress]) -> dict[int, Progress]:
    """Report id → the last approved report of the same work before its month."""
    found: dict[int, Progress] = {}
    rows = Progress.objects.filter(state=State.APPROVED).order_by("month")
    for name in ("task_id", "project_id"):
        wanted = {getattr(one, name): one for one in reports if getattr(one, name)}
        for earlier in rows.filter(**{f"{name}__in": wanted}) if wanted else ():
            for report in reports:
                if getattr(report, name) == getattr(earlier, name) and earlier.month < report.month:
                    found[report.pk] = earlier
    return found


def _must_be_whole(report: Progress, priors: Mapping[int, Progress]) -> None:
    problem = handing_in_problem(report.work, report.month, content_of(report), priors.get(report.pk))
    if problem:
        raise Refused(problem)


def _move(reports: Sequence[Progress], **values: object) -> None:
    """Set the same on all of them."""
    for report in reports:
        for name, value in values.items():
            setattr(report, name, value)
    ids = [one.pk for one in reports]
    for start in range(0, len(ids), BATCH):
        Progress.objects.filter(pk__in=ids[start : start + BATCH]).update(**values)


def _carried(reports: Sequence[Progress], *, by: User, reason: str) -> None:
    here: Area = county()
    works = {one.work.code: one.work for one in reports}
    carrying.carry(here, list(works.values()), by=by, reason=reason)
    raise_data_version(here.pk)


def _steps(reports: Sequence[Progress], act: str, by: User, reason: str = "") -> None:
    moment = clock.now()
    Step.objects.bulk_create(
        Step(
            report=one,
            act=act,
            to_state=one.state,
            version=one.version,
            by=by,
            at=moment,
            reason=reason,
            content=content_of(one).as_json() if act == "submit" else {},
        )
        for one in reports
    )


def _objects(reports: Sequence[Progress]) -> str:
    names = [describe(one) for one in reports[:3]]
    return ", ".join(names) + (f" … ({len(reports)})" if len(reports) > 3 else "")


def _told(reports: Sequence[Progress]) -> dict:
    """What an audit record says of these reports: version and percent of each; of a whole back-fill, how many."""
    if len(reports) > TOLD:
        return {"reports": len(reports), "months": sorted({months.iso(one.month) for one in reports})}
    return {describe(one): {"version": one.version, "percent": one.percent} for one in reports}
