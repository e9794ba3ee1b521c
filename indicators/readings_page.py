"""Both readings of an ambiguous target side by side (口径双轨): value, target, completion and light of each."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from indicators import rule_text, wording
from indicators.models import Reading
from indicators.shown import Shown


def side_by_side(found: Sequence[Shown], official: int) -> list[dict]:
    """One line a reading, the official one (by id) first; nothing where there is but one."""
    if len(found) < 2:
        return []
    return [_line(one, one.reading.pk == official) for one in sorted(found, key=lambda one: one.reading.pk != official)]


def _line(one: Shown, official: bool) -> dict:
    row, indicator = one.row, one.indicator
    known = row is not None and row.value is not None
    return {
        "name": one.reading.name,
        "official": official,
        "value": wording.with_unit(wording.value(row, indicator), indicator) if known else wording.DASH,
        "target": wording.target(one.target, indicator),
        "completion": f"{wording.number(row.completion, 1)}%" if row and row.completion is not None else wording.DASH,
        "gap": wording.number(row.remaining, indicator.decimals) if row else wording.DASH,
        "light": int(one.light),
        "light_word": wording.light(one.light),
        "rule": rule_text.shown(one),
        "coverage": wording.coverage(row, one.places),
        "coverage_short": bool(row and not row.covered),
        "decision": decision(one.reading, official),
    }


def decision(reading: Reading, official: bool) -> str:
    """'2016-06-01 领导小组会议 纪要3号', or that none is recorded yet."""
    if not official:
        return _("参考口径")
    if not reading.decided_on:
        return _("正式口径，待领导小组确认")
    return _("正式口径：%(on)s %(by)s %(document)s") % {
        "on": reading.decided_on.isoformat(),
        "by": reading.decided_by,
        "document": reading.document,
    }


def in_lists(one: Shown) -> list[dict]:
    """The other readings in one line each, as a row of a list prints them."""
    return [
        {
            "light": int(other.light),
            "light_word": wording.light(other.light),
            "rule": rule_text.shown(other),
            "text": _("参考：%(name)s %(value)s，目标 %(target)s，%(light)s")
            % {
                "name": other.reading.name,
                "target": wording.target(other.target, other.indicator),
                "value": wording.with_unit(wording.value(other.row, other.indicator), other.indicator),
                "light": wording.light(other.light),
            },
        }
        for other in one.others
    ]
