"""What pages show of the files beside a report, a paper or a slip: one shape for `tasks/evidence_list.html`."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import months
from bureau.models import User
from tasks import evidence, evidence_access
from tasks.evidence import Owner
from tasks.filekinds import ACCEPT, LARGEST
from tasks.models import Deliverable, Evidence, Progress

KILOBYTE, MEGABYTE = 1024, 1024 * 1024


def shown(owner: Owner, user: User) -> dict:
    """The files of an owner for this reader, and where he attaches another; {} for who may not see them.

    A page hands it to `{% include "tasks/evidence_list.html" with evidence=… %}`, outside of any form of its own: the
    file travels by a form to /evidence/…, the only addresses that take 20 MB.
    """
    if not evidence_access.may_see(user, owner):
        return {}
    may = evidence_access.may_change(user, owner) and not evidence.why_closed(owner)
    return {
        "files": lines(evidence.listed(owner), may_take_away=may),
        "attach_url": attach_url(owner) if may else "",
        "accept": ACCEPT,
        "limit": LARGEST,
    }


def lines(found: Iterable[Evidence], *, may_take_away: bool = False) -> list[dict]:
    """Each file: its name and size, where it is, who attached it when."""
    return [
        {
            "name": one.file.name,
            "url": reverse("evidence", args=[one.pk]),
            "size": size_text(one.file.size),
            "who": str(one.by),
            "when": timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M"),
            "away_url": reverse("evidence_away", args=[one.pk]) if may_take_away else "",
        }
        for one in found
    ]


def of_reports(reports: Iterable[Progress]) -> dict[int, list[dict]]:
    """Report id → its files; one query."""
    found: dict[int, list[Evidence]] = {}
    rows = Evidence.objects.filter(report__in=[one.pk for one in reports]).select_related("file", "by").order_by("pk")
    for one in rows:
        found.setdefault(one.report_id or 0, []).append(one)
    return {report: lines(some) for report, some in found.items()}


def of_papers() -> dict[int, list[dict]]:
    """Paper id → its files; one query."""
    found: dict[int, list[Evidence]] = {}
    for one in Evidence.objects.filter(deliverable__isnull=False).select_related("file", "by").order_by("pk"):
        found.setdefault(one.deliverable_id or 0, []).append(one)
    return {paper: lines(some) for paper, some in found.items()}


def size_text(size: int) -> str:
    """820 KB, 1.3 MB: rounded up, never nothing."""
    if size < MEGABYTE:
        return f"{max(1, -(-size // KILOBYTE))} KB"
    tenths = -(-size * 10 // MEGABYTE)
    return f"{tenths // 10}.{tenths % 10} MB"


def attach_url(owner: Owner) -> str:
    """Where a file for this owner is sent."""
    if isinstance(owner, Progress):
        return reverse("evidence_of_report", args=[owner.work.code, months.iso(owner.month)])
    if isinstance(owner, Deliverable):
        return reverse("evidence_of_paper", args=[owner.code])
    return reverse("evidence_of_slip", args=[owner.pk])


def home_url(owner: Owner) -> str:
    """The page the owner is shown on."""
    if isinstance(owner, Progress):
        return reverse("progress", args=[owner.work.code, months.iso(owner.month)])
    if isinstance(owner, Deliverable):
        return reverse("deliverable", args=[owner.code])
    return reverse("slip", args=[owner.pk])


def title(owner: Owner) -> str:
    """What the files belong to, in words."""
    if isinstance(owner, Progress):
        return _("%(w)s %(m)s进度月报") % {"w": owner.work, "m": months.label(owner.month)}
    if isinstance(owner, Deliverable):
        return _("阶段成果：%(p)s") % {"p": owner}
    return _("督办单：%(s)s") % {"s": owner.subject}
