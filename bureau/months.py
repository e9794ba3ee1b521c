"""Months as one integer, year × 12 + month − 1: the same arithmetic in SQL, in arrays and on pages."""

from __future__ import annotations

import calendar
import re
from datetime import date

from django.utils import dateformat
from django.utils.translation import gettext as _

_ISO = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def of(day: date) -> int:
    """The month that contains `day`."""
    return day.year * 12 + day.month - 1


def make(year: int, number: int) -> int:
    """The month with the calendar `year` and the month `number` 1–12."""
    return year * 12 + number - 1


def parse(text: str) -> int:
    """The month written 'yyyy-mm'; ValueError for anything else."""
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError(f"not a month: {text!r}")
    return make(int(match[1]), int(match[2]))


def year(month: int) -> int:
    return month // 12


def number(month: int) -> int:
    """1 for January to 12 for December."""
    return month % 12 + 1


def iso(month: int) -> str:
    """'2017-06'."""
    return f"{year(month):04d}-{number(month):02d}"


def label(month: int) -> str:
    """'2017年6月', in English 'June 2017', as pages and documents print it."""
    # Translators: a date format of Django's; Y is the year, n the month's number, F its name
    return dateformat.format(first_day(month), _("Y年n月"))


def short_label(month: int) -> str:
    """'6月', in English 'Jun'."""
    # Translators: a date format of Django's, for a month without its year; M is its short name
    return dateformat.format(first_day(month), _("n月"))


def first_day(month: int) -> date:
    return date(year(month), number(month), 1)


def last_day(month: int) -> date:
    return date(year(month), number(month), calendar.monthrange(year(month), number(month))[1])
