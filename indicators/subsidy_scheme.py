"""The scheme of the second subsidy (大病保险二次补助) that holds on a settlement day, from parameters W02–W09."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.analysis.subsidy import Accumulation, Mode, Scheme, SubsidyError, fen_of
from indicators.models import Parameter

FUNDING = "W02"
THRESHOLDS = ("W03", "W04")
RATES = ("W05", "W06")
MODE, CAP, ACCUMULATION = "W07", "W08", "W09"
READING = (MODE, CAP, ACCUMULATION)
CODES = (FUNDING, *THRESHOLDS, *RATES, *READING)
MODES = {1: Mode.SEGMENTED, 2: Mode.WHOLE, 3: Mode.EXCESS}
ACCUMULATIONS = {1: Accumulation.YEAR, 2: Accumulation.STAY}
CHOICES: dict[str, dict] = {MODE: MODES, ACCUMULATION: ACCUMULATIONS}
"""The parameters whose value is a choice: number → what it stands for."""


class NoScheme(Exception):
    """No scheme on that day: `missing` names the parameters without a value; empty where their values make no sense."""

    def __init__(self, day: date, missing: tuple[str, ...]) -> None:
        super().__init__(f"no scheme on {day.isoformat()}: {' '.join(missing) or 'senseless values'}")
        self.day, self.missing = day, missing


@dataclass(frozen=True)
class Terms:
    """The scheme of a day, and the parameter rows it stands in, by code; funding is told beside it, if known.

    The set holds from `since`, when the last of its parameters began, to `until` (None: no other is known).
    """

    scheme: Scheme
    parameters: dict[str, Parameter]
    since: date
    until: date | None

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
        since = max(row.valid_from for row in held.values())
        after = next((begin for begin in self._begins if begin > day), None)
        until = None if after is None else after - timedelta(days=1)
        try:
            return Terms(Scheme(thresholds, rates, *_reading(held)), held, since, until)
        except (SubsidyError, KeyError):
            return NoScheme(day, ())

    @property
    def sets(self) -> list[Terms]:
        """Every set there was that makes a scheme, the first one first."""
        found = []
        for begin in self._begins:
            try:
                found.append(self.on(begin))
            except NoScheme:
                continue
        return found


def value_problem(code: str, value: Decimal) -> str:
    """Why a parameter of the scheme may not have this value, for whoever sets it; empty where it may."""
    if code in CHOICES and value not in CHOICES[code]:
        return _("%(code)s 只能取 %(which)s") % {"code": code, "which": "、".join(map(str, CHOICES[code]))}
    if code in (CAP, *THRESHOLDS):
        try:
            fen_of(value)
        except SubsidyError:
            return _("%(code)s 是金额，单位元，不能为负，最多两位小数") % {"code": code}
    if code in RATES and not 0 <= value <= 100:
        return _("%(code)s 是比例，应在 0 至 100 之间") % {"code": code}
    return ""


def _reading(held: dict[str, Parameter]) -> tuple[Decimal | None, Mode, Accumulation]:
    """Cap, mode, accumulation; segmented by the year without a cap where no parameter says otherwise.

    A cap of nought is none. KeyError for a choice that is none.
    """
    cap = held[CAP].value if CAP in held else Decimal(0)
    mode = MODES[held[MODE].value] if MODE in held else Mode.SEGMENTED
    added = ACCUMULATIONS[held[ACCUMULATION].value] if ACCUMULATION in held else Accumulation.YEAR
    return cap or None, mode, added
