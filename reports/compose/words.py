"""What documents say in computed sentences about a state as a whole: lights, works, corrections, towns; with keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bureau import months
from indicators import wording
from indicators.analysis import group_sentences as groups
from indicators.analysis import sentences
from indicators.analysis.kinds import ATTENTION_ORDER, Comparator, Light
from indicators.analysis.marks import mark
from indicators.models import Domain
from indicators.presenters import attention_key
from indicators.shown import Shown
from indicators.stated import facts, unreachable
from reports import meeting_page
from reports.compose.writer import joined, listed
from reports.manuscript import Text
from reports.proof import Ledger, texts
from reports.proof.source import Source
from tasks.queries import words as state_words

LATE = (Light.FAR_BEHIND, Light.BEHIND)
LEAST_DIFFERENCE = 2  # places that compare


def long_date(day: date) -> str:
    """2017年7月17日, as official documents write a day."""
    return f"{day.year}年{day.month}月{day.day}日"


# --- indicators ---


def finding(ledger: Ledger) -> Text:
    """'截至2017年6月底，22项核心指标中，19项达序时或已达标，…。'"""
    core = ledger.source.core
    if not core:
        return ("本期没有核心指标数据。",)
    told = groups.finding(len(core), [one.light for one in core], unreachable(core), number=mark)
    return joined([f"截至{ledger.source.month_label}底，", ledger.runs(told, ledger.counted("indicators", "core"))])


def by_light(ledger: Ledger, members: Sequence[Shown], group: str) -> Text:
    """'严重滞后1项、达序时3项' of a group of indicators."""
    told = groups.by_light([one.light for one in members], number=mark)
    return ledger.runs(told, ledger.counted("indicators", group))


def names_by_light(members: Sequence[Shown]) -> list[str]:
    """'已达标的有甲、乙。' light by light, the calm ones first; every indicator once."""
    found = []
    for light in reversed(ATTENTION_ORDER):
        names = [one.indicator.name for one in members if one.light == light]
        if names:
            found.append(f"{wording.light(light)}的有{'、'.join(names)}")
    return found


def standing(ledger: Ledger, shown: Shown) -> Text:
    """Value, target and light of an indicator, and what it was a year before."""
    known = replace(facts(shown), marked=True)
    return ledger.runs(_one_sentence(sentences.standing(known), sentences.year_on_year(known)), ledger.indicator(shown))


def _one_sentence(*parts: str) -> str:
    """Sentences about one thing as one, so that none reads like another's: '…，达序时；同比持平。'"""
    return f"{'；'.join(part.removesuffix('。') for part in parts if part)}。"


def paragraph(ledger: Ledger, shown: Shown) -> Text:
    """The same with the pace it takes; a state that cannot be judged asks for no pace."""
    known = replace(facts(shown), marked=True)
    judged = shown.light not in (Light.NOT_COVERED, Light.NONE)
    told = (sentences.standing(known), sentences.year_on_year(known), sentences.pace(known) if judged else "")
    return ledger.runs(_one_sentence(*told), ledger.indicator(shown))


def other_readings(ledger: Ledger, shown: Shown) -> list[Text]:
    """What the readings that are not official say, beside the official one (口径双轨); nothing without a value."""
    found = []
    for other in shown.others:
        if other.row is None or other.row.value is None or other.target is None:
            continue
        known = replace(facts(other), marked=True)
        told = f"另按“{other.reading.name}”口径，{sentences.standing(known)}"
        found.append(ledger.runs(told, ledger.indicator(other)))
    return found


def late(core: Sequence[Shown]) -> list[Shown]:
    """The indicators behind, in the order of attention."""
    return sorted((one for one in core if one.light in LATE), key=attention_key)


def short_of_data(core: Sequence[Shown]) -> list[Shown]:
    return [one for one in core if one.light == Light.NOT_COVERED]


def uncovered(ledger: Ledger, members: Sequence[Shown]) -> Text:
    """'数据不全、暂不判断的核心指标1项：城乡劳动者就业率（已审130/133个村）。' Empty for none."""
    if not members:
        return ()
    count = ledger.figure(ledger.counted("indicators", "core"), "not_covered")
    named = []
    for one in members:
        if one.row is None:
            named.append((f"{one.indicator.name}（没有审定数）",))
            continue
        subject = ledger.indicator(one)
        reported, expected = ledger.figure(subject, "reported"), ledger.figure(subject, "expected")
        named.append((f"{one.indicator.name}（已审", reported, "/", expected, f"个{facts(one).places}）"))
    return joined(["数据不全、暂不判断的核心指标", (count,), "项：", listed(named), "。"])


def required(ledger: Ledger, shown: Shown) -> Text:
    """What the months left must bring, and whether the best run there was would do; for 下一步."""
    found = replace(facts(shown), marked=True)
    if not found.required or found.end is None or found.ended or found.value is None:
        return ()
    verb = "完成" if found.summing else "降低" if found.falling else "提高" if found.rate else "增加"
    told = (
        f"{found.name}要在{months.label(found.end)}达到目标，今后{mark('months_left', str(found.end - found.month))}"
        f"个月每月须{verb}{sentences.difference(found, found.required, 'required')}"
    )
    return ledger.runs(_one_sentence(told, meeting_page.best(shown, marked=True)), ledger.indicator(shown))


def distance(ledger: Ledger, shown: Shown) -> Text:
    """'享受职工养老待遇占比（严重滞后，离目标还差9.80个百分点）'."""
    found, subject = replace(facts(shown), marked=True), ledger.indicator(shown)
    word = found.light_word
    if not found.remaining or found.comparator in (Comparator.NOT_FALL, Comparator.DYNAMIC_ZERO):
        return (f"{found.name}（{word}）",)
    short = sentences.difference(found, found.remaining, "remaining")
    beyond = "比上限高" if found.falling else "离目标还差"
    return ledger.runs(f"{found.name}（{word}，{beyond}{short}）", subject)


# --- tasks and key projects ---


def states(ledger: Ledger, kind: str, group: str = "all") -> Text:
    """'任务共32项，其中逾期1项、已完成20项' of all, or of a domain; empty where there are none."""
    source = ledger.source
    subject = ledger.counted(kind, group, day=source.day)
    found, labels = ledger.texts(subject), state_words()
    if not int(found["total"]):
        return ()
    counted = [(word, labels[light], int(found[word])) for light, word in texts.DONE_WORDS.items()]
    return ledger.runs(groups.works("任务" if kind == "tasks" else "重点项目", counted, number=mark), subject)


def both(ledger: Ledger, group: str = "all") -> Text:
    """Tasks and projects in one sentence, without its full stop."""
    parts = [part for part in (states(ledger, kind, group) for kind in ("tasks", "projects")) if part]
    return listed(parts, "；")


def of_domain(source: Source, domain: Domain) -> list[dict]:
    return [row for row in source.works if row["domain_order"] == domain.order]


def overdue(ledger: Ledger) -> Text:
    """Works past their day, day by day: '应于2017年6月30日完成、已逾期15天的任务和项目有…。' Empty for none."""
    late = [row for row in ledger.source.works if row["light"] == Light.FAR_BEHIND]
    told: list[Text] = []
    for due in sorted({row["due_on"] for row in late}):
        rows = [row for row in late if row["due_on"] == due]
        days = (ledger.figure(ledger.work(rows[0]), "days_late"),)
        named = listed([_work(ledger, row) for row in rows])
        told.append(joined([f"应于{long_date(due)}完成、已逾期", days, "天的任务和项目有", named]))
    return joined([listed(told, "；"), "。"]) if told else ()


def slow(ledger: Ledger) -> Text:
    """Works whose node was missed or that lag behind their time: '进度偏慢的任务和项目有…。' Empty for none."""
    told = []
    for row in ledger.source.works:
        if row["light"] != Light.BEHIND:
            continue
        subject, node = ledger.work(row), row["node"]
        if node is not None and node["due_on"] < ledger.source.day:
            told.append(_work(ledger, row, f"，节点“{node['name']}”应于{long_date(node['due_on'])}到位"))
        elif ledger.has(subject, "points_slow"):
            points = (ledger.figure(subject, "points_slow"),)
            told.append(_work(ledger, row, joined(["，比时间进度慢", points, "个百分点"])))
    return joined(["进度偏慢的任务和项目有", listed(told), "。"]) if told else ()


def _work(ledger: Ledger, row: Mapping, more: str | Text = "") -> Text:
    """'大病保险系统改造（T20，进度92%）'."""
    percent = (ledger.figure(ledger.work(row), "percent"),)
    return joined([f"{row['name']}（{row['code']}，进度", percent, "%", more, "）"])


def under_way(ledger: Ledger, rows: Sequence[Mapping]) -> Text:
    """'正在推进的有…（T20，进度92%）、…。' Empty for none."""
    told = [_work(ledger, row) for row in rows if row["light"] == Light.ON_COURSE]
    return joined(["正在推进的有", listed(told), "。"]) if told else ()


def slips(ledger: Ledger) -> Text:
    """'截至2017年7月15日，已交办督办事项3件，其中销号1件、在办2件，在办的都在时限以内。'"""
    subject = ledger.counted("slips", day=ledger.source.day)
    counts = {what: int(text) for what, text in ledger.texts(subject).items()}
    lead = f"截至{long_date(ledger.source.day)}，"
    if not counts["assigned"]:
        return (f"{lead}没有交办的督办事项。",)
    figure = {what: (ledger.figure(subject, what),) for what in counts}
    told: list[str | Text] = [lead, "已交办督办事项", figure["assigned"], "件"]
    if not counts["open"]:
        return joined([*told, "，已全部销号。"])
    told += (
        ["，其中已销号", figure["struck_off"], "件、在办", figure["open"], "件"]
        if counts["struck_off"]
        else ["，都在办"]
    )
    tail = ["；在办的已有", figure["overdue"], "件超过时限。"] if counts["overdue"] else ["；在办的都在时限以内。"]
    return joined([*told, *tail])


# --- corrections ---


def corrections(ledger: Ledger) -> list[Text]:
    """The correction list of the release, a line a cell, each later correction of it by itself."""
    release = ledger.at.release
    found: list[Text] = []
    for number, line in enumerate(release.corrections if release else (), 1):
        where = f"{months.label(line['month'])}{line['area_name']}{line['item']} {line['item_name']}"
        steps = line.get("steps", ())
        found.append(
            _correction(ledger, str(number), line["month"], where, line, steps[0] if len(steps) == 1 else None)
        )
        for step, change in enumerate(steps if len(steps) > 1 else (), 1):
            found.append(_correction(ledger, f"{number}.{step}", line["month"], f"其中第{step}次", change, change))
    return found


def _correction(ledger: Ledger, number: str, month: int, where: str, change: Mapping, step: Mapping | None) -> Text:
    subject = ledger.correction(number, month)
    old, new = ((ledger.figure(subject, what),) for what in ("old", "new"))
    told: list[str | Text] = [
        f"{where}由",
        old,
        "更正为",
        new,
        f"，理由：{(change['reason'] or '未注明').rstrip('。')}",
    ]
    if ledger.has(subject, "county_old"):
        told += ["；全县由", (ledger.figure(subject, "county_old"),), "变为", (ledger.figure(subject, "county_new"),)]
    if step is not None and step["by"]:
        told.append(f"；审核人：{step['by']}")
    if step is not None and wording.lights(step):
        told.append(f"；{wording.lights(step)}")
    return joined([*told, "。"])
