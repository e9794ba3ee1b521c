"""A filled template against the county, sheet by sheet: of one place and month, or a book of several (套表).

It says what the long form's judging says, a Part for each sheet, so that one preview and one act hold for all. It
stores nothing. A sheet that may not be filled is named, and the file refused whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from bureau import months
from bureau.models import Area
from bureau.places import Tree
from indicators.due import Dates
from indicators.entry import periods, sheets
from indicators.entry.datapages import data_pages, hidden_pages
from indicators.entry.identity import META_SHEET, SHEET_MARK, identities_in, outdated
from indicators.entry.judging import OUTSIDE, Judged, Part, Reach, why_not
from indicators.entry.layout import Problem, Sheet
from indicators.entry.parse import NO_DATA_SHEET, NOTHING, parse_page
from indicators.entry.rawbook import RawSheet, RawWorkbook, UploadRefused
from indicators.entry.refusals import Refused
from indicators.models import ReportingForm, Submission

MOST_SHEETS = 120
MOST_CELLS = 80_000  # to be filled in all sheets; with last month's figures they stay within what the scan reads


def to_fill(form: ReportingForm, places: Sequence[Area], span: Sequence[int], dates: Dates, tree: Tree) -> list[Sheet]:
    """The sheets of these places and months that may be written now, place by place; Refused where they are too many.

    What is handed in, approved or closed has no place in a template to fill.
    """
    found = Submission.objects.filter(form=form, place__in=places, month__in=span)
    standing = {(one.place_id, one.month): one for one in found.select_related("place")}
    wanted = [
        (place, month)
        for place in places
        for month in span
        if place.pk in tree.valid(month)
        and _is_writable(standing.get((place.pk, month)) or Submission(form=form, place=place, month=month), dates)
    ]
    if len(wanted) > MOST_SHEETS:
        words = {"count": len(wanted), "most": MOST_SHEETS}
        raise Refused(_("有 %(count)d 张表，一个文件最多 %(most)d 张；请少选几个月或几个地方。") % words)
    built = [sheets.build(form, place, month, tree)[0] for place, month in wanted]
    if sum(len(sheet.rows) * len(sheet.columns) for sheet in built) > MOST_CELLS:
        raise Refused(_("一个文件最多 %(most)d 格；请少选几个月或几个地方。") % {"most": MOST_CELLS})
    return [sheet for sheet in built if sheet.rows]


def _is_writable(submission: Submission, dates: Dates) -> bool:
    return submission.is_open and not periods.why_closed(submission, dates)


def is_template(book: RawWorkbook) -> bool:
    return book.sheet(META_SHEET) is not None


def judge_book(book: RawWorkbook, reach: Reach, key: bytes) -> Judged:
    """Every data sheet of the workbook; UploadRefused where it is no template of ours, or nothing is filled in."""
    return _Books(book, reach, key).judged()


class _Books:
    """One pass over the sheets, each found by the mark in its hidden code row, whatever its tab is called now."""

    def __init__(self, book: RawWorkbook, reach: Reach, key: bytes) -> None:
        self.reach = reach
        self.identities = identities_in(book, key)
        self.pages = data_pages(book)
        self.result = Judged(problems=list(hidden_pages(book, [page for page, _ in self.pages])), kind="workbook")
        self.forms = {
            form.code: form
            for form in ReportingForm.objects.select_related("section").filter(
                code__in={one["form"] for one in self.identities.values()}
            )
        }
        wanted = {months.parse(one["month"]) for one in self.identities.values()}
        found = Submission.objects.filter(form__in=self.forms.values(), month__in=wanted)
        self.submissions = {(one.form_id, one.place_id, one.month): one for one in found}
        self.places = {code: area for area, code in reach.tree.codes.items()}

    def judged(self) -> Judged:
        if not self.pages:
            raise UploadRefused([NO_DATA_SHEET])
        seen: dict[str, str] = {}
        filled = False
        for page, head in self.pages:
            mark = self._mark(page, head)
            identity = self.identities.get(mark)
            if identity is None:
                self.say(page, "不是这份模板里的表", "删去这张表，或重新下载模板")
            elif mark in seen:
                self.say(page, f"与工作表“{seen[mark]}”重复（{_label(identity)}）", "同一地方同一月份只留一张")
            else:
                seen[mark] = page.name
                filled = self._sheet(page, head, identity) or filled
        if not filled and not self.result.refused:
            raise UploadRefused([NOTHING])
        self.result.problems.sort(key=lambda problem: problem.severity != "hard")  # what refuses the file, first
        return self.result

    def say(self, page: RawSheet, rule: str, fix: str, area: str = "", label: str = "") -> None:
        """A problem of a whole sheet."""
        self.result.problems.append(Problem("hard", rule, fix, sheet=page.name, area=area, area_name=label))

    def _mark(self, page: RawSheet, head: int) -> str:
        """The sheet's own mark; a template of one sheet bears none and is known by being the only one."""
        marks = [cell.text for (row, _), cell in page.cells.items() if row == head and cell.text.startswith(SHEET_MARK)]
        return next(iter(marks), next(iter(self.identities)) if len(self.identities) == 1 else "")

    def _sheet(self, page: RawSheet, head: int, identity: dict) -> bool:
        """Read one sheet into its part; whether anything was filled in."""
        month, form, pk = months.parse(identity["month"]), self.forms.get(identity["form"]), self._place(identity)
        label = _label(identity)
        if why := outdated(identity, sheets.TEMPLATE_VERSION):
            self.say(page, why, "", identity["place"], label)
            return True
        if form is None or pk is None or month > self.reach.last_month:
            self.say(page, "这张表本月不填", "删去这张表，或重新下载模板", identity["place"], label)
            return True
        place = self.reach.area(pk)
        if not self.reach.may_fill_whole(form, place):
            self.say(page, OUTSIDE, "删去这张表，由负责的人填报", identity["place"], label)
            return True
        sheet, _names = sheets.build(form, place, month, self.reach.tree)
        parsed = parse_page(sheet, page, head)
        changes = [change for change in parsed.changes if change.kind != "same"]
        part = Part(form, place, month, changes, len(parsed.changes) - len(changes))
        if why_closed := why_not(part, self.submissions.get((form.pk, place.pk, month))):
            self.say(page, *why_closed, identity["place"], label)
        self.result.problems += parsed.problems
        self.result.converted += [(f"{page.name}!{cell}", before, after) for cell, before, after in parsed.converted]
        if parsed.changes:
            self.result.parts.append(part)
        return bool(parsed.changes) or not parsed.acceptable

    def _place(self, identity: dict) -> int | None:
        """The place's id, where it is there in the month."""
        found = self.places.get(identity["place"])
        return found if found in self.reach.tree.valid(months.parse(identity["month"])) else None


def _label(identity: dict) -> str:
    return f"{identity['place_name']} {months.label(months.parse(identity['month']))}"
