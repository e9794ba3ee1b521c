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

from bureau import audit, bulk, clock, files, months
from bureau.fields import from_units
from bureau.installation import lock_county
from bureau.models import Installation, StoredFile, User
from bureau.places import Tree
from bureau.progress import Tell, silent
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


@bulk.at_a_stretch()
def examine(content: bytes, path: Path, *, by: User, tell: Tell = silent) -> Judged:
    """What the file would do, and every problem; nothing is stored."""
    tell("read", 0, 0)
    try:
        if content.startswith(_SPREADSHEETS):
            book = read_workbook(path, "longform")
            if books.is_template(book):
                return books.judge_book(book, reach_of(by), template_key())
            return judge(longform.read_book(book), reach_of(by), tell)
        return judge(longform.read_csv(content), reach_of(by), tell)
    except UploadRefused as refused:
        return Judged(problems=[Problem("hard", reason, "") for reason in refused.reasons])


def read(content: bytes, name: str, *, by: User) -> Import:
    """Keep the original and what it would do as a preview, or as a refusal with its record; no entry is written."""
    one = keep(content, name, by=by)
    return store(one, examine(content, files.path_of(one.file.sha256), by=by))


def preview_of(kept: StoredFile, judged: Judged, *, by: User) -> Import:
    """What a kept file would do, stored as a preview to be confirmed, or as a refusal with its record."""
    return store(Import(file=kept, by=by, at=clock.now()), judged)


@transaction.atomic
def keep(content: bytes, name: str, *, by: User) -> Import:
    """Keep the original alone; what it would do is not known yet, and nothing of it stands in the database."""
    return Import(file=files.keep(content, name, purpose="import", owner=by), by=by, at=clock.now())


def fill(one: Import, *, tell: Tell) -> Import:
    """Read the file kept, into a preview or a refusal as `read` does."""
    content = files.content_of(one.file)
    judged = examine(content, files.path_of(one.file.sha256), by=one.by, tell=tell)
    tell("keep", 0, 0)
    return store(one, judged)


@bulk.at_a_stretch()
@transaction.atomic
def store(one: Import, judged: Judged) -> Import:
    """What was found in the file: a preview, or a refusal with its record."""
    one.kind = judged.kind
    one.state = Import.State.REFUSED if judged.refused else Import.State.PREVIEW
    one.refused, one.problem_count, one.converted_count = judged.refused, len(judged.problems), len(judged.converted)
    one.problems = [vars(problem) for problem in judged.problems[:KEPT_PROBLEMS]]
    one.converted = [list(row) for row in judged.converted[:KEPT_CONVERSIONS]]
    one.save()
    ImportPart.objects.bulk_create(_packed(one, part) for part in judged.parts)
    if judged.refused:
        detail = {"file": one.file.sha256, "name": one.file.name, "problems": judged.refused}
        audit.record("upload.refused", by=one.by, object=one.file.name, detail=detail, succeeded=False)
    return one


@bulk.at_a_stretch()
def confirm(one: Import, *, by: User, tell: Tell = silent) -> int:
    """Write the whole preview as draft entries; returns how many cells changed.

    Clash with every cell that was changed meanwhile, in whichever submission; nothing is written then.
    """
    # a preview does not change any more: what can be made ready is, before others are kept waiting
    parts = [part_of(stored) for stored in one.parts.select_related("form__section", "place")]
    return _confirm(one.pk, parts, by=by, tell=tell)


@transaction.atomic
def _confirm(pk: int, parts: Sequence[Part], *, by: User, tell: Tell) -> int:
    lock_county(Installation.objects.values_list("county_id", flat=True).get())
    one = Import.objects.select_for_update(of=("self",)).get(pk=pk)
    if one.by_id == by.pk and one.state == Import.State.CONFIRMED:
        return 0
    if one.by_id != by.pk or one.state not in (Import.State.PREVIEW, Import.State.WRITING):
        raise workflow.Refused(_("这个文件不能导入，请重新上传。"))
    written = _write(parts, by=by, source=one.kind, tell=tell)
    one.state, one.told, one.clashes = Import.State.CONFIRMED, "", []
    one.save(update_fields=["state", "told", "clashes"])
    return written


@bulk.at_a_stretch()
@transaction.atomic
def hand_in(parts: Sequence[Part], *, by: User, tell: Tell = silent) -> int:
    """Submit the open sheets of a file for review, cells not filled as 未填; how many. For who fills whole sheets."""
    lock_county(Installation.objects.values_list("county_id", flat=True).get())
    reach, done = reach_of(by), 0
    if not all(reach.may_fill_whole(part.form, part.place) for part in parts):
        raise workflow.Refused(_("整张报表由镇（街道）或科室提交，你只填其中的行。"))
    for month in sorted({part.month for part in parts}):
        mine = {(part.form.pk, part.place.pk) for part in parts if part.month == month}
        standing = Submission.objects.filter(month=month).select_related("form", "place").order_by("form", "place")
        open_ones = [one for one in standing if (one.form_id, one.place_id) in mine and one.is_open]
        tell("submit", done, len(parts))
        done += len(handing_in.hand_in_all(open_ones, by=by, missing_accepted=True))
    return done


def _write(parts: Sequence[Part], *, by: User, source: str, tell: Tell) -> int:
    """The changes of all parts in one act, under the county's lock."""
    reach, parts = reach_of(by), [part for part in parts if part.changes]
    areas = {code: area for area, code in reach.tree.codes.items()}
    columns = sheets.columns_of({part.form.pk for part in parts})
    drafts, changes_of, names_of = [], {}, {}
    for at, (part, submission) in enumerate(zip(parts, _submissions(parts), strict=True)):
        tell("prepare", at, len(parts))
        if not all(reach.may_fill(part.form, part.place, areas[change.key.area]) for change in part.changes):
            raise workflow.Refused(_("文件里有不在你填报范围的行，没有写入任何数。"))
        known = columns[part.form.pk]
        names = sheets.Names(areas, known.items, known.categories)
        drafts.append((submission, sheets.changes(part.changes, names)))
        changes_of[submission.pk], names_of[submission.pk] = part.changes, names
    tell("write", 0, sum(len(part.changes) for part in parts))
    try:
        return workflow.save_all(drafts, by=by, source=source)
    except workflow.Conflict as conflict:
        clashes = []
        for submission, due in drafts:
            there = _conflicting(submission, due, by=by)
            for change in changes_of[submission.pk]:
                ids = names_of[submission.pk].ids(change.key)
                if ids in there:
                    clashes.append(ClashingCell(submission.month, change, standing(there[ids])))
        told = _("有 %(count)d 格已被他人修改，没有写入任何数。") % {"count": len(clashes)}
        raise Clash(told, clashes) from conflict


def _submissions(parts: Sequence[Part]) -> list[Submission]:
    """The submission of each part, made empty where there is none; rows outside a person's scope undo it again."""
    wanted = [(part.form.pk, part.place.pk, part.month) for part in parts]
    near = Submission.objects.filter(form__in={one[0] for one in wanted}, month__in={one[2] for one in wanted})
    found = {(one.form_id, one.place_id, one.month): one for one in near}
    missing = [key for key in wanted if key not in found]
    if missing:
        Submission.objects.bulk_create(
            Submission(form_id=form, place_id=place, month=month) for form, place, month in missing
        )
        found = {(one.form_id, one.place_id, one.month): one for one in near.all()}
    return [found[key] for key in wanted]


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


def _packed(one: Import, part: Part) -> ImportPart:
    return ImportPart(
        record=one,
        form=part.form,
        place=part.place,
        month=part.month,
        new=part.new,
        changed=part.changed,
        same=part.same,
        changes=[_plain_change(change) for change in part.changes],
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
    return Part(stored.form, stored.place, stored.month, [_change(*row) for row in stored.changes], stored.same)


def packed_clashes(clashes: Iterable[ClashingCell]) -> list[list]:
    """The clashing cells as an Import keeps them for who was not there when they were found."""
    return [[one.month, _plain_change(one.change), _plain(one.theirs)] for one in clashes]


def clashes_of(one: Import) -> list[ClashingCell]:
    return [
        ClashingCell(month, _change(*change), _cell(theirs) if theirs else None)
        for month, change, theirs in one.clashes
    ]


def _plain_change(change: Change) -> list:
    return [list(change.key), _plain(change.old), _plain(change.new)]


def _change(key: Sequence, old: list | None, new: list) -> Change:
    return Change(CellKey(*key), _cell(old) if old else None, _cell(new), "changed" if old else "new")


def _plain(cell: Cell | None) -> list | None:
    return None if cell is None else [None if cell.value is None else str(cell.value), cell.state, cell.version]


def _cell(row: list) -> Cell:
    return Cell(None if row[0] is None else Decimal(row[0]), row[1], row[2])
