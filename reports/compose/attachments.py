"""Attachments of reports: indicator system, data, projects and tasks, cases, and the proof of the figures (核数表)."""

from __future__ import annotations

from reports import formulas
from reports.compose import tables
from reports.compose.writer import Writer
from reports.manuscript import Attachment, Column, Manuscript, Text
from reports.proof.keys import parse
from reports.proof.rows import ProofRow, by_subject, rows

CASE = "case"


def _own(writer: Writer) -> Writer:
    """A run of blocks of its own, with the document's captions."""
    return Writer(writer.ledger, writer.texts, writer.captions)


def system(writer: Writer) -> Attachment:
    inside = _own(writer)
    tables.system_table(inside, formulas.of_month(writer.source.month))
    return Attachment("指标体系", tuple(inside.blocks))


def data(writer: Writer) -> Attachment:
    """The month's parts, then month by month."""
    inside = _own(writer)
    tables.parts_table(inside)
    tables.month_tables(inside)
    return Attachment("指标数据", tuple(inside.blocks))


def works(writer: Writer) -> Attachment | None:
    if not writer.source.works:
        return None
    inside = _own(writer)
    tables.project_details(inside)
    tables.task_table(inside)
    return Attachment("重点项目和任务", tuple(inside.blocks))


def nodes(writer: Writer) -> Attachment:
    inside = _own(writer)
    tables.node_table(inside)
    return Attachment("任务和项目节点", tuple(inside.blocks))


def cases(writer: Writer) -> Attachment | None:
    """Only where somebody wrote one."""
    if CASE not in writer.texts or not writer.texts[CASE].paragraphs:
        return None
    inside = _own(writer)
    inside.written(CASE)
    return Attachment("典型案例", tuple(inside.blocks))


def proof(writer: Writer) -> Attachment:
    """核数表: what each indicator printed in running text and tables of the body rests on, a line an indicator.

    The whole list, a line a figure, is kept with the edition; a printed one would be longer than the report.
    """
    body = Manuscript("", "", "", tuple(writer.blocks))
    inside = _own(writer)
    columns = (
        Column("序号", 11, "center"), Column("指标", 41), Column("期间", 21, "center"), Column("口径", 22),
        Column("公式", 37), Column("分子", 21, "right"), Column("分母", 21, "right"), Column("覆盖", 18),
        Column("审核", 33),
    )  # fmt: skip
    lines: list[tuple[str | Text, ...]] = []
    for one in by_subject(rows(body, writer.ledger.at, ledger=writer.ledger), writer.ledger.at.county.code):
        lines.append(
            (
                str(len(lines) + 1), f"{one.subject} {one.name}", one.period, one.reading, one.formula,
                _part(writer, one, "numerator"), _part(writer, one, "denominator"),
                one.coverage, one.approvals,
            )
        )  # fmt: skip
    notes = tables.notes(writer, (), "文中每个数字都带有指向发布数据的键，逐个数字的核数表随本报告留存，可重新核对")
    inside.table("核数表", columns, lines, notes=notes, landscape=True)
    return Attachment("核数表", tuple(inside.blocks))


def _part(writer: Writer, row: ProofRow, what: str) -> Text:
    subject = parse(row.key).subject
    known = writer.ledger.texts(subject).get(what, tables.DASH)
    return (writer.ledger.figure(subject, what),) if known != tables.DASH else (tables.DASH,)
