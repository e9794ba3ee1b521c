"""Neutral sentences and short texts counted from the content (由数据算出的陈述): by light, by state, by domain.

For the Word report and the annex. States counts and names, never praise, blame or causes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from indicators.analysis.kinds import ATTENTION_ORDER, LIGHT_WORDS, Light
from reports.content import CorrectionLine, IndicatorLine, ReportContent, TaskLine
from reports.documents.safe import plain_number

DEMONSTRATION = "演示数据"
DEMONSTRATION_LINE = "演示数据，仅供系统演示，不代表真实工作情况"
PENDING_MARK = "*"
CHANGED_MARK = "#"
CHANGED = "口径变更，与以前不可比"
CHANGED_NOTE = f"标“{CHANGED_MARK}”的月份起口径变更，与以前各月不可比"
DASH = "—"
NUMERALS = "一二三四五六七八九-"  # the last place is for what carries no numeral
ORDERED_WORDS = tuple(LIGHT_WORDS[light] for light in ATTENTION_ORDER)
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


def by_light(words: Iterable[str]) -> str:
    """'严重滞后1项、滞后3项、已达标5项', worst first; lights of nobody are left out."""
    counts = Counter(word for word in words if word)
    order = [*ORDERED_WORDS, *sorted(set(counts) - set(ORDERED_WORDS))]
    return "、".join(f"{word}{counts[word]}项" for word in order if counts[word])


def pilot_facts(content: ReportContent) -> list[str]:
    """Paragraphs of 试点基本情况: the given facts, then what is followed and from which release."""
    core, followed = content.core_rows, len(content.indicator_rows)
    scope = f"试点跟踪指标{followed}项，其中核心指标{len(core)}项、监测指标{followed - len(core)}项"
    owners = {row.owner for row in content.indicator_rows if row.owner} | {
        task.lead for task in content.tasks if task.lead
    }
    for kind, count in Counter(task.kind for task in content.tasks).items():
        scope += f"；{kind}{count}项"
    if owners:
        scope += f"；责任科室和单位{len(owners)}个"
    source = (
        f"本报告数据取自{content.month_label}第{content.release_version}版发布数据，发布日期为"
        f"{long_date(content)}。{content.data_note}"
    )
    return [*content.facts, f"{scope}。", source]


def long_date(content: ReportContent) -> str:
    """The day of release: 2017年7月17日."""
    day = content.published_on
    return f"{day.year}年{day.month}月{day.day}日"


def core_summary(content: ReportContent) -> list[str]:
    """Paragraphs of 总体情况: core indicators by light; those not judged, named; then domain by domain."""
    core = content.core_rows
    if not core:
        return ["本期没有核心指标数据。"]
    found = [
        f"截至{content.month_label}，{len(core)}项核心指标中，{by_light(row.light_word or '未判断' for row in core)}。"
    ]
    short = [row for row in core if row.light_word == LIGHT_WORDS[Light.NOT_COVERED]]
    if short:
        names = "、".join(f"{row.name}（{row.coverage_text or row.value_text}）" for row in short)
        found.append(f"数据不全的指标不作判断：{names}。")
    found += [
        f"{_without_numeral(domain)}：{len(rows)}项，{by_light(r.light_word or '未判断' for r in rows)}。"
        for domain, rows in _domains(core)
    ]
    return found


def _domains(rows: Iterable[IndicatorLine]) -> list[tuple[str, list[IndicatorLine]]]:
    """Domains by their numeral (一、二、…), what has none last."""
    found: dict[str, list[IndicatorLine]] = {}
    for row in rows:
        if row.domain:
            found.setdefault(row.domain, []).append(row)
    return sorted(found.items(), key=lambda item: NUMERALS.find(item[0][0]) % len(NUMERALS))


def _without_numeral(domain: str) -> str:
    """'就业政策城乡一体' of '一、就业政策城乡一体': in the report a numeral would read like a heading."""
    return domain[2:] if domain[0] in NUMERALS and domain[1:2] == "、" else domain


def task_summary(tasks: Iterable[TaskLine]) -> str:
    """'任务共32项，其中推进中20项、已完成12项；重点项目共14项，…。' in the order kinds and states first appear."""
    kinds: dict[str, Counter[str]] = {}
    for task in tasks:
        kinds.setdefault(task.kind, Counter())[task.state_word] += 1
    if not kinds:
        return "本期没有任务数据。"
    parts = [
        f"{kind}共{counts.total()}项，其中{'、'.join(f'{word}{n}项' for word, n in counts.items())}"
        for kind, counts in kinds.items()
    ]
    return f"{'；'.join(parts)}。"


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


def correction(line: CorrectionLine) -> str:
    """'2017年3月百步镇D01…由120更正为118，理由：重复登记；全县1,040 → 1,038。', or '其中第1次由…' of one of several."""
    what = f"其中{line.step}" if line.step else f"{line.month_label}{line.place}{line.item}"
    told = [
        f"{what}由{line.old_text}更正为{line.new_text}，理由：{line.reason or '未注明'}",
        f"审核人：{line.approver}" if line.approver else "",
        line.county_text,
        line.lights_text,
    ]
    return "；".join(part for part in told if part) + "。"


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
