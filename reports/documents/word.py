"""The evaluation report (评估总结报告) of a released month as a Word document in the layout of GB/T 9704-2012.

For the office, who goes on writing in it: real styles, real tables, an editable chart. States computed facts only; the
judging chapters (主要做法、经验启示、存在问题) are left to people.
"""

from __future__ import annotations

import io
from datetime import datetime, time

import docx
from docx.document import Document
from docx.shared import Mm

from reports.content import MonthLine, ReportContent
from reports.documents import sentences as say
from reports.documents.native_chart import add_chart
from reports.documents.safe import same_bytes
from reports.documents.styles import official_styles
from reports.documents.word_parts import (
    CENTRE,
    NUMBER,
    Column,
    TableText,
    add_attachment_head,
    add_attachment_list,
    add_paragraph,
    add_signature,
    add_table,
    set_headers,
    set_page_numbers,
    set_properties,
)

CHART_SIZE = Mm(150), Mm(80)
MONTHS_SHOWN = 6  # the page is no wider; the annex workbook holds every month


def build_evaluation_report(content: ReportContent) -> bytes:
    """The .docx as bytes; the same content gives the same bytes. Catalogue 7.1 and 7.2."""
    document = docx.Document()
    official_styles(document)
    created = datetime.combine(content.published_on, time())
    set_properties(document, title=content.plain_title, subject=_edition(content), created=created)
    set_headers(document, say.DEMONSTRATION_LINE if content.demonstration else "")
    set_page_numbers(document)
    _head(document, content)
    _facts(document, content)
    _targets(document, content, created)
    _tasks(document, content)
    attachments = [("指标数据", _indicator_data)]
    if content.months:
        attachments.append(("逐月数据", _monthly_data))
    add_attachment_list(document, [name for name, _ in attachments])
    add_signature(document, content.issuer, content.business_date)
    for number, (name, add) in enumerate(attachments, 1):
        add_attachment_head(document, f"附件{number}" if len(attachments) > 1 else "附件", name)
        add(document, content)
    out = io.BytesIO()
    document.save(out)
    return same_bytes(out.getvalue())


def _edition(content: ReportContent) -> str:
    return f"{content.month_label}，第{content.release_version}版"


def _head(document: Document, content: ReportContent) -> None:
    """Number over a red line where there is one, the title two lines below, the edition, 演示数据."""
    if content.document_number:
        add_paragraph(document, content.document_number, "发文字号")
        add_paragraph(document, "", "Subtitle")
        add_paragraph(document, "", "Subtitle")
    add_paragraph(document, content.title, "Title")
    add_paragraph(document, f"（{_edition(content)}）", "Subtitle")
    if content.demonstration:
        add_paragraph(document, f"【{say.DEMONSTRATION_LINE}】", "演示标志")
    add_paragraph(document, "", "Subtitle")


def _facts(document: Document, content: ReportContent) -> None:
    add_paragraph(document, "一、试点基本情况", "Heading 1")
    for sentence in say.pilot_facts(content):
        add_paragraph(document, sentence)


def _targets(document: Document, content: ReportContent, created: datetime) -> None:
    add_paragraph(document, "二、目标完成情况", "Heading 1")
    add_paragraph(document, "（一）总体情况", "Heading 2")
    for sentence in say.core_summary(content):
        add_paragraph(document, sentence)
    add_paragraph(document, "（二）指标完成情况", "Heading 2")
    add_paragraph(document, "核心指标的目标、完成值和状态见表1。")
    add_table(document, _completion_table(content))
    if content.chart and content.chart.drawable:
        add_paragraph(document, f"{content.chart.title}见图1。")
        picture = add_paragraph(document, "", "图")
        add_chart(document, picture, content.chart, words=say.chart_words(content), size=CHART_SIZE, created=created)
        mark = f"（{say.DEMONSTRATION}）" if content.demonstration else ""
        add_paragraph(document, f"图1　{content.chart.title}{mark}", "图题")
    if content.corrections:
        add_paragraph(document, "（三）更正情况", "Heading 2")
        add_paragraph(document, f"与上一次发布相比，以前月份的数据更正{content.corrected}处。")
        for line in content.corrections:
            add_paragraph(document, say.correction(line))


def _completion_table(content: ReportContent) -> TableText:
    rows = content.core_rows
    return TableText(
        caption="表1　指标完成情况",
        unit=f"单位：见“单位”栏　　截至{content.month_label}",
        columns=(
            Column("编号", 12, CENTRE),
            Column("指标", 36),
            Column("单位", 15, CENTRE),
            Column("目标", 29, NUMBER),
            Column("完成值", 18, NUMBER),
            Column("完成情况", 24, NUMBER),
            Column("状态", 22),
        ),
        rows=[
            (
                row.code,
                say.name_with_mark(row),
                row.unit,
                row.target_text,
                row.value_text,
                "\n".join(text for text in (row.completion_text, row.schedule_text) if text) or say.DASH,
                say.marked_light(row.light_word),
            )
            for row in rows
        ],
        notes=_notes(say.table_notes(content, rows)),
    )


def _notes(notes: list[str]) -> list[str]:
    """'注：1.…' with the notes below it numbered; one note goes without a number."""
    if len(notes) == 1:
        return [f"注：{notes[0]}。"]
    return [f"{'注：' if number == 1 else '　　'}{number}.{note}。" for number, note in enumerate(notes, 1)]


def _tasks(document: Document, content: ReportContent) -> None:
    add_paragraph(document, "三、任务进展", "Heading 1")
    add_paragraph(document, say.task_summary(content.tasks) + ("各项任务见表2。" if content.tasks else ""))
    if not content.tasks:
        return
    add_table(
        document,
        TableText(
            caption="表2　任务进展",
            unit="",
            columns=(
                Column("编号", 13, CENTRE),
                Column("任务、项目", 53),
                Column("条款", 19),
                Column("牵头科室", 24),
                Column("完成时限", 23, CENTRE),
                Column("进度", 24),
            ),
            rows=[
                (
                    task.code,
                    task.name,
                    task.clause,
                    task.lead,
                    task.due,
                    f"{task.state_word} {task.percent_text}".strip(),
                )
                for task in content.tasks
            ],
            notes=_notes(say.table_notes(content)),
        ),
    )


def _indicator_data(document: Document, content: ReportContent) -> None:
    rows = content.indicator_rows
    add_table(
        document,
        TableText(
            caption="附表1　指标数据",
            unit=f"单位：见“单位”栏　　截至{content.month_label}",
            columns=(
                Column("编号", 12, CENTRE),
                Column("指标", 34),
                Column("分子", 18, NUMBER),
                Column("分母", 18, NUMBER),
                Column("值", 17, NUMBER),
                Column("单位", 15, CENTRE),
                Column("覆盖", 20),
                Column("责任科室", 22),
            ),
            rows=[
                (
                    row.code,
                    say.name_with_mark(row),
                    say.grouped(row.numerator),
                    say.grouped(row.denominator),
                    row.value_text,
                    row.unit,
                    row.coverage_text or say.DASH,
                    row.owner,
                )
                for row in rows
            ],
            notes=_notes(say.table_notes(content, rows)),
        ),
    )


def _monthly_data(document: Document, content: ReportContent) -> None:
    """The last months side by side; what a month does not have is a dash."""
    shown, rows = latest_months(content.months)
    changed = any(say.CHANGED_MARK in text for row in rows for text in row)
    width = 88 / max(len(shown), 1)
    add_table(
        document,
        TableText(
            caption="附表2　逐月数据",
            unit=f"单位：见“单位”栏　　最近{len(shown)}个月，全部月份见电子附表",
            columns=(
                Column("编号", 12, CENTRE),
                Column("指标", 42),
                Column("单位", 14, CENTRE),
                *(Column(label.replace("年", "年\n"), width, NUMBER) for label in shown),
            ),
            rows=rows,
            notes=_notes([*say.table_notes(content), *([say.CHANGED_NOTE] if changed else [])]),
        ),
    )


def latest_months(months: tuple[MonthLine, ...]) -> tuple[list[str], list[list[str]]]:
    """The last labels (at most six, oldest first) and one row an indicator: code, name, unit, a value text a month."""
    labels = {line.month: line.month_label for line in months}
    shown = sorted(labels)[-MONTHS_SHOWN:]
    found: dict[str, dict[int, MonthLine]] = {}
    for line in months:
        found.setdefault(line.code, {})[line.month] = line
    rows = []
    for code, by_month in found.items():
        last = by_month[max(by_month)]
        texts = [_month_text(by_month[month]) if month in by_month else say.DASH for month in shown]
        rows.append([code, last.name, last.unit, *texts])
    return [labels[month] for month in shown], rows


def _month_text(line: MonthLine) -> str:
    """The value, marked where its definition is no longer that of the months before."""
    return f"{line.value_text}{say.CHANGED_MARK}" if line.changed else line.value_text
