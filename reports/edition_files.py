"""An edition's documents: their names, whether the kept one still says what the edition says, and their making.

A draft's document is keyed by the digest of what it was built of, so that an unchanged draft is not built twice. What
goes out is built before the edition is made final, and kept with it.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from bureau import files, months
from bureau.language import in_chinese
from bureau.models import AreaSpan, StoredFile
from bureau.progress import Tell, silent
from indicators.queries import at_release
from reports import archive, printing
from reports.composing import content_digest, final_meta, manuscript_of
from reports.issuing import Ready
from reports.manuscript import Manuscript, to_json
from reports.models import Document, Edition
from reports.proof.rows import ProofRow
from reports.proof.rows import rows as proof_rows

Kind = Document.Kind
ENDINGS = {Kind.WORD: "docx", Kind.EXCEL: "xlsx", Kind.PDF: "pdf"}
TYPES = {
    Kind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.PDF: "application/pdf",
}
PROOF = TypeAdapter(list[ProofRow])


def file_name(edition: Edition, kind: str, *, draft: bool) -> str:
    """'海盐县月度通报2017年6月第1版（征求意见稿）（演示数据）.docx'."""
    with in_chinese():
        span = AreaSpan.objects.filter(area=edition.report.county_id).order_by("-from_month").first()
        words = {
            "c": span.name if span else "",
            "k": edition.report.get_kind_display(),
            "m": months.label(edition.report.month),
            "n": edition.number,
        }
        annex = _("附表") if kind == Kind.EXCEL else ""
        marks = (_("（征求意见稿）") if draft else "") + (_("（演示数据）") if edition.demonstration else "")
        return _("%(c)s%(k)s%(m)s第%(n)d版") % words + f"{annex}{marks}.{ENDINGS[Kind(kind)]}"


def standing(edition: Edition, kind: str) -> Document | None:
    """The kept document, where it says what the edition says now and its bytes are there."""
    found = edition.documents.filter(kind=kind).select_related("file").first()
    if found is None or not files.path_of(found.file.sha256).exists():
        return None
    return found if found.fixed or found.digest == digest_for(edition, kind) else None


def digest_for(edition: Edition, kind: str) -> str:
    """What a document of the edition as it stands would be keyed by."""
    if edition.final:
        return edition.digest
    return _annex_key(edition) if kind == Kind.EXCEL else content_digest(manuscript_of(edition))


def make(edition: Edition, kind: str, *, tell: Tell = silent) -> StoredFile:
    """Build a document of the edition as it stands and keep it in place of the one before; printing.Unprintable.

    Of a final edition only one that is not there yet, from the kept manuscript.
    """
    tell("compose")
    manuscript = manuscript_of(edition)
    digest = edition.digest if edition.final else digest_for(edition, kind)
    tell(kind)
    content = _content(edition, manuscript, kind)
    with transaction.atomic():
        last = Document.objects.select_for_update().filter(edition=edition, kind=kind).select_related("file").first()
        if last is not None and last.fixed:
            return last.file
        kept = files.keep(content, file_name(edition, kind, draft=not edition.final), purpose="document", owner=None)
        Document.objects.update_or_create(
            edition=edition,
            kind=kind,
            defaults={
                "release": edition.release,
                "file": kept,
                "digest": digest,
                "fixed": edition.final,
                "demonstration": edition.demonstration,
            },
        )
        if last is not None:
            files.forget([last.file_id])
    return kept


def ready(edition: Edition, number: str, signed_on: date, *, seen: int, tell: Tell = silent) -> Ready:
    """The edition as it would go out, with all its files; without PDF where this machine cannot print one."""
    tell("compose")
    at = at_release(edition.release)
    with in_chinese():
        manuscript = manuscript_of(edition, meta=final_meta(edition, number, signed_on))
        rows = proof_rows(manuscript, at)
    made = {}
    for kind in (Kind.WORD, Kind.EXCEL, Kind.PDF):
        tell(kind)
        try:
            content = _content(edition, manuscript, kind)
        except printing.Unprintable:
            continue
        made[str(kind)] = (file_name(edition, kind, draft=False), content)
    return Ready(number, signed_on, seen, to_json(manuscript).decode(), PROOF.dump_json(rows).decode(), made)


def _content(edition: Edition, manuscript: Manuscript, kind: str) -> bytes:
    with in_chinese():
        if kind == Kind.EXCEL:
            return files.content_of(archive.document(edition.release, kind))
        return printing.word(manuscript) if kind == Kind.WORD else printing.pdf(manuscript)


def _annex_key(edition: Edition) -> str:
    """The annex is the release's own, whatever people wrote."""
    return f"release {edition.release_id}"
