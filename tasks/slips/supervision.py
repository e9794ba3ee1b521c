"""The only writers of supervision slips (督办单): raise, assign, drop, change, accept, answer, send back, conclude,
strike off, reopen; and of the later days asked for them (延期). Nothing is ever deleted.

Each is one transaction that locks the county first, takes the version the writer saw (Conflict where it is another),
and writes step and audit record. What may be done in which state says moves.py, who may call access.py; what
one person alone may not do is refused here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from bureau import audit, clock, months
from bureau.installation import county, lock_county, raise_data_version
from bureau.models import Area, Section, User
from indicators.models import Indicator
from tasks.models import Decision, Extension, Milestone, Project, Slip, SlipStep, Task
from tasks.rules import FEWEST_LETTERS, Conflict, Refused, reason_of
from tasks.slips.moves import CLOSED, MOVES, Act
from tasks.slips.number import number_of

State = Slip.State
RAISE = "raise"  # the act of a slip's first step
FEWEST_IN_ANSWER = 10
SHOWN = (
    "section", "town", "decision", "indicator", "task", "project", "milestone", "raised_by", "signed_by", "accepted_by",
)  # fmt: skip


class Wanted(NamedTuple):
    """What a slip says: what is pressed, on what ground, by whom it is done until when, and what it rests on."""

    subject: str
    basis: str
    requirement: str
    owner: Section | Area
    due_on: date
    problem: str = ""
    supporting: Sequence[Section] = ()
    officer: str = ""
    month: int | None = None
    indicator: Indicator | None = None
    work: Task | Project | None = None
    milestone: Milestone | None = None


@transaction.atomic
def raise_slip(
    wanted: Wanted, *, by: User | None, origin: Slip.Origin, key: str = "", decision: Decision | None = None
) -> Slip:
    """Raise a slip (立项) under the next number of the year; Refused where it stands already.

    `key` names what a rule raises it for, `by` is nobody then; `decision` is the meeting's from which it comes.
    """
    here = county()
    lock_county(here.pk)
    today = clock.today()
    _must_make_sense(wanted, today)
    slip = Slip(county=here, year=today.year, origin=origin, key=key, decision=decision, raised_on=today, raised_by=by)
    _write(slip, wanted)
    _must_be_new(slip)
    last = Slip.objects.filter(county=here, year=today.year).aggregate(last=Max("number"))["last"]
    slip.number = (last or 0) + 1
    slip.save()
    slip.supporting.set(wanted.supporting)
    told = _told(slip) | {"origin": origin, "key": key, "decision": str(decision or "")}
    return _recorded(slip, RAISE, by, detail=told)


@transaction.atomic
def assign(slip: Slip, *, by: User, seen: int) -> Slip:
    """Sign it and hand it to who answers for it (交办); its time begins to run."""
    slip = _moved(slip, Act.ASSIGN, seen)
    slip.assigned_on, slip.signed_by = clock.today(), by
    if slip.due_on <= slip.assigned_on:
        raise Refused(_("办结时限（%(d)s）须在交办之日以后；先更改时限，再交办。") % {"d": slip.due_on.isoformat()})
    return _saved(slip, Act.ASSIGN, by, detail={"due_on": slip.due_on.isoformat()})


@transaction.atomic
def drop(slip: Slip, *, why: str, by: User, seen: int) -> Slip:
    """Do not press it after all (不予督办), before anybody was charged with it."""
    slip = _moved(slip, Act.DROP, seen)
    return _saved(slip, Act.DROP, by, reason_of(why))


@transaction.atomic
def change(slip: Slip, wanted: Wanted, *, why: str, by: User, seen: int) -> Slip:
    """Put a slip that nobody signed for yet otherwise, with the reason for it."""
    slip = _moved(slip, Act.CHANGE, seen)
    why, before, limit = reason_of(why), _told(slip), slip.due_on
    _must_make_sense(wanted, slip.assigned_on or slip.raised_on)
    if wanted.due_on != limit and wanted.due_on <= clock.today():
        raise Refused(_("新的办结时限须晚于今天。"))
    _write(slip, wanted)
    slip.supporting.set(wanted.supporting)
    after = _told(slip)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changed:
        raise Refused(_("没有改动，没有保存。"))
    return _saved(slip, Act.CHANGE, by, why, changed)


@transaction.atomic
def accept(slip: Slip, *, by: User, seen: int) -> Slip:
    """Sign for it (签收): the unit has it and sees to it (承办)."""
    slip = _moved(slip, Act.ACCEPT, seen)
    slip.accepted_on, slip.accepted_by = clock.today(), by
    return _saved(slip, Act.ACCEPT, by)


@transaction.atomic
def answer(slip: Slip, *, text: str, by: User, seen: int) -> Slip:
    """Tell what was done (反馈). A later day still asked for is withdrawn with it: what is answered needs none."""
    slip = _moved(slip, Act.ANSWER, seen)
    text = text.strip()
    if len(text) < FEWEST_IN_ANSWER:
        raise Refused(_("请写明办理情况，至少 10 个字。"))
    asked = slip.extensions.filter(state=Extension.State.ASKED).update(state=Extension.State.WITHDRAWN)
    slip.answer, slip.answered_on = text, clock.today()
    return _saved(slip, Act.ANSWER, by, text, {"extensions_withdrawn": asked} if asked else None)


@transaction.atomic
def send_back(slip: Slip, *, why: str, by: User, seen: int, until: date | None = None) -> Slip:
    """Have it done again (退回重办), with what is wanting, and until a later day where `until` says one."""
    slip = _moved(slip, Act.SEND_BACK, seen)
    _must_be_another(slip, by)
    why, limit = reason_of(why), slip.due_on
    if until is not None and until != limit:
        if until <= max(limit, clock.today()):
            raise Refused(_("重办的时限须晚于今天和原时限（%(d)s）。") % {"d": limit.isoformat()})
        slip.due_on = until
    slip.verdict, slip.concluded_on = "", None
    moved = {"due_on": [limit.isoformat(), slip.due_on.isoformat()]} if slip.due_on != limit else None
    return _saved(slip, Act.SEND_BACK, by, why, moved)


@transaction.atomic
def conclude(slip: Slip, *, verdict: str, by: User, seen: int) -> Slip:
    """Find the answer sufficient (审结), and say so."""
    slip = _moved(slip, Act.CONCLUDE, seen)
    _must_be_another(slip, by)
    verdict = verdict.strip()
    if len(verdict) < FEWEST_LETTERS:
        raise Refused(_("请写明审结意见，至少 5 个字。"))
    slip.verdict, slip.concluded_on = verdict, clock.today()
    return _saved(slip, Act.CONCLUDE, by, verdict)


@transaction.atomic
def strike_off(slip: Slip, *, by: User, seen: int) -> Slip:
    """Strike it off the list (销号)."""
    slip = _moved(slip, Act.STRIKE_OFF, seen)
    slip.struck_off_on = clock.today()
    return _saved(slip, Act.STRIKE_OFF, by)


@transaction.atomic
def reopen(slip: Slip, *, why: str, by: User, seen: int) -> Slip:
    """Put a slip struck off by mistake back on the list, concluded as it was; from there it can be sent back."""
    slip = _moved(slip, Act.REOPEN, seen)
    struck_off_on, slip.struck_off_on = slip.struck_off_on, None
    return _saved(slip, Act.REOPEN, by, reason_of(why), {"struck_off_on": [_day(struck_off_on), ""]})


@transaction.atomic
def ask_extension(slip: Slip, *, until: date, reason: str, by: User) -> Extension:
    """Ask for a later day (申请延期), before the time limit is over, with the reason."""
    slip = _moved(slip, Act.ASK_EXTENSION)
    if clock.today() > slip.due_on:
        raise Refused(_("办结时限（%(d)s）已过，不能再申请延期。") % {"d": slip.due_on.isoformat()})
    if until <= slip.due_on:
        raise Refused(_("申请延至的日期须晚于现在的时限（%(d)s）。") % {"d": slip.due_on.isoformat()})
    if slip.extensions.filter(state=Extension.State.ASKED).exists():
        raise Refused(_("已有一份延期申请待批；可先撤回，再申请。"))
    reason = reason_of(reason)
    asked = Extension.objects.create(
        slip=slip, from_on=slip.due_on, wanted_on=until, reason=reason, asked_by=by, asked_at=clock.now()
    )
    told = {"due_on": slip.due_on.isoformat(), "wanted_on": until.isoformat()}
    _recorded(slip, Act.ASK_EXTENSION, by, reason, told)
    return asked


@transaction.atomic
def decide_extension(extension: Extension, *, grant: bool, note: str, by: User) -> Extension:
    """Grant a later day, or refuse it with the reason; never who asked for it."""
    extension, slip = _asked(extension, Act.DECIDE_EXTENSION)
    if extension.asked_by_id == by.pk:
        raise Refused(_("自己申请的延期，须由他人批复。"))
    note = note.strip() if grant else reason_of(note)
    told = {"granted": grant, "wanted_on": extension.wanted_on.isoformat()}
    if grant:
        if extension.wanted_on <= slip.due_on:
            raise Refused(_("时限已改为 %(d)s，不早于申请的日期，不必同意。") % {"d": slip.due_on.isoformat()})
        told["due_on"] = slip.due_on.isoformat()
        slip.due_on = extension.wanted_on
    extension.state = Extension.State.GRANTED if grant else Extension.State.REFUSED
    extension.decided_by, extension.decided_at, extension.note = by, clock.now(), note
    extension.save()
    _saved(slip, Act.DECIDE_EXTENSION, by, note, told)
    return extension


@transaction.atomic
def withdraw_extension(extension: Extension, *, by: User) -> Extension:
    """Take back what was asked for, before it was decided."""
    extension, slip = _asked(extension, Act.WITHDRAW_EXTENSION)
    extension.state = Extension.State.WITHDRAWN
    extension.save()
    _recorded(slip, Act.WITHDRAW_EXTENSION, by, detail={"wanted_on": extension.wanted_on.isoformat()})
    return extension


def all_slips(county: int) -> QuerySet[Slip]:
    """With all that pages print of them, newest first."""
    return Slip.objects.filter(county=county).select_related(*SHOWN).prefetch_related("supporting")


def answered_by(slip: Slip, user: User) -> bool:
    """Did this person answer the slip, at any time?"""
    return any(step.act == Act.ANSWER and step.by_id == user.pk for step in slip.steps.all())


def _must_make_sense(wanted: Wanted, begins: date) -> None:
    for text, name in (
        (wanted.subject, _("督办事项")), (wanted.basis, _("立项依据")), (wanted.requirement, _("工作要求")),
    ):  # fmt: skip
        if len(text.strip()) < FEWEST_LETTERS:
            raise Refused(_("请写明%(what)s，至少 5 个字。") % {"what": name})
    if wanted.due_on <= begins:
        raise Refused(_("办结时限须晚于 %(d)s。") % {"d": begins.isoformat()})
    if isinstance(wanted.owner, Section) and wanted.owner in wanted.supporting:
        raise Refused(_("责任单位不能同时是配合单位。"))


def _must_be_new(slip: Slip) -> None:
    """A rule's key stands once for ever; people's slip of the same subject, owner and time limit while it is open."""
    rows = Slip.objects.filter(county=slip.county)
    if slip.key:
        same = rows.filter(key=slip.key).first()
    else:
        alike = {name: getattr(slip, name) for name in ("subject", "section", "town", "due_on")}
        same = rows.filter(**alike).exclude(state__in=CLOSED).first()
    if same is not None:
        raise Refused(_("这件事已立为 %(n)s，没有重复立项。") % {"n": number_of(same)})


def _must_be_another(slip: Slip, by: User) -> None:
    if answered_by(slip, by):
        raise Refused(_("自己反馈的督办单，须由他人审结或退回。"))


def _write(slip: Slip, wanted: Wanted) -> None:
    for name in ("subject", "basis", "requirement", "problem", "officer"):
        setattr(slip, name, getattr(wanted, name).strip())
    slip.due_on, slip.month, slip.indicator = wanted.due_on, wanted.month, wanted.indicator
    slip.milestone = wanted.milestone
    slip.section = wanted.owner if isinstance(wanted.owner, Section) else None
    slip.town = wanted.owner if isinstance(wanted.owner, Area) else None
    slip.task = wanted.work if isinstance(wanted.work, Task) else None
    slip.project = wanted.work if isinstance(wanted.work, Project) else None


def _moved(slip: Slip, act: Act, seen: int | None = None) -> Slip:
    """The slip as it stands now, county locked, put into the state the act leads to; not yet saved."""
    lock_county(county().pk)
    fresh = all_slips(slip.county_id).get(pk=slip.pk)
    if seen is not None and fresh.version != seen:
        raise Conflict(_("这份督办单已被他人办理，现为“%(state)s”，没有保存。") % {"state": fresh.get_state_display()})
    moves = MOVES[State(fresh.state)]
    if act not in moves:
        words = {"state": fresh.get_state_display(), "act": act.label}
        raise Refused(_("督办单现为“%(state)s”，不能%(act)s。") % words)
    fresh.state = moves[act]
    return fresh


def _asked(extension: Extension, act: Act) -> tuple[Extension, Slip]:
    """The request as it stands now and its slip; Refused where it is decided or withdrawn."""
    slip = _moved(extension.slip, act)
    fresh = slip.extensions.get(pk=extension.pk)
    if fresh.state != Extension.State.ASKED:
        raise Refused(_("这份延期申请“%(state)s”，不能再办。") % {"state": fresh.get_state_display()})
    return fresh, slip


def _saved(slip: Slip, act: Act, by: User, words: str = "", detail: dict | None = None) -> Slip:
    slip.version += 1
    slip.save()
    return _recorded(slip, act, by, words, detail)


def _recorded(slip: Slip, act: str, by: User | None, words: str = "", detail: dict | None = None) -> Slip:
    """The step, the audit record and the data version of an act; `words` are those of the person."""
    SlipStep.objects.create(
        slip=slip, act=act, to_state=slip.state, version=slip.version, by=by, at=clock.now(), words=words
    )
    audit.record(f"slip.{act}", by=by, object=number_of(slip), reason=words, detail=detail)
    raise_data_version(slip.county_id)
    return slip


def _told(slip: Slip) -> dict[str, str]:
    work = slip.work
    return {
        "subject": slip.subject,
        "basis": slip.basis,
        "problem": slip.problem,
        "requirement": slip.requirement,
        "owner": slip.owner.code,
        "supporting": " ".join(sorted(one.code for one in slip.supporting.all())),
        "officer": slip.officer,
        "due_on": slip.due_on.isoformat(),
        "month": months.iso(slip.month) if slip.month is not None else "",
        "indicator": slip.indicator.code if slip.indicator else "",
        "work": work.code if work else "",
        "milestone": slip.milestone.code if slip.milestone else "",
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
