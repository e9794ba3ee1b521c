"""Sheets of what is measured and against what: the indicator system, completion, targets and revisions, parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bureau import months
from indicators import definition_page, wording
from indicators.known import Ledger, targets_known
from indicators.models import Parameter, Target, TargetRevision
from indicators.models.plan import Standing
from indicators.target_page import KINDS, NOTE_KINDS
from reports.annex.read import Release, as_number
from reports.annex.sheet import Cell, Column, Number, Sheet, part, ratio_or_number
from reports.content import IndicatorLine
from reports.documents import sentences as say

PENDING = (Standing.MEMORY, Standing.REC)
ABOVE, BELOW = 5, 6  # columns of numerator and denominator in 指标完成情况


def system(release: Release) -> Sheet:
    """One line a reading (口径): the official one first, then those that stand beside it."""
    columns = (
        Column("编号", 7), Column("指标", 22), Column("类别", 6), Column("领域", 14), Column("条款", 10),
        Column("单位", 8),
        Column("目标", 13), Column("口径", 12), Column("正式", 6), Column("定义", 44), Column("公式", 30),
        Column("责任科室", 12), Column("决定", 18), Column("待确认", 8),
    )  # fmt: skip
    lines = {line.code: line for line in release.content.indicator_rows}
    formulas = {key: definition_page.formula_text(version) for key, version in release.versions.items()}
    rows: list[Sequence[Cell]] = []
    for shown in release.shown:
        line = lines[shown.indicator.code]
        for one in (shown, *shown.others):
            reading, official = one.reading, one is shown
            decided = [
                reading.decided_on.isoformat() if reading.decided_on else "",
                reading.decided_by,
                reading.document,
            ]
            rows.append(
                (
                    line.code, say.name_with_mark(line), "核心" if line.core else "监测", line.domain, line.clause,
                    one.indicator.unit, wording.target(one.target, one.indicator), reading.name,
                    "是" if official else "否", line.definition if official else "",
                    line.formula if official else formulas.get(reading.pk, ""), line.owner,
                    " ".join(word for word in decided if word), "待确认" if official and line.standing_pending else "",
                )
            )  # fmt: skip
    return Sheet(
        "指标体系",
        columns,
        rows,
        "每个口径一行，正式口径在前。公式中的代码为填报项编号，来源为各填报单位报送、责任科室审核。",
    )


def completion(release: Release) -> Sheet:
    columns = (
        Column("编号", 7), Column("指标", 24), Column("单位", 8), Column("目标值", 10), Column("目标", 13),
        Column("分子", 12), Column("分母", 12), Column("值", 11), Column("发布时显示", 11), Column("完成情况", 11),
        Column("时序", 13), Column("状态", 13), Column("覆盖", 13), Column("责任科室", 12),
    )  # fmt: skip
    rows = [
        (
            line.code, say.name_with_mark(line), line.unit, Number(line.target, line.decimals), line.target_text,
            part(line.numerator), part(line.denominator), _value(line), line.value_text, line.completion_text,
            line.schedule_text, say.marked_light(line.light_word), line.coverage_text, line.owner,
        )
        for line in release.content.indicator_rows
    ]  # fmt: skip
    return Sheet(
        "指标完成情况", columns, rows, "县级正式口径。值为公式的，由同一行分子、分母算出；“发布时显示”为页面所印文字。"
    )


def _value(line: IndicatorLine) -> Cell:
    scale = None if line.scale is None else int(line.scale)
    parts = (line.numerator, line.denominator)
    return ratio_or_number(line.value, line.value_text, line.decimals, parts, scale, (ABOVE, BELOW))


def targets(release: Release, ledger: Ledger) -> Sheet:
    """Every target of the county and the towns as it was known on the day of release, by year and plan to date."""
    columns = (
        Column("编号", 7), Column("指标", 32), Column("口径", 22), Column("地方", 14), Column("窗口首月", 11),
        Column("目标月", 11), Column("年度", 9), Column("比较", 9), Column("目标值", 12), Column("容差", 8),
        Column("路径", 18), Column("单位", 8), Column("当期值", 12), Column("条款", 10),
    )  # fmt: skip
    standing = {
        key: rest for key, *rest in Target.objects.values_list("pk", "reading_id", "reading__name", "clause__number")
    }
    shown = {one.indicator.pk: one for one in release.shown}
    names = dict(release.tree.names)
    rows = []
    for one in ledger.targets:
        of = shown.get(one.indicator)
        if of is None:
            continue
        indicator, says = of.indicator, one.says
        reading, name, clause = standing.get(one.of, (of.reading.pk, "", ""))
        here = release.value(one.area or release.county, of, release.month)
        official = reading == of.reading.pk
        first, last = says["start_month"], says["end_month"]
        rows.append(
            (
                indicator.code, indicator.name, name, names.get(one.area or 0, ""),
                first, last, last[:4] if first[:4] == last[:4] else "试点期", _comparator(says),
                _number(says["value"], indicator.decimals),
                _number(says["tolerance"], indicator.decimals), _path(says), indicator.unit,
                as_number(here if official and first <= months.iso(release.month) <= last else None, indicator),
                clause or "",
            )
        )  # fmt: skip
    return Sheet(
        "目标", columns, rows,
        f"截至{release.day.isoformat()}的目标：年度的按年，跨年的为试点期；“当期值”是窗口包含本月的目标在本月的发布值（正式口径）。",
        frozen=2,
    )  # fmt: skip


def revisions(release: Release, ledger: Ledger) -> Sheet:
    columns = (
        Column("日期", 11), Column("编号", 7), Column("指标", 32), Column("地方", 12), Column("性质", 7),
        Column("原", 20),
        Column("新", 20), Column("理由", 66), Column("文件", 20),
    )  # fmt: skip
    rows = [
        (
            one.on, one.indicator.code if one.indicator else "", one.indicator.name if one.indicator else "",
            release.tree.names.get(one.area_id or 0, ""), _kind(one), one.old, one.new, one.reason,
            one.document,
        )
        for one in ledger.revisions
    ]  # fmt: skip
    notes = "；".join(note.title for note in ledger.notes)
    told = f"方案修改说明：{notes}。" if notes else ""
    return Sheet(
        "目标修订", columns, rows, f"截至{release.day.isoformat()}的目标修订，依次为日期、原文、新文和理由。{told}"
    )


def _kind(one: TargetRevision) -> str:
    """Of the plan's own revision notes, or of an act of a person."""
    return str((NOTE_KINDS if one.key else KINDS).get(one.kind, one.kind))


def parameters(release: Release) -> Sheet:
    """Dated parameters (参数) that hold in the month or held before, in use or as the other series."""
    columns = (
        Column("代码", 8), Column("名称", 32), Column("系列", 22), Column("采用", 6), Column("值", 14),
        Column("单位", 12),
        Column("自", 12), Column("所属期", 14), Column("条款", 10), Column("来源", 44), Column("待确认", 8),
    )  # fmt: skip
    found = Parameter.objects.filter(valid_from__lte=months.last_day(release.month)).select_related("clause")
    rows = [
        (
            one.code, one.name, one.series, "是" if one.in_use else "否", part(one.value), one.unit, one.valid_from,
            one.refers_to, one.clause.number if one.clause else "", one.source,
            "待确认" if one.standing in PENDING else "",
        )
        for one in found
    ]  # fmt: skip
    return Sheet(
        "参数", columns, rows, "全县参数，自所列日期起有效，直到同一代码的下一行；“采用”为否的只作对照，不参加计算。"
    )


def ledger(release: Release) -> Ledger:
    """Targets and revisions as known on the day of release."""
    return targets_known(release.day)


def _comparator(says: Mapping[str, str]) -> str:
    return str(dict(Target.ComparatorKind.choices).get(says["comparator"], says["comparator"]))


def _path(says: Mapping[str, str]) -> str:
    return str(dict(Target.Path.choices).get(says["path"], says["path"]))


def _number(text: str, decimals: int) -> Number:
    if not text:
        return Number(None)
    value = Decimal(text)
    return Number(value, max(decimals, part(value).places))
