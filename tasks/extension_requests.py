"""The later days (延期) that wait for a decision, as the meeting page lists them: of slips, tasks and key projects."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.language import localized
from bureau.models import User
from tasks import extending
from tasks.models import Extension
from tasks.slips.access import Reach
from tasks.slips.number import number_of


def waiting(user: User, county: int) -> list[dict]:
    """Those this person decides on or may know of: of slips he sees, of work of his sections; one query or two."""
    reach = Reach.of(user)
    asked = Extension.objects.filter(Q(slip__isnull=True) | Q(slip__county=county), state=Extension.State.ASKED)
    rows = (
        asked.select_related("slip", "task", "project").prefetch_related("slip__supporting").order_by("from_on", "pk")
    )
    return [_line(one, user) for one in rows.order_by("from_on", "pk") if _knows(reach, one)]


def _knows(reach: Reach, one: Extension) -> bool:
    work = one.task or one.project
    if work is not None:
        return reach.pressed(work.lead_id) or work.lead_id in reach.works.sections
    slip = one.slip
    assert slip is not None  # the database holds it so
    return reach.sees(slip.state, slip.section_id, slip.town_id, [section.pk for section in slip.supporting.all()])


def _line(one: Extension, user: User) -> dict:
    work = one.task or one.project
    if work is not None:
        page = "task_extension" if extending.may_decide(user, work) else "task"
        what, url = f"{work.code} {localized(work)}", reverse(page, args=[work.code])
    else:
        assert one.slip is not None  # the database holds it so
        what, url = f"{number_of(one.slip)} {one.slip.subject.rstrip('。')}", reverse("slip", args=[one.slip.pk])
    told = {"what": what, "a": one.from_on.isoformat(), "b": one.wanted_on.isoformat()}
    return {"text": _("%(what)s：申请由 %(a)s 延至 %(b)s") % told, "reason": one.reason, "url": url}
