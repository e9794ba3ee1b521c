"""Checks a frozen period again (重新核对): its arithmetic, and its figures against the release they rest on.

Neither can differ as long as releases stand; what differs is told line by line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from indicators.queries import at_release
from tasks.assessment import kept, rules
from tasks.assessment.figures import Figures
from tasks.assessment.results import Result, Scored
from tasks.assessment.rules import Item
from tasks.assessment.terms import Kind
from tasks.models import Assessment

NUMBERS = ("value", "standard", "good", "behind", "far", "grey")


@dataclass(frozen=True)
class Difference:
    """A line, or an item of it, that is not what it was; both as exact numbers, None for nothing there."""

    owner: str
    criterion: str
    item: str
    frozen: Fraction | None
    now: Fraction | None


def differences(assessment: Assessment) -> list[Difference]:
    """Every line computed again from what is kept, every figure read again from the release; empty where all agree."""
    result = kept.frozen(assessment)
    assert assessment.release is not None  # the database holds it so
    release, every = assessment.release, [one.owner for one in result.scored]
    figures = Figures(at_release(release), release.month, assessment.first_month, every)
    return [found for one in result.scored for found in (*_arithmetic(result, one), *_figures(result, one, figures))]


def _arithmetic(result: Result, one: Scored) -> Iterator[Difference]:
    asked = result.terms
    found = rules.lines(asked.rules, {line.code: line.items for line in one.lines})
    again = {line.code: line for line in found}
    for line in one.lines:
        if line.code in again and (again[line.code].points, again[line.code].full) != (line.points, line.full):
            yield Difference(one.owner.code, line.code, "", line.points, again[line.code].points)
    if rules.total(one.lines) != one.total:
        yield Difference(one.owner.code, "", "", one.total, rules.total(one.lines))


def _figures(result: Result, one: Scored, figures: Figures) -> Iterator[Difference]:
    readings = {reading.indicator.code: reading for reading in figures.readings}
    for line in one.lines:
        measure = result.terms.scored.get(line.code)
        if measure is None or measure.kind not in (Kind.INDICATORS, Kind.LIGHTS):
            continue
        for item in line.items:
            reading = readings.get(item.key)
            now = figures.item(one.owner, measure, reading) if reading else None
            if now is None or (now.done, _numbers(now)) != (item.done, _numbers(item)):
                yield Difference(one.owner.code, line.code, item.key, item.done, now.done if now else None)


def _numbers(item: Item) -> list[object]:
    return [item.facts.get(name) for name in NUMBERS]
