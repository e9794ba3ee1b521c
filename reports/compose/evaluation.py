"""评估总结报告: the pilot as a whole, indicator by indicator, in the outline of catalogue 7.2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bureau import months
from indicators import wording
from indicators.analysis.kinds import Light
from indicators.models import Domain
from indicators.shown import Shown
from reports.compose import attachments, charts, frame, tables, towns, words
from reports.compose.meta import Meta
from reports.compose.words import long_date
from reports.compose.writer import Captions, Writer, joined, listed, referred
from reports.manuscript import Manuscript, Text, Written
from reports.proof import Ledger

OUTSIDE = "0"  # the group of what lies outside the five domains


def compose(ledger: Ledger, texts: Mapping[str, Written], meta: Meta) -> Manuscript:
    source = ledger.source
    release = source.at.release
    writer = Writer(ledger, texts, Captions(release is not None and release.demonstration))
    basics(writer)
    _practice(writer)
    _results(writer)
    if writer.asks("experience"):
        writer.heading(1, "经验启示")
        writer.written("experience")
    _problems(writer)
    plan(writer)
    found = [
        attachments.system(writer), attachments.data(writer), attachments.works(writer), attachments.cases(writer),
    ]  # fmt: skip
    present = [one for one in (*found, attachments.proof(writer)) if one is not None]
    return frame.manuscript(
        f"{frame.subject_of(source)}总结评估报告", ledger, writer, meta, attachments=present, contents=True
    )


def basics(writer: Writer) -> None:
    """试点基本情况: what people write of its background, then what is on record."""
    ledger = writer.ledger
    writer.heading(1, "试点基本情况")
    writer.written("background")
    for told in facts(ledger):
        writer.say(told)
    writer.say(data_source(ledger))


def facts(ledger: Ledger) -> list[Text]:
    """The plan, its phases, the county's places, what is followed; no judgement."""
    source, found = ledger.source, []
    plan = source.plan
    if plan is not None:
        first, last = months.label(plan.first_month), months.label(plan.last_month)
        day = long_date(plan.issued_on)
        found.append((f"《{plan.title}》由{plan.issuer}于{day}印发，试点期为{first}至{last}。",))
    if source.phases:
        count = ledger.figure(ledger.counted("plan"), "phases")
        named = "、".join(
            f"{one.name}（{long_date(one.starts_on)}至{long_date(one.ends_on)}）" for one in source.phases
        )
        found.append(joined(["试点分", (count,), f"个阶段：{named}。"]))
    towns_, villages = (ledger.figure(ledger.counted("places", level), "count") for level in ("town", "village"))
    county = source.tree.names.get(source.county.pk, "")
    found.append(
        joined([f"{source.month_label}末，{county}有镇（街道）", (towns_,), "个、村（社区）", (villages,), "个。"])
    )
    every, core, rest = (
        ledger.figure(ledger.counted("indicators", group), "total") for group in ("all", "core", "monitored")
    )
    told: list[str | Text] = ["试点跟踪指标", (every,), "项，其中核心指标", (core,), "项、监测指标", (rest,), "项"]
    for kind, word in (("tasks", "任务"), ("projects", "重点项目")):
        total = ledger.figure(ledger.counted(kind, day=source.day), "total")
        told += [f"；{word}", (total,), "项"]
    owners = ledger.figure(ledger.counted("sections"), "count")
    found.append(joined([*told, "；责任科室和单位", (owners,), "个。"]))
    return found


def data_source(ledger: Ledger) -> Text:
    """From which release the document is made."""
    release, source = ledger.at.release, ledger.source
    if release is None:
        return ()
    version = ledger.figure(ledger.counted("release", "month"), "version")
    day = long_date(release.business_date)
    return joined([
        f"数据取自{source.month_label}第", (version,), f"版发布数据，由填报单位报送、责任科室审核，发布日期为{day}；"
        f"任务和项目进度取自已审核的月报，状态截至{long_date(source.day)}。文中{tables.UNROUNDED}。",
    ])  # fmt: skip


def _practice(writer: Writer) -> None:
    """主要做法: domain by domain how its tasks and projects stand, then what people write."""
    writer.heading(1, "主要做法")
    for domain in writer.source.domains:
        writer.heading(2, domain.name)
        writer.say(done_in(writer.ledger, domain))
        writer.written(f"practice/{domain.code}")


def done_in(ledger: Ledger, domain: Domain) -> Text:
    """'任务共8项，…。已完成的有…。', under the heading of the domain."""
    told = words.both(ledger, domain.code)
    if not told:
        return ()
    rows = words.of_domain(ledger.source, domain)
    done = [f"{row['name']}（{row['code']}）" for row in rows if row["light"] == Light.REACHED]
    pieces: list[str | Text] = [told]
    if len(done) == len(rows):
        return joined([*pieces, f"，包括{'、'.join(done)}。"])
    pieces.append(f"。已完成的有{'、'.join(done)}。" if done else "。")
    return joined([*pieces, words.under_way(ledger, rows)])


def _results(writer: Writer) -> None:
    """目标完成情况与成效."""
    ledger, source = writer.ledger, writer.source
    writer.heading(1, "目标完成情况与成效")
    writer.heading(2, "总体情况")
    wanting = [one for one in source.core if one.light not in (Light.REACHED, Light.ON_COURSE)]
    named = words.names_by_light(wanting)
    writer.say(
        words.finding(ledger),
        f"{'；'.join(named)}。" if named else "",
        f"各核心指标的目标、完成值和状态见{writer.next_table}。",
    )
    tables.core_table(writer, source.core)
    drawn = charts.charted(ledger)
    for domain in [None, *source.domains]:
        _domain(writer, domain, source.in_domain(domain), drawn)
    writer.heading(2, "重点项目")
    projects = [row for row in source.works if row["kind"] == "project"]
    if projects:
        writer.say(words.states(ledger, "projects"), f"，逐项进展见{writer.next_table}。")
        tables.project_table(writer)
    else:
        writer.say("本期没有重点项目数据。")
    equality(writer)


def _domain(writer: Writer, domain: Domain | None, members: Sequence[Shown], drawn: set[str]) -> None:
    """The core indicators of a domain one by one: what is computed, then cause and next step as written."""
    if not members:
        return
    ledger = writer.ledger
    name = domain.name if domain else "总体目标"
    writer.heading(2, name)
    count = ledger.figure(ledger.counted("indicators", f"core.{domain.code if domain else OUTSIDE}"), "total")
    told = words.by_light(ledger, members, f"core.{domain.code if domain else OUTSIDE}")
    writer.say("核心指标", (count,), "项，", told, "。")
    for one in members:
        writer.heading(3, one.indicator.name)
        told = joined([words.paragraph(ledger, one), *words.other_readings(ledger, one)])
        data = charts.progress(one) if one.indicator.code in drawn else None
        if data is None or not data.drawable:
            writer.say(told)
        else:
            writer.say(referred(told, writer.next_chart))
            writer.chart(data, charts.told(ledger, one, data))
        writer.written(f"cause/{one.indicator.code}", "原因：")
        writer.written(f"next/{one.indicator.code}", "下一步：")


def equality(writer: Writer) -> None:
    """均等化水平: 实现度, town and country, the towns; what does not compare is left out."""
    ledger = writer.ledger
    compared = towns.compared(ledger)
    writer.heading(2, "均等化水平")
    writer.say(_realised(ledger))
    if not compared:
        writer.say("没有可以在镇（街道）之间比较的指标。")
        return
    widest = towns.widest(ledger)
    if widest is not None:
        writer.say(referred(towns.furthest(ledger, widest), writer.next_chart))
    writer.say(f"可比的核心指标分镇（街道）、分城乡情况见{writer.next_table}，按区划代码排列，不排名。")
    towns.table(writer, compared)
    if widest is not None:
        writer.chart(*towns.chart(ledger, widest))  # below the table, which parts where a page ends


def _realised(ledger: Ledger) -> Text:
    """'按目标实现度计，全县综合实现度为87.31%；其中…。' Empty where nothing can be counted."""
    composite = ledger.counted("equality", "composite")
    if not ledger.has(composite, "value"):
        return ()
    parts = []
    for domain in ledger.source.domains:
        subject = ledger.counted("equality", domain.code)
        if ledger.has(subject, "value"):
            parts.append(joined([domain.name, (ledger.figure(subject, "value"),), "%"]))
    told: list[str | Text] = ["按核心指标的目标实现度加权，全县综合实现度为", (ledger.figure(composite, "value"),), "%"]
    if parts:
        told += ["，其中", listed(parts)]
    left = "（没有可用数据的指标不计，其余权重按比例放大）" if ledger.source.realised.left_out else ""
    return joined([*told, f"{left}。"])


def _problems(writer: Writer) -> None:
    """存在问题和原因: laggards, what cannot be judged, what is overdue, corrections; then what people wrote."""
    ledger = writer.ledger
    writer.heading(1, "存在问题和原因")
    shortfalls(writer)
    corrected = words.corrections(ledger)
    if corrected:
        count = ledger.figure(ledger.correction("all", writer.source.month), "count")
        writer.say("本次发布更正以前月份的数据", (count,), "处：")
        for told in corrected:
            writer.say(told)
    writer.written("problems")


def shortfalls(writer: Writer) -> None:
    """The laggards by their distance, what cannot be judged, what is overdue."""
    ledger, source = writer.ledger, writer.source
    behind = words.late(source.core)
    if behind:
        subject = ledger.counted("indicators", "core")
        lights = [one for one in (Light.FAR_BEHIND, Light.BEHIND) if any(member.light == one for member in behind)]
        counts = [
            joined([(ledger.figure(subject, light.name.lower()),), f"项{wording.light(light)}"]) for light in lights
        ]
        writer.say(
            "从结果看，核心指标有", listed(counts), "：", listed([words.distance(ledger, one) for one in behind]), "。"
        )
    else:
        writer.say("核心指标没有滞后的。")
    writer.say(words.uncovered(ledger, words.short_of_data(source.core)))
    writer.say(words.overdue(ledger), words.slow(ledger))


def plan(writer: Writer) -> None:
    """下一步打算: the pace the laggards ask for, then what people wrote."""
    paces = [told for one in words.late(writer.source.core) if (told := words.required(writer.ledger, one))]
    if not paces and not writer.asks("plan"):
        return
    writer.heading(1, "下一步打算")
    for told in paces:
        writer.say(told)
    writer.written("plan")
