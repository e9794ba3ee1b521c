"""月度通报: where the county stands in the month, indicator by indicator; what lags; what is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from indicators.analysis.kinds import Light
from reports.compose import frame, tables, towns, words
from reports.compose.meta import Meta
from reports.compose.writer import Captions, Writer, joined, listed
from reports.manuscript import Manuscript, Text, Written
from reports.proof import Ledger


def compose(ledger: Ledger, texts: Mapping[str, Written], meta: Meta) -> Manuscript:
    source = ledger.source
    release = source.at.release
    writer = Writer(ledger, texts, Captions(release is not None and release.demonstration))
    writer.heading(1, "总体情况")
    writer.say(words.finding(ledger))
    writer.say(_sums(ledger))
    writer.heading(1, "指标进度")
    writer.say(f"各核心指标本月、累计、与时序差、同比和状态见{writer.next_table}。")
    tables.bulletin_table(writer, source.core)
    if source.compared:
        writer.heading(1, "分镇情况")
        writer.say(*towns.sentences(ledger))
        towns.ranking(writer)
    writer.heading(1, "任务和重点项目进展")
    told = words.both(ledger)
    projects = any(row["kind"] == "project" for row in source.works)
    seen = f"，重点项目逐项进展见{writer.next_table}" if projects else ""
    writer.say(told, f"{seen}。" if told else "本期没有任务数据。")
    if projects:
        tables.project_table(writer)
    writer.heading(1, "督办情况")
    writer.say(words.slips(ledger))
    writer.heading(1, "数据更正")
    corrected = words.corrections(ledger)
    if corrected:
        count = ledger.figure(ledger.correction("all", source.month), "count")
        writer.say("上一次发布以来，更正以前月份的数据", (count,), "处：")
    for line in corrected or [("上一次发布以来，没有更正以前月份的数据。",)]:
        writer.say(line)
    problems(writer)
    demands(writer)
    return frame.manuscript(f"{frame.subject_of(source)}{source.month_label}通报", ledger, writer, meta, attachments=())


def _sums(ledger: Ledger) -> Text:
    """'累计类指标中，城镇新增就业人数完成目标的47.5%（时序进度50.0%），…。'"""
    parts = []
    for one in ledger.source.core:
        subject = ledger.indicator(one)
        if one.target is None or not (ledger.has(subject, "completion") and ledger.has(subject, "schedule")):
            continue
        if one.light == Light.NOT_COVERED:
            continue
        done, schedule = ((ledger.figure(subject, what),) for what in ("completion", "schedule"))
        parts.append(joined([f"{one.indicator.name}完成目标的", done, "%（时序进度", schedule, "%）"]))
    return joined(["按累计数考核的指标，", listed(parts, "，"), "。"]) if parts else ()


def problems(writer: Writer) -> None:
    """What lags, what cannot be judged, what is overdue, then what people wrote."""
    ledger, source = writer.ledger, writer.source
    writer.heading(1, "存在问题")
    behind = words.late(source.core)
    for one in behind:
        writer.say(words.standing(ledger, one))
    if not behind:
        writer.say("没有滞后的核心指标。")
    writer.say(words.uncovered(ledger, words.short_of_data(source.core)))
    writer.say(words.overdue(ledger), words.slow(ledger))
    writer.written("problems")


def demands(writer: Writer) -> None:
    """What pace the lagging ones ask for, then what people demand."""
    paces = [told for one in words.late(writer.source.core) if (told := words.required(writer.ledger, one))]
    if not paces and not writer.asks("demands"):
        return
    writer.heading(1, "下步要求")
    for told in paces:
        writer.say(told)
    writer.written("demands")
