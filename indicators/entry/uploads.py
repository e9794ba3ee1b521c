"""A workbook's two steps: read it into a preview that writes no figure, then confirm the preview into draft entries."""

from __future__ import annotations

import hashlib
import hmac
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock, files
from bureau.models import User
from indicators.entry import sheets, workflow
from indicators.entry.identity import SeveralSheets
from indicators.entry.layout import Cell, CellKey, Problem
from indicators.entry.layout import Change as CellChange
from indicators.entry.parse import parse
from indicators.entry.scan import UploadRefused
from indicators.models import Submission, Upload


def template_key() -> bytes:
    """The key that signs a template's identity sheet."""
    return hmac.new(settings.SECRET_KEY.encode(), b"workbook-template", hashlib.sha256).digest()


def read(submission: Submission, content: bytes, name: str, *, by: User) -> Upload:
    """Keep the original, scan and parse it, and store what it would change and what is wrong; no entry is written.

    SeveralSheets for a template of several sheets, which is for `importing.read`; nothing is kept of it here.
    """
    with transaction.atomic():
        kept = files.keep(content, name, purpose="workbook", owner=by, area=submission.place)
    sheet, _names = sheets.build(submission.form, submission.place, submission.month)
    changes: tuple[CellChange, ...] = ()
    converted: tuple[tuple[str, str, str], ...] = ()
    try:
        parsed = parse(sheet, files.path_of(kept.sha256), template_key())
        problems, acceptable = list(parsed.problems), parsed.acceptable
        changes, converted = parsed.changes, parsed.converted
    except SeveralSheets:
        kept.delete()  # the row alone; the same bytes are kept again by the import
        raise
    except UploadRefused as refused:
        problems, acceptable = [Problem("hard", reason, "") for reason in refused.reasons], False
    with transaction.atomic():
        upload = Upload.objects.create(
            submission=submission,
            file=kept,
            by=by,
            at=clock.now(),
            state=Upload.State.PREVIEW if acceptable else Upload.State.REFUSED,
            base_version=submission.version,
            changes=[_packed(change) for change in changes] if acceptable else [],
            converted=[list(row) for row in converted],
            problems=[vars(problem) for problem in problems],
        )
        if not acceptable:
            audit.record(
                "upload.refused",
                by=by,
                object=workflow.describe(submission),
                detail={"file": kept.sha256, "name": kept.name, "problems": len(problems)},
                succeeded=False,
            )
    return upload


@transaction.atomic
def confirm(upload: Upload, *, by: User) -> int:
    """Write a preview's changes as draft entries; returns how many. Refused unless it is the uploader's own preview."""
    upload = (
        Upload.objects.select_for_update(of=("self",))
        .select_related("submission__form", "submission__place")
        .get(pk=upload.pk)
    )
    if upload.state == Upload.State.CONFIRMED:
        return 0
    if upload.state != Upload.State.PREVIEW or upload.by_id != by.pk:
        raise workflow.Refused(_("这次上传不能导入，请重新上传。"))
    submission = upload.submission
    _sheet, names = sheets.build(submission.form, submission.place, submission.month)
    written = workflow.save(submission, sheets.changes(changes_of(upload), names), by=by, source="workbook")
    upload.state = Upload.State.CONFIRMED
    upload.save(update_fields=["state"])
    return written


def changes_of(upload: Upload) -> list[CellChange]:
    """The stored changes as plain values again."""
    return [
        CellChange(CellKey(*row["key"]), _cell(row["old"]) if row["old"] else None, _cell(row["new"]), row["kind"])
        for row in upload.changes
    ]


def problems_of(upload: Upload) -> list[Problem]:
    return [Problem(**row) for row in upload.problems]


def _packed(change: CellChange) -> dict:
    return {
        "key": list(change.key),
        "old": _plain(change.old),
        "new": _plain(change.new),
        "kind": change.kind,
    }


def _plain(cell: Cell | None) -> list | None:
    return None if cell is None else [None if cell.value is None else str(cell.value), cell.state, cell.version]


def _cell(row: list) -> Cell:
    return Cell(None if row[0] is None else Decimal(row[0]), row[1], row[2])
