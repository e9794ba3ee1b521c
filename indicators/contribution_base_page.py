"""Texts of the contribution-base page (缴费基数底线), its CSV and its workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _

from bureau import months
from bureau.cells import WORKBOOK_OPTIONS
from bureau.exports import xml_text
from bureau.language import unit
from indicators import wording
from indicators.contribution_base import FIRST, FLOOR, LAST, Lines, Month, Table
from indicators.models import Parameter
from indicators.models.plan import Standing

SURE = (Standing.PLAN, Standing.OFFICIAL)


def money(amount: Decimal | None) -> str:
    return wording.DASH if amount is None else f"{amount:,.2f}"


def per_cent(share: Decimal | None) -> str:
    return wording.DASH if share is None else f"{share.normalize():f}%"


def pending(wage: Parameter) -> bool:
    return wage.standing not in SURE


def headline(found: Table, today: date) -> str:
    """The line of the present month, or of the nearest one there is."""
    shown = found.months[min(max(months.of(today), FIRST), LAST) - FIRST]
    if shown.lines is None or shown.lines.share is None:
        return _("缴费基数底线：还没有参数")
    return _("%(m)s缴费基数底线每月 %(v)s 元") % {"m": months.label(shown.month), "v": money(shown.lines.share)}


def rows(found: Table) -> list[dict]:
    return [_row(one) for one in found.months]


def _row(one: Month) -> dict:
    lines = one.lines
    return {
        "month": months.label(one.month),
        "wage_year": one.wage.refers_to if one.wage else wording.DASH,
        "yearly": f"{one.wage.value.normalize():,f}" if one.wage else wording.DASH,
        "monthly": money(lines.monthly if lines else None),
        "line": money(lines.share if lines else None),
        "floor": money(lines.floor if lines else None),
        "changed": one.changed,
        "pending": bool(one.wage and pending(one.wage)),
    }


def wages(found: Table) -> list[dict]:
    """Each series with its lines, those not in use too, and what it rests on."""
    told = []
    for one in found.wages:
        lines = Lines.of(one.value, found.share)
        told.append(
            {
                "year": one.refers_to,
                "series": one.series,
                "in_use": one.in_use,
                "since": one.valid_from.isoformat(),
                "yearly": f"{one.value.normalize():,f}",
                "unit": unit(one.unit),
                "monthly": money(lines.monthly),
                "line": money(lines.share),
                "floor": money(lines.floor),
                "source": one.source,
                "standing": one.get_standing_display(),
                "pending": pending(one),
            }
        )
    return told


HEAD = ("month", "wage_year", "series", "wage", "monthly", "share", "line", "floor_60", "changed", "standing", "source")


def lines(found: Table) -> Iterator[list]:
    """Every month for the CSV."""
    for one in found.months:
        wage, got = one.wage, one.lines
        yield [
            months.iso(one.month), wage.refers_to if wage else "", wage.series if wage else "",
            wage.value.normalize() if wage else None, got.monthly if got else None,
            None if one.share is None else one.share.normalize(), got.share if got else None,
            got.floor if got else None, int(one.changed), wage.standing if wage else "", wage.source if wage else "",
        ]  # fmt: skip


def book(found: Table, clause: str) -> bytes:
    """The months as a workbook, lines as live formulas over the yearly wage."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, WORKBOOK_OPTIONS) as made:
        sheet = made.add_worksheet(_("缴费基数底线"))
        edge = {"border": 1, "border_color": "#D6DDE0", "font_size": 10}
        title, note = made.add_format({"bold": True, "font_size": 14}), made.add_format({"font_color": "#5C6B74"})
        head = made.add_format({**edge, "bold": True, "bg_color": "#F4F7F7", "text_wrap": True, "align": "center"})
        text, moved = made.add_format(edge), made.add_format({**edge, "bold": True, "bg_color": "#FBF0DA"})
        number, fen = (
            made.add_format({**edge, "num_format": "#,##0"}),
            made.add_format({**edge, "num_format": "#,##0.00"}),
        )
        sheet.write_string(0, 0, _("缴费基数底线（%(c)s）") % {"c": clause}, title)
        sheet.write_string(1, 0, _("元/月；底色行为全省平均工资更新的月份；四舍五入到分"), note)
        heads = (
            (_("月份"), 10), (_("工资年度"), 10), (_("系列"), 22), (_("全省平均工资（元/年）"), 14),
            (_("月平均工资"), 12), (_("底线比例（%）"), 10), (_("缴费基数底线"), 12), (_("60% 线（对照）"), 12),
            (_("依据状态"), 16), (_("来源"), 44),
        )  # fmt: skip
        for column, (word, width) in enumerate(heads):
            sheet.write_string(3, column, word, head)
            sheet.set_column(column, column, width)
        for row, one in enumerate(found.months, start=4):
            sheet.write_string(row, 0, months.iso(one.month), moved if one.changed else text)
            if one.wage is None or one.lines is None:
                continue
            words = {1: one.wage.refers_to, 2: one.wage.series, 8: one.wage.get_standing_display(), 9: one.wage.source}
            for column, word in words.items():
                sheet.write_string(row, column, xml_text(word), text)
            sheet.write_number(row, 3, one.wage.value.normalize(), number)  # printed digit by digit, never a float
            sheet.write_formula(row, 4, f"=ROUND(D{row + 1}/12,2)", fen, one.lines.monthly)
            if one.share is not None:
                sheet.write_number(row, 5, one.share.normalize(), text)
                sheet.write_formula(row, 6, f"=ROUND(D{row + 1}*F{row + 1}/1200,2)", fen, one.lines.share)
            sheet.write_formula(row, 7, f"=ROUND(D{row + 1}*{FLOOR}/1200,2)", fen, one.lines.floor)
        sheet.freeze_panes(4, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)
        sheet.print_area(0, 0, 3 + LAST - FIRST + 1, len(heads) - 1)
    return out.getvalue()
