"""Old files as a bureau has them, made up: titles over merged headings, units, totals, remarks, spellings."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet


def book(sheet: Worksheet) -> bytes:
    stream = BytesIO()
    sheet.parent.save(stream)
    return stream.getvalue()


def sheet(title: str = "Sheet1") -> Worksheet:
    found = Workbook().active
    found.title = title
    return found


def towns() -> bytes:
    """One month, towns in rows, items under two heading rows with a row of column numbers, a total, two remarks."""
    page = sheet("就业")
    for row in (
        ["海盐县2015年3月城镇就业情况表"],
        ["填报单位：就业局", None, None, "单位：人"],
        ["序号", "镇（街道）", "就业情况", None],
        [None, None, "新增就业人数", "减少就业人数"],
        ["甲", "乙", 1, 2],
        [1, "东塘镇", 1200, "估30"],
        [2, "西塘镇", "1,100", 8],
        [None, "合  计", 2300, 38],
        ["备注：数据取自台账"],
        ["填表人：张三", None, "审核：李四"],
    ):
        page.append(row)
    for joined in ("A1:D1", "A3:A4", "B3:B4", "C3:D3", "A9:D9"):
        page.merge_cells(joined)
    return book(page)


def villages(third: str = "东塘新民") -> bytes:
    """A year, villages in rows, months as columns, the town in merged cells, one place spelt its own way."""
    page = sheet("劳动力")
    for row in (
        ["2015年村（社区）劳动力人数统计表", None, None, None, None],
        ["镇", "村", "1月", "二月", "1-2月合计"],
        ["东塘镇", "永兴村", 80, 81, 161],
        [None, third, 60, "６１", 121],
        ["小计", None, 140, 142, 282],
    ):
        page.append(row)
    page.merge_cells("A1:E1")
    page.merge_cells("A3:A4")
    return book(page)


def wages(last: object = "1.23456") -> bytes:
    """One town, months in rows, money in 万元."""
    page = sheet("工资")
    for row in (
        ["东塘镇工资台账", None],
        ["月份", "工资总额（万元）"],
        ["2015年1月", 12.5],
        ["2015.2", "估0.3"],
        ["2015年3月", last],
    ):
        page.append(row)
    return book(page)
