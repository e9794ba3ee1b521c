"""What lies on a desk beside forms: hand-overs to sign, reopenings (补报), months to release."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import localized
from bureau.models import User
from bureau.people import handover
from bureau.places import Tree, count_by_level
from indicators import access
from indicators.analysis.kinds import Light
from indicators.deadlines import Step
from indicators.due import Dates
from indicators.entry import periods
from indicators.models import PublishedMonth, Reopening, ReportingForm, Submission

MOST_UNRELEASED = 3
State = Submission.State


def due_submissions(county_id: int, month: int) -> int:
    """How many submissions a month asks for: town forms of every town, section forms once."""
    by_level = count_by_level(county_id, month)
    levels = ReportingForm.objects.values_list("submitted_by", flat=True)
    return sum(by_level.get(level, 0) for level in levels)


def handovers(user: User) -> list[dict]:
    """Work that is to pass to or from this person and waits for his signature (移交)."""
    return [
        {
            "form": _("%(giver)s 移交给 %(receiver)s") % {"giver": one.giver, "receiver": one.receiver},
            "light": int(Light.BEHIND),
            "state_word": _("待签"),
            "url": reverse("handover", args=[one.pk]),
            "action": _("去签"),
            "primary": True,
        }
        for one in handover.waiting_for(user)
    ]


def reopenings(user: User, found: list[Reopening], tree: Tree, dates: Dates) -> tuple[list[dict], list[dict]]:
    """Of those within the reader's reach: what he is to decide, and what runs or waits for others to decide."""
    to_decide, others = [], []
    for one in found:
        asked = one.state == Reopening.State.ASKED
        if not access.sees_reopening(user, one) or not (asked or periods.in_force([one], dates)):
            continue
        decides = asked and access.may_decide_reopening(user, one)
        place = tree.valid(one.month).get(one.place_id)
        until = {"when": dates.when(periods.runs_until(one, dates))}
        row = {
            "form": f"{one.form.number} {localized(one.form)} · {place.name if place else one.place.code} · "
            f"{months.label(one.month)}",
            "light": int(Light.BEHIND if asked else Light.ON_COURSE),
            "state_word": str(_("待批")) if asked else _("开放到 %(when)s") % until,
            "note": _("%(who)s：%(why)s") % {"who": one.asked_by, "why": one.reason},
            "url": reverse("reopening", args=[one.pk]),
            "action": _("去批") if decides else _("查看"),
            "primary": decides,
        }
        (to_decide if decides else others).append(row)
    return to_decide, others


def releases(tree: Tree, month: int, dates: Dates, *, publishes: bool) -> list[dict]:
    """The months not yet released up to this one: how much of each is approved, and when the bulletin is planned."""
    released = PublishedMonth.objects.filter(county=tree.county_id, month__lte=month)
    last = released.order_by("-month").values_list("month", flat=True).first()
    first = max(month - MOST_UNRELEASED + 1, month if last is None else last + 1)
    wanted = range(min(first, month), month + 1)
    states = Submission.objects.filter(month__in=wanted).values_list("month", "state").annotate(n=Count("pk"))
    approved = {one: n for one, state, n in states.order_by() if state == State.APPROVED}
    by_level = Counter(place.level for place in tree.valid(month).values())
    due = sum(by_level[level] for level in ReportingForm.objects.values_list("submitted_by", flat=True))
    return [
        {
            "form": months.label(one),
            "light": int(_release_light(one, last, approved.get(one, 0) >= due, dates)),
            "state_word": _("已审核 %(n)d/%(due)d 份") % {"n": approved.get(one, 0), "due": due},
            "note": _("已发布") if last is not None and one <= last else _planned(one, dates),
            "url": f"{reverse('releases')}?month={months.iso(one)}" if publishes else reverse("timeliness"),
            "action": _("去发布") if publishes else _("看填报进度"),
        }
        for one in wanted
    ]


def _release_light(month: int, last: int | None, ready: bool, dates: Dates) -> Light:
    """Red once the bulletin's day is past."""
    if (last is None or month > last) and dates.overdue(month, Step.BULLETIN):
        return Light.FAR_BEHIND
    return Light.REACHED if ready else Light.NOT_COVERED


def _planned(month: int, dates: Dates) -> str:
    if dates.is_back_fill(month):
        return _("补录月份")
    deadline = dates.due(month)[Step.BULLETIN]
    return _("计划 %(when)s 前发布，%(left)s") % {"when": dates.when(deadline.moment), "left": dates.left(deadline)}
