"""The timetable as a workbook: a row a task, a column a month, bars as fills, milestones as marks; A3."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from itertools import groupby

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bureau import months
from bureau.exports import starts_formula, xml_text
from tasks import queries
from tasks.timetable import gantt
from tasks.timetable import rows as timetable
from tasks.timetable.rows import Asked, Timetable

FACTS = 9  # columns before the first month
HEAD = 4  # rows above the first group
A3 = 8
COLOURS = {"done": "#0B5563", "plan": "#E3EEF0", "completed": "#93A9AE", "late": "#FBE7E6", "slip": "#FBF0DA"}
REACHED, OPEN, FROM = "◆", "◇", "·"


def write(found: Timetable, asked: Asked, *, demonstration: bool) -> bytes:
    """The rows asked for, grouped as on the page."""
    rows = queries.named(found.chosen(asked))
    bars, axis = timetable.bars(rows), found.axis()
    span = list(range(months.of(axis.first), months.of(axis.last) + 1))
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(_("时间表"))
        looks = _Looks(book)
        _head(sheet, looks, found, span, demonstration=demonstration)
        line = HEAD
        for (_order, title), some in groupby(rows, key=lambda row: found.group(row, asked.by)):
            sheet.write_string(line, 0, xml_text(title), looks("bold"))
            line += 1
            for row in some:
                _row(sheet, looks, line, row, bars[row["code"]], span, found.today)
                line += 1
        sheet.write_string(line + 1, 0, _legend(), looks("note"))
        _page(sheet, line + 1, FACTS + len(span) - 1, demonstration=demonstration)
    return out.getvalue()


class _Looks:
    """The formats of the book, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[str, Format] = {}

    def __call__(self, name: str) -> Format:
        if name not in self._made:
            self._made[name] = self._book.add_format({"font_size": 10, "valign": "vcenter"} | self._of(name))
        return self._made[name]

    def _of(self, name: str) -> dict:
        edge = {"border": 1, "border_color": "#D6DDE0"}
        known = {
            "title": {"bold": True, "font_size": 14},
            "note": {"font_color": "#5C6B74", "font_size": 9},
            "head": {"bold": True, "bg_color": "#F4F7F7", **edge},
            "month": {"align": "center", "font_size": 8, "bg_color": "#F4F7F7", **edge},
            "today": {
                "align": "center",
                "font_size": 8,
                "bold": True,
                "bg_color": "#B3141D",
                "font_color": "#FFFFFF",
                **edge,
            },
            "phase": {"align": "center", "bold": True, "bg_color": COLOURS["plan"], **edge},
            "bold": {"bold": True},
            "text": edge,
            "quoted": {"quote_prefix": True, **edge},
            "day": {"num_format": "yyyy-mm-dd", "align": "center", **edge},
            "percent": {"num_format": '0"%"', "align": "center", **edge},
        }
        if name in known:
            return known[name]
        fill = COLOURS.get(name)
        dark = name in ("done", "completed")
        mark = {
            "align": "center",
            "font_size": 9,
            "font_color": "#FFFFFF" if dark else "#B3141D" if name == "late" else "#12232B",
        }
        return {"border": 1, "border_color": "#E6EBED"} | mark | ({"bg_color": fill} if fill else {})


def _head(sheet: Worksheet, looks: _Looks, found: Timetable, span: Sequence[int], *, demonstration: bool) -> None:
    title = "".join(part["text"] for part in found.headline())
    sheet.write_string(0, 0, (_("演示数据") + " · " if demonstration else "") + title, looks("title"))
    sheet.write_string(1, 0, _("截至 %(d)s") % {"d": found.today.isoformat()}, looks("note"))
    heads = (
        (_("编号"), 6), (_("名称"), 28), (_("责任科室"), 11), (_("状态"), 11), (_("进度"), 6), (_("开始"), 10.5),
        (_("应完成"), 10.5), (_("完成日期"), 10.5), (_("推后（天）"), 8),
    )  # fmt: skip
    for column, (word, width) in enumerate(heads):
        sheet.write_string(3, column, word, looks("head"))
        sheet.set_column(column, column, width)
    sheet.set_column(FACTS, FACTS + len(span) - 1, 2.7)
    for column, month in enumerate(span, start=FACTS):
        this = month == months.of(found.today)
        sheet.write_string(3, column, str(months.number(month)), looks("today" if this else "month"))
        if months.number(month) == 1:
            sheet.write_string(1, column, str(months.year(month)), looks("bold"))
    for phase in found.phases:
        first, last = (FACTS + months.of(phase[name]) - span[0] for name in ("start", "end"))
        sheet.merge_range(2, first, 2, last, phase["name"], looks("phase"))


def _row(
    sheet: Worksheet, looks: _Looks, line: int, row: dict, bar: gantt.Bar, span: Sequence[int], today: date
) -> None:
    words = queries.words()
    for column, text in enumerate((row["code"], row["name"], row["lead_name"], words[row["light"]])):
        sheet.write_string(line, column, xml_text(text), looks("quoted" if starts_formula(text) else "text"))
    sheet.write_number(line, 4, bar.percent, looks("percent"))
    for column, day in ((5, bar.starts_on), (6, bar.due_on), (7, bar.completed_on)):
        if day is None:
            sheet.write_blank(line, column, None, looks("day"))
        else:
            sheet.write_datetime(line, column, day, looks("day"))
    slip = slipped(bar, today)
    if slip:
        sheet.write_number(line, 8, slip, looks("text"))
    else:
        sheet.write_blank(line, 8, None, looks("text"))
    marks = _marks(bar)
    for column, month in enumerate(span, start=FACTS):
        look, mark = fill_of(bar, month, today), marks.get(month, "")
        if mark:
            sheet.write_string(line, column, mark, looks(look))
        else:
            sheet.write_blank(line, column, None, looks(look))


def slipped(bar: gantt.Bar, today: date) -> int:
    """Days behind the first plan: completed late, due later than first planned, or overdue and still open."""
    first = bar.first_due or bar.due_on
    if bar.completed_on:
        return max(0, (bar.completed_on - first).days)
    until = today if bar.due_on < today else bar.due_on
    return max(0, (until - first).days)


def fill_of(bar: gantt.Bar, month: int, today: date) -> str:
    """What a month of the bar is filled with."""
    if bar.completed_on:
        return "completed" if months.of(bar.starts_on) <= month <= months.of(bar.completed_on) else "empty"
    since = gantt.overdue_since(bar, today)
    if since and months.of(since) <= month <= months.of(today):
        return "late"
    if not months.of(bar.starts_on) <= month <= months.of(bar.due_on):
        return "empty"
    if bar.first_due and month > months.of(bar.first_due):
        return "slip"
    whole = months.of(bar.due_on) - months.of(bar.starts_on) + 1
    return "done" if (month - months.of(bar.starts_on) + 1) * 100 <= whole * bar.percent else "plan"


def _marks(bar: gantt.Bar) -> dict[int, str]:
    """Month → the mark of the milestone in it: reached, open, or where a moved one first stood."""
    found: dict[int, str] = {}
    for node in bar.nodes:
        if node.first_on and node.first_on != node.due_on:
            found.setdefault(months.of(node.first_on), FROM)
    for node in bar.nodes:
        found[months.of(node.done_on or node.due_on)] = REACHED if node.done_on else OPEN
    return found


def _legend() -> str:
    return _(
        "深色：已做的部分；浅色：计划；灰色：已完成；红色：逾期；黄色：延期。◆ 已到节点，◇ 未到节点，· 节点原来的日期。"
    )


def _page(sheet: Worksheet, last_row: int, last_column: int, *, demonstration: bool) -> None:
    """One sheet of A3 across, the heads on every one; panes frozen before the first month."""
    sheet.freeze_panes(HEAD, FACTS)
    sheet.set_paper(A3)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, 3)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_footer("&C&P / &N" + (f"&R{_('演示数据')}" if demonstration else ""))
