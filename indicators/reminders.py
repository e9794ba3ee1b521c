"""Reminders (催报): what of each person's desk presses today, and sending it once a day by mail.

Pressing is: returned, overdue, due today or on the next workday, waiting for his check or review, a reopening to
decide; higher floors add theirs by `register`. A row is written before a message goes out, so that no run sends a
second one on the same day; only what the mail server refused is tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import audit, clock, months
from bureau.authorization import Permission, Scope, holders
from bureau.language import localized
from bureau.models import Installation, User
from bureau.places import Tree
from indicators import access, desk, desk_forms
from indicators.due import Dates, due_month
from indicators.entry import periods
from indicators.models import Reminder, Reopening

P = Permission
DUMMY = "django.core.mail.backends.dummy.EmailBackend"
PRESSING = ("returned", "overdue", "check", "review")
MOST_LINES = 40


@dataclass(frozen=True)
class Line:
    """One thing that presses, in words; `section` is the one it concerns (it owns the form), None for the county."""

    text: str
    section: int | None


@dataclass(frozen=True)
class Digest:
    """What presses on one person."""

    user: User
    lines: tuple[Line, ...]


Find = Callable[[Installation, Sequence[User]], Mapping[int, Sequence[Line]]]
_registered: dict[str, Find] = {}


def register(name: str, find: Find) -> None:
    """`find(installation, everybody)` gives what else presses on whom: user id → lines; from AppConfig.ready()."""
    _registered[name] = find


def digests(installation: Installation) -> list[Digest]:
    """Everybody on whom something presses, by unit and name; the same number of queries for few and for many."""
    dates, tree = Dates.of(installation), Tree(installation.county_id)
    month = due_month(dates.today)
    standing = periods.standing(dates)
    read = desk.read_periods(dates, month, standing)
    everybody = holders(P.ENTER, P.CHECK_TOWN, P.REVIEW, P.PUBLISH)
    sheets = desk_forms.Sheets.read(
        desk_forms.Held(User(), Scope(everywhere=True), Scope(), Scope(), Scope()),
        tree,
        month,
        desk_forms.months_looked_at(dates, month),
    )
    more = [find(installation, everybody) for find in _registered.values()]
    found = []
    for user in everybody:
        held = desk_forms.Held.by(user)
        rows = desk_forms.rows(held, tree, month, read, sheets) if held.read else []
        lines = [_line(row) for row in rows if row["kind"] in PRESSING or (row["kind"] == "enter" and row["soon"])]
        lines += [
            _to_decide(one, tree)
            for one in standing
            if one.state == Reopening.State.ASKED and access.may_decide_reopening(user, one)
        ]
        lines += [line for one in more for line in one.get(user.pk, ())]
        if lines:
            found.append(Digest(user, tuple(lines)))
    return found


def _line(row: dict) -> Line:
    what = f"{row['form']} · {row['place']} · {row['month']}"
    said = _("；").join(filter(None, (row["state_word"], row["due"], row["note"])))
    return Line(f"{what}：{said}", row["section"])


def _to_decide(one: Reopening, tree: Tree) -> Line:
    place = tree.valid(one.month).get(one.place_id)
    name = place.name if place else one.place.code
    what = f"{one.form.number} {localized(one.form)} · {name} · {months.label(one.month)}"
    return Line(_("%(what)s：补报待批") % {"what": what}, one.form.section_id)


def of_sections(found: Iterable[Digest], sections: Collection[int]) -> list[Digest]:
    """Only the lines that concern these sections, and who has any."""
    kept = (Digest(one.user, tuple(line for line in one.lines if line.section in sections)) for one in found)
    return [one for one in kept if one.lines]


def sending() -> bool:
    """Is there a way for messages to go out?"""
    return settings.EMAIL_BACKEND != DUMMY


@dataclass
class Outcome:
    """What a run did."""

    sent: int = 0
    already: int = 0
    without_address: int = 0
    failed: int = 0


def send(installation: Installation, say: Callable[[str], None] = lambda text: None) -> Outcome:
    """Send today's messages to whom none was sent today; `say` hears of failures."""
    outcome, today = Outcome(), clock.real_day()
    for one in digests(installation):
        if not one.user.email:
            outcome.without_address += 1
            continue
        row = _claim(one, today)
        if row is None:
            outcome.already += 1
            continue
        try:
            _message(one, installation).send()
        except (OSError, SMTPException) as error:
            row.problem = f"{type(error).__name__}: {error}"[:200]
            outcome.failed += 1
            say(f"{one.user.username}: {row.problem}")
        else:
            row.sent_at, row.problem = clock.now(), ""
            outcome.sent += 1
        row.save(update_fields=["sent_at", "problem"])
    if outcome.sent or outcome.failed:
        with transaction.atomic():
            detail = {"sent": outcome.sent, "failed": outcome.failed, "without_address": outcome.without_address}
            audit.record("reminders.send", by=None, object=today.isoformat(), detail=detail)
    return outcome


@transaction.atomic
def _claim(one: Digest, today) -> Reminder | None:
    """The row of this message, None where one went out today or may have."""
    row, new = Reminder.objects.select_for_update().get_or_create(
        user=one.user, on=today, defaults={"lines": len(one.lines)}
    )
    if new:
        return row
    if row.sent_at is not None or not row.problem:
        return None
    row.problem, row.lines = "", len(one.lines)
    row.save(update_fields=["problem", "lines"])
    return row


def _message(one: Digest, installation: Installation) -> EmailMessage:
    count = {"n": len(one.lines)}
    head = [_("%(name)s：") % {"name": one.user}, "", _("试点月报有 %(n)d 件事要办：") % count]
    body = [f"{number}. {line.text}" for number, line in enumerate(one.lines[:MOST_LINES], 1)]
    if len(one.lines) > MOST_LINES:
        body.append(_("其余 %(n)d 件见“我的工作”。") % {"n": len(one.lines) - MOST_LINES})
    where = f"{settings.SITE_URL}{reverse('desk')}" if settings.SITE_URL else _("登录后看“我的工作”")
    foot = ["", where, _("本邮件由系统发出，一天最多一封，不用回复。")]
    if installation.demonstration:
        head.insert(0, _("演示数据"))
    return EmailMessage(
        subject=_("试点月报：%(n)d 件事要办") % count, body="\n".join([*head, *body, *foot]), to=[one.user.email]
    )
