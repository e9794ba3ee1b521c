"""Kept forecasts: what is forecast of an indicator, made once and read ever after.

Made by the task worker when a month is released, else when somebody first looks (views/forecasting.py); never within an
approval. A kept one holds good while its digest is that of the series and target shown. Floats live between the two
roundings here and decide nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal

from bureau import clock
from bureau.fields import UNITS, from_units
from bureau.installation import data_version
from indicators.analysis.forecast import BANDS, FEWEST, Forecast, forecast
from indicators.models import KeptForecast, PublishedMonth
from indicators.past import Past, past_of
from indicators.queries import ReadAt, at_release
from indicators.shown import Shown, shown_indicators

_MOST = 99_999  # of a measure of the back-test: what lies beyond says no more


@dataclass(frozen=True)
class Asked:
    """What is given to the forecast; whole numbers, so that the same series has the same digest everywhere."""

    values: tuple[int | None, ...]
    horizon: int
    start: int | None
    low: int | None
    high: int | None
    target: int
    falling: bool

    @property
    def digest(self) -> str:
        told = [self.values, self.horizon, self.start, self.low, self.high, self.target, self.falling]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def answer(self) -> Forecast | None:
        return forecast(
            [_float(value) for value in self.values],
            self.horizon,
            start=_float(self.start),
            low=_float(self.low),
            high=_float(self.high),
        )


def _float(units: int | None) -> float | None:
    return None if units is None else units / UNITS


def asked(past: Past | None) -> Asked | None:
    """What to forecast of this past; None where no month is left, too few are known, or projects are waited for."""
    if past is None or past.by_steps or past.end <= past.month or past.points < FEWEST:
        return None
    months = range(past.month - past.points + 1, past.month + 1)
    return Asked(
        values=tuple(past.values[month] for month in months),
        horizon=past.end - past.month,
        start=past.row.value if past.flow else None,
        low=past.low,
        high=past.high,
        target=past.target,
        falling=past.goal.falling,
    )


def kept(at: ReadAt, area: int, shown: Shown, wanted: Asked | None) -> KeptForecast | None:
    """The forecast kept for what is shown; None where none was made yet, or of other figures. Always one query."""
    found = KeptForecast.objects.filter(**_key(at, area, shown)).first()
    return found if found is not None and wanted is not None and found.digest == wanted.digest else None


def keep(at: ReadAt, area: int, shown: Shown, wanted: Asked) -> KeptForecast | None:
    """Make the forecast and keep it in place of an older one; the one kept already where it still holds good."""
    standing = kept(at, area, shown, wanted)
    answer = None if standing is not None else wanted.answer()
    if answer is None:
        return standing
    known = at.release.data_version if at.release is not None else data_version(at.county.pk)
    mase = answer.test.mase
    made, _created = KeptForecast.objects.update_or_create(
        **_key(at, area, shown),
        defaults={
            "data_version": known,
            "digest": wanted.digest,
            "method": answer.method,
            "last_month": shown.month + wanted.horizon,
            "bands": [[round(float(value) * UNITS) for value in answer.band(one)] for one in BANDS],
            "chance": _decimal(answer.chance(wanted.target / UNITS, falling=wanted.falling)),
            "mase": None if mase is None else _decimal(mase),
            "held": answer.test.held,
            "tried": answer.test.tried,
            "widening": _decimal(answer.test.widening),
            "computed_at": clock.now(),
        },
    )
    return made


def _key(at: ReadAt, area: int, shown: Shown) -> dict[str, int]:
    return {
        "county": at.county.pk,
        "area": area,
        "indicator": shown.indicator.pk,
        "reading": shown.reading.number,
        "month": shown.month,
        "version": 0 if at.release is None else at.release.version,
    }


def _decimal(value: float) -> Decimal:
    return from_units(round(min(value, _MOST) * UNITS))


def keep_of_release(release: PublishedMonth) -> int:
    """Make and keep the county's forecasts of a release; how many there are."""
    at = at_release(release)
    wanted = [(shown, asked(past_of(shown))) for shown in shown_indicators(at)]
    return sum(one is not None and keep(at, at.county.pk, shown, one) is not None for shown, one in wanted)
