"""Short texts of documents: marks, notes under tables, a chart in words; for the annex and the tables of reports."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from indicators.analysis.kinds import LIGHT_WORDS, Light
from reports.content import IndicatorLine, ReportContent
from reports.documents.safe import plain_number

DEMONSTRATION = "演示数据"
DEMONSTRATION_LINE = "演示数据，仅供系统演示，不代表真实工作情况"
PENDING_MARK = "*"
CHANGED_MARK = "#"
CHANGED = "口径变更，与以前不可比"
CHANGED_NOTE = f"标“{CHANGED_MARK}”的月份起口径变更，与以前各月不可比"
DASH = "—"
MARKS = {
    LIGHT_WORDS[Light.REACHED]: "✓",
    LIGHT_WORDS[Light.ON_COURSE]: "●",
    LIGHT_WORDS[Light.BEHIND]: "▲",
    LIGHT_WORDS[Light.FAR_BEHIND]: "◆",
    LIGHT_WORDS[Light.NOT_COVERED]: "○",
}


def grouped(value: Decimal | None) -> str:
    """'1,234.5' with a real minus and no trailing zeros; '—' for None."""
    if value is None:
        return DASH
    text = f"{abs(value):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"\u2212{text}" if value < 0 else text


def marked_light(word: str) -> str:
    """'▲ 滞后': shape and word together, so that a black and white print still tells; '—' where nothing is judged."""
    return f"{MARKS[word]} {word}" if word in MARKS else word or DASH


def long_date(content: ReportContent) -> str:
    """The day of release: 2017年7月17日."""
    day = content.published_on
    return f"{day.year}年{day.month}月{day.day}日"


def table_notes(content: ReportContent, rows: Iterable[IndicatorLine] = ()) -> list[str]:
    """Notes under a table: the source, the pending mark where one of `rows` carries it, 演示数据."""
    notes = [f"数据来源：{content.month_label}第{content.release_version}版发布数据"]
    if any(row.standing_pending for row in rows):
        notes.append(f"标“{PENDING_MARK}”的口径或目标待确认")
    if content.demonstration:
        notes.append(DEMONSTRATION_LINE)
    return notes


def name_with_mark(row: IndicatorLine) -> str:
    return row.name + (PENDING_MARK if row.standing_pending else "")


def chart_words(content: ReportContent) -> str:
    """The chart in words, for readers who do not see it (替代文本): its latest value by series."""
    chart = content.chart
    if chart is None:
        return ""
    parts = []
    for name, values in chart.series:
        known = [(label, value) for label, value in zip(chart.categories, values, strict=True) if value is not None]
        if known:
            parts.append(
                f"{name}：{known[0][0]}为{plain_number(known[0][1])}，{known[-1][0]}为{plain_number(known[-1][1])}"
            )
    return f"{chart.title}（单位：{chart.unit}）。" + "；".join(parts)
