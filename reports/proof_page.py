"""核数表, 重新核对 and differing figures in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from django.utils.translation import gettext as _

from bureau import months
from bureau.language import localized
from indicators.models import Indicator
from reports import proof
from reports.differing import Number
from reports.models import Edition


def heads() -> list[str]:
    """The columns of the table."""
    labels = {
        "number": _("序号"),
        "text": _("文中的数"),
        "key": _("键"),
    }
    return [labels.get(one.name, one.name) for one in fields(proof.ProofRow)]


def cells(row: proof.ProofRow) -> list[object]:
    return [getattr(row, one.name) for one in fields(row)]


def iso(found: Edition) -> str:
    return months.iso(found.report.month)


def checked(count: int, moved: int) -> list[dict]:
    if not moved:
        return [{"text": _("%(n)d 个数都与现在的数一致") % {"n": count}, "tone": ""}]
    return [
        {"text": _("%(n)d 个数里 ") % {"n": count}, "tone": ""},
        {"text": _("%(m)d 个已变") % {"m": moved}, "tone": "red"},
    ]


def moved(one: proof.Moved) -> dict:
    return {"text": one.row.text, "key": one.row.key, "new": one.new, "why": one.why}


def numbers(found: Iterable[Number]) -> list[dict]:
    """Figures that differ, with the name of their indicator before the key."""
    names = {one.code: f"{one.code} {localized(one)}" for one in Indicator.objects.only("code", "name", "name_en")}
    return [
        {
            "name": names.get(one.key.partition("/")[0], ""),
            "key": one.key,
            "before": one.before or "—",
            "after": one.after or "—",
        }
        for one in found
    ]
