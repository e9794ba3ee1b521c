"""阶段报告: a phase of the pilot: its papers, tasks and nodes, the targets so far, what is wrong, what follows."""

from __future__ import annotations

from collections.abc import Mapping

from bureau import months
from indicators.analysis.kinds import Light
from reports.compose import attachments, frame, tables, words
from reports.compose.evaluation import data_source, done_in, plan, shortfalls
from reports.compose.meta import Meta
from reports.compose.words import long_date
from reports.compose.writer import Captions, Writer, joined, listed
from reports.manuscript import Manuscript, Text, Written
from reports.proof import Ledger
from reports.proof.source import Source
from tasks.models import Phase


def compose(ledger: Ledger, texts: Mapping[str, Written], meta: Meta) -> Manuscript:
    source = ledger.source
    release = source.at.release
    writer = Writer(ledger, texts, Captions(release is not None and release.demonstration))
    phase = phase_of(source)
    writer.heading(1, "阶段概况")
    for told in _phases(ledger, phase):
        writer.say(told)
    writer.say(data_source(ledger))
    writer.heading(1, "任务推进情况")
    _works(writer)
    writer.heading(1, "目标进展情况")
    writer.say(words.finding(ledger), f"各核心指标的目标、完成值和状态见{writer.next_table}。")
    tables.core_table(writer, source.core)
    for one in words.late(source.core):
        writer.say(words.paragraph(ledger, one))
    writer.heading(1, "存在问题")
    shortfalls(writer)
    writer.written("problems")
    plan(writer)
    found = [attachments.nodes(writer), attachments.proof(writer)]
    name = phase.name if phase is not None else source.month_label
    return frame.manuscript(f"{frame.subject_of(source)}{name}报告", ledger, writer, meta, attachments=found)


def phase_of(source: Source) -> Phase | None:
    """The phase the month lies in."""
    day = months.last_day(source.month)
    return next((one for one in source.phases if one.starts_on <= day <= one.ends_on), None)


def _phases(ledger: Ledger, phase: Phase | None) -> list[Text]:
    """How long the phase runs, which of its papers are there, whether its gate is closed; as of the release's day."""
    source = ledger.source
    if phase is None:
        return [("本月不在试点的任何阶段以内。",)]
    found: list[Text] = [(f"{phase.name}自{long_date(phase.starts_on)}至{long_date(phase.ends_on)}。",)]
    papers = list(phase.deliverables.all())
    there = [one for one in papers if one.delivered_on is not None and one.delivered_on <= source.day]
    owed = [one for one in papers if one not in there]
    if there:
        named = "、".join(f"《{one.name}》（{long_date(one.delivered_on)}交付）" for one in there if one.delivered_on)
        found.append((f"本阶段成果已交付的有{named}。",))
    if owed:
        found.append((f"还没有交付的有{'、'.join(f'《{one.name}》' for one in owed)}。",))
    if phase.closed_on is not None and phase.closed_on <= source.day:
        found.append((f"本阶段已于{long_date(phase.closed_on)}关闭。",))
    else:
        found.append((f"截至{long_date(source.day)}，本阶段还没有关闭。",))
    return found


def _works(writer: Writer) -> None:
    """All tasks and projects, their nodes, then domain by domain what people write."""
    ledger, source = writer.ledger, writer.source
    told = words.both(ledger)
    writer.say(told, "。" if told else "本期没有任务数据。")
    writer.say(_nodes(ledger))
    writer.say(_missed(ledger))
    for domain in source.domains:
        writer.heading(2, domain.name)
        writer.say(done_in(ledger, domain))
        writer.written(f"practice/{domain.code}")


def _nodes(ledger: Ledger) -> Text:
    """How many nodes were planned, reached, moved."""
    pieces: list[Text] = []
    for kind, word in (("tasks", "任务"), ("projects", "重点项目")):
        subject = ledger.counted(kind, day=ledger.source.day)
        if ledger.texts(subject)["nodes"] == "0":
            continue
        every, reached, moved = ((ledger.figure(subject, what),) for what in ("nodes", "nodes_reached", "nodes_moved"))
        told: list[str | Text] = [f"{word}节点", every, "个，已到位", reached, "个"]
        told += ["，调整过计划", moved, "个"] if moved[0].text != "0" else ["，没有调整过计划"]
        pieces.append(joined(told))
    return joined([listed(pieces, "；"), "，逐项见附件。"]) if pieces else ()


def _missed(ledger: Ledger) -> Text:
    """The nodes whose day is over and that are not reached, of works that are not overdue themselves."""
    named = []
    for row in ledger.source.works:
        node = row["node"]
        if node is not None and node["due_on"] < ledger.source.day and row["light"] != Light.FAR_BEHIND:
            named.append(f"{row['name']}的“{node['name']}”（应于{long_date(node['due_on'])}到位）")
    return (f"到期没有到位的节点有{'、'.join(named)}。",) if named else ()
