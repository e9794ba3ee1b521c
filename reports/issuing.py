"""The only writers of an edition's way out: submit for review (送审), return, make final (定稿), discard (作废).

Whoever submitted does not make final (四眼). What is final is kept whole (manuscript, 核数表, digest, files) and never
written again; the database refuses it too (reports/guards.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import clock, files
from bureau.models import User
from reports.composing import outline_of
from reports.editions import NUMBER, locked, moved_on, must_be_number, must_be_seen, opened
from reports.models import Document, Edition
from reports.outline import Part
from tasks.rules import Refused, reason_of

State = Edition.State
NAMED = 5  # of what is wanting, so many by name


@dataclass(frozen=True)
class Ready:
    """An edition as it goes out: what is kept of it, and its files by kind, each with name and bytes."""

    number: str
    signed_on: date
    seen: int  # the version of the edition it was made of
    manuscript: str
    proof: str
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 of manuscript and 核数表."""
        return hashlib.sha256(f"{self.manuscript}\n{self.proof}".encode()).hexdigest()


@dataclass(frozen=True)
class Wanting:
    """What an edition still lacks: parts nobody wrote, by need, and texts nobody looked at since figures moved."""

    required: list[Part]
    optional: list[Part]
    moved: list[Part]


def wanting(edition: Edition) -> Wanting:
    parts = outline_of(edition.report.kind)
    rows = {one.key: one for one in edition.parts.all()}
    empty = [part for part in parts if part.key not in rows or not rows[part.key].text]
    return Wanting(
        [part for part in empty if part.required],
        [part for part in empty if not part.required],
        [part for part in parts if part.key in rows and rows[part.key].moved],
    )


@transaction.atomic
def submit(edition: Edition, *, by: User, seen: int) -> Edition:
    """Submit a draft for review; Refused while a required part is empty or a text was not looked at again."""
    found = opened(edition, seen)
    lacks = wanting(found)
    if lacks.required:
        raise Refused(_("还有 %(n)d 个必写的部分没有写：%(which)s。") % _listed(lacks.required))
    if lacks.moved:
        raise Refused(_("还有 %(n)d 个部分数据已变，没有复核：%(which)s。") % _listed(lacks.moved))
    found.state, found.submitted_by, found.submitted_at, found.returned = State.REVIEW, by, clock.now(), ""
    return moved_on(found, "submit", by, detail={"empty": [part.key for part in lacks.optional]})


@transaction.atomic
def return_(edition: Edition, *, why: str, by: User, seen: int) -> Edition:
    """Send an edition under review back to be mended, with the reason."""
    found = _under_review(edition, seen)
    found.state, found.returned = State.DRAFT, reason_of(why)
    found.submitted_by = found.submitted_at = None
    return moved_on(found, "return", by, reason=found.returned)


def refusal(edition: Edition, number: str, signed_on: date, by: User) -> str:
    """Why this person may not make the edition final so; empty where he may."""
    if edition.state != State.REVIEW:
        return _("只有送审的版本可以定稿。")
    if edition.submitted_by_id == by.pk:
        return _("自己送审的，须由他人定稿。")
    try:
        must_be_number(number, edition)
    except Refused as refused:
        return str(refused)
    year = NUMBER.fullmatch(number)
    if signed_on > clock.today():
        return _("成文日期不能晚于今天。")
    if signed_on < edition.release.business_date:
        return _("成文日期不能早于所依据数据的发布日期（%(d)s）。") % {"d": edition.release.business_date.isoformat()}
    if year is None or int(year[1]) != signed_on.year:
        return _("发文字号的年份须与成文日期一致。")
    return ""


@transaction.atomic
def finalise(edition: Edition, ready: Ready, *, by: User) -> Edition:
    """Fix an edition for ever, with its number, its day and the files built of it."""
    found = _under_review(edition, ready.seen)
    why_not = refusal(found, ready.number, ready.signed_on, by)
    if why_not:
        raise Refused(why_not)
    _drop_documents(found)
    kept = {}
    for kind, (name, content) in ready.files.items():
        file = files.keep(content, name, purpose="document", owner=None)
        Document.objects.create(
            release=found.release, edition=found, kind=kind, file=file, digest=ready.digest, fixed=True,
            demonstration=found.demonstration,
        )  # fmt: skip
        kept[kind] = {"name": name, "sha256": file.sha256, "size": file.size}
    found.document_number, found.signed_on, found.files = ready.number, ready.signed_on, kept
    found.manuscript, found.proof, found.digest = ready.manuscript, ready.proof, ready.digest
    found.state, found.finalised_by = State.FINAL, by
    found.finalised_at, found.finalised_on = clock.now(), clock.today()
    told = {
        "number": ready.number,
        "signed_on": ready.signed_on.isoformat(),
        "digest": ready.digest,
        "files": {kind: one["sha256"] for kind, one in kept.items()},
    }
    return moved_on(found, "finalise", by, detail=told)


@transaction.atomic
def discard(edition: Edition, *, why: str, by: User, seen: int) -> Edition:
    """Give a draft up, with the reason; its texts and all they ever were stay to be read, its documents do not.

    What is under review is returned first, what is final is never discarded.
    """
    found = opened(edition, seen)
    found.discarded_why = reason_of(why)
    found.state, found.discarded_by, found.discarded_at = State.DISCARDED, by, clock.now()
    _drop_documents(found)
    told = {"parts": list(found.parts.exclude(text="").values_list("key", flat=True)), "number": found.document_number}
    return moved_on(found, "discard", by, reason=found.discarded_why, detail=told)


def _drop_documents(edition: Edition) -> None:
    """Take away what was printed of a draft."""
    drafts = list(edition.documents.values_list("file", flat=True))
    edition.documents.all().delete()
    files.forget(drafts)


def _under_review(edition: Edition, seen: int) -> Edition:
    found = locked(edition)
    if found.state != State.REVIEW:
        raise Refused(_("这一版“%(state)s”，不在审核中。") % {"state": found.get_state_display()})
    must_be_seen(found, seen)
    return found


def _listed(parts: list[Part]) -> dict[str, object]:
    names = "、".join(part.title for part in parts[:NAMED])
    return {"n": len(parts), "which": names + (_("等") if len(parts) > NAMED else "")}
