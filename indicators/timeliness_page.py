"""The page of who handed in what in time (填报进度): the matrix in words, filters, counts, CSV rows; no queries."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import joined, localized
from indicators.analysis.kinds import Light
from indicators.deadlines import Standing
from indicators.due import Dates
from indicators.models import Submission
from indicators.timeliness import Asked, Cell, Line, tally, title

FIRST_YEAR = 2015
LIGHTS = {
    Standing.MISSING: Light.FAR_BEHIND,
    Standing.LATE: Light.BEHIND,
    Standing.ON_TIME: Light.ON_COURSE,
    Standing.BACK_FILL: Light.REACHED,
    Standing.BACK_FILL_OPEN: Light.NOT_COVERED,
    Standing.NOT_DUE: Light.NONE,
}
HEAD = (
    "form", "name", "section", "place_code", "place", "month", "deadline", "handed_in", "standing", "days_late",
    "state",
)  # fmt: skip
BY_PLACE, BY_SECTION = "place", "section"


def word(standing: Standing) -> str:
    return {
        Standing.ON_TIME: _("按时"),
        Standing.LATE: _("迟"),
        Standing.MISSING: _("缺"),
        Standing.NOT_DUE: _("未到期"),
        Standing.BACK_FILL: _("补录"),
        Standing.BACK_FILL_OPEN: _("待补录"),
    }[standing]


def asked_of(query: QueryDict, dates: Dates) -> Asked:
    """What the address asks for; what is not known narrows nothing."""
    this_year = months.year(months.of(dates.today) - 1)
    text = query.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this_year
    standing = query.get("standing", "")
    return Asked(
        year if FIRST_YEAR <= year <= this_year else this_year,
        query.get("place", ""),
        query.get("section", ""),
        standing if standing in set(Standing) else "",
    )


def grouping(query: QueryDict) -> str:
    return BY_SECTION if query.get("by") == BY_SECTION else BY_PLACE


def fields(everything: Sequence[Line], asked: Asked, by: str, dates: Dates) -> list[dict]:
    """The filters: each choice that occurs in the reader's matrix."""
    places = {line.place.code: line.place.label for line in everything}
    sections = {line.form.section.code: localized(line.form.section) for line in everything}
    last = months.year(months.of(dates.today) - 1)
    years = [(str(one), str(one)) for one in range(last, FIRST_YEAR - 1, -1)]
    return [
        _field("year", _("年份"), str(asked.year), years, every=False),
        _field("by", _("分组"), by, [(BY_PLACE, _("按地方")), (BY_SECTION, _("按科室"))], every=False),
        _field("place", _("地方"), asked.place, sorted(places.items())),
        _field("section", _("责任科室"), asked.section, sorted(sections.items(), key=lambda pair: pair[1])),
        _field("standing", _("状态"), asked.standing, [(one.value, word(one)) for one in LIGHTS]),
    ]


def _field(name: str, label: str, chosen: str, options: Sequence[tuple[str, str]], *, every: bool = True) -> dict:
    choices = [("", _("全部")), *options] if every else options
    return {
        "name": name,
        "label": label,
        "options": [{"value": value, "label": text, "chosen": value == chosen} for value, text in choices],
    }


def counts(found: list[Line], query: QueryDict, path: str) -> list[dict]:
    """How many stand where; each leads to the lines that have one."""
    tallies, line = tally(found), []
    for standing, light in LIGHTS.items():
        if not tallies[standing]:
            continue
        narrowed = query.copy()
        narrowed["standing"] = standing.value
        url = f"{path}?{narrowed.urlencode()}"
        line.append({"count": tallies[standing], "label": word(standing), "light": int(light), "url": url})
    return line


def headline(found: list[Line]) -> str:
    """'按时 40 份、迟 3 份、缺 2 份'; where nothing is judged, what is back-fill."""
    tallies = tally(found)
    judged = [one for one in (Standing.ON_TIME, Standing.LATE, Standing.MISSING) if tallies[one]]
    judged = judged or [one for one in (Standing.BACK_FILL, Standing.BACK_FILL_OPEN) if tallies[one]]
    if not judged:
        return _("还没有到期的报表")
    return joined([_("%(word)s %(n)d 份") % {"word": word(one), "n": tallies[one]} for one in judged])


def groups(found: list[Line], by: str) -> list[dict]:
    """The matrix: {title, note, rows: [{name, cells: [{light, word, label}]}]} by place or by section."""
    together: dict[str, list[Line]] = {}
    for line in found:
        name = localized(line.form.section) if by == BY_SECTION else line.place.label
        together.setdefault(name, []).append(line)
    return [
        {
            "title": name,
            "note": headline(lines),
            "rows": [{"name": _name(line, by), "cells": [_cell(cell) for cell in line.cells]} for line in lines],
        }
        for name, lines in together.items()
    ]


def _name(line: Line, by: str) -> str:
    return f"{title(line.form)} · {line.place.label}" if by == BY_SECTION else title(line.form)


def heads(found: list[Line]) -> list[str]:
    return [months.short_label(cell.month) for cell in found[0].cells] if found else []


def _cell(cell: Cell) -> dict:
    label = months.short_label(cell.month)
    if cell.standing is None:
        return {"light": None, "word": "—", "label": label}
    return {"light": int(LIGHTS[cell.standing]), "word": told(cell), "label": label}


def told(cell: Cell) -> str:
    if cell.standing is None:
        return ""
    if cell.standing == Standing.LATE and cell.days_late:
        return _("迟 %(n)d 天") % {"n": cell.days_late}
    return word(cell.standing)


def csv_rows(found: list[Line], dates: Dates) -> list[list]:
    """One line a form, place and month, as stored."""
    rows: list[list] = [list(HEAD)]
    for line in found:
        for cell in line.cells:
            if cell.standing is None:
                continue
            at = timezone.localtime(cell.handed_in).replace(tzinfo=None, microsecond=0) if cell.handed_in else None
            rows.append([
                line.form.code, line.form.name, line.form.section.name, line.place.code, line.place.name,
                months.iso(cell.month), deadline(cell.month, dates), at, word(cell.standing), cell.days_late,
                str(Submission.State(cell.state).label) if cell.state else "",
            ])  # fmt: skip
    return rows


def deadline(month: int, dates: Dates) -> str:
    """The towns' deadline of the month; '' for back-fill, which has none."""
    if dates.is_back_fill(month):
        return ""
    return f"{dates.due(month).steps['town'].moment:%Y-%m-%d %H:%M}"
