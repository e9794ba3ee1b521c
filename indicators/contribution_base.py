"""The contribution-base line (缴费基数底线) by month: the wage in force, the plan's share of it, 60 % beside it.

The wage holds in a month by the rule the indicators hold parameters by (`definitions.parameter_in`); the share is the
county's target of the indicator that the plan's clause is measured by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bureau import months
from indicators.analysis.contribution_base import line
from indicators.definitions import parameter_in
from indicators.models import Parameter, Target

WAGE = "W01"
MEASURED_BY = "A12b"
FLOOR = 60  # per cent: the least base of the national rules, told beside the plan's
FIRST, LAST = months.make(2015, 1), months.make(2017, 12)


@dataclass(frozen=True)
class Lines:
    """What one yearly wage comes to in a month: itself, the plan's line (None without a share) and the 60 % line."""

    monthly: Decimal
    share: Decimal | None
    floor: Decimal

    @classmethod
    def of(cls, yearly: Decimal, share: Decimal | None) -> Lines:
        return cls(line(yearly), None if share is None else line(yearly, share), line(yearly, FLOOR))


@dataclass(frozen=True)
class Month:
    """A month with the wage in force (None before the first), the share asked, the lines, and whether they moved."""

    month: int
    wage: Parameter | None
    share: Decimal | None
    lines: Lines | None
    changed: bool


@dataclass(frozen=True)
class Table:
    """Every month, and every series of the wage there is, those for comparison too."""

    months: tuple[Month, ...]
    wages: tuple[Parameter, ...]

    @property
    def share(self) -> Decimal | None:
        """The share asked in the last month."""
        return self.months[-1].share


def table(county: int) -> Table:
    """From 2015-01 to 2017-12; two queries."""
    wages = tuple(Parameter.objects.filter(code=WAGE).order_by("valid_from", "-in_use", "series"))
    history = [(one.valid_from, one) for one in wages if one.in_use]
    targets = list(
        Target.objects.filter(reading__indicator__code=MEASURED_BY, reading__official=True, area=county)
        .order_by("end_month")
        .only("start_month", "end_month", "value")
    )
    return Table(tuple(_months(history, targets)), wages)


def _months(history: Sequence[tuple[date, Parameter]], targets: Sequence[Target]) -> list[Month]:
    rows: list[Month] = []
    for month in range(FIRST, LAST + 1):
        wage = parameter_in(history, month)
        share = next((one.value for one in targets if one.start_month <= month <= one.end_month), None)
        moved = bool(rows) and (wage, share) != (rows[-1].wage, rows[-1].share)
        rows.append(Month(month, wage, share, Lines.of(wage.value, share) if wage else None, moved))
    return rows
