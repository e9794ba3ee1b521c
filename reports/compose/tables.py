"""The numbered tables of documents; every cell's number has its key, every text is the page's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from bureau import months
from indicators import wording
from indicators.analysis.kinds import Comparator, PathKind
from indicators.analysis.numbers_text import MINUS
from indicators.presenters import completion_lines
from indicators.queries import Row
from indicators.shown import Shown
from indicators.stated import facts
from reports.compose.words import long_date
from reports.compose.writer import Writer, joined
from reports.documents.sentences import PENDING_MARK, marked_light
from reports.manuscript import Column, Text
from reports.proof import Ledger
from reports.proof.source import Source
from tasks.models import Project
from tasks.queries import words as state_words

DASH = wording.DASH
NOT_PACED = (Comparator.NOT_FALL, Comparator.DYNAMIC_ZERO, Comparator.ABOUT)
YEAR = 12
AS_RELEASED = "各月为该月发布时的数，发布后的更正见各期更正清单"
UNROUNDED = "差和比率按未四舍五入的数计算"


def source_note(writer: Writer) -> str:
    """Where a table's numbers come from."""
    release = writer.ledger.at.release
    version = f"第{release.version}版" if release is not None else ""
    return f"数据来源：{writer.source.month_label}{version}发布数据"


def notes(writer: Writer, shown: Iterable[Shown] = (), *more: str) -> tuple[str, ...]:
    """'注：1.…' and what follows numbered; one alone without number."""
    told = [source_note(writer), *more]
    if any(one.pending for one in shown):
        told.append(f"标“{PENDING_MARK}”的口径或目标待确认")
    if len(told) == 1:
        return (f"注：{told[0]}。",)
    return tuple(f"{'注：' if number == 1 else '　　'}{number}.{text}。" for number, text in enumerate(told, 1))


def name(shown: Shown) -> str:
    return shown.indicator.name + (PENDING_MARK if shown.pending else "")


# --- cells ---


def value(ledger: Ledger, shown: Shown) -> Text:
    return (ledger.figure(ledger.indicator(shown), "value"),)


def target(ledger: Ledger, shown: Shown) -> Text:
    return ledger.around(ledger.indicator(shown), "target", wording.target(shown.target, shown.indicator))


def light(shown: Shown) -> str:
    return marked_light(wording.light(shown.light) if shown.target else "")


def completion(ledger: Ledger, shown: Shown) -> tuple[Text, Text]:
    """Completion (or what is short) and schedule, as the overview prints them."""
    done, schedule = completion_lines(shown)
    subject = ledger.indicator(shown)
    if not done:
        return (DASH,), (DASH,)
    if shown.comparator == Comparator.ABOUT:
        return (done,), ledger.around(subject, "tolerance", schedule)
    if shown.comparator in NOT_PACED:
        return (done,), ledger.around(subject, "limit_days", schedule) or (DASH,)
    if shown.target is not None and shown.target.path == PathKind.STEPS.value:
        before, _slash, after = done.partition("/")
        return (
            joined([ledger.around(subject, "value", before), "/", ledger.around(subject, "target", after)]),
            ledger.around(subject, "path", schedule),
        )
    what = ("completion", "schedule") if shown.summing else ("remaining", "path")
    return ledger.around(subject, what[0], done), ledger.around(subject, what[1], schedule) or (DASH,)


def lag(ledger: Ledger, shown: Shown) -> Text:
    """How far before (+) or behind (−) its path it is."""
    row = shown.row
    if row is None or row.lag is None or shown.target is None or shown.comparator in NOT_PACED:
        return (DASH,)
    if not row.lag:
        return ("一致",)
    return (MINUS if row.lag > 0 else "+", ledger.figure(ledger.indicator(shown), "lag"))


def year_on_year(ledger: Ledger, shown: Shown) -> Text:
    """同比: of sums in per cent, of levels and rates the difference."""
    known, subject = facts(shown), ledger.indicator(shown)
    if known.value is None or known.year_ago is None:
        return (DASH,)
    sign = "+" if known.value > known.year_ago else MINUS
    if ledger.has(subject, "year_growth"):
        return (sign, ledger.figure(subject, "year_growth"), "%")
    if ledger.has(subject, "year_change"):
        return (sign, ledger.figure(subject, "year_change"))
    return ("持平",) if known.value == known.year_ago else (DASH,)


# --- tables of indicators ---


def core_table(writer: Writer, members: Sequence[Shown]) -> None:
    """表1 指标完成情况."""
    ledger = writer.ledger
    columns = (
        Column("编号", 12, "center"), Column("指标", 51), Column("目标", 35, "right"), Column("完成值", 16, "right"),
        Column("完成情况", 19, "right"), Column("状态", 23),
    )  # fmt: skip
    rows = [
        (one.indicator.code, _named(one), target(ledger, one), value(ledger, one), completion(ledger, one)[0],
         light(one))
        for one in members
    ]  # fmt: skip
    unit = f"截至{writer.source.month_label}"
    writer.table("核心指标完成情况", columns, rows, unit=unit, notes=notes(writer, members))


def _named(shown: Shown) -> str:
    """The indicator, with its unit where the target beside it does not print it."""
    unit = shown.indicator.unit
    return name(shown) if unit in wording.target(shown.target, shown.indicator) else f"{name(shown)}（{unit}）"


def bulletin_table(writer: Writer, members: Sequence[Shown]) -> None:
    """分指标表: the month, the sum, completion, distance from the path, the year before, light (catalogue 7.3)."""
    ledger = writer.ledger
    columns = (
        Column("指标", 40), Column("目标", 23, "right"), Column("本月", 12, "right"),
        Column("累计\n（期末）", 17, "right"), Column("完成率", 14, "right"), Column("与时序差", 16, "right"),
        Column("同比", 17, "right"), Column("状态", 17),
    )  # fmt: skip
    rows = []
    for one in members:
        subject = ledger.indicator(one)
        flows = one.summing and ledger.has(subject, "month")
        rows.append(
            (
                _named(one), target(ledger, one),
                (ledger.figure(subject, "month"),) if flows else DASH, value(ledger, one),
                completion(ledger, one)[0] if one.summing else DASH, lag(ledger, one), year_on_year(ledger, one),
                wording.light(one.light) if one.target else DASH,
            )
        )  # fmt: skip
    told = (
        "与时序差：完成率比时序进度、期末数比应达值，+为超前，\u2212为落后",
        "同比：累计类为增长%，比率类为百分点，数量类为增减数",
        UNROUNDED,
    )
    unit = f"截至{writer.source.month_label}"
    writer.table("核心指标进度", columns, rows, unit=unit, notes=notes(writer, members, *told))


def system_table(writer: Writer, formulas: dict[str, str]) -> None:
    """附件 指标体系: every indicator with clause, formula, target, section."""
    ledger = writer.ledger
    columns = (
        Column("编号", 13, "center"), Column("指标", 44), Column("类别", 12, "center"), Column("条款", 19, "center"),
        Column("计算公式", 70), Column("单位", 18, "center"), Column("目标", 27, "right"), Column("责任科室", 22),
    )  # fmt: skip
    rows = [
        (
            one.indicator.code, name(one), "核心" if one.indicator.core else "监测",
            "、".join(clause.number for clause in one.indicator.its_clauses), formulas.get(one.indicator.code, DASH),
            one.indicator.unit, target(ledger, one) if one.window else "定性", one.indicator.section.name,
        )
        for one in writer.source.shown
    ]  # fmt: skip
    writer.table("指标体系", columns, rows, notes=notes(writer, writer.source.shown), landscape=True)


def parts_table(writer: Writer) -> None:
    """附件 指标数据: numerator, denominator, value, coverage of every indicator in the month."""
    ledger = writer.ledger
    columns = (
        Column("编号", 13, "center"), Column("指标", 48), Column("分子", 26, "right"), Column("分母", 26, "right"),
        Column("值", 20, "right"), Column("单位", 18, "center"), Column("完成情况", 22, "right"),
        Column("时序", 24, "right"), Column("覆盖", 28),
    )  # fmt: skip
    rows = []
    for one in writer.source.shown:
        if one.row is None:
            continue
        subject = ledger.indicator(one)
        numerator, denominator = ((ledger.figure(subject, what),) for what in ("numerator", "denominator"))
        rows.append(
            (
                one.indicator.code, name(one), numerator if numerator[0].text != DASH else DASH,
                denominator if denominator[0].text != DASH else DASH, value(ledger, one), one.indicator.unit,
                *completion(ledger, one), (ledger.figure(subject, "coverage"),),
            )
        )  # fmt: skip
    writer.table(
        "指标数据", columns, rows, unit=f"截至{writer.source.month_label}", notes=notes(writer, writer.source.shown),
        landscape=True,
    )  # fmt: skip


def month_tables(writer: Writer) -> None:
    """附件 逐月数据: a table a year, wide enough for its twelve months; what a month does not have is a dash."""
    source, ledger = writer.source, writer.ledger
    known = sorted({row.month for one in source.core for row in one.series})
    for year in sorted({months.year(month) for month in known}):
        span = [month for month in range(months.make(year, 1), months.make(year, 1) + YEAR) if month <= source.month]
        columns = (
            Column("编号", 12, "center"), Column("指标（单位）", 42),
            *(Column(f"{months.number(month)}月", 171 / YEAR, "right") for month in span),
        )  # fmt: skip
        rows: list[tuple[str | Text, ...]] = []
        for one in source.core:
            by_month = {row.month: row for row in one.series if isinstance(row, Row) and row.value is not None}
            changed = set(one.breaks)
            cells = [
                joined([(ledger.figure(ledger.indicator(one, month), "value"),), "#" if month in changed else ""])
                if month in by_month
                else DASH
                for month in span
            ]
            rows.append((one.indicator.code, f"{one.indicator.name}（{one.indicator.unit}）", *cells))
        breaks = any(month in one.breaks for one in source.core for month in span)
        more = (AS_RELEASED, *(("标“#”的月份起口径变更，与以前各月不可比",) if breaks else ()))
        writer.table(f"{year}年逐月数据", columns, rows, notes=notes(writer, (), *more), landscape=True)


# --- tables of tasks and projects ---


def project_table(writer: Writer) -> None:
    """表2 重点项目."""
    columns = (
        Column("编号", 13, "center"), Column("项目", 56), Column("责任科室", 26), Column("完成时限", 25, "center"),
        Column("进度", 14, "right"), Column("状态", 22),
    )  # fmt: skip
    rows = [
        (row["code"], row["name"], row["lead_name"], row["due_on"].isoformat(), percent(writer.ledger, row), state(row))
        for row in writer.source.works
        if row["kind"] == "project"
    ]
    writer.table("重点项目进展", columns, rows, notes=work_notes(writer))


def project_details(writer: Writer) -> None:
    """附件 项目表: what is built and what counts as done."""
    known = {one.code: one for one in Project.objects.all()}
    columns = (
        Column("编号", 13, "center"), Column("项目", 42), Column("建设内容", 66), Column("完成标志", 40),
        Column("投资（万元）", 18, "right"), Column("节点", 22, "right"), Column("完成日期", 24, "center"),
    )  # fmt: skip
    rows = []
    for row in writer.source.works:
        project = known.get(row["code"]) if row["kind"] == "project" else None
        if project is None:
            continue
        reached = sum(node["done_on"] is not None for node in row["nodes"])
        rows.append(
            (
                row["code"], row["name"], project.content or DASH, project.completion_mark or DASH,
                DASH if project.budget is None else wording.amount(int(Decimal(project.budget).scaleb(4))),
                f"{reached}/{len(row['nodes'])}" if row["nodes"] else DASH,
                row["completed_on"].isoformat() if row["completed_on"] else DASH,
            )
        )  # fmt: skip
    writer.table("重点项目", columns, rows, notes=work_notes(writer), landscape=True)


def task_table(writer: Writer) -> None:
    """附件 任务表."""
    columns = (
        Column("编号", 13, "center"), Column("任务", 88), Column("条款", 22, "center"), Column("责任科室", 34),
        Column("完成时限", 25, "center"), Column("进度", 17, "right"), Column("状态", 26),
    )  # fmt: skip
    rows = [
        (
            row["code"], row["name"], row["clause_number"] or DASH, row["lead_name"], row["due_on"].isoformat(),
            percent(writer.ledger, row), state(row),
        )
        for row in writer.source.works
        if row["kind"] == "task"
    ]  # fmt: skip
    writer.table("任务进展", columns, rows, notes=work_notes(writer), landscape=True)


def node_table(writer: Writer) -> None:
    """附件 节点: as first planned, as planned now, as reached."""
    columns = (
        Column("编号", 13, "center"), Column("任务、项目", 74), Column("节点", 50), Column("原计划", 22, "center"),
        Column("现计划", 22, "center"), Column("实际", 22, "center"), Column("状态", 22),
    )  # fmt: skip
    rows = [
        (
            row["code"], row["name"], node["name"], (node["first_on"] or node["due_on"]).isoformat(),
            node["due_on"].isoformat(), node["done_on"].isoformat() if node["done_on"] else DASH,
            _node_state(node, writer),
        )
        for row in writer.source.works
        for node in row["nodes"]
    ]  # fmt: skip
    writer.table("任务和项目节点", columns, rows, notes=work_notes(writer), landscape=True)


def _node_state(node: dict, writer: Writer) -> str:
    if node["done_on"] is not None:
        return "按时完成" if node["done_on"] <= node["due_on"] else "推迟完成"
    return "逾期" if node["due_on"] < writer.source.day else "未到期"


def percent(ledger: Ledger, row: dict) -> Text:
    return (ledger.figure(ledger.work(row), "percent"), "%")


def state(row: dict) -> str:
    return state_words()[row["light"]]


def work_notes(writer: Writer) -> tuple[str, ...]:
    told = f"注：进度取自{writer.source.month_label}及以前已审核的月报，状态截至{long_date(writer.source.day)}。"
    return (told, *dates_notes(writer.source))


def dates_notes(source: Source) -> tuple[str, ...]:
    """Where no record tells what dates stood at the release, that they are those of today; else nothing."""
    untold = source.moment.then.untold
    if untold is None:
        return ()
    return (f"{long_date(untold)}重新装入过方案文件而没有逐项记录，任务、节点和阶段的日期按现在的登记列示。",)
