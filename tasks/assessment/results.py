"""The result of a period, computed from the settings, a release and the records; frozen ones are read by kept.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from bureau import clock, months
from bureau.models import Installation
from bureau.places import Tree
from indicators.due import Dates
from indicators.models import PublishedMonth
from indicators.queries import at_release
from tasks.assessment import doings, owners, rules, terms
from tasks.assessment.doings import Found, Span
from tasks.assessment.figures import Figures
from tasks.assessment.owners import Owner
from tasks.assessment.rules import Grade, Item, Line
from tasks.assessment.terms import Kind, Measure, Terms
from tasks.models import Assessment, ManualPoint, Scheme, Veto


@dataclass(frozen=True)
class Scored:
    """One section or town: its lines, what they come to, and how that compares."""

    owner: Owner
    lines: tuple[Line, ...]
    total: Fraction
    used: Fraction  # percent of the weights that were scored
    grade: Grade
    veto: Mapping[str, str] | None = None
    rank: int | None = None
    before: Fraction | None = None  # the total of the period before, where both were scored by the same criteria

    @property
    def short(self) -> Fraction:
        """Distance to full marks."""
        return max(rules.ZERO, rules.HUNDRED - self.total)

    @property
    def measures(self) -> list[str]:
        """By what it was scored: the criteria, and of figures and forms each one."""
        return sorted({f"{code} {measure}".strip() for code, measure in rules.measures(self.lines)})


@dataclass(frozen=True)
class Result:
    """A period's result. `unranked` says why there are no ranks: {why, owners, items}; empty where there are."""

    terms: Terms
    scored: tuple[Scored, ...]
    release: PublishedMonth | None
    unranked: Mapping[str, Any] = field(default_factory=dict)

    def of(self, code: str) -> Scored | None:
        return next((one for one in self.scored if one.owner.code == code), None)


def release_for(assessment: Assessment) -> PublishedMonth | None:
    """What a draft rests on: the last release of the period's last month that has one."""
    found = PublishedMonth.objects.filter(
        county=assessment.scheme.county_id, month__gte=assessment.first_month, month__lte=assessment.last_month
    )
    return found.select_related("county").defer("evidence").order_by("-month", "-version").first()


def computed(assessment: Assessment, here: Installation) -> Result:
    """Computed from what stands: the settings, the release, the records."""
    asked, tree = terms.of(assessment.scheme), Tree(here.county_id)
    release = release_for(assessment)
    found = items(asked, assessment, here, release, tree, until=clock.now())
    every = owners.of(assessment.scheme, tree, assessment.last_month)
    return judged(assessment, asked, every, found, release)


def items(
    asked: Terms,
    assessment: Assessment,
    here: Installation,
    release: PublishedMonth | None,
    tree: Tree,
    *,
    until: datetime,
) -> dict[str, dict[str, list[Item]]]:
    """Owner's code → criterion's code → what is looked at."""
    first, last = assessment.first_month, assessment.last_month
    every, dates = owners.of(assessment.scheme, tree, last), Dates.of(here)
    span = Span(first, last, min(dates.today, months.first_day(last + 1)), until)
    figures = Figures(at_release(release), release.month, first, every) if release else None
    towns = assessment.scheme.of == Scheme.Of.TOWNS

    def of(measure: Measure) -> Found:
        if measure.kind == Kind.SLIPS:
            return doings.slips(span, measure, towns=towns)
        if measure.kind == Kind.FORMS:
            return doings.forms(span, measure, dates, tree, towns=towns)
        if measure.kind in (Kind.INDICATORS, Kind.LIGHTS):
            return {owner.id: figures.items(owner, measure) for owner in every} if figures else {}
        if towns:
            return {}  # the plan's work is led by sections
        return doings.work(span, measure) if measure.kind == Kind.WORK else doings.reports(span, measure, dates)

    by_measure = {code: of(measure) for code, measure in asked.scored.items()}
    return {owner.code: {code: list(found.get(owner.id, ())) for code, found in by_measure.items()} for owner in every}


def judged(
    assessment: Assessment,
    asked: Terms,
    every: Sequence[Owner],
    found: Mapping[str, Mapping[str, Sequence[Item]]],
    release: PublishedMonth | None,
) -> Result:
    """Points, grades and ranks of what was found; what was added by hand and vetoed comes from the period's rows."""
    points, vetoes = by_hand(assessment), vetoed(assessment)
    before = _before(assessment)
    scored = []
    for owner in every:
        lines = rules.lines(asked.rules, found.get(owner.code, {}))
        used = rules.scored_share(asked.rules, lines)
        if asked.by_hand is not None:
            given = {str(one.pk): Fraction(one.points) for one in points.get(owner.id, ())}
            told = [_manual(one) for one in points.get(owner.id, ())]
            measure = asked.by_hand
            lines.append(rules.by_hand(measure.code, given, measure.rule.cap, rules.total(lines), told))
        total, veto = rules.total(lines), vetoes.get(owner.id)
        grade = rules.grade(total, used, asked.grades, vetoed=veto is not None)
        one = Scored(owner, tuple(lines), total, used, grade, _veto(veto) if veto else None)
        earlier = before.get(owner.code)
        same = earlier is not None and earlier["measures"] == one.measures
        scored.append(replace(one, before=Fraction(earlier["total"]) if earlier and same else None))
    return _ranked(assessment.scheme, asked, scored, release)


def _ranked(scheme: Scheme, asked: Terms, scored: Sequence[Scored], release: PublishedMonth | None) -> Result:
    """Ranks where the denominators compare; whoever is vetoed stands outside."""
    able = [one for one in scored if one.used and one.veto is None]
    lines = {one.owner.code: one.lines for one in able}
    unranked: dict[str, Any] = {}
    if scheme.of == Scheme.Of.SECTIONS:
        unranked = {"why": "sections"}
    elif len(able) < 2:
        unranked = {"why": "few"}
    elif unlike := rules.unlike(lines):
        unranked = {"why": "unlike", "owners": unlike}
    elif small := rules.small(lines, asked.least_denominator):
        unranked = {"why": "small", "items": sorted({item for _owner, item in small})}
    ranks = {} if unranked else rules.ranks({one.owner.code: one.total for one in able})
    return Result(asked, tuple(replace(one, rank=ranks.get(one.owner.code)) for one in scored), release, unranked)


def by_hand(assessment: Assessment) -> dict[int, list[ManualPoint]]:
    """Owner's id → what was added or taken by hand."""
    found: dict[int, list[ManualPoint]] = defaultdict(list)
    for one in assessment.by_hand.select_related("by", "criterion"):
        found[one.section_id or one.town_id or 0].append(one)
    return found


def vetoed(assessment: Assessment) -> dict[int, Veto]:
    rows = assessment.vetoes.select_related("by", "criterion")
    return {one.section_id or one.town_id or 0: one for one in rows}


def _manual(point: ManualPoint) -> Item:
    about = point.criterion.name if point.criterion else ""
    facts = _signed(point) | {"points": str(point.points.normalize()), "about": about}
    return Item(str(point.pk), None, "", facts)


def _veto(veto: Veto) -> dict[str, str]:
    return _signed(veto) | {"about": veto.criterion.name}


def _signed(row: ManualPoint | Veto) -> dict[str, str]:
    return {"reason": row.reason, "by": str(row.by), "at": row.at.isoformat()}


def _before(assessment: Assessment) -> dict[str, dict]:
    """Owner's code → what the frozen period of the same length just before came to, in its last version."""
    length = assessment.last_month - assessment.first_month
    found = Assessment.objects.filter(
        scheme=assessment.scheme_id, state=Assessment.State.FROZEN, last_month=assessment.first_month - 1,
        first_month=assessment.first_month - 1 - length,
    ).order_by("-version").first()  # fmt: skip
    return {one["code"]: one for one in found.result["owners"]} if found else {}
