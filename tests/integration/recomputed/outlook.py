"""Forecasts: what is exported is in order, what the page shows is what is exported, and a drawn one drawn again.

A short series is drawn from its own past (catalogue 1.5c (7)): stretches of six months, taken as a ring, 2,000 times
with the seed that analysis/forecast.py states; from the months as released. Exponential smoothing is not fitted again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from .checking import Key, Recomputed, cut, text_of
from .exports import COUNTY, Rows, month_of
from .printed import numbers, printed

BANDS = {"10%分位": 10, "25%分位": 25, "50%分位": 50, "75%分位": 75, "90%分位": 90}
SEED, DRAWS, STRETCH = 20160506, 2_000, 6


def by_indicator(rows: Rows) -> dict[Key, Rows]:
    found: dict[Key, Rows] = defaultdict(list)
    for row in rows:
        if row["区划代码"] == COUNTY:
            found[row["指标代码"], row["读法代码"]].append(row)
    return found


def out_of_order(rows: Rows) -> list[str]:
    """Months whose bands cross, or that do not follow upon one another."""
    wrong = []
    for (code, _reading), lines in by_indicator(rows).items():
        ahead = [month_of(line["月份"]) for line in lines]
        if ahead != list(range(ahead[0], ahead[0] + len(ahead))):
            wrong.append(f"{code}: months {ahead}")
        for line in lines:
            bands = [Fraction(line[name]) for name in BANDS]
            if bands != sorted(bands):
                wrong.append(f"{code} {line['月份']}: {bands}")
    return wrong


def shown(rows: Rows, page: str, decimals: int) -> tuple[list[str], list[str]]:
    """What the page says of the target's month, and what was exported for it."""
    told = re.findall(r"<dd[^>]*>(.*?)</dd>", cut(page, 'id="forecast"', "</section>"), re.DOTALL)[:3]
    last = rows[-1]
    low, inner_low, middle, inner_high, high = (printed(Fraction(last[name]), decimals) for name in BANDS)
    return [one for text in told for one in numbers(text_of(text))], [middle, low, high, inner_low, inner_high]


def drawn_again(found: Recomputed, rows: Rows) -> Iterator[tuple[str, str, str]]:
    """Name, exported and recomputed number of each forecast too short to have been tested on its past."""
    month = found.exports.month
    units = {row["代码"]: row["单位"] for row in found.exports.indicators}
    for key, lines in by_indicator(rows).items():
        if lines[0]["方法"] != "drawn" or lines[0]["回测月数"] != "0":
            continue
        point, aim, _says = found.month(key, COUNTY, month)
        series, known = found.values.series(key, COUNTY, month), []
        for one in range(month, 0, -1):
            at = series.get(one)
            if at is None or not (at.month_covered if aim.summing else at.covered):
                break
            known.insert(0, float(found.values.rows[(*key, COUNTY, one)]["当月值" if aim.summing else "值"]))
        paths = _paths(np.array(known), aim.due(month) - month, flow=aim.summing)
        paths = np.clip(
            paths, 0 if min(known) >= 0 else None, 100 if units[key[0]] == "%" and max(known) <= 100 else None
        )
        if aim.summing:
            paths = float(point.value) + np.cumsum(paths, axis=1)
        for name, part in BANDS.items():
            for line, value in zip(lines, np.percentile(paths, part, axis=0), strict=True):
                yield f"{key[0]} {line['月份']} {name}", line[name], f"{round(float(value), 4):.4f}"


def _paths(known: np.ndarray, ahead: int, *, flow: bool) -> np.ndarray:
    past = known if flow else np.diff(known)
    stretches = -(-ahead // STRETCH)
    begins = np.random.default_rng(SEED).integers(len(past), size=(DRAWS, stretches, 1))
    drawn = past[(begins + np.arange(STRETCH)) % len(past)].reshape(DRAWS, -1)[:, :ahead]
    return drawn if flow else known[-1] + np.cumsum(drawn, axis=1)
