"""What a dated stretch of a place's life must obey, for the plan's files and for the settings page alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from django.utils.translation import gettext as _

DIGITS = {"county": 6, "town": 9, "village": 12}
KINDS = {"county": ("county",), "town": ("street", "town"), "village": ("village", "community")}


def code_problem(code: str, level: str) -> str:
    """Why a place of this level cannot have this code; empty where it can."""
    if not (code.isascii() and code.isdecimal()) or len(code) != DIGITS[level]:
        return _("代码位数与层级不符")
    return ""


def span_problems(
    code: str, level: str, *, parent: str | None, start: int | None, end: int | None
) -> Iterator[tuple[str, str]]:
    """(which of parent and end, what is wrong) of one stretch."""
    if parent is None and level != "county":
        yield "parent", _("缺少上级代码")
    if parent is not None and not code.startswith(parent):
        yield "parent", _("代码不在上级 %(parent)s 之下") % {"parent": parent}
    if end is not None and start is not None and end < start:
        yield "end", _("止月早于起月")


def overlap(stretches: Iterable[tuple[int, int | None]]) -> bool:
    """Do two stretches (first month, last month or None while open) share a month?"""
    return any(end is None or end >= later for (_, end), (later, _) in pairwise(sorted(stretches, key=lambda s: s[0])))
