"""What pages say of a closed period and its reopening (补报), as finished text."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import localized
from bureau.models import Installation, User
from bureau.places import Tree
from indicators import access
from indicators.due import Dates
from indicators.entry import periods
from indicators.models import Reopening, Submission

NOTHING = {"text": "", "closed": False, "url": "", "label": ""}


def notice(user: User, reach: access.Reach, submission: Submission, here: Installation) -> dict:
    """What the sheet's page says of its period: {text, closed, url, label}; empty while the month is plainly open."""
    dates = Dates.of(here)
    if not dates.closes(reach.month) or not periods.is_late_entry(submission):
        return NOTHING
    why = periods.why_closed(submission, dates)
    if not why:
        found = periods.granted(reach.form.pk, reach.place.pk, reach.month, dates)
        if found is None:
            return NOTHING
        until = {"when": dates.when(periods.runs_until(found, dates))}
        return {**NOTHING, "text": _("补报已批准，开放到 %(when)s，过后自行停止填报。") % until, **_leads_to(found)}
    waiting = Reopening.objects.filter(
        form=reach.form, place=reach.place, month=reach.month, state=Reopening.State.ASKED
    ).first()
    if waiting is not None:
        return {"text": why, "closed": True, **_leads_to(waiting), "label": _("补报申请待批")}
    if submission.is_open and access.may_ask_to_reopen(user, reach.form, reach.place):
        return {"text": why, "closed": True, "url": reverse("reopen", args=reach.args), "label": _("申请补报")}
    return {"text": why, "closed": True, "url": "", "label": ""}


def _leads_to(reopening: Reopening) -> dict:
    return {"url": reverse("reopening", args=[reopening.pk]), "label": _("看补报申请")}


def title(reopening: Reopening) -> str:
    """'百步镇 · 就业创业月报 · 2017年7月'."""
    return f"{place_name(reopening)} · {localized(reopening.form)} · {months.label(reopening.month)}"


def place_name(reopening: Reopening) -> str:
    found = Tree(reopening.place.home).valid(reopening.month).get(reopening.place_id)
    return found.name if found else reopening.place.code


def facts(reopening: Reopening, dates: Dates) -> list[dict]:
    """The request in pairs of label and value."""
    until = dates.when(periods.runs_until(reopening, dates))
    pairs = [
        (_("申请人"), _who(reopening.asked_by)),
        (_("申请时间"), _at(reopening.asked_at)),
        (_("理由"), reopening.reason),
        (_("开放到"), _("%(when)s，过后自行停止填报") % {"when": until}),
    ]
    if reopening.decided_at is not None:
        pairs += [(_("办理人"), _who(reopening.decided_by)), (_("办理时间"), _at(reopening.decided_at))]
    if reopening.decision_reason:
        pairs.append((_("意见"), reopening.decision_reason))
    return [{"label": label, "value": value} for label, value in pairs]


def state_word(reopening: Reopening, dates: Dates) -> str:
    """The state, and whether what was granted has run out."""
    if reopening.state == Reopening.State.GRANTED and not periods.in_force([reopening], dates):
        return _("已到期")
    return str(reopening.get_state_display())


def _who(user: User | None) -> str:
    if user is None:
        return ""
    return f"{user.unit} · {user}" if user.unit else str(user)


def _at(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
