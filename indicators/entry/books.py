"""A workbook of several signed tabs (one a month or place): parted into plain templates, each judged as one is.

The tab "2016-03" goes with the hidden identity sheet "_meta 2016-03"; a tab nothing was filled in is passed over.
"""

from __future__ import annotations

from indicators.entry import sheets
from indicators.entry.identity import META_SHEET, where_of
from indicators.entry.judging import OUTSIDE, Judged, Part, Progress, Reach
from indicators.entry.layout import Problem
from indicators.entry.longform import NOTHING
from indicators.entry.parse import parse_workbook
from indicators.entry.rawbook import RawSheet, RawWorkbook, UploadRefused
from indicators.models import ReportingForm, Submission

NOTES = "填表说明"


def is_template(book: RawWorkbook) -> bool:
    """Does the workbook carry the identity of any template?"""
    return any(page.name.startswith(META_SHEET) for page in book.sheets)


def judge_book(book: RawWorkbook, reach: Reach, key: bytes, progress: Progress) -> Judged:
    """Every tab against its own sheet; UploadRefused where nothing at all was filled in."""
    metas = {page.name: page for page in book.sheets if page.name.startswith(META_SHEET)}
    pages = [page for page in book.sheets if page.name not in metas and page.name != NOTES and page.cells]
    result = Judged()
    seen: dict[tuple[str, str, int], str] = {}
    for done, page in enumerate(pages):
        progress(done, len(pages))
        meta = metas.get(f"{META_SHEET} {page.name}") or (metas.get(META_SHEET) if len(metas) == 1 else None)
        if meta is None:
            fix = "改回原来的名称，或删去这张表"
            result.problems.append(Problem("hard", f"工作表“{page.name}”没有模板标识", fix, sheet=page.name))
            continue
        try:
            where = where_of(meta, key)
            if where in seen:
                raise UploadRefused([f"与工作表“{seen[where]}”重复"])
            seen[where] = page.name
            _judge_tab(result, page, meta, where, reach, key)
        except UploadRefused as refused:
            if refused.reasons != [NOTHING]:
                result.problems += [Problem("hard", reason, "", sheet=page.name) for reason in refused.reasons]
    progress(len(pages), len(pages))
    if not result.parts and not result.problems:
        raise UploadRefused([NOTHING])
    return result


def _judge_tab(
    result: Judged, page: RawSheet, meta: RawSheet, where: tuple[str, str, int], reach: Reach, key: bytes
) -> None:
    form_code, place_code, month = where
    form = ReportingForm.objects.select_related("section").filter(code=form_code).first()
    valid = {one.code: one for one in reach.tree.valid(month).values()}
    found = valid.get(place_code)
    place = reach.place(form, found) if form and found else None
    if form is None or place is None or month > reach.last_month or not reach.may_fill_whole(form, place):
        raise UploadRefused([OUTSIDE])
    sheet, _names = sheets.build(form, place, month, reach.tree)
    identity = RawSheet(META_SHEET, meta.visibility, meta.cells)
    parsed = parse_workbook(sheet, RawWorkbook([page, identity]), key)
    part = Part(form, place, month, [change for change in parsed.changes if change.kind != "same"])
    part.same = len(parsed.changes) - len(part.changes)
    submission = Submission.objects.filter(form=form, place=place, month=month).first()
    if part.changes and submission is not None and not submission.is_open:
        rule = f"该期{submission.get_state_display()}，不能再改"
        result.problems.append(Problem("hard", rule, "先撤回或发起更正", sheet=page.name, area_name=sheet.label))
    result.parts.append(part)
    result.problems += parsed.problems
    result.converted += [(f"{page.name} {cell}", before, after) for cell, before, after in parsed.converted]
