"""The scheme of the second subsidy (大病保险二次补助) that holds on a settlement day, from parameters W02–W06."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from indicators.analysis.subsidy import Mode, Scheme, SubsidyError
from indicators.models import Parameter

FUNDING = "W02"
THRESHOLDS = ("W03", "W04")
RATES = ("W05", "W06")
CODES = (FUNDING, *THRESHOLDS, *RATES)


class NoScheme(Exception):
    """No scheme on that day: `missing` names the parameters without a value; empty where their values make no sense."""

    def __init__(self, day: date, missing: tuple[str, ...]) -> None:
        super().__init__(f"no scheme on {day.isoformat()}: {' '.join(missing) or 'senseless values'}")
        self.day, self.missing = day, missing


@dataclass(frozen=True)
class Terms:
    """The scheme of a day, and the parameter rows it stands in, by code; funding is told beside it, if known."""

    scheme: Scheme
    parameters: dict[str, Parameter]

    @property
    def funding(self) -> Decimal | None:
        """Yuan a head and year."""
        row = self.parameters.get(FUNDING)
        return None if row is None else row.value

    def read_as(self, mode: Mode) -> Scheme:
        """The same scheme under another reading of the sentence."""
        return replace(self.scheme, mode=mode)


class Schemes:
    """Every scheme there ever was; asks the database once."""

    def __init__(self, rows: Iterable[Parameter] | None = None) -> None:
        if rows is None:
            rows = Parameter.objects.filter(code__in=CODES, in_use=True).select_related("clause")
        self._rows = sorted(rows, key=lambda row: row.valid_from)
        self._begins = sorted({row.valid_from for row in self._rows})
        self._made: dict[date | None, Terms | NoScheme] = {}

    def on(self, day: date) -> Terms:
        """What holds on `day`: of each parameter the value that began last, on it or before. NoScheme else."""
        since = max((begin for begin in self._begins if begin <= day), default=None)
        if since not in self._made:
            self._made[since] = self._terms(day)
        found = self._made[since]
        if isinstance(found, NoScheme):
            raise NoScheme(day, found.missing)
        return found

    def _terms(self, day: date) -> Terms | NoScheme:
        held = {row.code: row for row in self._rows if row.valid_from <= day}
        missing = tuple(code for code in (*THRESHOLDS, *RATES) if code not in held)
        if missing:
            return NoScheme(day, missing)
        thresholds, rates = (tuple(held[code].value for code in codes) for codes in (THRESHOLDS, RATES))
        try:
            return Terms(Scheme(thresholds, rates), held)
        except SubsidyError:
            return NoScheme(day, ())
