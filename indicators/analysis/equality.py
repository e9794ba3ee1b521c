"""Measures of equality (均等化) between places or groups: how far apart rates lie, who makes the gap, how it moved.

pandas and NumPy in, floats out, for show and explanation; none of these ever decides a light. A place's rate is its
numerator ÷ its denominator × scale, the mean rate the ratio of the sums, a place's weight its share of the
denominators: y_i, μ, p_i of catalogue 6.3, whose formulas these are. Standard definitions: weighted coefficient of
variation, Gini, Theil's T and L (Theil 1967; decomposition: Shorrocks 1980). Population deviation throughout.

Places with a denominator under LEAST are left out of every measure (小分母不计); fewer than two places: NaN (–).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

LEAST = 30
COLUMNS = ("mean", "lowest", "highest", "range", "ratio", "cv", "evenness", "gini", "theil_t", "theil_l", "places")


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Theil's T of all places in two parts that add up to it: between the groups and within them."""

    total: float
    between: float
    within: float


def rates(places: pd.DataFrame, scale: float = 100.0) -> pd.DataFrame:
    """The places that count, with `rate` and `weight` (their share of the denominators).

    `places` has the columns numerator and denominator, a row a place, in any index; NaN in either leaves it out.
    """
    counted = places[(places["denominator"] >= LEAST) & places["numerator"].notna()].copy()
    counted["rate"] = counted["numerator"] / counted["denominator"] * scale
    counted["weight"] = counted["denominator"] / counted["denominator"].sum()
    return counted


def measures(places: pd.DataFrame, scale: float = 100.0) -> dict[str, float]:
    """All measures of one month by name (COLUMNS). NaN where one is not defined.

    In the rate's unit: mean, lowest, highest, range. Without unit: ratio (highest ÷ lowest), cv, evenness (均等化系数,
    1 − cv, not below 0), gini, theil_t, theil_l; `places` counts those that counted.
    """
    counted = rates(places, scale)
    nothing = dict.fromkeys(COLUMNS, float("nan")) | {"places": float(len(counted))}
    if len(counted) < 2:
        return nothing
    y, p = counted["rate"].to_numpy(), counted["weight"].to_numpy()
    mean = float((p * y).sum())
    found = nothing | {
        "mean": mean,
        "lowest": float(y.min()),
        "highest": float(y.max()),
        "range": float(y.max() - y.min()),
        "ratio": float(y.max() / y.min()) if y.min() > 0 else float("nan"),
    }
    if mean <= 0 or y.min() < 0:
        return found
    cv = float(np.sqrt((p * (y - mean) ** 2).sum()) / mean)
    return found | {
        "cv": cv,
        "evenness": max(0.0, 1 - cv),
        "gini": float((np.outer(p, p) * np.abs(np.subtract.outer(y, y))).sum() / (2 * mean)),
        "theil_t": theil_t(y, p),
        "theil_l": float((p * np.log(mean / y)).sum()) if y.min() > 0 else float("nan"),
    }


def theil_t(rates: np.ndarray, weights: np.ndarray) -> float:
    """Σ p (y/μ) ln(y/μ) with weights that add up to 1; a rate of 0 adds nothing."""
    mean = float((weights * rates).sum())
    share = rates / mean
    terms = np.where(share > 0, share * np.log(np.where(share > 0, share, 1)), 0)
    return float((weights * terms).sum())


def decompose(places: pd.DataFrame, groups: Sequence[object], scale: float = 100.0) -> Decomposition | None:
    """Theil's T by groups (城乡): Σ s_g T_g within, Σ s_g ln(μ_g/μ) between, with s_g = p_g μ_g/μ.

    `groups` names each row's group, in the order of `places`. None where it is not defined.
    """
    counted = rates(places.assign(group=list(groups)), scale)
    if len(counted) < 2:
        return None
    y, p = counted["rate"].to_numpy(), counted["weight"].to_numpy()
    mean = float((p * y).sum())
    if mean <= 0 or y.min() < 0:
        return None
    between = within = 0.0
    for _, group in counted.groupby("group"):
        share = float(group["weight"].sum())
        weights = group["weight"].to_numpy() / share
        its_mean = float((weights * group["rate"].to_numpy()).sum())
        if its_mean > 0:
            income = share * its_mean / mean
            between += income * float(np.log(its_mean / mean))
            within += income * theil_t(group["rate"].to_numpy(), weights)
    return Decomposition(theil_t(y, p), between, within)


def series(panel: pd.DataFrame, scale: float = 100.0) -> pd.DataFrame:
    """The measures month by month: index month, columns COLUMNS.

    `panel` has the columns month, numerator, denominator, a row a place and month.
    """
    found = {month: measures(places, scale) for month, places in panel.groupby("month", sort=True)}
    return pd.DataFrame.from_dict(found, orient="index", columns=list(COLUMNS)).rename_axis("month")


def contributions(places: pd.DataFrame, scale: float = 100.0) -> pd.DataFrame:
    """What each place adds to the spread: `share` of Σ p (y−μ)², and `gap` = y − μ; the largest share first.

    Shares add up to 1; all are 0 where every rate is the same.
    """
    counted = rates(places, scale)
    mean = float((counted["weight"] * counted["rate"]).sum())
    counted["gap"] = counted["rate"] - mean
    spread = counted["weight"] * counted["gap"] ** 2
    counted["share"] = spread / spread.sum() if spread.sum() > 0 else 0.0
    return counted.sort_values("share", ascending=False, kind="stable")


@dataclass(frozen=True, slots=True)
class Movement:
    """How the gap between the weak and the strong moved between two months, in points of the rate.

    The weak are the places below the mean of the earlier month, the strong the others; each side's rate is the ratio of
    its sums. `weak` and `strong`: how much each rose; `gap`: the gap's change, strong − weak.
    """

    weak: float
    strong: float

    @property
    def gap(self) -> float:
        return self.strong - self.weak

    @property
    def kind(self) -> str:
        """Why it moved: 'weak_rose', 'strong_fell', 'weak_fell', 'strong_rose', or 'same'.

        Of the two movements the larger one in the direction of the change names it.
        """
        if abs(self.gap) < 1e-9:
            return "same"
        if self.gap < 0:
            return "weak_rose" if self.weak >= -self.strong else "strong_fell"
        return "strong_rose" if self.strong >= -self.weak else "weak_fell"


def movement(then: pd.DataFrame, now: pd.DataFrame, *, rising: bool = True, scale: float = 100.0) -> Movement | None:
    """The movement between two months; frames indexed by place with numerator and denominator.

    Only places that count in both are compared. `rising`: a higher rate is better; else the weak are those above the
    mean, and rising means falling. None with fewer than two places, or where all stood alike.
    """
    before, after = rates(then, scale), rates(now, scale)
    both = before.index.intersection(after.index)
    if len(both) < 2:
        return None
    before, after = before.loc[both], after.loc[both]
    mean = before["numerator"].sum() / before["denominator"].sum() * scale
    weak = before["rate"] < mean if rising else before["rate"] > mean
    if not weak.any() or weak.all():
        return None
    sign = 1 if rising else -1
    return Movement(
        sign * (_joint(after[weak], scale) - _joint(before[weak], scale)),
        sign * (_joint(after[~weak], scale) - _joint(before[~weak], scale)),
    )


def _joint(places: pd.DataFrame, scale: float) -> float:
    return float(places["numerator"].sum() / places["denominator"].sum() * scale)


# --- 实现度: exact, since a target's fulfilment is read to the decimal ---

HUNDRED = Fraction(100)


def realisation(value: Fraction, standard: Fraction, *, rising: bool = True) -> Fraction:
    """实现度 of one indicator in per cent, 0 to 100 (全面建设小康社会统计监测方案 2008; catalogue 6.2).

    Rising (正指标): value ÷ standard; falling (逆指标): standard ÷ value, a value of 0 or less being wholly realised.
    """
    if not rising:
        return HUNDRED if value <= 0 else min(HUNDRED, max(Fraction(0), standard) / value * HUNDRED)
    if standard <= 0:
        return HUNDRED if value >= standard else Fraction(0)
    return min(HUNDRED, max(Fraction(0), value / standard * HUNDRED))


def composite(parts: Mapping[str, Fraction | None], weights: Mapping[str, Fraction]) -> Fraction | None:
    """The weighted mean of the realisations there are; weights are normalised over them. None where there is none."""
    known = {code: value for code, value in parts.items() if value is not None and weights.get(code, Fraction(0)) > 0}
    whole = sum((weights[code] for code in known), Fraction(0))
    if not whole:
        return None
    return sum((weights[code] * value for code, value in known.items()), Fraction(0)) / whole
