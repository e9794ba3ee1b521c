"""The data annex (电子附表) of a released month: numbers as numbers, ratios as live formulas, text as text.

For readers who compute further and for auditors. Repeats the release; judges and rounds nothing itself.
"""

from __future__ import annotations

from decimal import Decimal

from indicators.analysis.kinds import LIGHT_WORDS, Light
from reports.content import ChartData, IndicatorLine, ReportContent
from reports.documents import cells
from reports.documents import sentences as say
from reports.documents.annex_book import FIRST_ROW, HEAD_ROW, AnnexBook, Column, Number, Ratio
from reports.documents.safe import xml_text

NUMERATOR, DENOMINATOR = "分子", "分母"
CHART_SHEET = "图"
CHART_COLORS = ("#0B5563", "#5C6B74", "#B07A1E")
CHART_COLUMNS, CHART_ROWS = 10, 20  # what the chart covers beside its table
LIGHT_MEANINGS = {
    Light.FAR_BEHIND: "按规则严重落后于时序进度",
    Light.BEHIND: "落后于时序进度",
    Light.NOT_COVERED: "应报单位未报齐或窗口内缺数，不作判断",
    Light.ON_COURSE: "未到期，不落后于时序进度",
    Light.REACHED: "已达到目标",
}
ABOUT_NUMBERS = "数值列为数字，小数位数按指标规定显示，单元格内保留四位小数以内的原值。空格表示没有数，不是零。"
ABOUT_FORMULAS = "比率的“值”由同一行的分子、分母算出，四舍五入到显示的位数，与发布值一致。公式中的代码为填报项编号。"

DEFINITIONS = (
    Column("编号", 7, lambda row: row.code),
    Column("指标", 22, lambda row: say.name_with_mark(row)),
    Column("类别", 6, lambda row: "核心" if row.core else "监测"),
    Column("领域", 14, lambda row: row.domain),
    Column("条款", 10, lambda row: row.clause),
    Column("单位", 7, lambda row: row.unit),
    Column("目标", 13, lambda row: row.target_text),
    Column("口径", 9, lambda row: row.reading_name),
    Column("定义", 40, lambda row: row.definition),
    Column("公式", 26, lambda row: row.formula),
    Column("责任科室", 12, lambda row: row.owner),
    Column("待确认", 8, lambda row: "待确认" if row.standing_pending else ""),
)
COMPLETION = (
    Column("编号", 7, lambda row: row.code),
    Column("指标", 24, lambda row: say.name_with_mark(row)),
    Column("单位", 7, lambda row: row.unit),
    Column("目标值", 10, lambda row: Number(row.target, row.decimals)),
    Column("目标", 13, lambda row: row.target_text),
    Column(NUMERATOR, 11, lambda row: Number(row.numerator, _places(row.numerator))),
    Column(DENOMINATOR, 11, lambda row: Number(row.denominator, _places(row.denominator))),
    Column("值", 10, lambda row: _value(row)),
    Column("发布时显示", 10, lambda row: row.value_text),
    Column("完成情况", 11, lambda row: row.completion_text),
    Column("时序", 13, lambda row: row.schedule_text),
    Column("状态", 11, lambda row: say.marked_light(row.light_word)),
    Column("覆盖", 12, lambda row: row.coverage_text),
    Column("责任科室", 12, lambda row: row.owner),
)
MONTHS = (
    Column("编号", 8, lambda line: line.code),
    Column("指标", 28, lambda line: line.name),
    Column("月份", 14, lambda line: line.month_label),
    Column("值", 16, lambda line: Number(line.value, _shown_places(line.value_text, line.decimals))),
    Column("单位", 8, lambda line: line.unit),
    Column("发布时显示", 16, lambda line: line.value_text),
    Column("覆盖", 16, lambda line: line.coverage_text),
    Column("状态", 14, lambda line: say.marked_light(line.light_word) if line.light_word else ""),
    Column("口径", 22, lambda line: say.CHANGED if line.changed else ""),
)
TASKS = (
    Column("编号", 8, lambda task: task.code),
    Column("任务", 46, lambda task: task.name),
    Column("条款", 14, lambda task: task.clause),
    Column("牵头科室", 18, lambda task: task.lead),
    Column("完成时限", 14, lambda task: task.due),
    Column("状态", 12, lambda task: task.state_word),
    Column("进度", 12, lambda task: task.percent_text),
)
CORRECTIONS = (
    Column("月份", 14, lambda line: line.month_label),
    Column("单位", 20, lambda line: line.place),
    Column("填报项", 30, lambda line: line.item),
    Column("原值", 14, lambda line: line.old_text),
    Column("现值", 14, lambda line: line.new_text),
    Column("理由", 36, lambda line: line.reason),
    Column("全县", 26, lambda line: line.county_text),
    Column("审核人", 14, lambda line: line.approver),
    Column("该月状态", 30, lambda line: line.lights_text),
    Column("次序", 10, lambda line: line.step),
)


def build_annex(content: ReportContent) -> bytes:
    """The .xlsx as bytes; the same content gives the same bytes."""
    annex = AnnexBook(content)
    annex.words("说明", _about(content))
    annex.table("指标体系", DEFINITIONS, content.indicator_rows)
    annex.table("指标完成情况", COMPLETION, content.indicator_rows)
    if content.chart and content.chart.drawable:
        _chart_sheet(annex, content.chart)
    annex.table("逐月数据", MONTHS, content.months)
    annex.table("任务", TASKS, content.tasks)
    if content.corrections:
        annex.table("更正", CORRECTIONS, content.corrections)
    return annex.finish()


def _about(content: ReportContent) -> list[tuple[str, str]]:
    corrected = f"与上一次发布相比更正{content.corrected}处" if content.corrections else "无"
    return [
        ("名称", f"{content.plain_title}　电子附表"),
        *([(say.DEMONSTRATION, say.DEMONSTRATION_LINE)] if content.demonstration else []),
        ("月份", content.month_label),
        ("版本", f"第{content.release_version}版"),
        ("发布日期", say.long_date(content)),
        ("编制单位", content.issuer),
        ("发文字号", content.document_number or say.DASH),
        ("数据说明", content.data_note),
        ("数值", ABOUT_NUMBERS),
        ("公式", ABOUT_FORMULAS),
        ("待确认", f"标“{say.PENDING_MARK}”的口径或目标待确认。"),
        *((say.marked_light(LIGHT_WORDS[light]), meaning) for light, meaning in LIGHT_MEANINGS.items()),
        ("更正", corrected),
    ]


def _value(row: IndicatorLine) -> Number | Ratio | str:
    """The live ratio where it gives back the printed value, else the released number, else nothing."""
    if row.value is None:
        return ""
    if cells.live_ratio(row) is not None:
        return Ratio(row, NUMERATOR, DENOMINATOR)
    return Number(row.value, _shown_places(row.value_text, row.decimals))


def _shown_places(text: str, decimals: int) -> int:
    """As many decimals as the page printed; a value near its target prints more than the usual ones."""
    return decimals if cells.printed_number(text) is None else cells.printed_places(text)


def _places(value: Decimal | None) -> int:
    """Decimals a part of a ratio needs: none for counts, what it has otherwise."""
    return 0 if value is None else cells.printed_places(say.grouped(value))


def _chart_sheet(annex: AnnexBook, chart: ChartData) -> None:
    """The report's chart over its own figures, native and editable; gaps stay gaps."""
    columns = [Column("期间", 16, lambda index: chart.categories[index])]
    for name, values in chart.series:
        columns.append(Column(name, 18, lambda index, values=values: Number(values[index], chart.decimals)))
    note = f"{chart.title}　单位：{chart.unit}"
    sheet = annex.table(CHART_SHEET, columns, range(len(chart.categories)), note=note)
    last = FIRST_ROW + len(chart.categories) - 1
    drawing = annex.book.add_chart({"type": chart.kind})
    for place in range(1, len(columns)):
        drawing.add_series(
            {
                "name": [CHART_SHEET, HEAD_ROW, place],
                "categories": [CHART_SHEET, FIRST_ROW, 0, last, 0],
                "values": [CHART_SHEET, FIRST_ROW, place, last, place],
                **_series_look(
                    chart.kind, CHART_COLORS[(place - 1) % len(CHART_COLORS)], actual=place == 1, dashed=place == 2
                ),
            }
        )
    # a title that starts with "=" would be taken for a reference
    drawing.set_title({"name": xml_text(f"图　{chart.title}"), "name_font": {"size": 12}})
    drawing.set_y_axis(
        {
            "name": f"单位：{xml_text(chart.unit)}",
            "major_gridlines": {"visible": True, "line": {"color": "#D6DDE0"}},
            "num_format": cells.number_format(chart.decimals),
        }
    )
    drawing.set_legend({"position": "bottom"} if len(chart.series) > 1 else {"none": True})
    drawing.show_blanks_as("gap")
    drawing.set_size({"width": 64 * CHART_COLUMNS, "height": 20 * CHART_ROWS})
    left = len(columns) + 1
    sheet.insert_chart(HEAD_ROW, left, drawing, {"description": say.chart_words(annex.content)})
    sheet.print_area(0, 0, max(last, HEAD_ROW + CHART_ROWS), left + CHART_COLUMNS)


def _series_look(kind: str, color: str, *, actual: bool, dashed: bool) -> dict:
    if kind != "line":
        return {"fill": {"color": color}}
    line = {"color": color, "width": 2.25 if actual else 1.25, **({"dash_type": "dash"} if dashed else {})}
    return {"line": line, "marker": {"type": "circle" if actual else "none", "size": 5, "fill": {"color": color}}}
