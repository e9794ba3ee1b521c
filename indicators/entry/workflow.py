"""The only writers of entries and figures: save, submit, withdraw, check, return, approve, correct, take back.

Plain functions named by the verb, `by=` the acting person; each is one transaction that locks the county first, writes
the audit record and, where approved values change, revisions, roll-ups and evaluations. Who may call is asked in
indicators/access.py; the rules of state and of four eyes are asked here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from bureau import audit, bulk, clock, installation, months
from bureau.installation import lock_county, raise_data_version
from bureau.models import Area, User
from indicators.due import Dates
from indicators.entry import approval, exclusion, periods
from indicators.entry.change import Change
from indicators.entry.content import batched, content_digest, content_digests, is_own, standing
from indicators.entry.refusals import Cell, Closed, Conflict, PeriodClosed, Refused, reasoned
from indicators.models import Entry, ReportingForm, Submission, Transition

State = Submission.State
WAITING = (State.SUBMITTED, State.TOWN_CHECKED)


def submission_for(form: ReportingForm, place: Area, month: int) -> Submission:
    """The submission of a form, place and month, made empty where there is none. Inside a transaction."""
    found = Submission.objects.get_or_create(form=form, place=place, month=month)[0]
    found.form, found.place = form, place  # known already
    return found


def submissions_for(form: ReportingForm, places: Sequence[Area], month: int) -> dict[int, Submission]:
    """The same for several places, by the place's id."""
    standing = Submission.objects.filter(form=form, place__in=places, month=month)
    found = {one.place_id: one for one in standing}
    missing = [Submission(form=form, place=place, month=month) for place in places if place.pk not in found]
    if missing:
        Submission.objects.bulk_create(missing, ignore_conflicts=True)
        found = {one.place_id: one for one in standing.all()}
    return found


def save(submission: Submission, changes: Sequence[Change], *, by: User, source: str) -> int:
    """Write draft cells and return how many changed; all or none. What stands already is not written again.

    Conflict when a cell's version is not the expected one; Closed when the submission is not open. A cell's version
    is the submission's that wrote it, so that a cell emptied and filled anew never passes for the one before.
    """
    return save_all([(submission, changes)], by=by, source=source)


@bulk.at_a_stretch()
@transaction.atomic
def save_all(drafts: Sequence[tuple[Submission, Sequence[Change]]], *, by: User, source: str) -> int:
    """The same for several submissions of one county in one act, each named once, with an audit record for each."""
    if not drafts:
        return 0
    fresh = _all_locked([submission for submission, _changes in drafts])
    _refuse_late([one for one in fresh.values() if one.is_open])
    cells = standing(list(fresh))
    written = []
    for one, changes in drafts:
        submission = fresh[one.pk]
        if not submission.is_open:
            raise Closed(_("这份报表“%(state)s”，不能再改。") % {"state": submission.get_state_display()})
        due = [change for change in changes if not change.stands(cells[one.pk].get(change.cell))]
        _refuse_outdated(submission, due, cells[one.pk])
        due = [change.over(cells[one.pk].get(change.cell)) for change in due]
        if due:
            written.append((submission, due, cells[one.pk]))
    _write(written, by=by, source=source)
    return sum(len(due) for _submission, due, _cells in written)


def _refuse_outdated(submission: Submission, due: Sequence[Change], cells: Mapping[Cell, tuple]) -> None:
    late = {
        change.cell: cells[change.cell][1:] if change.cell in cells else (None,) * 5
        for change in due
        if change.expected is not None and cells.get(change.cell, (0,))[0] != change.expected
    }
    if late:
        raise Conflict(_("有 %(count)d 格已被他人修改，没有保存。") % {"count": len(late)}, late, [submission])


def _write(
    drafts: Sequence[tuple[Submission, Sequence[Change], Mapping[Cell, tuple]]], *, by: User, source: str
) -> None:
    """The changed cells into Entry, the emptied ones out of it, and for each draft a record that keeps the old values.

    New cells are plainly added: the county's lock is held since they were looked for.
    """
    moment = bulk.stamp(clock.now())
    new: list[tuple] = []
    changed: list[tuple] = []
    emptied: list[tuple] = []
    acts = []
    for submission, due, cells in drafts:
        pk, version = submission.pk, submission.version + 1
        units = [one.units for one in due]
        gone = [(pk, *one.cell) for one in due if one.clear]
        rows = [
            (pk, *one.cell, amount, int(one.state), version, by.pk, moment, source, one.note)
            for one, amount in zip(due, units, strict=True)
            if not one.clear
        ]
        known = {(pk, *cell) for cell in cells}
        new += [row for row in rows if row[:4] not in known]
        changed += [row for row in rows if row[:4] in known]
        emptied += gone
        detail: dict[str, object] = {"cells": len(due), "source": source, "changes": _changes(due, units, cells)}
        digest = audit.digest_of(rows + [(*key, None) for key in gone])
        acts.append(audit.Act("entries.save", describe(submission), detail=detail, revisions=digest))
    bulk.insert(Entry, _ENTRY_FIELDS, new)
    bulk.upsert(Entry, _ENTRY_FIELDS, changed, key=_ENTRY_KEY)
    bulk.delete(Entry, _ENTRY_KEY, emptied)
    for ids in batched([submission.pk for submission, *_rest in drafts]):
        Submission.objects.filter(pk__in=ids).update(version=F("version") + 1)
    audit.record_all(acts, by=by)


def _changes(due: Sequence[Change], units: Sequence[int | None], cells: Mapping[Cell, tuple]) -> list[list[int | None]]:
    """(area, item, category, old value, old state, new value, new state) of each cell, in ten-thousandths."""
    empty = (0, None, None)
    return [
        [*one.cell, *cells.get(one.cell, empty)[1:3], *((None, None) if one.clear else (amount, int(one.state)))]
        for one, amount in zip(due, units, strict=True)
    ]


_HAS_ENTRY = Exists(Entry.objects.filter(submission=OuterRef("pk")))
_ENTRY_KEY = ("submission", "area", "item", "category")
_ENTRY_FIELDS = (*_ENTRY_KEY, "value", "state", "version", "by", "at", "source", "note")


def submit(submission: Submission, *, by: User) -> Submission:
    """Hand a draft in for review. Refused unless open and holding at least one entry."""
    return submit_all([submission], by=by)[0]


@transaction.atomic
def submit_all(submissions: Sequence[Submission], *, by: User) -> list[Submission]:
    """The same for several of one county in one act: all or none."""
    if not submissions:
        return []
    fresh, now = list(_all_locked(submissions).values()), clock.now()
    if closed := [one for one in fresh if not one.is_open]:
        raise Closed(_("这份报表“%(state)s”，不能提交。") % {"state": closed[0].get_state_display()})
    filled: set[int] = set()
    for ids in batched([one.pk for one in fresh]):
        filled |= set(Submission.objects.filter(pk__in=ids).filter(_HAS_ENTRY).values_list("pk", flat=True))
    if any(one.pk not in filled for one in fresh):
        raise Refused(_("还没有填任何数，不能提交。"))
    _refuse_late(fresh)
    _refuse_within_spans(fresh)
    moment = clock.moment_in(installation.current())
    for one in fresh:
        one.submitted_by, one.submitted_at, one.state = by, now, State.SUBMITTED
        one.handed_in_at = one.handed_in_at or moment
    Submission.objects.bulk_update(fresh, ["submitted_by", "submitted_at", "handed_in_at", "state"], batch_size=200)
    Transition.objects.bulk_create(_transition(one, "submit", by, "") for one in fresh)
    audit.record_all([audit.Act("submission.submit", describe(one)) for one in fresh], by=by)
    return fresh


@transaction.atomic
def withdraw(submission: Submission, *, by: User) -> Submission:
    """Take a submission back before it was reviewed."""
    submission = _locked(submission)
    if submission.state not in WAITING:
        raise Closed(_("只有待审核的报表可以撤回。"))
    _refuse_late([submission])
    if not periods.looked_at(submission):
        submission.handed_in_at = None
    return _move(submission, State.DRAFT, "withdraw", by=by)


@transaction.atomic
def town_check(submission: Submission, *, by: User, seen: str | None = None) -> Submission:
    """The town's own check (初审) before the section's review; `seen` as in approve, nobody checks what he typed."""
    submission = _locked(submission)
    if not submission.awaits_town_check:
        raise Closed(_("只有待初审的报表可以初审。"))
    if seen and content_digest(submission) != seen:
        raise Conflict(_("数据已变动，请重新核对。"), submissions=[submission])
    if is_own(submission, by):
        raise Refused(_("不能初审自己填报的数。"))
    return _move(submission, State.TOWN_CHECKED, "town_check", by=by)


@transaction.atomic
def return_(submission: Submission, *, by: User, reason: str) -> Submission:
    """Send a submission back to be mended; a reason of at least five characters is compulsory."""
    submission = _locked(submission)
    if submission.state not in WAITING:
        raise Closed(_("只有待审核的报表可以退回。"))
    return _move(submission, State.RETURNED, "return", by=by, reason=reasoned(reason))


def approve(submission: Submission, *, by: User, seen: str | None = None) -> Submission:
    """Approve one submission; `seen` is the content digest the reviewer looked at (Conflict when it changed)."""
    approve_all([submission], by=by, seen={submission.pk: seen} if seen else None)
    submission.refresh_from_db()
    return submission


@bulk.at_a_stretch()
@transaction.atomic
def approve_all(
    submissions: Sequence[Submission], *, by: User, seen: Mapping[int, str] | None = None, basis: str = ""
) -> int:
    """Approve submissions of one county in one act; returns the number of approved values that changed.

    Refused when one is not submitted or holds an entry of `by` himself; nothing is approved then. `basis`: what a
    signed act (补录已审) rests on, kept as the reason of the act and of each step.
    """
    if not submissions:
        return 0
    county = _county_of(submissions[0])
    lock_county(county)
    fresh = list(
        Submission.objects.select_for_update(of=("self",))
        .filter(pk__in=[one.pk for one in submissions])
        .select_related("form", "place")
        .order_by("pk")
    )
    if any(one.state not in WAITING for one in fresh):
        raise Closed(_("只有待审核的报表可以通过。"))
    if any(one.awaits_town_check for one in fresh):
        raise Refused(_("须先经镇（街道）初审。"))
    if seen:
        now = content_digests([one.pk for one in fresh])
        if other := [one for one in fresh if now[one.pk] != seen.get(one.pk)]:
            raise Conflict(_("数据已变动，请重新核对。"), submissions=other)
    _refuse_own(fresh, by)
    _refuse_within_spans(fresh)
    again = [one for one in fresh if one.approved_version]
    _mark_approved(fresh, by, basis)
    changed = approval.write_figures(
        county, fresh, again, by=by, reason=basis or _reasons(fresh), objects=_objects(fresh),
        act="submission.approve.signed" if basis else "submission.approve",
    )  # fmt: skip
    raise_data_version(county)
    return changed


def _refuse_within_spans(submissions: Sequence[Submission]) -> None:
    """A month inside an approved total of a span (补录合计) has no figures of its own."""
    if problem := exclusion.against_finer(submissions):
        raise Refused(problem)


def _refuse_own(submissions: Sequence[Submission], by: User) -> None:
    """Entering, checking and reviewing (填报、初审、审核) are never one person's."""
    ids = [one.pk for one in submissions]
    own = Entry.objects.filter(submission__in=ids, by=by).exists()
    if own or any(one.submitted_by_id == by.pk for one in submissions):
        raise Refused(_("不能审核自己填报的数。"))
    if Transition.objects.filter(submission__in=ids, act="town_check", by=by).exists():
        raise Refused(_("不能审核自己初审过的报表。"))


def _reasons(submissions: list[Submission]) -> str:
    """Why values approved before change: the reason of each last correction or take-back, whatever came since."""
    found = Transition.objects.filter(submission__in=[one.pk for one in submissions], act__in=("correct", "take_back"))
    last = dict(found.order_by("submission_id", "pk").values_list("submission_id", "reason"))
    return "；".join(dict.fromkeys(last.values()))


def _mark_approved(submissions: list[Submission], by: User, basis: str) -> None:
    now = clock.now()
    for submission in submissions:
        submission.state, submission.reason = State.APPROVED, ""
        submission.approved_version, submission.approved_by, submission.approved_at = submission.version, by, now
    for ids in batched([one.pk for one in submissions]):
        Submission.objects.filter(pk__in=ids).update(
            state=State.APPROVED, reason="", approved_version=F("version"), approved_by=by, approved_at=now
        )
    Transition.objects.bulk_create(_transition(one, "approve", by, basis) for one in submissions)


@transaction.atomic
def correct(submission: Submission, *, by: User, reason: str) -> Submission:
    """Open an approved submission for a reasoned correction. Its figures stand until the correction is approved."""
    submission = _locked(submission)
    if submission.state != State.APPROVED:
        raise Closed(_("只有已审核的报表可以更正。"))
    return _move(submission, State.DRAFT, "correct", by=by, reason=reasoned(reason))


@transaction.atomic
def take_back(submission: Submission, *, by: User, reason: str) -> Submission:
    """Undo an approval: its figures are deleted (a revision each) and the submission is returned."""
    submission = _locked(submission)
    if not submission.approved_version:
        raise Refused(_("这份报表没有审核过。"))
    county = _county_of(submission)
    submission.approved_version = 0
    moved = _move(submission, State.RETURNED, "take_back", by=by, reason=reasoned(reason))
    approval.delete_figures(county, [moved], by=by, reason=moved.reason, objects=_objects([moved]))
    raise_data_version(county)
    return moved


def describe(submission: Submission) -> str:
    """'yj01 330424101 2017-06', as audit records name a submission."""
    return f"{submission.form.code} {submission.place.code} {months.iso(submission.month)}"


def _objects(submissions: Sequence[Submission]) -> str:
    names = [describe(one) for one in submissions[:3]]
    return ", ".join(names) + (f" … ({len(submissions)})" if len(submissions) > 3 else "")


def _county_of(submission: Submission) -> int:
    return submission.place.home


def _locked(submission: Submission) -> Submission:
    """The submission as it stands now, with its county locked."""
    lock_county(_county_of(submission))
    return Submission.objects.select_related("form", "place").get(pk=submission.pk)


def _refuse_late(submissions: Sequence[Submission]) -> None:
    """Nothing is written in a month that is closed; taken back, it could not be handed in again."""
    here = installation.current()
    dates = Dates.of(here) if here else None
    for one in submissions:
        if why := periods.why_closed(one, dates):
            raise PeriodClosed(why)


def _all_locked(submissions: Sequence[Submission]) -> dict[int, Submission]:
    """Several of one county as they stand now, by id in the order given, with the county locked."""
    lock_county(_county_of(submissions[0]))
    found: dict[int, Submission] = {}
    for ids in batched([one.pk for one in submissions]):
        found |= Submission.objects.select_related("form", "place").in_bulk(ids)
    return {one.pk: found[one.pk] for one in submissions}


def _transition(submission: Submission, act: str, by: User, reason: str) -> Transition:
    return Transition(
        submission=submission,
        act=act,
        to_state=submission.state,
        version=submission.version,
        by=by,
        at=clock.now(),
        reason=reason,
    )


def _move(submission: Submission, state: str, act: str, *, by: User, reason: str = "") -> Submission:
    submission.state = state
    if reason:
        submission.reason = reason
    submission.save()
    _transition(submission, act, by, reason).save()
    audit.record(f"submission.{act}", by=by, object=describe(submission), reason=reason)
    return submission
