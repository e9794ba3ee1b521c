"""What a new supervision slip (督办单) rests on, as the page says from which it is raised: an indicator that is red, a
decision of a meeting, a task or project that is late, a milestone passed; and what the form then opens with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import localized
from bureau.models import Area, User
from indicators import indicator_page
from indicators.pages import link
from indicators.queries import ReadAt
from indicators.shown import shown_indicators
from tasks import access, decisions, queries
from tasks.models import Decision, Milestone, Project, Slip, Task
from tasks.slips.access import Reach
from tasks.slips.forms import SECTION, TOWN

DAYS = timedelta(days=30)  # of a slip's time where nothing says otherwise (catalogue 7.4: thirty days for papers)
SUBJECT, BASIS = 120, 300


@dataclass(frozen=True)
class Ground:
    """Where the slip comes from, what it will be tied to, and what its form opens with."""

    origin: Slip.Origin
    back_url: str
    about: str = ""
    decision: Decision | None = None
    month: int | None = None
    work: Task | Project | None = None
    milestone: Milestone | None = None
    initial: dict[str, Any] = field(default_factory=dict)


def ground_of(asked: Mapping[str, str], at: ReadAt, user: User, today: date) -> Ground:
    """The ground an address names (?decision=, ?indicator=&month=&area=, ?task=, ?milestone=); Http404: none such."""
    origin = Slip.Origin.LEADING_GROUP if Reach.of(user).presses.everywhere else Slip.Origin.SECTION
    limit = today + DAYS
    if "decision" in asked:
        return _of_decision(asked["decision"], at, today)
    if "milestone" in asked:
        return _of_milestone(asked["milestone"], origin, today, limit)
    if "task" in asked:
        return _of_work(access.work_or_404(asked["task"]), origin, today, limit)
    if "indicator" in asked:
        return _of_indicator(asked["indicator"], asked.get("area", ""), at, origin, limit)
    return Ground(origin, reverse("slip_list"), initial={"due_on": limit})


def _of_decision(asked: str, at: ReadAt, today: date) -> Ground:
    found = decisions.all_decisions(at.county.pk).filter(pk=asked).first() if asked.isdecimal() else None
    if found is None:
        raise Http404
    number, day = decisions.number_of(found), found.decided_on.isoformat()
    basis = _("%(day)s会商议定事项 %(n)s：%(text)s") % {"day": day, "n": number, "text": found.text}
    return Ground(
        Slip.Origin.DECISION,
        reverse("decision", args=[found.pk]),
        _("议定事项 %(n)s") % {"n": number},
        decision=found,
        month=found.month,
        work=found.work,
        initial={
            "subject": found.text[:SUBJECT],
            "basis": basis[:BASIS],
            "problem": found.reason,
            "owner": (SECTION if found.section else TOWN) + found.owner.code,
            "indicator": found.indicator.code if found.indicator else "",
            "due_on": max(found.due_on, today + timedelta(days=1)),
        },
    )


def _of_indicator(code: str, area: str, at: ReadAt, origin: Slip.Origin, limit: date) -> Ground:
    town = Area.objects.filter(code=area, level=Area.Level.TOWN, county=at.county).first() if area else None
    if area and town is None:
        raise Http404
    shown = next((one for one in shown_indicators(at, town and town.pk) if one.indicator.code == code), None)
    if shown is None:
        raise Http404
    finding = "".join(part["text"] for part in indicator_page.headline(shown, at.query))
    month = months.label(at.month) + " " if at.month is not None else ""
    return Ground(
        origin,
        link(at, "indicator", code, **({"area": area} if town else {})),
        f"{code} {localized(shown.indicator)}",
        month=at.month,
        initial={
            "subject": (_("%(name)s进度滞后") % {"name": localized(shown.indicator)})[:SUBJECT],
            "basis": f"{month}{code} {finding}"[:BASIS],
            "owner": TOWN + town.code if town else SECTION + shown.indicator.section.code,
            "indicator": code,
            "due_on": limit,
        },
    )


def _of_work(work: Task | Project, origin: Slip.Origin, today: date, limit: date) -> Ground:
    row = {"state": work.state, "starts_on": work.starts_on, "due_on": work.due_on, "percent": work.percent}
    open_nodes = [node for node in work.milestones.all() if node.done_on is None]
    row["node"] = {"name": localized(open_nodes[0]), "due_on": open_nodes[0].due_on} if open_nodes else None
    _light, word = queries.status(row, today)
    told = {"w": f"{work.code} {localized(work)}", "d": work.due_on.isoformat(), "p": work.percent}
    basis = _("%(w)s应于 %(d)s 完成，进度 %(p)d%%，") % told + (queries.slowness(row, today) or word)
    return Ground(
        origin,
        reverse("task", args=[work.code]),
        told["w"],
        work=work,
        initial=_about_work(work) | {"subject": told["w"][:SUBJECT], "basis": basis[:BASIS], "due_on": limit},
    )


def _of_milestone(code: str, origin: Slip.Origin, today: date, limit: date) -> Ground:
    node = Milestone.objects.select_related("task", "project").filter(code=code).first()
    if node is None:
        raise Http404
    named = node.task or node.project
    assert named is not None  # the database holds it so
    work = access.work_or_404(named.code)
    told = {"w": f"{work.code} {localized(work)}", "m": localized(node), "d": node.due_on.isoformat()}
    late = (today - node.due_on).days
    basis = _("%(w)s节点“%(m)s”计划 %(d)s") % told + (_("，逾期 %(n)d 天") % {"n": late} if late > 0 else "")
    return Ground(
        origin,
        reverse("task", args=[work.code]),
        told["w"],
        work=work,
        milestone=node,
        initial=_about_work(work)
        | {"subject": (_("%(w)s：%(m)s") % told)[:SUBJECT], "basis": basis[:BASIS], "due_on": limit},
    )


def _about_work(work: Task | Project) -> dict[str, Any]:
    return {
        "owner": SECTION + work.lead.code,
        "officer": str(work.officer or ""),
        "supporting": [one.code for one in work.supporting.all()],
    }
