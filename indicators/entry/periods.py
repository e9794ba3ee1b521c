"""Whether a month's entry is still open for a form and place, and opening it again (补报) with a second person.

From the month of going live on, entry closes some workdays after the towns' deadline (报送期限) or when the month is
first released, whichever comes first. Then a sheet is only written while a reopening of its own is granted and not run
out. A sheet the section returned, and a correction (更正) of an approved one, are not late entry and stay open.
`workflow` asks `why_closed` on every way of writing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bureau import audit, clock, installation, months
from bureau.models import Area, Installation, User
from indicators.due import Dates
from indicators.models import PublishedMonth, Reopening, ReportingForm, Submission

State = Reopening.State
LONGEST_DAYS = 14
REASON_LENGTH = 5


class Refused(Exception):
    """An act on a reopening that the rules do not allow; `args[0]` says why, in the reader's language."""


def closed_since(dates: Dates, county: int, month: int) -> str:
    """Since when and why entry of the month is closed, in words; '' while it is open to all who may type."""
    if not dates.closes(month):
        return ""
    closes = dates.due(month).closes
    release = PublishedMonth.objects.filter(county=county, month=month).order_by("version").first()
    words = {"month": months.label(month)}
    if release is not None and not (dates.now > closes and closes.date() <= release.business_date):
        return _("%(month)s已于 %(day)s发布，停止填报。") % {**words, "day": dates.day(release.business_date)}
    if dates.now > closes:
        return _("%(month)s的报表已于 %(when)s 停止填报。") % {**words, "when": dates.when(closes)}
    return ""


def closed_months(dates: Dates, county: int, wanted: Collection[int]) -> frozenset[int]:
    """Those of the months whose entry is closed to whoever has no reopening; at most one query."""
    live = [month for month in wanted if dates.closes(month)]
    if not live:
        return frozenset()
    released = PublishedMonth.objects.filter(county=county, month__in=live).values_list("month", flat=True)
    return frozenset(released) | {month for month in live if dates.now > dates.due(month).closes}


def runs_until(reopening: Reopening, dates: Dates) -> datetime:
    """The moment at which it closes again by itself: the last day, at the time of day of the month's deadlines."""
    return datetime.combine(reopening.expires_on, dates.due(reopening.month).closes.timetz())


def granted(form: int, place: int, month: int, dates: Dates) -> Reopening | None:
    """The reopening in force of this sheet."""
    rows = Reopening.objects.filter(form=form, place=place, month=month, state=State.GRANTED)
    return next((one for one in rows if dates.now <= runs_until(one, dates)), None)


def is_late_entry(submission: Submission) -> bool:
    """Not what the section sent back, nor a correction of what was approved."""
    return submission.state != Submission.State.RETURNED and not submission.approved_version


def why_closed(submission: Submission, dates: Dates | None = None) -> str:
    """Why nothing may be written in this sheet now, and whom to ask; '' where it may. For a clerk, in his language."""
    if not is_late_entry(submission):
        return ""
    if dates is None:
        here = installation.current()
        if here is None:
            return ""
        dates = Dates.of(here)
    since = closed_since(dates, submission.place.home, submission.month)
    if not since or granted(submission.form_id, submission.place_id, submission.month, dates):
        return ""
    return since + _("确须补报的，先申请补报，由责任科室审核人或办公室批准，申请人不能自批。")


def looked_at(submission: Submission) -> bool:
    """Has anybody but the writer done anything with it? Then the first handing in stands, whatever is withdrawn."""
    return submission.transitions.exclude(act__in=("submit", "withdraw")).exists()


# --- Reopening ------------------------------------------------------------------------------------
@transaction.atomic
def ask(form: ReportingForm, place: Area, month: int, *, by: User, reason: str, expires_on: date) -> Reopening:
    """Ask for a closed sheet to be opened until `expires_on`. Refused while it is open, or asked for already."""
    installation.lock_county(place.home)
    dates = Dates(_here())
    submission = Submission.objects.filter(form=form, place=place, month=month).select_related("place").first()
    submission = submission or Submission(form=form, place=place, month=month)
    if not submission.is_open:
        raise Refused(_("这份报表“%(state)s”，不用补报。") % {"state": submission.get_state_display()})
    if not why_closed(submission, dates):
        raise Refused(_("这份报表现在就能填报，不用申请补报。"))
    reason = _reason(reason)
    waiting = Reopening.objects.filter(form=form, place=place, month=month, state=State.ASKED).first()
    if waiting is not None:
        if (waiting.asked_by_id, waiting.reason, waiting.expires_on) == (by.pk, reason, expires_on):
            return waiting  # the same page sent twice
        raise Refused(_("这份报表的补报已有人申请，还没有批。"))
    latest = date.fromordinal(dates.today.toordinal() + LONGEST_DAYS)
    if not dates.today <= expires_on <= latest:
        span = {"first": dates.today.isoformat(), "last": latest.isoformat()}
        raise Refused(_("开放到的日期须在 %(first)s 至 %(last)s 之间。") % span)
    found = Reopening.objects.create(
        form=form, place=place, month=month, reason=reason, asked_by=by, asked_at=clock.now(), expires_on=expires_on
    )
    audit.record("reopening.ask", by=by, object=describe(found), reason=reason, detail=_told(found))
    return found


@transaction.atomic
def decide(reopening: Reopening, *, by: User, grant: bool, reason: str = "") -> Reopening:
    """Grant or refuse; by another than who asked. A refusal says why."""
    reopening = _locked(reopening)
    becomes = State.GRANTED if grant else State.REFUSED
    if (reopening.state, reopening.decided_by_id, reopening.decision_reason) == (becomes, by.pk, reason.strip()):
        return reopening  # the same page sent twice
    if reopening.state != State.ASKED:
        raise Refused(_("这份申请“%(state)s”，不能再批。") % {"state": reopening.get_state_display()})
    if reopening.asked_by_id == by.pk:
        raise Refused(_("不能批准自己的申请，须由另一个人批。"))
    dates = Dates(_here())
    if grant and dates.now > runs_until(reopening, dates):
        raise Refused(_("申请开放到的日期已过，请申请人重新申请。"))
    reopening.decision_reason = reason.strip() if grant else _reason(reason)
    return _end(reopening, becomes, "grant" if grant else "refuse", by)


@transaction.atomic
def withdraw(reopening: Reopening, *, by: User) -> Reopening:
    """Take one's own request back before it is decided."""
    reopening = _locked(reopening)
    if reopening.state != State.ASKED or reopening.asked_by_id != by.pk:
        raise Refused(_("只能撤回自己还没有批的申请。"))
    return _end(reopening, State.WITHDRAWN, "withdraw", by)


def _end(reopening: Reopening, state: str, act: str, by: User) -> Reopening:
    reopening.state, reopening.decided_by, reopening.decided_at = state, by, clock.now()
    reopening.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    audit.record(
        f"reopening.{act}",
        by=by,
        object=describe(reopening),
        reason=reopening.decision_reason,
        detail=_told(reopening),
    )
    return reopening


def describe(reopening: Reopening) -> str:
    """'yj01 330424101 2017-06', as audit records name the sheet."""
    return f"{reopening.form.code} {reopening.place.code} {months.iso(reopening.month)}"


def standing(dates: Dates) -> list[Reopening]:
    """Asked for and not decided, or granted and not run out by the day; all of the county's, one query."""
    open_still = Q(state=State.ASKED) | Q(state=State.GRANTED, expires_on__gte=dates.today)
    found = Reopening.objects.filter(open_still).select_related("form__section", "place", "asked_by", "decided_by")
    return list(found.order_by("pk"))


def in_force(rows: Iterable[Reopening], dates: Dates) -> list[Reopening]:
    return [one for one in rows if one.state == State.GRANTED and dates.now <= runs_until(one, dates)]


def _told(reopening: Reopening) -> dict[str, str | int]:
    return {"request": reopening.pk, "expires_on": reopening.expires_on.isoformat()}


def _locked(reopening: Reopening) -> Reopening:
    """The request as it stands now, with its county locked."""
    installation.lock_county(reopening.place.home)
    return Reopening.objects.select_related("form", "place").get(pk=reopening.pk)


def _here() -> Installation:
    here = installation.current()
    if here is None:
        raise Refused(_("还没有载入方案。"))
    return here


def _reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < REASON_LENGTH:
        raise Refused(_("请写明理由，至少 5 个字。"))
    return reason
