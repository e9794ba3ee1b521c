"""Where a supervision slip (督办单) is raised from: a red indicator, a decision not yet done, a task that is late."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.models import User
from indicators import doings
from indicators.analysis.kinds import Light
from indicators.queries import LIVE, ReadAt
from indicators.shown import Shown
from tasks.models import Decision, Project, Task
from tasks.slips.access import Reach


def raising(user: User, section: int | None, **ground: str) -> dict | None:
    """The link 立督办单 for who may press this section (None: a town), with the ground it names."""
    if not Reach.of(user).pressed(section):
        return None
    return {"url": f"{reverse('slip_new')}?{urlencode(ground)}", "label": _("立督办单"), "icon": "plus"}


def for_indicator(user: User, shown: Shown, at: ReadAt) -> dict | None:
    """On the page of an indicator that is far behind (严重滞后), in the county or in the town shown."""
    if shown.light != Light.FAR_BEHIND or at.month is None:
        return None
    ground = {"indicator": shown.indicator.code, "month": months.iso(at.month)}
    if at.live:
        ground["version"] = LIVE
    in_county = shown.area_code == at.county.code
    if not in_county:
        ground["area"] = shown.area_code
    return raising(user, shown.indicator.section_id if in_county else None, **ground)


def for_decision(user: User, decision: Decision) -> dict | None:
    """On the page of a decision that is not done."""
    if decision.state != Decision.State.OPEN:
        return None
    return raising(user, decision.section_id, decision=str(decision.pk))


def for_work(user: User, work: Task | Project, light: Light) -> dict | None:
    """On the page of a task or project that is late or slow."""
    if light not in (Light.FAR_BEHIND, Light.BEHIND):
        return None
    return raising(user, work.lead_id, task=work.code)


def register() -> None:
    """Called once, when the app is ready."""
    doings.register("slip", for_indicator)
