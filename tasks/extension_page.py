"""What pages show of extensions of a task or project (延期): its requests, and those that wait on a desk."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import months
from bureau.authorization import Permission, can
from bureau.language import localized
from bureau.models import Installation, User
from indicators.analysis.kinds import Light
from tasks import extending
from tasks.models import Extension

Asked = Extension.State
LIGHTS = {
    Asked.ASKED: Light.ON_COURSE,
    Asked.GRANTED: Light.REACHED,
    Asked.REFUSED: Light.BEHIND,
    Asked.WITHDRAWN: Light.NONE,
}


def lines(found: Iterable[Extension]) -> list[dict]:
    """Each request with who asked, who decided and what was said."""
    return [
        {
            "from_on": one.from_on.isoformat(),
            "wanted_on": one.wanted_on.isoformat(),
            "days": _("%(n)d 天") % {"n": (one.wanted_on - one.from_on).days},
            "reason": one.reason,
            "asked": f"{one.asked_by} · {_day(one.asked_at)}",
            "decided": f"{one.decided_by} · {_day(one.decided_at)}" if one.decided_by else "",
            "note": one.note,
            "light": int(LIGHTS[Asked(one.state)]),
            "word": one.get_state_display(),
        }
        for one in found
    ]


def desk_group(user: User, installation: Installation, month: int) -> dict | None:
    """Requests this person is to decide."""
    if not (can(user, Permission.REVIEW) or can(user, Permission.PUBLISH)):
        return None
    found = extending.waiting_for(user)
    if not found:
        return None
    return {
        "id": "extensions",
        "title": _("要批的延期"),
        "note": months.label(month),
        "todo": True,
        "light": int(Light.BEHIND),
        "forms": False,
        "rows": [_row(one) for one in found],
    }


def _row(extension: Extension) -> dict:
    work = extending.work_of(extension)
    days = {"a": extension.from_on.isoformat(), "b": extension.wanted_on.isoformat()}
    return {
        "form": f"{work.code} {localized(work)}",
        "note": _("%(a)s 延到 %(b)s") % days + f" · {extension.asked_by}",
        "light": int(Light.BEHIND),
        "state_word": extension.get_state_display(),
        "url": reverse("task_extension", args=[work.code]),
        "action": _("审批"),
        "primary": True,
    }


def _day(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d")
