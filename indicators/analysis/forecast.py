"""Forecasting a monthly series to a target's month, with bands, the chance of reaching it and its own back-test.

Pure; floats. A flow of a year and a half and more by the seasonal naive method (last year's month again), a shorter one
by drawing from its past months, a level by drawing from its past changes; from two years on beside exponential
smoothing (ETS of statsmodels: Hyndman et al. 2008; its form by AICc), whichever the back-test finds nearer. Bands are
widened as far as the back-test asks, so that four of five months would have lain in the 80 % band. Fewer than six
points: no forecast (数据不足). Paths are drawn with a fixed seed: the same series always gives the same answer.
statsmodels takes a second to import and is imported only when a long series is forecast.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

FEWEST = 6
SEASON = 12
LONG = 2 * SEASON
BOTH_YEARS = SEASON + FEWEST  # so many points give six changes from year to year
DRAWS = 2_000
SEED = 20160506
BANDS = (10, 25, 50, 75, 90)
_ORIGINS = 12
_NOISE = 1e-9  # of the largest value: a band narrower than that has no width
STEPS = 6


class Smoothing:
    """A form of exponential smoothing; each fit begins where the one before ended, which is soon there."""

    def __init__(self, form: Mapping[str, Any]) -> None:
        self.form = form
        self.start: np.ndarray | None = None

    def fit(self, known: np.ndarray) -> Any:
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what does not converge loses by its AICc, or shows in the back-test
            found = ETSModel(known, error="add", **self.form).fit(disp=False, start_params=self.start)
        self.start = found.params
        return found


@dataclass(frozen=True, slots=True)
class BackTest:
    """How the method would have done: the months to come, at most STEPS, from each of the last origins, refitted there.

    `mase`: mean absolute error over that of the naive method (a flow with over a year: last year's month; else the last
    value) in the same series (Hyndman & Koehler 2006), below 1 is better than naive; None where the series never moved
    or there was no origin. `held`: in how many of the `tried` months the 80 % band held the value that came, before the
    bands were widened by `widening` (1 where it held often enough).
    """

    mase: float | None
    held: int
    tried: int
    widening: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """`paths`: DRAWS × horizon possible courses of the months to come. `method`: 'ets', 'seasonal' or 'drawn'."""

    method: str
    paths: np.ndarray
    test: BackTest

    def band(self, per_cent: int) -> np.ndarray:
        """The value below which that part of the paths lies, month by month."""
        return np.percentile(self.paths, per_cent, axis=0)

    def chance(self, target: float, *, falling: bool = False) -> float:
        """The part of the paths that stands at or beyond the target in the last month."""
        last = self.paths[:, -1]
        return float((last <= target).mean() if falling else (last >= target).mean())


def forecast(
    values: Sequence[float | None],
    horizon: int,
    *,
    start: float | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Forecast | None:
    """Forecast the `horizon` months after `values` (by month, None where unknown); None with too few points.

    Only the unbroken stretch up to the last month counts. `start`: values are a flow's months, the paths add up from
    this value on; without it they are a level. `low`, `high`: what a flow's month, or a level, cannot pass.
    """
    known = _tail(values)
    if len(known) < FEWEST or horizon < 1:
        return None
    flow = start is not None
    forms = [None] if len(known) < LONG or np.ptp(known) == 0 else [None, _best_form(known)]
    tests = [(_back_test(known, horizon, form, low, high, flow=flow), form) for form in forms]
    test, form = min(tests, key=lambda pair: pair[0].mase or 0)
    method, drawn = _draw(known, horizon, form, flow=flow)
    middle = np.median(drawn, axis=0)
    paths = np.clip(middle + (drawn - middle) * test.widening, low, high)
    return Forecast(method, paths if start is None else start + np.cumsum(paths, axis=1), test)


def _tail(values: Sequence[float | None]) -> np.ndarray:
    known: list[float] = []
    for value in reversed(values):
        if value is None:
            break
        known.append(value)
    return np.array(known[::-1], dtype=float)


def _draw(known: np.ndarray, horizon: int, form: Smoothing | None, *, flow: bool) -> tuple[str, np.ndarray]:
    """DRAWS × horizon courses after `known`, by the method that its length allows; `form` is that of the long ones."""
    if form is not None and len(known) >= LONG and np.ptp(known) > 0:
        return "ets", _ets(known, horizon, form)
    if flow and len(known) >= BOTH_YEARS:
        return "seasonal", _seasonal(known, horizon)
    return "drawn", (_months if flow else _changes)(known, horizon)


def _months(known: np.ndarray, horizon: int) -> np.ndarray:
    """The months to come are like stretches of the past ones."""
    return _stretches(known, horizon)


def _changes(known: np.ndarray, horizon: int) -> np.ndarray:
    """From the last value on, months move as in stretches of the past."""
    return known[-1] + np.cumsum(_stretches(np.diff(known), horizon), axis=1)


def _seasonal(known: np.ndarray, horizon: int) -> np.ndarray:
    """The same month of the year before; it errs as it erred from year to year, in stretches."""
    base = np.array([known[len(known) - SEASON + step % SEASON] for step in range(horizon)])
    moves = known[SEASON:] - known[:-SEASON]
    errors = _stretches(moves - moves.mean(), horizon)
    years = [errors[:, step % SEASON : step + 1 : SEASON].sum(axis=1) for step in range(horizon)]
    return base + np.stack(years, axis=1)


def _stretches(past: np.ndarray, horizon: int) -> np.ndarray:
    """DRAWS × horizon values put together of stretches of STEPS months of the past, taken as a ring.

    Stretches, not single months (moving-block bootstrap, Künsch 1989), since a good month seldom comes alone: what is
    uncertain in a sum of months would else look far too small.
    """
    blocks = -(-horizon // STEPS)
    first = np.random.default_rng(SEED).integers(len(past), size=(DRAWS, blocks, 1))
    return past[(first + np.arange(STEPS)) % len(past)].reshape(DRAWS, blocks * STEPS)[:, :horizon]


def _best_form(known: np.ndarray) -> Smoothing | None:
    """Of level, damped trend and either with seasons: the one with the least AICc."""
    plain: list[dict[str, Any]] = [{}, {"trend": "add", "damped_trend": True}]
    forms = plain + [form | {"seasonal": "add", "seasonal_periods": SEASON} for form in plain]
    smoothings = [Smoothing(form) for form in forms]
    found = [(one.fit(known / np.abs(known).max()).aicc, order) for order, one in enumerate(smoothings)]
    usable = [pair for pair in found if np.isfinite(pair[0])]
    return smoothings[min(usable)[1]] if usable else None


def _ets(known: np.ndarray, horizon: int, form: Smoothing) -> np.ndarray:
    """Simulated courses of exponential smoothing in this form."""
    scale = float(np.abs(known).max())
    drawn = form.fit(known / scale).simulate(horizon, anchor="end", repetitions=DRAWS, rng=np.random.RandomState(SEED))
    return np.asarray(drawn).reshape(horizon, DRAWS).T * scale


def _back_test(
    known: np.ndarray, horizon: int, form: Smoothing | None, low: float | None, high: float | None, *, flow: bool
) -> BackTest:
    """From each of the last origins that leave enough points before them, as far as the values known reach."""
    errors: list[float] = []
    widths: list[float] = []
    for end in range(max(FEWEST, len(known) - _ORIGINS), len(known)):
        came = known[end : end + min(horizon, STEPS)]
        drawn = np.clip(_draw(known[:end], len(came), form, flow=flow)[1], low, high)
        lowest, middle, highest = np.percentile(drawn, (10, 50, 90), axis=0)
        errors.extend(np.abs(came - middle))
        widths.extend(np.where(came < middle, middle - lowest, highest - middle))
    if not errors:
        return BackTest(None, 0, 0)
    error, width = np.array(errors), np.array(widths)
    lag = SEASON if flow and len(known) > SEASON else 1
    naive = float(np.abs(known[lag:] - known[:-lag]).mean())
    wide = width > _NOISE * np.abs(known).max()
    times = np.percentile(error[wide] / width[wide], 80) if wide.any() else 1.0
    at_most = error.max() / width.mean() if wide.any() else 1.0  # on average no wider than the largest miss asks
    return BackTest(
        mase=float(error.mean()) / naive if naive > 0 else None,
        held=int((error <= width).sum()),
        tried=len(errors),
        widening=max(1.0, float(min(times, at_most))),
    )
