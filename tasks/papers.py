"""The papers a phase must leave behind: the office enters one as handed in, or takes that back with a reason."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.installation import county, lock_county, raise_data_version
from bureau.models import User
from tasks.models import Deliverable
from tasks.rules import Conflict, Refused, reason_of


@transaction.atomic
def deliver(
    paper: Deliverable, *, on: date, document: str, by: User, number: str = "", note: str = "", seen: str | None = None
) -> Deliverable:
    """Enter a paper as handed in; `seen` is the mark of what the writer saw, Conflict where it is another now."""
    paper = _locked(paper, seen)
    document = document.strip()
    if not document:
        raise Refused(_("请写文件名称。"))
    if on > clock.today():
        raise Refused(_("交付日期不能晚于今天。"))
    before = _told(paper)
    paper.delivered_on, paper.document, paper.number, paper.note = on, document, number.strip(), note.strip()
    paper.by, paper.at = by, clock.now()
    paper.save()
    audit.record("deliverable.deliver", by=by, object=paper.code, detail={"old": before, "new": _told(paper)})
    raise_data_version(county().pk)
    return paper


@transaction.atomic
def take_back(paper: Deliverable, *, by: User, reason: str, seen: str | None = None) -> Deliverable:
    """Enter a paper as not handed in after all."""
    paper = _locked(paper, seen)
    if paper.delivered_on is None:
        raise Refused(_("这项成果还没有登记交付。"))
    reason, before = reason_of(reason), _told(paper)
    paper.delivered_on, paper.document, paper.number, paper.note = None, "", "", ""
    paper.by, paper.at = by, clock.now()
    paper.save()
    audit.record("deliverable.take_back", by=by, object=paper.code, reason=reason, detail={"old": before})
    raise_data_version(county().pk)
    return paper


def mark(paper: Deliverable) -> str:
    """What stands now, in short: two people's forms are told apart by it."""
    return paper.at.isoformat() if paper.at else ""


def _locked(paper: Deliverable, seen: str | None) -> Deliverable:
    lock_county(county().pk)
    paper = Deliverable.objects.select_related("phase").get(pk=paper.pk)
    if seen is not None and seen != mark(paper):
        raise Conflict(_("这项成果已被他人修改，没有保存。"))
    if paper.phase.closed_on:
        raise Refused(_("这个阶段已经关闭，成果不能再改；要改先重开。"))
    return paper


def _told(paper: Deliverable) -> list[str]:
    return [paper.delivered_on.isoformat() if paper.delivered_on else "", paper.document, paper.number, paper.note]
