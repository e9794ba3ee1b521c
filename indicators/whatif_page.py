"""Composes 如果每月…: a pace chosen by hand and where it leads, by the server, and by the browser where it can.

The browser is given what analysis.whatif is given, as whole numbers in text, and prints what it finds by the same rules
(static/js/whatif/outcome.js). Nothing of it is kept.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from bureau import months
from bureau.fields import UNITS, from_units, to_units
from bureau.svg import element, label, per_cent
from indicators import wording
from indicators.analysis.numbers_text import print_against, print_units
from indicators.analysis.whatif import Outcome, Standing, what_if
from indicators.drawings import INK_3, picture
from indicators.past import Past
from indicators.shown import Shown

LONGEST = 14  # characters of a pace that is read at all


def standing_of(past: Past) -> Standing:
    return Standing(
        month=past.month,
        end=past.end,
        value=past.row.value or 0,
        remaining=past.row.remaining or 0,
        falling=past.goal.falling,
        recent=past.recent(3),
        low=past.low,
        high=past.high,
        target=past.target if past.flow else None,
    )


def line(shown: Shown, past: Past | None, asked: str | None) -> dict | None:
    """The slider with its field, what it is given and where the pace leads; None where nothing or no month remains.

    `asked`: the pace of the address (?pace=610); what is no number there counts as not asked.
    """
    if past is None or past.by_steps or past.end <= past.month:
        return None
    if past.row.required is None or not past.row.remaining:
        return None
    decimals, standing = shown.indicator.decimals, standing_of(past)
    step = UNITS // 10**decimals
    present = None if standing.recent is None else standing.recent // standing.recent_months
    most = _round_up(max(past.row.required * 2, (present or 0) * 2, step * 10), step)
    typed = _typed(asked, most * 10)
    start = typed if typed is not None else _nearest(max(present or past.row.required, 0), step)
    least = _("如果每月减少") if standing.falling else _("如果每月增加")
    return {
        "title": least,
        "months": _("此后 %(n)d 个月") % {"n": standing.months_left},
        "pace": _plain(start),
        "most": _plain(max(most, start)),
        "step": _plain(step),
        "unit": wording.unit_of_difference(shown.indicator.unit),
        "value_unit": wording.with_unit("", shown.indicator),
        "end_label": _("到%(m)s底") % {"m": months.label(standing.end)},
        "scale_svg": _scale(shown, present, past.row.required, max(most, start)),
        "outcome": texts(what_if(standing, start), standing, past.target, decimals),
        "never": _("按此速度无法达到"),
        "standing": given(standing, past.target, decimals),
    }


def texts(found: Outcome, standing: Standing, target: int, decimals: int) -> dict[str, str]:
    """An outcome as page and browser print it, name by name; empty where there is nothing to say."""
    return {
        "value": print_against(found.value, target, decimals),
        "completion": "" if found.completion is None else print_units(found.completion * (UNITS // 10), 1),
        "short": print_against(found.short, 0, decimals),
        "arrives": "" if found.arrives is None else months.iso(found.arrives),
        "times": "" if found.times is None else print_units(found.times * (UNITS // 100), 2),
    }


def given(standing: Standing, target: int, decimals: int) -> dict[str, str | int | bool | None]:
    """What the browser computes with; ten-thousandths as text, since its own numbers are floats."""
    limits = {"recent": standing.recent, "low": standing.low, "high": standing.high, "target": standing.target}
    return {
        "month": standing.month,
        "end": standing.end,
        "value": str(standing.value),
        "remaining": str(standing.remaining),
        "falling": standing.falling,
        "recentMonths": standing.recent_months,
        **{name: None if value is None else str(value) for name, value in limits.items()},
        "goal": str(target),
        "decimals": decimals,
    }


def _typed(text: str | None, most: int) -> int | None:
    """A pace as typed into the address, in ten-thousandths; None for what is no number from 0 to `most`."""
    if not text or len(text) > LONGEST:
        return None
    try:
        units = to_units(text.strip())
    except ValueError:
        return None
    return units if 0 <= units <= most else None


def _nearest(units: int, step: int) -> int:
    return (units + step // 2) // step * step


def _round_up(units: int, step: int) -> int:
    """Up to two leading digits, in whole steps: 1,350 to 1,400."""
    grain = max(step, 10 ** (len(str(units)) - 2))
    return -(-units // grain) * grain


def _plain(units: int) -> str:
    """As a number field takes it: no separators, no idle zeros."""
    return format(from_units(units).normalize(), "f")


def _scale(shown: Shown, present: int | None, required: int, most: int) -> str:
    """The marks under the slider: the present pace, and the one required; for the eye, both stand in the box."""
    marks = [(_("近 3 月"), present)] if present is not None and 0 <= present <= most else []
    marks.append((_("须达"), required))
    body, taken = "", None
    for words, units in sorted(marks, key=lambda mark: mark[1]):
        at = Decimal(units) / most * 100
        low = taken is not None and at - taken < 30  # two words side by side take about that much
        text = f"{words} {wording.number(units, shown.indicator.decimals)}"
        anchor = "start" if at < 15 else "end" if at > 85 else "middle"
        body += element("line", x1=per_cent(at), x2=per_cent(at), y1=0, y2=8, stroke=INK_3, stroke_width=1.4)
        body += label(text, per_cent(at), 34 if low else 20, fill=INK_3, anchor=anchor)
        taken = at
    return picture(body, "", "whatif-scale", 38)
