"""The rule that gave a light, in words: with the target's own thresholds, and what a seasonal path followed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from indicators import wording
from indicators.analysis.goals import LEVEL_TOLERANCE
from indicators.analysis.kinds import Comparator
from indicators.analysis.rules import BASES
from indicators.models import Target
from indicators.shown import Shown


def of(code: str, target: Target | None, *, summing: bool) -> str:
    """'滞后：落后时序进度超过 5 个、不超过 15 个百分点'; a threshold of a target that is not known is '…'."""
    rule, _sign, basis = code.partition(":")
    words = wording.rule(rule)
    if "{" in words:
        words = words.format(**_thresholds(target, summing))
    if basis not in BASES:
        return words
    return _("%(rule)s（%(basis)s）") % {"rule": words, "basis": _(BASES[basis])}


def _thresholds(target: Target | None, summing: bool) -> dict[str, str]:
    if target is None:
        return dict.fromkeys(("behind", "far", "allowance", "days"), "…")
    tolerance = target.tolerance
    if tolerance is None:
        tolerance = 0 if summing or target.comparator == Comparator.ABOUT.value else int(LEVEL_TOLERANCE)
    return {
        "behind": f"{target.behind.normalize():f}",
        "far": f"{target.far_behind.normalize():f}",
        "allowance": str(tolerance) if isinstance(tolerance, int) else f"{tolerance.normalize():f}",
        "days": str(target.limit_days),
    }


def shown(one: Shown) -> str:
    """The rule of the month shown; empty where there is no light."""
    return of(one.row.rule, one.target, summing=one.summing) if one.row else ""


def after_light(one: Shown) -> str:
    """The same without the light's own word."""
    return wording.after_colon(shown(one))
