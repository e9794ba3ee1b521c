"""A file for several submissions in its steps: kept, read into one preview that writes no figure, confirmed whole.

All of it is written in one transaction, or none; the same file again finds nothing to write and leaves no record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock, files, months
from bureau.installation import lock_county
from bureau.models import Area, Installation, User
from bureau.places import Tree
from indicators.entry import books, handing_in, longform, sheets, workflow
from indicators.entry.judging import Judged, Progress, Reach, judge
from indicators.entry.layout import Cell, CellKey, Change, Problem
from indicators.entry.reader import read_workbook
from indicators.entry.scan import UploadRefused
from indicators.entry.uploads import template_key
from indicators.models import Import, ImportPart, Submission

LONG_FILE = 300 * 1024  # bytes from which a file is read by the worker, not while the page waits
KEPT_PROBLEMS = 5_000
KEPT_CONVERSIONS = 1_000
GIVEN_UP = timedelta(minutes=2)  # a reading that got no further for so long has lost its worker
_SPREADSHEET = b"PK\x03\x04"
_OLD_SPREADSHEET = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class ClashingCell:
    """A cell that somebody else changed after the preview was made: what the file has, what stands there now."""

    part: ImportPart
    change: Change
    theirs: Decimal | None
    state: int | None
    by: int | None


class Clash(workflow.Conflict):
    """Cells of one or several submissions that changed meanwhile; nothing was written."""

    def __init__(self, message: str, clashes: list[ClashingCell]) -> None:
        super().__init__(message)
        self.clashes = clashes


def reach_of(user: User) -> Reach:
    """What the person may fill up to the month of the business date."""
    here = Installation.objects.select_related("county").get()
    return Reach(user, Tree(here.county_id), months.of(clock.today_in(here)))


def examine(content: bytes, path: Any, *, by: User, progress: Progress = lambda done, total: None) -> Judged:
    """What the file would do, and every problem; UploadRefused for the file as a whole. Nothing is stored."""
    reach = reach_of(by)
    if content.startswith((_SPREADSHEET, _OLD_SPREADSHEET)):
        book = read_workbook(path, timeout=30)
        if books.is_template(book):
            return books.judge_book(book, reach, template_key(), progress)
        return judge(longform.read_book(book), reach, progress)
    if not content:
        raise UploadRefused([longform.NOTHING])
    return judge(longform.read_csv(content), reach, progress)


@transaction.atomic
def keep(content: bytes, name: str, *, by: User) -> Import:
    """The original with its row, waiting to be read."""
    kept = files.keep(content, name, purpose="import", owner=by)
    return Import.objects.create(file=kept, by=by, at=clock.now(), touched_at=clock.now())


def read(one: Import) -> Import:
    """Read a kept file into its preview. Safe to be called again: a reading broken off begins anew."""
    if not one.is_reading:
        return one
    standing = Import.objects.filter(pk=one.pk)
    standing.update(state=Import.State.READING, done=0, total=0, touched_at=clock.now())

    def progress(done: int, total: int) -> None:
        standing.update(done=done, total=total, touched_at=clock.now())

    path = files.path_of(one.file.sha256)
    try:
        judged = examine(files.content_of(one.file), path, by=one.by, progress=progress)
    except UploadRefused as refused:
        judged = Judged(problems=[Problem("hard", reason, "") for reason in refused.reasons])
    _store(one, judged)
    one.refresh_from_db()
    return one


@transaction.atomic
def _store(one: Import, judged: Judged) -> None:
    """The preview, or the refusal with its record; whoever comes second finds it done."""
    one = Import.objects.select_for_update(of=("self",)).select_related("file", "by").get(pk=one.pk)
    if not one.is_reading:
        return
    one.refused = judged.refused
    one.state = Import.State.REFUSED if one.refused else Import.State.PREVIEW
    one.problems = [vars(problem) for problem in judged.problems[:KEPT_PROBLEMS]]
    one.converted_count = len(judged.converted)
    one.converted = [list(row) for row in judged.converted[:KEPT_CONVERSIONS]]
    one.touched_at = clock.now()
    one.save()
    ImportPart.objects.bulk_create(
        [
            ImportPart(
                record=one,
                form=part.form,
                place=part.place,
                month=part.month,
                new=sum(change.kind == "new" for change in part.changes),
                changed=sum(change.kind == "changed" for change in part.changes),
                same=part.same,
                changes=[_packed(change) for change in part.changes] if not one.refused else [],
            )
            for part in judged.parts
        ]
    )
    if one.refused:
        detail = {"file": one.file.sha256, "name": one.file.name, "problems": one.refused}
        audit.record("upload.refused", by=one.by, object=one.file.name, detail=detail, succeeded=False)


def is_given_up(one: Import) -> bool:
    """Did the reading stop half-way, its worker killed? It can then be begun again."""
    return one.is_reading and clock.now() - one.touched_at > GIVEN_UP


@transaction.atomic
def begin_again(one: Import, *, by: User) -> bool:
    """Let a reading that was broken off wait for the worker again; False while it is still going on."""
    one = Import.objects.select_for_update(of=("self",)).get(pk=one.pk)
    if one.by_id != by.pk or not is_given_up(one):
        return False
    Import.objects.filter(pk=one.pk).update(state=Import.State.WAITING, touched_at=clock.now())
    return True


@transaction.atomic
def confirm(one: Import, *, by: User, submit: bool = False) -> int:
    """Write the whole preview as draft entries, with `submit` hand every form in; returns how many cells changed.

    Clash with every cell that was changed meanwhile, in whichever submission; nothing is written then.
    """
    lock_county(Installation.objects.values_list("county_id", flat=True).get())
    one = Import.objects.select_for_update(of=("self",)).get(pk=one.pk)
    if one.by_id == by.pk and one.state == Import.State.CONFIRMED:
        return 0
    if one.by_id != by.pk or one.state != Import.State.PREVIEW:
        raise workflow.Refused(_("这个文件不能导入，请重新上传。"))
    reach = reach_of(by)
    names = _Names(reach.tree)
    written, clashes = 0, []
    for part in one.parts.select_related("form__section", "place").order_by("month", "form_id", "place_id"):
        changes = changes_of(part)
        ids = names.of(part)
        _refuse_lost_right(reach, part, {ids.areas[change.key.area] for change in changes})
        if changes:
            try:
                written += _write(part, sheets.changes(changes, ids), by=by)
            except workflow.Conflict as conflict:
                clashes += _clashes(part, changes, ids, conflict.cells)
    if clashes:
        raise Clash(_("有 %(count)d 格已被他人修改，没有写入任何数。") % {"count": len(clashes)}, clashes)
    Import.objects.filter(pk=one.pk).update(state=Import.State.CONFIRMED)
    if submit:
        _submit(one, by=by)
    return written


def _write(part: ImportPart, changes: list[workflow.Change], *, by: User) -> int:
    submission = workflow.submission_for(part.form, part.place, part.month)
    try:
        return workflow.save(submission, changes, by=by, source="longform")
    except workflow.Closed as closed:
        where = f"{part.form.number} {part.place} {months.label(part.month)}"
        raise workflow.Closed(f"{where}：{closed}") from closed


def _submit(one: Import, *, by: User) -> None:
    for part in one.parts.select_related("form__section", "place"):
        submission = Submission.objects.filter(form=part.form, place=part.place, month=part.month).first()
        if submission is not None and submission.is_open:
            handing_in.hand_in(submission, by=by, missing_accepted=True)


def _refuse_lost_right(reach: Reach, part: ImportPart, areas: set[int]) -> None:
    if not all(reach.may_fill(part.form, part.place, area) for area in areas):
        raise workflow.Refused(_("文件里有不在你填报范围的行，没有写入任何数。"))


class _Names:
    """The ids behind the codes of any part, read once a form."""

    def __init__(self, tree: Tree) -> None:
        self._areas = {code: area for area, code in tree.codes.items()}
        self._columns: dict[int, sheets.Columns] = {}

    def of(self, part: ImportPart) -> sheets.Names:
        if part.form_id not in self._columns:
            self._columns |= sheets.columns_of([part.form_id])
        columns = self._columns[part.form_id]
        return sheets.Names(self._areas, columns.items, columns.categories)


def _clashes(
    part: ImportPart, changes: list[Change], names: sheets.Names, cells: Mapping[workflow.Cell, tuple]
) -> list[ClashingCell]:
    found = []
    for change in changes:
        theirs = cells.get(names.ids(change.key))
        if theirs is not None:
            units, state, _note, who, _when = theirs
            value = None if units is None else sheets.from_units(units)
            found.append(ClashingCell(part, change, value, state, who))
    return found


def changes_of(part: ImportPart) -> list[Change]:
    """The stored changes as plain values again."""
    return [
        Change(CellKey(*key), _cell(old) if old else None, _cell(new), "changed" if old else "new")
        for key, old, new in part.changes
    ]


def problems_of(one: Import) -> list[Problem]:
    return [Problem(**row) for row in one.problems]


def _packed(change: Change) -> list:
    return [list(change.key), _plain(change.old) if change.old else None, _plain(change.new)]


def _plain(cell: Cell) -> list:
    return [None if cell.value is None else str(cell.value), cell.state, cell.version]


def _cell(row: list) -> Cell:
    return Cell(None if row[0] is None else Decimal(row[0]), row[1], row[2])


def place_of(part: ImportPart, tree: Tree) -> str:
    """What the part's place is called in its month."""
    found = tree.valid(part.month).get(part.place_id)
    return found.name if found else Area.objects.get(pk=part.place_id).code
