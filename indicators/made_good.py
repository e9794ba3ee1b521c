"""Red months made good later (catalogue 1.5c (5)): a published light never changes; a note with both dates stands by.

A red month was corrected in a later version of its release, or the same target was on course again in a later month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from bureau import months
from indicators import wording
from indicators.analysis.kinds import Light
from indicators.queries import ReadAt, Row

GOOD = (Light.REACHED, Light.ON_COURSE)


class Released(NamedTuple):
    """A month's light in one version of its release, and the day that was published."""

    month: int
    version: int
    light: int
    target: int | None
    on: date


def released(at: ReadAt, area: int, indicator: int, reading: int, read: Sequence[tuple[Row, int]]) -> list[Released]:
    """Every light published of this indicator there, up to the state shown; `read`: rows with their versions."""
    last = None if at.release is None else at.release.sequence
    days = {(one.month, one.version): one.business_date for one in at.published if last is None or one.sequence <= last}
    of_this = (area, indicator, reading)
    found = sorted((row.month, version, row.light, row.target) for row, version in read if row[:3] == of_this)
    return [Released(*row, days[row[0], row[1]]) for row in found if (row[0], row[1]) in days]


def notes(shown: Sequence[Row], published: Sequence[Released]) -> dict[int, str]:
    """Month → what became of it, of the months once published red; a month still red has none."""
    versions: dict[int, list[Released]] = defaultdict(list)
    for one in published:
        versions[one.month].append(one)
    found = {}
    for row in shown:
        red = next((one for one in versions[row.month] if one.light == Light.FAR_BEHIND), None)
        told = "" if red is None else _corrected(row, red, versions[row.month]) or _later(row, shown, versions)
        if red is not None and told:
            found[row.month] = _("%(on)s 发布为严重滞后；%(told)s") % {"on": red.on.isoformat(), "told": told}
    return found


def _corrected(row: Row, red: Released, versions: Sequence[Released]) -> str:
    """The month itself was corrected, published so or not yet."""
    again = next((one for one in versions if one.version > red.version and one.light in GOOD), None)
    if again is not None:
        return _("第 %(v)d 版更正为%(light)s（%(on)s 发布）") % {
            "v": again.version,
            "light": wording.light(again.light),
            "on": again.on.isoformat(),
        }
    if row.light in GOOD:
        return _("更正后为%(light)s（尚未发布）") % {"light": wording.light(row.light)}
    return ""


def _later(row: Row, shown: Sequence[Row], versions: dict[int, list[Released]]) -> str:
    """The first later month in which the same target was on course or reached."""
    good = next(
        (one for one in shown if one.month > row.month and one.target == row.target and one.light in GOOD), None
    )
    if good is None:
        return ""
    words = {"m": months.label(good.month), "light": wording.light(good.light)}
    told = next((one for one in versions[good.month] if one.light in GOOD), None)
    if told is None:
        return _("%(m)s已%(light)s（尚未发布）") % words
    return _("%(m)s已%(light)s（%(on)s 发布）") % {**words, "on": told.on.isoformat()}
