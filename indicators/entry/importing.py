"""A long form (长表) or filled template in its two steps: read into one preview that writes no figure, then confirmed.

It may fill many submissions; all of it is written in one transaction, or none. The same file again finds nothing to
write and leaves no record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock, files, months
from bureau.fields import from_units
from bureau.installation import lock_county
from bureau.models import Installation, StoredFile, User
from bureau.places import Tree
from indicators.entry import books, handing_in, longform, sheets, workflow
from indicators.entry.judging import Judged, Part, Reach, judge
from indicators.entry.layout import Cell, CellKey, Change, Problem
from indicators.entry.reader import read_workbook
from indicators.entry.scan import UploadRefused
from indicators.entry.uploads import template_key
from indicators.models import Import, ImportPart, Submission
from indicators.models.figures import CellState

KEPT_PROBLEMS = 1_000
KEPT_CONVERSIONS = 50
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class ClashingCell:
    """A cell that somebody else changed after the preview was made: what the file has, what stands there now."""

    month: int
    change: Change
    theirs: Cell | None


class Clash(workflow.Conflict):
    """Cells of one or several submissions that changed meanwhile; nothing was written."""

    def __init__(self, message: str, clashes: Sequence[ClashingCell]) -> None:
        super().__init__(message)
        self.clashes = tuple(clashes)


def reach_of(user: User) -> Reach:
    """What the person may fill up to the month of the business date."""
    here = Installation.objects.select_related("county").get()
    return Reach(user, Tree(here.county_id), months.of(clock.today_in(here)))


def examine(content: bytes, path: Path, *, by: User) -> Judged:
    """What the file would do, and every problem; nothing is stored."""
    try:
        if content.startswith(_SPREADSHEETS):
            book = read_workbook(path)
            if books.is_template(book):
                return books.judge_book(book, reach_of(by), template_key())
            return judge(longform.read_book(book), reach_of(by))
        return judge(longform.read_csv(content), reach_of(by))
    except UploadRefused as refused:
        return Judged(problems=[Problem("hard", reason, "") for reason in refused.reasons])


def read(content: bytes, name: str, *, by: User) -> Import:
    """Keep the original and what it would do as a preview, or as a refusal with its record; no entry is written."""
    with transaction.atomic():
        kept = files.keep(content, name, purpose="import", owner=by)
    return preview_of(kept, examine(content, files.path_of(kept.sha256), by=by), by=by)


def preview_of(kept: StoredFile, judged: Judged, *, by: User) -> Import:
    """What a kept file would do, stored as a preview to be confirmed, or as a refusal with its record."""
    with transaction.atomic():
        one = Import.objects.create(
            file=kept,
            by=by,
            at=clock.now(),
            kind=judged.kind,
            state=Import.State.REFUSED if judged.refused else Import.State.PREVIEW,
            refused=judged.refused,
            problem_count=len(judged.problems),
            problems=[vars(problem) for problem in judged.problems[:KEPT_PROBLEMS]],
            converted_count=len(judged.converted),
            converted=[list(row) for row in judged.converted[:KEPT_CONVERSIONS]],
        )
        ImportPart.objects.bulk_create(_stored(one, part) for part in judged.parts)
        if judged.refused:
            detail = {"file": kept.sha256, "name": kept.name, "problems": judged.refused}
            audit.record("upload.refused", by=by, object=kept.name, detail=detail, succeeded=False)
    return one


@transaction.atomic
def confirm(one: Import, *, by: User) -> int:
    """Write the whole preview as draft entries; returns how many cells changed.

    Clash with every cell that was changed meanwhile, in whichever submission; nothing is written then.
    """
    lock_county(Installation.objects.values_list("county_id", flat=True).get())
    one = Import.objects.select_for_update(of=("self",)).get(pk=one.pk)
    if one.by_id == by.pk and one.state == Import.State.CONFIRMED:
        return 0
    if one.by_id != by.pk or one.state != Import.State.PREVIEW:
        raise workflow.Refused(_("这个文件不能导入，请重新上传。"))
    parts = [part_of(stored) for stored in one.parts.select_related("form__section", "place")]
    written = _write(parts, by=by, source=one.kind)
    one.state = Import.State.CONFIRMED
    one.save(update_fields=["state"])
    return written


@transaction.atomic
def hand_in(parts: Iterable[Part], *, by: User) -> int:
    """Submit the open sheets of a file for review, cells not filled as 未填; how many. For who fills whole sheets."""
    lock_county(Installation.objects.values_list("county_id", flat=True).get())
    reach, done = reach_of(by), 0
    for part in parts:
        if not reach.may_fill_whole(part.form, part.place):
            raise workflow.Refused(_("整张报表由镇（街道）或科室提交，你只填其中的行。"))
        submission = Submission.objects.filter(form=part.form, place=part.place, month=part.month).first()
        if submission is not None and submission.is_open:
            handing_in.hand_in(submission, by=by, missing_accepted=True)
            done += 1
    return done


def _write(parts: Iterable[Part], *, by: User, source: str) -> int:
    """The changes of all parts in one act, under the county's lock."""
    reach = reach_of(by)
    areas = {code: area for area, code in reach.tree.codes.items()}
    columns = sheets.columns_of({part.form.pk for part in parts})
    drafts, changes_of, names_of = [], {}, {}
    for part in parts:
        if not all(reach.may_fill(part.form, part.place, areas[change.key.area]) for change in part.changes):
            raise workflow.Refused(_("文件里有不在你填报范围的行，没有写入任何数。"))
        if part.changes:
            known = columns[part.form.pk]
            names = sheets.Names(areas, known.items, known.categories)
            submission = workflow.submission_for(part.form, part.place, part.month)
            drafts.append((submission, sheets.changes(part.changes, names)))
            changes_of[submission.pk], names_of[submission.pk] = part.changes, names
    try:
        return workflow.save_all(drafts, by=by, source=source)
    except workflow.Conflict as conflict:
        clashes = []
        for submission, due in drafts:
            stored = _conflicting(submission, due, by=by)
            for change in changes_of[submission.pk]:
                ids = names_of[submission.pk].ids(change.key)
                if ids in stored:
                    clashes.append(ClashingCell(submission.month, change, standing(stored[ids])))
        told = _("有 %(count)d 格已被他人修改，没有写入任何数。") % {"count": len(clashes)}
        raise Clash(told, clashes) from conflict


def _conflicting(submission: Submission, due: Sequence[workflow.Change], *, by: User) -> dict[workflow.Cell, tuple]:
    """The cells of one sheet that changed meanwhile; what is tried here is undone with the whole act."""
    try:
        workflow.save(submission, due, by=by, source="longform")
    except workflow.Conflict as conflict:
        return conflict.cells
    return {}


def standing(row: tuple) -> Cell | None:
    units, state = row[:2]
    if state is None:
        return None
    return Cell(None if units is None else from_units(units), sheets.STATES[CellState(state)])


def _stored(one: Import, part: Part) -> ImportPart:
    return ImportPart(
        record=one,
        form=part.form,
        place=part.place,
        month=part.month,
        new=part.count("new"),
        changed=part.count("changed"),
        same=part.same,
        changes=[[list(change.key), _plain(change.old), _plain(change.new)] for change in part.changes],
    )


def parts_of(one: Import) -> list[Part]:
    return [part_of(stored) for stored in one.parts.select_related("form__section", "place")]


def may_fill_all(parts: Iterable[Part], *, by: User) -> bool:
    """Does every cell that would change lie within what the person may fill?"""
    reach = reach_of(by)
    areas = {code: area for area, code in reach.tree.codes.items()}
    return all(
        reach.may_fill(part.form, part.place, areas[change.key.area]) for part in parts for change in part.changes
    )


def part_of(stored: ImportPart) -> Part:
    """A stored part as plain values again."""
    changes = [
        Change(CellKey(*key), _cell(old) if old else None, _cell(new), "changed" if old else "new")
        for key, old, new in stored.changes
    ]
    return Part(stored.form, stored.place, stored.month, changes, stored.same)


def _plain(cell: Cell | None) -> list | None:
    return None if cell is None else [None if cell.value is None else str(cell.value), cell.state, cell.version]


def _cell(row: list) -> Cell:
    return Cell(None if row[0] is None else Decimal(row[0]), row[1], row[2])
