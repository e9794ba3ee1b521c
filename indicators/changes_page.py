"""同比 and 环比 as pages print them: of a sum in per cent, of a rate in 百分点, of any other level in its unit."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from bureau import months
from indicators import wording
from indicators.analysis.changes import change
from indicators.breaks import between
from indicators.evaluate import units_of
from indicators.queries import Row
from indicators.shown import Shown

UNITS = 10_000


def year_on_year(shown: Shown, row: Row) -> tuple[str, str]:
    """The change since the same months of last year, and what stood then; 无可比期 without a base.

    Across a changed definition (口径变更) there is no number.
    """
    changed = between(shown.breaks, row.month - 12, row.month)
    if changed is not None:
        return _("口径变更"), _("%(m)s起口径变更，与去年不可比") % {"m": months.label(changed)}
    before = _row(shown, row.month - 12)
    text = _change(shown, row.value, before.value if before else None)
    if not text or before is None:
        return wording.DASH, _("无可比期")
    words = _("去年同期 %(v)s") if shown.summing else _("去年同月 %(v)s")
    return text, words % {"v": wording.number(before.value, shown.indicator.decimals)}


def month_on_month(shown: Shown, row: Row) -> str:
    """'环比 +0.20 个百分点': a sum's month against the month before; empty without a base."""
    before = None if between(shown.breaks, row.month - 1, row.month) is not None else _row(shown, row.month - 1)
    now, then = (
        (row.month_value, before and before.month_value) if shown.summing else (row.value, before and before.value)
    )
    text = _change(shown, now, then)
    return _("环比 %(c)s") % {"c": text} if text else ""


def _row(shown: Shown, month: int) -> Row | None:
    return next((one for one in shown.series if one.month == month), None)


def _change(shown: Shown, now: int | None, before: int | None) -> str:
    """'+12.4%', '−0.35 个百分点', '持平'; empty where there is nothing to compare."""
    found = change(_exact(now), _exact(before), in_per_cent=shown.summing)
    if found is None:
        return ""
    text = wording.signed(units_of(found), 1 if shown.summing else shown.indicator.decimals)
    if found == 0:
        return text
    return f"{text}%" if shown.summing else f"{text} {wording.unit_of_difference(shown.indicator.unit)}"


def _exact(units: int | None) -> Fraction | None:
    return None if units is None else Fraction(units, UNITS)
