"""Files that prove what was reported (佐证材料): attached to a monthly report, a phase's paper or a supervision slip.

`attach`, `take_away` and `listed` are the only ways to them; whether a person may is tasks/evidence_access.py's. A file
taken away is no longer shown to anybody, but its content stays kept and the trail says who, when and its SHA-256.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock, files
from bureau.installation import county, lock_county, raise_data_version
from bureau.models import Area, Section, User
from tasks import filekinds, progress
from tasks.models import Deliverable, Evidence, Progress, Slip
from tasks.rules import Refused, reason_of

Owner = Progress | Deliverable | Slip
MOST = 20
PURPOSE = "evidence"
OPEN_SLIPS = (Slip.State.RAISED, Slip.State.ASSIGNED, Slip.State.ACCEPTED, Slip.State.RETURNED)


def attach(
    upload: UploadedFile,
    *,
    by: User,
    report: Progress | None = None,
    deliverable: Deliverable | None = None,
    slip: Slip | None = None,
) -> Evidence:
    """Keep the file beside its owner; the same content sent twice is one. Refused where the owner is not open."""
    owner = _only(report, deliverable, slip)
    name = filekinds.plain_name(upload.name or "")
    if upload.size and upload.size > filekinds.LARGEST:
        raise Refused(filekinds.too_large())
    content = upload.read()
    filekinds.check(name, content)
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        owner = _locked(owner)
        here = listed(owner)
        again = next((one for one in here if one.file.sha256 == sha256), None)
        if again is not None:
            return again
        if len(here) >= MOST:
            raise Refused(_("最多附 %(n)d 个文件，请合并后再传。") % {"n": MOST})
        section, area = _whose(owner)
        kept = files.keep(content, name, purpose=PURPOSE, owner=by, section=section, area=area)
        made = Evidence.objects.create(file=kept, by=by, at=clock.now(), **key_of(owner))
        audit.record("evidence.attach", by=by, object=describe(owner), detail=_told(made))
        raise_data_version(county().pk)
    return made


@transaction.atomic
def take_away(evidence: Evidence, *, by: User, why: str) -> None:
    """Show the file no longer; Refused where its owner is not open, or without a reason."""
    owner = _locked(owner_of(evidence))
    evidence = Evidence.objects.select_related("file", "by").filter(pk=evidence.pk).first()
    if evidence is None:
        raise Refused(_("这个文件已经撤下。"))
    audit.record("evidence.take_away", by=by, object=describe(owner), reason=reason_of(why), detail=_told(evidence))
    evidence.delete()
    raise_data_version(county().pk)


def listed(owner: Owner) -> list[Evidence]:
    """The files of one owner, in the order they were attached."""
    return list(Evidence.objects.filter(**key_of(owner)).select_related("file", "by").order_by("pk"))


def owner_of(evidence: Evidence) -> Owner:
    """What the file belongs to."""
    owner = evidence.report or evidence.deliverable or evidence.slip
    assert owner is not None  # the database holds it so
    return owner


def why_closed(owner: Owner) -> str:
    """Why nothing may be attached or taken away now; empty where it may."""
    if isinstance(owner, Progress):
        state = owner.get_state_display()
        return "" if owner.is_open else _("这份月报“%(state)s”，材料不能再改。") % {"state": state}
    if isinstance(owner, Deliverable):
        return _("这个阶段已经关闭，材料不能再改。") if owner.phase.closed_on else ""
    state = owner.get_state_display()
    return "" if owner.state in OPEN_SLIPS else _("这张督办单“%(state)s”，材料不能再改。") % {"state": state}


def describe(owner: Owner) -> str:
    """How the trail names it: 'T01 2017-06', 'G01', '2017-3'."""
    if isinstance(owner, Progress):
        return progress.describe(owner)
    return owner.code if isinstance(owner, Deliverable) else str(owner)


def _only(*given: Owner | None) -> Owner:
    (owner,) = [one for one in given if one is not None]
    return owner


def key_of(owner: Owner) -> dict[str, Any]:
    """The owner under the name by which a file belongs to it."""
    names = {Progress: "report", Deliverable: "deliverable", Slip: "slip"}
    return {names[type(owner)]: owner}


def _locked(owner: Owner) -> Owner:
    """The owner as it stands now, with the county locked; Refused where it is not open."""
    lock_county(county().pk)
    owner = type(owner)._default_manager.get(pk=owner.pk)
    closed = why_closed(owner)
    if closed:
        raise Refused(closed)
    return owner


def _whose(owner: Owner) -> tuple[Section | None, Area | None]:
    """The section or the place the file is kept for; a phase's papers are the office's."""
    if isinstance(owner, Progress):
        return owner.work.lead, None
    return (owner.section, owner.town) if isinstance(owner, Slip) else (None, None)


def _told(evidence: Evidence) -> dict[str, object]:
    file = evidence.file
    return {"name": file.name, "size": file.size, "sha256": file.sha256, "by": evidence.by.username}
