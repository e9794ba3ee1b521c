"""What released figures give to be scored: an indicator against what it should be, and its lights month by month.

Sections answer for the county's figures of their indicators, towns for their own where a target was divided among them.
Grey (数据不全) is never scored, nor is what nothing is asked of yet.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction

from bureau import months
from bureau.fields import UNITS
from indicators import queries
from indicators.analysis.kinds import Light
from indicators.models import Reading
from indicators.queries import ReadAt, Row
from tasks.assessment.owners import Owner
from tasks.assessment.rules import Item, completion, counted
from tasks.assessment.terms import Kind, Measure

GOOD, FAR, GREY = (Light.REACHED, Light.ON_COURSE), Light.FAR_BEHIND, Light.NOT_COVERED


class Figures:
    """The official readings and their rows of the period's months, as a release has them; two queries and a few."""

    def __init__(self, at: ReadAt, month: int, first: int, owners: Sequence[Owner]) -> None:
        self.month, self.version = month, at.versions[month]
        self.readings: list[Reading] = queries.official_readings(at=at)
        self._rows: dict[tuple[int, int, int], dict[int, Row]] = defaultdict(dict)
        for row in queries.rows(at, areas={one.area for one in owners}, since=first):
            self._rows[row.area, row.indicator, row.reading][row.month] = row

    def of(self, owner: Owner, measure: Measure) -> list[Reading]:
        """The readings a criterion looks at: those it names, else all core ones; a section's are its own."""
        return [
            one
            for one in self.readings
            if (one.indicator.code in measure.indicators if measure.indicators else one.indicator.core)
            and (owner.town or one.indicator.section_id == owner.id)
        ]

    def items(self, owner: Owner, measure: Measure) -> list[Item]:
        """What a criterion of figures looks at, one item an indicator."""
        return [self.item(owner, measure, one) for one in self.of(owner, measure)]

    def item(self, owner: Owner, measure: Measure, reading: Reading) -> Item:
        of_months = measure.kind == Kind.LIGHTS
        return self.lights(owner, measure, reading) if of_months else self.standing(owner, reading)

    def standing(self, owner: Owner, reading: Reading) -> Item:
        """完成率 of an indicator in the release's month, against what it should be by then."""
        row = self._rows[owner.area, reading.indicator_id, reading.number].get(self.month)
        indicator = reading.measured
        facts = _names(reading) | {
            "unit": indicator.unit,
            "decimals": indicator.decimals,
            "area": owner.area_code,
            "month": months.iso(self.month),
            "version": self.version,
        }
        if row is None or row.value is None:
            return Item(indicator.code, None, "no_value", facts)
        facts |= {"value": row.value, "target": row.target_value, "light": row.light, "rule": row.rule}
        if row.target is None:
            return Item(indicator.code, None, "no_target", facts)
        if row.light == GREY:
            return Item(indicator.code, None, "grey", facts)
        standard = _due(row)
        if row.light == Light.NONE or standard is None:
            return Item(indicator.code, None, "not_judged", facts)
        done = completion(Fraction(row.value), Fraction(standard), rising=indicator.rising)
        base = None if row.denominator is None else Fraction(row.denominator, UNITS)
        facts |= {"standard": standard}
        return Item(indicator.code, done, "", facts, measure=indicator.code, base=base)

    def lights(self, owner: Owner, measure: Measure, reading: Reading) -> Item:
        """The share of judged months that were on course; those behind count in part."""
        found = Counter(
            Light(row.light) for row in self._rows[owner.area, reading.indicator_id, reading.number].values()
        )
        good = sum(found[one] for one in GOOD)
        done = counted(good, found[Light.BEHIND], found[FAR], measure.rule)
        facts = _names(reading) | {
            "good": good, "behind": found[Light.BEHIND], "far": found[FAR], "grey": found[GREY],
            "area": owner.area_code, "month": months.iso(self.month), "version": self.version,
        }  # fmt: skip
        why = "" if done is not None else "grey" if found[GREY] else "not_judged"
        return Item(reading.indicator.code, done, why, facts, measure=reading.indicator.code)


def _due(row: Row) -> int | None:
    """What the value should be by then: the target once reached or over, else its path; None before anything is due."""
    if row.light == Light.REACHED and row.target_value is not None:
        return row.target_value
    if row.path_value is None:
        return row.target_value
    return None if row.path_value == 0 != row.target_value else row.path_value


def _names(reading: Reading) -> dict:
    return {"name": reading.indicator.name, "name_en": reading.indicator.name_en}
