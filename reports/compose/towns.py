"""What documents say of the towns: only of rates whose denominators compare, by the rules of the equality page.

Ranks are given by a frozen assessment alone, and only where it ranks at all; nothing else makes a league table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bureau import months
from bureau.fields import from_units
from indicators import equality_page
from indicators.analysis import group_sentences as groups
from indicators.analysis.marks import mark, pieces
from indicators.analysis.numbers_text import print_units
from indicators.shown import Shown
from indicators.wording import RATES
from reports.compose import tables
from reports.compose.writer import Writer, joined, listed
from reports.content import ChartData
from reports.manuscript import Column, Figure, Text
from reports.proof import Ledger
from reports.proof.keys import Key
from tasks.assessment import words as assessment_words

LINES = 2  # fewer towns are no comparison
UPRIGHT = 8  # indicators that an upright page has room for
PLACE_WIDTH, PORTRAIT_WIDTH, LANDSCAPE_WIDTH = 36, 156, 225  # millimetres


def compared(ledger: Ledger) -> list[Shown]:
    """The core indicators that compare between towns."""
    return [ledger.source.by_code[one.indicator.code] for one in ledger.source.compared]


def in_order(ledger: Ledger, shown: Shown) -> list[Shown]:
    """The towns that count, from the highest value on; of equal ones in order of their code."""
    source = ledger.source
    gathered = source.gathered(shown.indicator.code)
    counted = {row.area for row in equality_page.counted(gathered, source.month)}
    inside = [source.in_town(shown, town) for town in source.towns if town.id in counted]
    return sorted((one for one in inside if one.row), key=lambda one: -(one.row.value or 0) if one.row else 0)


def sentences(ledger: Ledger) -> list[Text]:
    """The ends of each indicator's towns, and how far apart they are."""
    return [joined([told, "。"]) for one in compared(ledger) if (told := ends(ledger, one))]


def furthest(ledger: Ledger, shown: Shown) -> Text:
    """All that is said of the indicator whose towns are furthest apart, as one sentence that names it once."""
    lead = f"可比的核心指标中，{shown.indicator.name}在镇（街道）间相差最大，"
    clauses = [ends(ledger, shown, ""), *(make(ledger, shown) for make in (spread_moved, below, sides))]
    return joined([lead, listed([clause for clause in clauses if clause], "；"), "。"])


def ends(ledger: Ledger, shown: Shown, name: str | None = None) -> Text:
    """'就业率最高的是…，最低的是…，相差0.73个百分点'; another `name`, or none, may stand before it.

    Empty where fewer than two towns compare.
    """
    ordered = in_order(ledger, shown)
    if len(ordered) < LINES:
        return ()
    names = {town.code: town.name for town in ledger.source.towns}
    subjects = {names[one.area_code]: ledger.indicator(one) for one in ordered}
    places = [(names[one.area_code], ledger.texts(ledger.indicator(one))["value"]) for one in ordered]
    numbered: list[Figure] = []

    def keyed(place: str, text: str) -> str:
        numbered.append(Figure(text, str(Key(subjects[place], "value"))))
        return mark(str(len(numbered) - 1), text)

    unit, own = shown.indicator.unit, ledger.indicator(shown)
    named = shown.indicator.name if name is None else name
    told = groups.ends(named, places, unit, high=keyed, low=keyed).removesuffix("。")
    runs = tuple(numbered[int(what)] if what else text for what, text in pieces(told))
    end = "" if all(one.row and one.row.covered for one in ordered) else "（有镇、街道未报齐，暂按已报计）"
    if places[0][1] == places[-1][1] or not ledger.has(own, "spread"):
        return joined([runs, end])
    return joined([runs, "，相差", (ledger.figure(own, "spread"),), f"{points(shown)}{end}"])


def points(shown: Shown) -> str:
    """The unit of a difference."""
    return "个百分点" if shown.indicator.unit in RATES else shown.indicator.unit


def sides(ledger: Ledger, shown: Shown) -> Text:
    """'城镇为97.10%、乡村为96.20%，相差0.90个百分点，2016年6月相差1.20个百分点'. Empty without both."""
    subject = ledger.indicator(shown)
    if not ledger.has(subject, "urban"):
        return ()
    unit, since = shown.indicator.unit, ledger.source.series(shown.indicator.code).since
    urban, rural, gap = ((ledger.figure(subject, what),) for what in ("urban", "rural", "gap_now"))
    told: list[str | Text] = ["城镇为", urban, f"{unit}、乡村为", rural, unit]
    if gap[0].text.strip("0.,"):
        told += ["，相差", gap, points(shown)]
    else:
        told.append("，城乡持平")
    if since is not None and ledger.has(subject, "gap_then"):
        told += [f"，{months.label(since)}相差", (ledger.figure(subject, "gap_then"),), points(shown)]
    return joined(told)


def spread_moved(ledger: Ledger, shown: Shown) -> Text:
    """'与2016年6月相比，差距由19.10个百分点缩小到18.09个百分点'. Empty without an earlier month."""
    subject, code = ledger.indicator(shown), shown.indicator.code
    if not (ledger.has(subject, "spread") and ledger.has(subject, "spread_then")):
        return ()
    source = ledger.source
    now = equality_page.spread(source.gathered(code), source.month)
    then = equality_page.spread(source.gathered(code), source.series(code).since or 0)
    if now is None or then is None:
        return ()
    since = months.label(source.series(code).since or 0)
    decimals, unit = shown.indicator.decimals, points(shown)
    if print_units(now, decimals) == print_units(then, decimals):
        return (f"与{since}相比，差距没有变化",)
    word = "缩小" if now < then else "扩大"
    before, after = ((ledger.figure(subject, what),) for what in ("spread_then", "spread"))
    return joined([f"与{since}相比，差距由", before, f"{unit}{word}到", after, unit])


def below(ledger: Ledger, shown: Shown) -> Text:
    """'9个镇（街道）中有6个还没有达到全县目标'. Empty where the county has none."""
    subject = ledger.indicator(shown)
    if not ledger.has(subject, "towns"):
        return ()
    every, late = ((ledger.figure(subject, what),) for what in ("towns", "towns_below"))
    if late[0].text == "0":
        return joined([every, "个镇（街道）都已达到全县目标"])
    if late[0].text == every[0].text:
        return joined([every, "个镇（街道）都还没有达到全县目标"])
    return joined([every, "个镇（街道）中有", late, "个还没有达到全县目标"])


def widest(ledger: Ledger) -> Shown | None:
    """The indicator whose towns are furthest apart."""
    source = ledger.source
    found = [(equality_page.spread(source.gathered(one.indicator.code), source.month), one) for one in compared(ledger)]
    known = [(spread, one) for spread, one in found if spread]
    return max(known, key=lambda pair: pair[0])[1] if known else None


def chart(ledger: Ledger, shown: Shown) -> tuple[ChartData, str]:
    """A bar a town, from the highest on, and the county beside; with what it shows in words."""
    names = {town.code: town.name for town in ledger.source.towns}
    ordered: Sequence[Shown] = in_order(ledger, shown)
    values = [_drawn(one) for one in ordered]
    labels = [names[one.area_code] for one in ordered]
    if shown.row is not None:
        labels.append("全县")
        values.append(_drawn(shown))
    title = f"{ledger.source.month_label}各镇（街道）{shown.indicator.name}"
    data = ChartData(
        title, shown.indicator.unit, tuple(labels), ((shown.indicator.name, tuple(values)),), kind="bar",
        decimals=shown.indicator.decimals,
    )  # fmt: skip
    every = zip(labels, (*ordered, shown), strict=False)
    told = [f"{label}{ledger.texts(ledger.indicator(one))['value']}" for label, one in every]
    return data, f"{title}（单位：{shown.indicator.unit}）：{'，'.join(told)}"


def table(writer: Writer, members: Sequence[Shown]) -> None:
    """分镇比较: the towns of the month and the county, indicator by indicator; below them how far apart towns are, and
    town and country, now and then. Marked where not all is reported; on its side where there are many indicators."""
    ledger, source = writer.ledger, writer.source
    landscape = len(members) > UPRIGHT
    room = (LANDSCAPE_WIDTH if landscape else PORTRAIT_WIDTH) - PLACE_WIDTH
    units = {one.indicator.unit for one in members}
    heads = [f"{one.indicator.name}{f'（{one.indicator.unit}）' if len(units) > 1 else ''}" for one in members]
    columns = (Column("镇（街道）", PLACE_WIDTH), *(Column(head, room / len(members), "right") for head in heads))
    rows: list[tuple[str | Text, ...]] = []
    for town in source.towns:
        rows.append((town.name, *(_in_place(ledger, source.in_town(one, town)) for one in members)))
    rows.append(("全县", *(_in_place(ledger, one) for one in members)))
    rows += _apart(writer, members)
    told = tables.notes(writer, members, "各镇（街道）数由分子、分母之和相除；标“#”的未报齐，暂按已报计")
    unit = f"单位：{units.pop()}　　截至{source.month_label}" if len(units) == 1 else f"截至{source.month_label}"
    writer.table("分镇比较", columns, rows, unit=unit, notes=told, landscape=landscape)


def _in_place(ledger: Ledger, shown: Shown) -> Text:
    if shown.row is None:
        return (tables.DASH,)
    return joined([tables.value(ledger, shown), "" if shown.row.covered else "#"])


def _apart(writer: Writer, members: Sequence[Shown]) -> Iterator[tuple[str | Text, ...]]:
    """A row a measure of distance that some indicator has; what it was before with the month it was."""
    ledger = writer.ledger
    known = {writer.source.series(one.indicator.code).since for one in members}
    then = "、".join(months.label(month) for month in sorted(month for month in known if month))
    for label, what in (
        ("镇（街道）间相差", "spread"), (f"　{then}相差", "spread_then"), ("未达目标的个数", "towns_below"),
        ("城镇", "urban"), ("乡村", "rural"), ("城乡相差", "gap_now"), (f"　{then}相差", "gap_then"),
    ):  # fmt: skip
        subjects = [ledger.indicator(one) for one in members]
        if any(ledger.has(one, what) for one in subjects):
            yield label, *((ledger.figure(one, what),) if ledger.has(one, what) else tables.DASH for one in subjects)


def _drawn(shown: Shown) -> Decimal | None:
    return from_units(shown.row.value) if shown.row is not None and shown.row.value is not None else None


def ranking(writer: Writer) -> None:
    """The towns' last frozen assessment, where it ranks them; where it does not, why there is no ranking."""
    source, ledger = writer.source, writer.ledger
    if source.assessed is None:
        return
    assessment, result = source.assessed
    title = assessment_words.title(assessment)
    ranked = sorted((one for one in result.scored if one.rank), key=lambda one: (one.rank or 0, one.owner.code))
    if result.unranked or len(ranked) < LINES:
        names = {one.owner.code: one.owner.name for one in result.scored}
        why = assessment_words.unranked(result.unranked or {"why": "few"}, names)
        writer.say(f"{title}镇（街道）考核：{why}。")
        return
    writer.say(f"{title}镇（街道）考核得分和名次见{writer.next_table}，得分相同的名次并列。")
    columns = (
        Column("名次", 20, "center"), Column("镇（街道）", 50), Column("得分", 30, "right"),
        Column("等次", 30, "center"),
    )  # fmt: skip
    rows = []
    for one in ranked:
        subject = ledger.assessment(one.owner.code)
        score, rank = ((ledger.figure(subject, what),) for what in ("score", "rank"))
        rows.append((rank, one.owner.name, score, assessment_words.grade(one.grade)))
    writer.table(f"{title}镇（街道）考核", columns, rows, notes=("注：得分取自已定稿的考核结果。",))
