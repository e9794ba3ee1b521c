"""实现度: how far each indicator's value reaches its target, by domain and in all, with weights; exact, for the annex.

The formula is that of analysis/equality.py (catalogue 6.2), the weights are data. What has no value, no target or not
every place's figure is left out, and the other weights are taken as the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from indicators.analysis.equality import composite, realisation
from indicators.equality_read import Choice, Gathered
from indicators.models import Domain
from indicators.queries import Row


@dataclass(frozen=True)
class Realised:
    """One indicator's realisation in per cent, or why it has none."""

    choice: Choice
    row: Row | None
    standard: int | None
    value: Fraction | None
    why: str = ""


@dataclass(frozen=True)
class Group:
    """A domain (None: what lies outside the five) with its indicators; `value` over those that have one."""

    domain: Domain | None
    members: Sequence[Realised]
    value: Fraction | None
    weight: Fraction


@dataclass(frozen=True)
class Composite:
    """All groups; `used` of `weight` is the weight of what could be counted."""

    groups: Sequence[Group]
    value: Fraction | None
    weight: Fraction
    used: Fraction
    left_out: int


def realise(found: Gathered) -> Composite:
    """The realisation of every indicator with a weight in the month shown."""
    members = [_one(choice, found.county.get(choice.indicator.pk)) for choice in found.weighted]
    weights = {one.choice.indicator.code: Fraction(one.choice.role.weight) for one in members}
    values = {one.choice.indicator.code: one.value for one in members}
    by_domain: dict[Domain | None, list[Realised]] = defaultdict(list)
    for one in members:
        by_domain[one.choice.indicator.domain].append(one)
    groups = [
        Group(
            domain,
            inside,
            composite({one.choice.indicator.code: one.value for one in inside}, weights),
            sum((weights[one.choice.indicator.code] for one in inside), Fraction(0)),
        )
        for domain, inside in sorted(by_domain.items(), key=lambda pair: pair[0].order if pair[0] else 99)
    ]
    known = [code for code, value in values.items() if value is not None]
    return Composite(
        groups,
        composite(values, weights),
        sum(weights.values(), Fraction(0)),
        sum((weights[code] for code in known), Fraction(0)),
        len(values) - len(known),
    )


def _one(choice: Choice, row: Row | None) -> Realised:
    if row is None or row.value is None:
        return Realised(choice, row, None, None, _("没有审定数"))
    if row.target is None:
        return Realised(choice, row, None, None, _("本月没有目标"))
    standard = row.path_value if row.target_value is None else row.target_value  # 不下降: the year before
    if standard is None:
        return Realised(choice, row, None, None, _("无可比期"))
    if not row.covered:
        return Realised(choice, row, standard, None, _("数据不全"))
    value = realisation(Fraction(row.value), Fraction(standard), rising=choice.indicator.rising)
    return Realised(choice, row, standard, value)
