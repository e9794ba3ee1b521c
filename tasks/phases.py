"""The gate of a phase (阶段关口): closed by the office once its papers are all there with files; reopened for a reason.

A phase may be closed before its last day, never before its papers: what it is for is there then.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.installation import county, lock_county, raise_data_version
from bureau.language import joined, localized
from bureau.models import User
from tasks.models import Deliverable, Evidence, Phase
from tasks.rules import Refused, reason_of

NOTE = 300


@transaction.atomic
def close(phase: Phase, *, on: date, note: str = "", by: User) -> Phase:
    """Close a phase on a day; Refused, naming what is missing, while its gate does not open."""
    phase = _locked(phase)
    if phase.closed_on:
        raise Refused(_("这个阶段已于 %(d)s 关闭。") % {"d": phase.closed_on.isoformat()})
    missing = lacking(phase)
    if missing:
        raise Refused(_("还不能关闭：%(why)s") % {"why": "；".join(missing)})
    if on > clock.today():
        raise Refused(_("关闭日期不能晚于今天。"))
    last = max([phase.starts_on, *(one.delivered_on for one in phase.deliverables.all() if one.delivered_on)])
    if on < last:
        raise Refused(_("关闭日期不能早于 %(d)s：阶段的开始和最后一项成果的交付。") % {"d": last.isoformat()})
    phase.closed_on, phase.closed_by, phase.closing_note = on, by, note.strip()
    phase.save(update_fields=["closed_on", "closed_by", "closing_note"])
    detail = {"on": on.isoformat(), "note": phase.closing_note, "files": _files(phase)}
    audit.record("phase.close", by=by, object=phase.code, detail=detail)
    raise_data_version(county().pk)
    return phase


@transaction.atomic
def reopen(phase: Phase, *, why: str, by: User) -> Phase:
    """Take a closing back, so that its papers can be changed again; Refused while a later phase is closed."""
    phase = _locked(phase)
    if phase.closed_on is None:
        raise Refused(_("这个阶段没有关闭。"))
    later = Phase.objects.filter(plan=phase.plan_id, order__gt=phase.order, closed_on__isnull=False).first()
    if later:
        raise Refused(_("%(p)s已经关闭，请先重开后面的阶段。") % {"p": localized(later)})
    detail = {"on": phase.closed_on.isoformat(), "note": phase.closing_note}
    phase.closed_on, phase.closed_by, phase.closing_note = None, None, ""
    phase.save(update_fields=["closed_on", "closed_by", "closing_note"])
    audit.record("phase.reopen", by=by, object=phase.code, reason=reason_of(why), detail=detail)
    raise_data_version(county().pk)
    return phase


def lacking(phase: Phase) -> list[str]:
    """What keeps the gate shut, in words: an earlier phase, papers not delivered, papers without a file."""
    papers = list(phase.deliverables.all())
    filed = set(Evidence.objects.filter(deliverable__phase=phase.pk).values_list("deliverable_id", flat=True))
    earlier = Phase.objects.filter(plan=phase.plan_id, order__lt=phase.order, closed_on__isnull=True)
    return lacking_of(list(earlier), papers, filed)


def lacking_of(earlier: Collection[Phase], papers: Collection[Deliverable], filed: Collection[int]) -> list[str]:
    """The same of rows already read; `earlier` are the phases before that stand open, `filed` papers with a file."""
    found = []
    if earlier:
        found.append(_("%(p)s还没有关闭") % {"p": joined([localized(one) for one in earlier])})
    owed = [localized(one) for one in papers if one.delivered_on is None]
    if owed:
        found.append(_("%(p)s没有登记交付") % {"p": joined(owed)})
    bare = [localized(one) for one in papers if one.delivered_on and one.pk not in filed]
    if bare:
        found.append(_("%(p)s没有附文件") % {"p": joined(bare)})
    return found


def _locked(phase: Phase) -> Phase:
    lock_county(county().pk)
    return Phase.objects.prefetch_related("deliverables").get(pk=phase.pk)


def _files(phase: Phase) -> dict[str, list[str]]:
    """The SHA-256 of what each paper was closed with."""
    found: dict[str, list[str]] = {}
    rows = Evidence.objects.filter(deliverable__phase=phase.pk).order_by("pk")
    for code, sha256 in rows.values_list("deliverable__code", "file__sha256"):
        found.setdefault(code, []).append(sha256)
    return found
