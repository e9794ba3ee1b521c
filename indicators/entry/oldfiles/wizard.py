"""An old file (旧表) step by step, as far as its sender has come; at the end an ordinary import, unwritten until then.

The file is read anew at every step, in the limited child: what is kept is what the person said of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import aliases, audit, clock, files, installation
from bureau.authorization import Permission, scope
from bureau.models import Area, AreaSpan, User
from indicators.entry import importing, sheets
from indicators.entry.judging import Judged, judge
from indicators.entry.layout import Column, Problem
from indicators.entry.oldfiles import layout as lay
from indicators.entry.oldfiles import reading, words
from indicators.entry.oldfiles.grid import Grid
from indicators.entry.oldfiles.layout import Guess, Layout
from indicators.entry.oldfiles.matching import Choice, Gazetteer, Named, propose_item
from indicators.entry.rawbook import UploadRefused, column_number
from indicators.entry.reader import read_workbook
from indicators.entry.refusals import Refused
from indicators.models import Import, OldFile, ReportingForm

NOTHING = "没有可导入的数据"


def start(content: bytes, name: str, *, by: User) -> OldFile:
    """Keep the file and scan it as every upload; UploadRefused, on record, for what cannot be taken.

    What the person sent before and has not finished goes on where it stood.
    """
    with transaction.atomic():
        kept = files.keep(content, name, purpose="old file", owner=by)
    begun = OldFile.objects.filter(by=by, file__sha256=kept.sha256, record=None).first()
    if begun is not None:
        kept.delete()
        return begun
    try:
        book = read_workbook(files.path_of(kept.sha256))
        if not [Grid(page) for page in book.sheets if page.visibility == "visible" and page.cells]:
            raise UploadRefused([NOTHING])
    except UploadRefused as refused:
        with transaction.atomic():
            detail = {"file": kept.sha256, "name": kept.name, "problems": len(refused.reasons)}
            audit.record("upload.refused", by=by, object=kept.name, detail=detail, succeeded=False)
        raise
    now = clock.now()
    return OldFile.objects.create(file=kept, by=by, at=now, changed_at=now)


class Opened:
    """An old file with everything its steps ask: its sheets, the county's places and spellings, the sender's items."""

    def __init__(self, one: OldFile) -> None:
        self.one = one
        book = read_workbook(files.path_of(one.file.sha256))
        self.pages = {page.name: page for page in book.sheets if page.visibility == "visible" and page.cells}
        self.layout = Layout.restored(one.layout) if one.layout else None
        self.choices = {key: Choice.restored(found) for key, found in one.columns.items()}
        self.names: dict[tuple[str, str], str] = {(name, town): code for name, town, code in one.names}
        self.gazetteer = gazetteer(installation.county())
        self.columns = columns_of(one.by)
        self._grids: dict[str, Grid] = {}

    def grid(self, sheet: str = "") -> Grid:
        """The worksheet of that name, of the layout, or the first one."""
        wanted = sheet or (self.layout.sheet if self.layout else "")
        page = self.pages.get(wanted) or next(iter(self.pages.values()))
        if page.name not in self._grids:
            self._grids[page.name] = Grid(page)
        return self._grids[page.name]

    def guess(self, sheet: str = "") -> Guess:
        """How the worksheet looks, for the person to mend."""
        found = lay.guess(self.grid(sheet), self.gazetteer.looks_known)
        if not found.layout.place_column:
            own = sorted(scope(self.one.by, Permission.ENTER).areas)
            place = Area.objects.filter(pk__in=own[:1]).values_list("code", flat=True).first() if len(own) == 1 else ""
            found.layout = replace(found.layout, place=place or "")
        return found

    @property
    def keys(self) -> dict[str, tuple[str, str, str, bool]]:
        """The headings to be matched with items."""
        return reading.item_keys(self.grid(), self.layout) if self.layout else {}

    def proposals(self) -> tuple[dict[str, Choice], bool]:
        """Key → its choice: as said before of this file, of another with the same headings (then True), or as alike."""
        if self.choices:
            return self.choices, False
        earlier = _earlier(self.one)
        kept = {key: Choice.restored(found) for key, found in earlier.columns.items()} if earlier else {}
        kept = {key: choice for key, choice in kept.items() if not choice.code or choice.code in self.columns}
        found = {
            key: kept[key] if key in kept else Choice() if hidden else propose_item(text, unit, self.columns.values())
            for key, (text, unit, _first, hidden) in self.keys.items()
        }
        return found, any(key in kept for key in found)

    def open_names(self) -> dict[tuple[str, str], list[int]]:
        """Names nobody has placed yet, with their rows."""
        return reading.open_names(self.grid(), self.layout, self.gazetteer, self.names) if self.layout else {}

    def settled_names(self) -> dict[str, str]:
        """Name as written → code of the place it is taken for."""
        if self.layout is None or not self.layout.place_column:
            return {}
        found = reading.placed_rows(self.grid(), self.layout, self.gazetteer, self.names)
        return {one.name: one.code for one in found if one.name and one.code}

    def trial(self) -> Judged:
        """What the file would do, with every problem at its place in the original; nothing is stored."""
        if self.layout is None:
            raise Refused(_("先选好标题行和各列。"))
        grid = self.grid()
        found = reading.read(grid, self.layout, self.choices, self.gazetteer, self.names, self.columns)
        table = found.table
        if len(table.lines) > reading.MOST_VALUES:
            raise Refused(_("一次最多导入 %(n)d 个数；把不读的行写上，分几次导入。") % {"n": reading.MOST_VALUES})
        judged = judge(table, importing.reach_of(self.one.by))
        judged.problems = found.problems + list(_once_a_cell(judged.problems, grid))
        if not table.lines and not judged.problems:
            judged.problems.append(Problem("hard", NOTHING, "核对表样和对应关系", sheet=grid.sheet.name))
        judged.problems.sort(key=lambda problem: (problem.severity != "hard", problem.row))
        judged.converted = found.converted + judged.converted
        return judged


def _once_a_cell(problems: Iterable[Problem], grid: Grid) -> Iterator[Problem]:
    """Each rule once for each cell of the original, with what is written there."""
    seen: set[tuple] = set()
    for one in problems:
        key = one.row, one.column, one.rule
        if key not in seen:
            seen.add(key)
            written = grid.text(one.row, column_number(one.column))[:40] if one.severity == "hard" and one.row else ""
            yield replace(one, value=written or one.value)


@transaction.atomic
def say_layout(one: OldFile, layout: Layout, grid: Grid) -> None:
    """Keep how the worksheet is laid out; another layout of headings asks for its items anew."""
    one = _locked(one)
    heads = [words.bare(head.text) for head in lay.headings(grid, replace(layout, month_from="one"))]
    signature = hashlib.sha256("\x1f".join([str(layout.item_column), *heads]).encode()).hexdigest()
    if signature != one.signature:
        one.columns = {}
    one.layout, one.signature = layout.stored(), signature
    _keep(one)


@transaction.atomic
def say_columns(one: OldFile, choices: Mapping[str, Choice]) -> None:
    """Keep which item each heading stands for."""
    one = _locked(one)
    one.columns = {key: choice.stored() for key, choice in choices.items()}
    _keep(one)


@transaction.atomic
def say_names(opened: Opened, said: Mapping[tuple[str, str], str]) -> int:
    """Keep which places the names are; those within the sender's own scope are known from then on (区划别名)."""
    if any(code != reading.LEAVE_OUT and code not in opened.gazetteer.of for code in said.values()):
        raise Refused(_("没有这个地方。"))
    ids = dict(Area.objects.values_list("code", "pk"))
    installation.lock_county(installation.county().pk)
    one = _locked(opened.one)
    names = {(name, town): code for name, town, code in one.names} | dict(said)
    one.names = [[name, town, code] for (name, town), code in names.items()]
    _keep(one)
    known = opened.gazetteer
    own = {
        (name, town): code
        for (name, town), code in said.items()
        if code != reading.LEAVE_OUT and len(known.resolve(name, town)) < 2 and may_name(one.by, known.of[code], ids)
    }
    return aliases.confirm(own, ids, by=one.by)


def may_name(user: User, place: Named, ids: Mapping[str, int]) -> bool:
    """Only who enters figures for a place, or for its town, may say for everybody how else it is written."""
    held = scope(user, Permission.ENTER)
    above = {ids[code] for code in place.parents} if place.level == Area.Level.VILLAGE else set()
    return bool(held.areas & ({ids[place.code]} | above)) or bool(held.sections and place.level == Area.Level.COUNTY)


@transaction.atomic
def finish(opened: Opened) -> Import:
    """Hand what the file would do to the ordinary import, which writes it once it is confirmed; one preview a file."""
    one = _locked(opened.one)
    if one.record is not None and one.record.state == Import.State.PREVIEW:
        one.record.delete()
    one.record = importing.preview_of(one.file, opened.trial(), by=one.by)
    one.changed_at = clock.now()
    one.save()
    return one.record


def columns_of(user: User) -> dict[str, Column]:
    """Code ('D31[active]') → every column the person fills on some form, in the forms' order."""
    held = scope(user, Permission.ENTER)
    forms = ReportingForm.objects.none()
    if held.areas:
        forms = ReportingForm.objects.filter(submitted_by=ReportingForm.SubmittedBy.TOWN)
    if held.sections:
        forms |= ReportingForm.objects.filter(submitted_by=ReportingForm.SubmittedBy.COUNTY, section__in=held.sections)
    found = sheets.columns_of(set(forms.values_list("pk", flat=True)))
    return {column.code: column for pk in sorted(found) for column in found[pk].columns}


def gazetteer(county: Area) -> Gazetteer:
    """The county's places by every name they had, and the kept spellings."""
    rows = AreaSpan.objects.filter(area__county_id=county.pk).order_by("area__code", "from_month")
    places: dict[tuple[str, str], Named] = {}
    for code, name, level, parent in rows.values_list("area__code", "name", "area__level", "parent__code"):
        standing = places.get((code, name))
        parents = (standing.parents if standing else frozenset()) | ({parent} if parent else frozenset())
        places[code, name] = Named(code, name, level, parents)
    return Gazetteer(list(places.values()), aliases.kept(county.pk))


def factor_of(text: str) -> Decimal | None:
    """One of the factors that may be chosen; None for anything else."""
    return FACTORS.get(text)


FACTORS = {text: Decimal(text) for text in ("1", "10", "100", "1000", "10000", "100000000", "0.0001", "0.001", "0.01")}


def _earlier(one: OldFile) -> OldFile | None:
    """The last file with these headings that came as far as an import."""
    found = OldFile.objects.filter(signature=one.signature, record__isnull=False).exclude(pk=one.pk)
    return found.exclude(record__state=Import.State.REFUSED).order_by("-changed_at", "-pk").first()


def _locked(one: OldFile) -> OldFile:
    return OldFile.objects.select_for_update(of=("self",)).select_related("file", "by", "record").get(pk=one.pk)


def _keep(one: OldFile) -> None:
    one.changed_at = clock.now()
    one.save()
