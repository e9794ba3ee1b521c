"""The printed numbers of each subject by name (value, target, …): the very texts of pages and computed sentences.

Every figure of a document comes out of here; nothing is rounded or formatted anywhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from bureau import months
from bureau.models import Area
from indicators import equality_annex, equality_page, wording
from indicators.analysis import group_sentences, sentences
from indicators.analysis.kinds import Light
from indicators.analysis.marks import pieces
from indicators.analysis.numbers_text import print_against, print_units
from indicators.models import Target
from indicators.queries import Row
from indicators.shown import Shown
from indicators.stated import facts, stands_still
from reports import meeting_page
from reports.proof.source import Source
from tasks import queries
from tasks.assessment import words as assessment_words

LATE = (Light.FAR_BEHIND, Light.BEHIND)
NUMBER_CHARS = "0123456789,.\u2212"
DONE_WORDS = {
    Light.FAR_BEHIND: "late", Light.BEHIND: "slow", Light.ON_COURSE: "under_way", Light.REACHED: "done",
    Light.NOT_COVERED: "not_begun",
}  # fmt: skip


def number_in(text: str) -> tuple[str, str, str]:
    """What stands before the number of a text, the number, what stands behind: '≥ 6,800 人'."""
    start = next((place for place, char in enumerate(text) if char.isdigit()), len(text))
    start -= text[:start].endswith("\u2212")
    end = next((place for place in range(start, len(text)) if text[place] not in NUMBER_CHARS), len(text))
    return text[:start], text[start:end], text[end:]


def of_indicator(shown: Shown) -> dict[str, str]:
    """An indicator in a place at the month: its value and all its sentences say of it."""
    indicator, row = shown.indicator, shown.row
    known = replace(facts(shown), marked=True)
    told = [sentences.standing(known), sentences.year_on_year(known), sentences.month_on_month(known)]
    told += [sentences.pace(known), meeting_page.best(shown, marked=True) if shown.light in LATE else ""]
    found = {what: text for one in told for what, text in pieces(one) if what}
    found |= {"value": wording.value(row, indicator), "coverage": wording.coverage(row, shown.places)}
    if shown.target is not None:
        found |= _of_target(shown.target, number_in(wording.target(shown.target, indicator))[1])
    return found if row is None else found | _of_row(shown, row)


def _of_target(target: Target, text: str) -> dict[str, str]:
    found = {"target": text} if text else {}
    return found | ({"limit_days": str(target.limit_days)} if target.limit_days else {})


def _of_row(shown: Shown, row: Row) -> dict[str, str]:
    places = shown.indicator.decimals
    found = {
        "numerator": _part(row.numerator),
        "denominator": _part(row.denominator),
        "reported": str(row.reported),
        "expected": str(row.expected),
    }
    if row.month_value is not None:
        found["month"] = wording.number(row.month_value, places)
    if row.path_value is not None:
        found["path"] = wording.number(row.path_value, places)
    if row.remaining:
        found["remaining"] = wording.short(row.remaining, places)
    if shown.summing and row.completion is not None:
        found |= {"completion": wording.completion(row.completion), "schedule": wording.number(row.schedule, 1)}
    if row.lag is not None:
        found["lag"] = print_against(abs(row.lag), 0, 1 if shown.summing else places)
    if shown.target is not None and shown.target.tolerance:
        found["tolerance"] = print_units(int(shown.target.tolerance.scaleb(4)), places)
    return found


def of_month(shown: Shown, month: int) -> dict[str, str]:
    """The value of an earlier month."""
    row = next((one for one in shown.series if one.month == month and isinstance(one, Row)), None)
    if row is None:
        return {}
    return {
        "value": wording.value(row, shown.indicator),
        "numerator": _part(row.numerator),
        "denominator": _part(row.denominator),
    }


def _part(units: int | None) -> str:
    return wording.DASH if units is None else wording.amount(units)


def of_equality(source: Source, code: str) -> dict[str, str]:
    """How far towns, and town and country, are apart: now, and in the month the equality page compares with."""
    gathered, found = source.gathered(code), {}
    decimals = gathered.chosen.indicator.decimals if gathered.chosen else 0
    for suffix, month in (("", source.month), ("_then", source.series(code).since)):
        if month is None:
            continue
        both, spread = equality_page.sides(gathered, month), equality_page.spread(gathered, month)
        if both:
            found |= {
                f"urban{suffix}": equality_page.value(both[0], gathered),
                f"rural{suffix}": equality_page.value(both[1], gathered),
                f"gap{suffix or '_now'}": wording.size(both[0].value - both[1].value, decimals),
            }
        if spread is not None:
            found[f"spread{suffix}"] = print_units(spread, decimals)
    below = [row for _town, row in gathered.towns(source.month)]
    county = gathered.rows.get((source.county.pk, source.month))
    if county is not None and county.target_value is not None and gathered.chosen is not None:
        rising = gathered.chosen.indicator.rising
        known = [row.value for row in below if row.value is not None]
        late = sum(one < county.target_value if rising else one > county.target_value for one in known)
        found |= {"towns": str(len(below)), "towns_below": str(late)}
    return found


def of_lights(shown: Iterable[Shown]) -> dict[str, str]:
    """How many indicators wear which light."""
    members = list(shown)
    lights = Counter(one.light for one in members)
    stuck = sum(one.light == Light.FAR_BEHIND and stands_still(facts(one)) for one in members)
    return {
        "total": str(len(members)),
        "good": str(sum(lights[light] for light in group_sentences.GOOD)),
        "unreachable": str(stuck),
        **{group_sentences.name(light): str(lights[light]) for light in Light},
    }


def group_of_indicators(source: Source, group: str) -> list[Shown]:
    """'core', 'monitored', 'all'; 'core.一': the core indicators of a domain; 'core.0': those outside the five."""
    kind, _, domain = group.partition(".")
    wanted = [one for one in source.shown if kind == "all" or one.indicator.core is (kind == "core")]
    if not domain:
        return wanted
    return [one for one in wanted if (one.indicator.domain.code if one.indicator.domain else "0") == domain]


def works_in(source: Source, kind: str, group: str, day: date) -> list[dict]:
    """The tasks or projects ('tasks', 'projects') of all, or of a domain by its code."""
    orders = {domain.code: domain.order for domain in source.domains}
    return [
        row
        for row in source.works_on(day)
        if f"{row['kind']}s" == kind and (group == "all" or row["domain_order"] == orders.get(group))
    ]


def of_works(rows: Iterable[dict]) -> dict[str, str]:
    """How many works stand where; nodes planned, reached, late."""
    every = list(rows)
    lights = Counter(row["light"] for row in every)
    nodes = [node for row in every for node in row["nodes"]]
    moved = [node for node in nodes if node["first_on"] and node["first_on"] != node["due_on"]]
    return {
        "total": str(len(every)),
        **{word: str(lights[light]) for light, word in DONE_WORDS.items()},
        "nodes": str(len(nodes)),
        "nodes_reached": str(sum(node["done_on"] is not None for node in nodes)),
        "nodes_moved": str(len(moved)),
    }


def of_work(row: dict, day: date) -> dict[str, str]:
    """One task or project: percent done, and by how many days it is late."""
    found = {"percent": str(row["percent"])}
    if row["light"] == Light.FAR_BEHIND:
        found["days_late"] = str((day - row["due_on"]).days)
    points = queries.behind(row, day)
    if row["light"] == Light.BEHIND and points > 0:
        found["points_slow"] = str(points)
    return found


def of_places(source: Source, level: str) -> dict[str, str]:
    places = [place.level for place in source.tree.valid(source.month).values()]
    return {"count": str(places.count(Area.Level(level)))}


def of_realisation(source: Source, group: str) -> dict[str, str]:
    """实现度 as the equality page prints it: 'composite', or of a domain by its code."""
    told = equality_annex.realisation(source.realised, "")
    texts = {"composite": told["value"]}
    for found, printed in zip(source.realised.groups, told["groups"], strict=True):
        texts[found.domain.code if found.domain else "0"] = printed["value"]
    text = texts.get(group, "")
    return {"value": text.removesuffix("%")} if text not in ("", wording.DASH) else {}


def of_correction(line: Mapping) -> dict[str, str]:
    """A line of a correction list; its steps are numbered."""
    found = {"old": wording.amount(line["old"]), "new": wording.amount(line["new"])}
    if line["county_old"] is not None or line["county_new"] is not None:
        found |= {"county_old": wording.amount(line["county_old"]), "county_new": wording.amount(line["county_new"])}
    return found


def of_assessment(source: Source, name: str, area: str) -> dict[str, str]:
    """A town's points and rank in the frozen assessment; 'towns' of the county: how many were assessed."""
    if source.assessed is None or name != assessment_name(source):
        return {}
    _assessment, result = source.assessed
    if area == source.county.code:
        return {"towns": str(len(result.scored))}
    one = next((one for one in result.scored if one.owner.code == area), None)
    if one is None or not one.used:
        return {}
    return {"score": assessment_words.points(one.total)} | ({"rank": str(one.rank)} if one.rank else {})


def assessment_name(source: Source) -> str:
    """'towns.1': the scheme and the version of the period."""
    return f"{source.assessed[0].scheme.code}.{source.assessed[0].version}" if source.assessed else ""


def assessment_period(source: Source) -> str:
    assessment = source.assessed[0] if source.assessed else None
    return f"{months.iso(assessment.first_month)}..{months.iso(assessment.last_month)}" if assessment else ""
