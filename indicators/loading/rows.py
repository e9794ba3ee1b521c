"""The rows that stand after loading, by natural key: what the tables loaded later point at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bureau.models import Area, Section
from indicators.models import Clause, DataItem, Domain, Indicator, Plan


@dataclass
class Rows:
    """The rows that stand after loading, by natural key; what later tables point at."""

    county: Area
    plan: Plan
    sections: dict[str, Section]
    clauses: dict[str, Clause] = field(default_factory=dict)
    domains: dict[str, Domain] = field(default_factory=dict)
    items: dict[str, DataItem] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)

    def numbered(self, numbers: Iterable[str]) -> list[Indicator]:
        """The stored indicators (measures) of these catalogue numbers."""
        wanted = set(numbers)
        return [row for row in self.indicators.values() if row.number in wanted]
