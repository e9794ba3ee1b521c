"""Computed sentences about several indicators, places or works at once, in the Chinese of official documents.

Pure, like sentences.py. `number(what, text)` is given each number: to be marked for documents (marks.mark), as it reads
for pages. Names and counts only, no praise and no blame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .kinds import ATTENTION_ORDER, LIGHT_WORDS, Light

Number = Callable[[str, str], str]
NAMED = 6  # more names than these are not read
GOOD = (Light.REACHED, Light.ON_COURSE)


def as_it_reads(_what: str, text: str) -> str:
    return text


def finding(core: int, lights: Sequence[Light], unreachable: int = 0, *, number: Number = as_it_reads) -> str:
    """The month's headline: how many core indicators are on course, how many lag, how many cannot be judged."""
    good = sum(light in GOOD for light in lights)
    far, late, short = (lights.count(light) for light in ATTENTION_ORDER[:3])
    total = number("total", str(core))
    if core and good == core:
        return f"{total}项核心指标都达序时或已达标。"
    parts = [f"{total}项核心指标中，{number('good', str(good))}项达序时或已达标"]
    if far:
        tail = f"（其中{number('unreachable', str(unreachable))}项按现速度无法达到）" if unreachable else ""
        parts.append(f"{number('far_behind', str(far))}项严重滞后{tail}")
    if late:
        parts.append(f"{number('behind', str(late))}项滞后")
    if short:
        parts.append(f"{number('not_covered', str(short))}项数据不全")
    return "，".join(parts) + "。"


def by_light(lights: Sequence[Light], *, number: Number = as_it_reads) -> str:
    """'严重滞后1项、滞后3项、已达标5项', worst first, lights of nobody left out; several of one light: '都已达标'."""
    found = [light for light in ATTENTION_ORDER if light in lights]
    if len(found) == 1 and len(lights) > 1:
        return f"都{LIGHT_WORDS[found[0]]}"
    return "、".join(f"{LIGHT_WORDS[light]}{number(name(light), str(lights.count(light)))}项" for light in found)


def name(light: Light) -> str:
    """What a count of this light is called: 'far_behind'."""
    return light.name.lower()


def named(names: Sequence[str]) -> str:
    """'甲、乙'; of many the first: '甲、乙、丙、丁、戊、己等'."""
    return "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")


def ends(
    name: str,
    places: Sequence[tuple[str, str]],
    unit: str = "",
    *,
    high: Number = as_it_reads,
    low: Number = as_it_reads,
) -> str:
    """Which places stand highest and lowest, of places from the highest on, each with its printed value.

    Those that print alike share the end; where all do, nobody is ranked. Empty for fewer than two.
    """
    if len(places) < 2:
        return ""
    (first, most), (last, least) = places[0], places[-1]
    if most == least:
        return f"各镇（街道）的{name}都是{high(first, most)}{unit}。"
    top, bottom = ([place for place, text in places if text == end] for end in (most, least))
    lead = f"{name}最高的是{named(top)}（{high(first, most)}{unit}）"
    return f"{lead}，最低的是{named(bottom)}（{low(last, least)}{unit}）。"


def works(kind: str, states: Sequence[tuple[str, str, int]], *, number: Number = as_it_reads) -> str:
    """'任务共32项，其中逾期1项、推进中20项' of (state, its word, how many); of one state: '任务共32项，都已完成'."""
    total = sum(count for _state, _word, count in states)
    known = [one for one in states if one[2]]
    lead = f"{kind}共{number('total', str(total))}项"
    if len(known) < 2:
        return "，".join([lead, *(f"{'都' if total > 1 else ''}{word}" for _state, word, _count in known)])
    told = "、".join(f"{word}{number(state, str(count))}项" for state, word, count in known)
    return f"{lead}，其中{told}"
