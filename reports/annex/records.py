"""Sheets of what the figures rest on: corrections, how completely places reported, what each clause hangs on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Sum

from bureau import months
from indicators.models import Clause, PublishedRollUp
from reports.annex.read import Release, years
from reports.annex.sheet import Cell, Chart, Column, Number, Run, Series, Sheet, ratio_or_number
from reports.annex.works import Works


def corrections(release: Release) -> Sheet:
    columns = (
        Column("月份", 12), Column("单位", 16), Column("填报项", 30), Column("原值", 12), Column("现值", 12),
        Column("理由", 36),
        Column("全县", 24), Column("审核人", 12), Column("该月状态", 28), Column("次序", 8),
    )  # fmt: skip
    rows = [
        (
            line.month_label, line.place, line.item, line.old_text, line.new_text, line.reason, line.county_text,
            line.approver, line.lights_text, line.step,
        )
        for line in release.content.corrections
    ]  # fmt: skip
    notes = "与上一次发布相比更正的数；更正多次的，先列合计再逐次列。" if rows else "与上一次发布相比没有更正。"
    return Sheet("更正", columns, rows, notes)


def reporting(release: Release) -> Sheet:
    """How many of the figures expected of each town are in the release, month by month: 已报 / 应报."""
    released = [
        (row["area"], row["month"], row["reported"], row["expected"])
        for row in PublishedRollUp.objects.filter(county=release.county, category=0, month__lte=release.month)
        .values("area", "month", "version")
        .annotate(reported=Sum("reported"), expected=Sum("expected"))
        .order_by()
        if release.at.versions.get(row["month"]) == row["version"]
    ]
    found = {(area, month): (reported, expected) for area, month, reported, expected in released}
    span = release.months
    columns = (
        Column("镇（街道）", 14), Column("本月已报", 10), Column("本月应报", 10), Column("报齐率（%）", 10),
        *(Column(f"{months.year(month)}.{months.number(month)}", 9) for month in span),
    )  # fmt: skip
    areas = [*((town.id, town.name) for town in release.towns), (release.county, "全县")]
    rows: list[Sequence[Cell]] = []
    for area, name in areas:
        reported, expected = found.get((area, release.month), (0, 0))
        cells: list[Cell] = [_share(*found.get((area, month), (0, 0))) for month in span]
        rows.append((name, Number(reported), Number(expected), _live(reported, expected), *cells))
    last = len(rows) - 1
    share = Series("报齐率", Run(0, 3, last, 3), Run(0, 0, last, 0))
    chart = Chart("本月报齐率", "%", (share,), "column", places=0, words="各镇（街道）和全县本月已报数占应报数的比例。")
    return Sheet(
        "填报进度", columns, rows,
        "已报、应报为各填报项应报单位的个数之和（已审核入库的）；右侧各月为报齐率（%）。有一个单位报过的填报项才计入当月应报。",
        (chart,), frozen=4, breaks=years(span, 4),
    )  # fmt: skip


def _printed(reported: int, expected: int) -> str:
    """Per cent with two decimals, rounded half up from the integers."""
    units = (2 * 10_000 * reported + expected) // (2 * expected)
    return f"{units // 100}.{units % 100:02d}"


def _share(reported: int, expected: int) -> Number:
    return Number(Decimal(_printed(reported, expected)) if expected else None, 2)


def _live(reported: int, expected: int) -> Cell:
    if not expected:
        return Number(None)
    text = _printed(reported, expected)
    return ratio_or_number(Decimal(text), text, 2, (Decimal(reported), Decimal(expected)), 100, (1, 2))


def clauses(release: Release, works: Works) -> Sheet:
    """Clause → indicators, tasks, projects, in the plan's order; parts of the plan without any of them left out."""
    columns = (
        Column("条款", 12), Column("标题", 28), Column("要求", 50), Column("指标", 36), Column("指标状态", 26),
        Column("任务", 34), Column("重点项目", 30),
    )  # fmt: skip
    measured, lights = defaultdict(list), defaultdict(list)
    lines = {line.code: line for line in release.content.indicator_rows}
    for one in release.shown:
        for clause in one.indicator.its_clauses:
            measured[clause.number].append(f"{one.indicator.code} {one.indicator.name}")
            word = lines[one.indicator.code].light_word
            if word:
                lights[clause.number].append(f"{one.indicator.code} {word}")
    work: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in works.rows:
        work[row["clause_number"], row["kind"]].append(f"{row['code']} {row['name']}")
    rows = [
        (
            clause.number, clause.title, clause.summary, "\n".join(measured[clause.number]),
            "\n".join(lights[clause.number]), "\n".join(work[clause.number, "task"]),
            "\n".join(work[clause.number, "project"]),
        )
        for clause in Clause.objects.order_by("order")
        if measured[clause.number] or work[clause.number, "task"] or work[clause.number, "project"]
    ]  # fmt: skip
    return Sheet(
        "条款对照", columns, rows, "方案条款与指标、任务、重点项目的对应；指标状态为本次发布的状态，未定量的不列。"
    )
