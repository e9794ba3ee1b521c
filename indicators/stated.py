"""Turns an indicator as shown into the plain facts that computed sentences are made of (analysis/sentences.py)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bureau.fields import to_units
from bureau.language import english
from indicators.analysis import group_sentences
from indicators.analysis.kinds import Comparator, Light, State, Window
from indicators.analysis.sentences import MONTHS, Facts
from indicators.queries import Row
from indicators.shown import Shown

NEARLY = "FLOW_NEARLY"  # the rule of 基本达序时


def facts(shown: Shown) -> Facts:
    """What sentences may say of it. A month compares only when it is covered too and its definition is the same."""
    indicator, row, target = shown.indicator, shown.row, shown.target
    plain = {
        "name": indicator.name,
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "month": shown.month,
        "window": Window(shown.window or Window.LEVEL),
        "comparator": shown.comparator,
        "target": _units(target.value) if target else None,
        "tolerance": _units(target.tolerance) if target else None,
        "end": target.end_month if target else None,
        "light": shown.light,
    }
    if row is None:
        return Facts(**plain)
    return Facts(
        **plain | {"target": row.target_value if row.target_value is not None else plain["target"]},
        value=row.value,
        state=State(row.state),
        reported=row.reported,
        expected=row.expected,
        **_places(shown, row),
        month_value=row.month_value,
        summing=shown.summing,
        completion=row.completion,
        schedule=row.schedule,
        path=row.path_value,
        lag=row.lag,
        remaining=row.remaining,
        required=row.required,
        pace=row.pace3,
        pressure=row.pressure3,
        nearly=row.rule == NEARLY,
        overdue=row.denominator if shown.comparator == Comparator.DYNAMIC_ZERO else None,
        year_ago=_comparable(shown, row, MONTHS),
        month_ago=_comparable(shown, row, 1),
    )


def stands_still(found: Facts) -> bool:
    """Was nothing added in the last three months, though something is asked of the months to come?"""
    return bool(found.required) and not found.ended and found.pace is not None and found.pace <= 0


def unreachable(core: Sequence[Shown]) -> int:
    """How many that are far behind cannot be reached at the present pace."""
    return sum(one.light == Light.FAR_BEHIND and stands_still(facts(one)) for one in core)


def finding(core: Sequence[Shown]) -> str:
    """The month's headline in one sentence."""
    return group_sentences.finding(len(core), [one.light for one in core], unreachable(core))


def _comparable(shown: Shown, row: Row, months_before: int) -> int | None:
    """The value so many months before; None where it is not covered or a change of definition lies between."""
    before = next((one for one in shown.series if one.month == row.month - months_before), None)
    if before is None or not (before.covered and row.covered) or before.definition != row.definition:
        return None
    return before.value


def _places(shown: Shown, row: Row) -> dict[str, str]:
    """Sentences are Chinese whoever reads them, the words for places are the reader's."""
    word = None if english() else shown.places.get(row.expected)
    return {"places": word} if word else {}


def _units(value: Decimal | None) -> int | None:
    return None if value is None else to_units(value)
