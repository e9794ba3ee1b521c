"""What records of work give to be scored: work and nodes on time, monthly reports, forms, supervision slips.

Everything as it stood when the period was over (`cut`: the first day that no longer counts), and of what is stamped
nothing that came after `until`; so that what is read again later is what was read then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bureau import months
from bureau.authorization import Scope
from bureau.language import in_chinese
from bureau.models import Area
from bureau.places import Tree
from indicators import deadlines, timeliness
from indicators.deadlines import SHANGHAI, Standing, Step
from indicators.due import Dates
from tasks import queries
from tasks.assessment.rules import HUNDRED, ZERO, Item, counted
from tasks.assessment.terms import Measure
from tasks.models import Milestone, Slip, SlipStep
from tasks.models import Step as ReportStep

EVERYWHERE = Scope(everywhere=True)
NOON = time(12)


@dataclass(frozen=True)
class Span:
    """The months looked at, the first day that no longer counts, and the last stamp that does."""

    first: int
    last: int
    cut: date
    until: datetime

    def holds(self, day: date) -> bool:
        """Was it due in the period, and is that day over?"""
        return months.first_day(self.first) <= day < self.cut


Found = Mapping[int, list[Item]]
"""Owner's id → items."""


def work(span: Span, measure: Measure) -> Found:
    """Tasks and projects due in the period, and their nodes; the node that ends a work is the work itself."""
    rows = {row["code"]: row for row in _works(measure)}
    found: dict[int, list[Item]] = defaultdict(list)
    for row in rows.values():
        if span.holds(row["due_on"]):
            found[row["lead_id"]].append(_dated(row["code"], row, row["due_on"], row["completed_on"], span, measure))
    nodes = Milestone.objects.select_related("task", "project").filter(
        due_on__gte=months.first_day(span.first), due_on__lt=span.cut
    )
    for node in nodes:
        owner = node.task or node.project
        row = rows.get(owner.code) if owner else None
        if row is not None and row["due_on"] != node.due_on:
            names = {"name": node.name, "name_en": node.name_en, "code": row["code"]}
            item = _dated(node.code, names, node.due_on, node.done_on, span, measure)
            found[row["lead_id"]].append(item)
    return found


def _works(measure: Measure) -> list[dict]:
    """All work, or what a criterion names; under both its names, whatever the reader's language: they are kept."""
    with in_chinese():
        return [row for row in queries.work() if not measure.tasks or row["code"] in measure.tasks]


def _dated(key: str, names: Mapping, due: date, done: date | None, span: Span, measure: Measure) -> Item:
    reached = done if done is not None and done < span.cut else None
    share = ZERO if reached is None else HUNDRED if reached <= due else measure.rule.late_share
    facts = {
        "name": names["name"], "name_en": names["name_en"], "work": names["code"],
        "due": due.isoformat(), "done": reached.isoformat() if reached else "",
    }  # fmt: skip
    return Item(key, share, "", facts)


def reports(span: Span, measure: Measure, dates: Dates) -> Found:
    """Monthly progress of each work, by the first handing in that stands, against the month's deadline."""
    handed_in = _first_handed_in(span)
    found: dict[int, list[Item]] = defaultdict(list)
    for row in _works(measure):
        owed = [month for month in range(span.first, span.last + 1) if queries.owes_report(row, month)]
        standing = Counter(_standing(handed_in.get((row["code"], month)), month, dates) for month in owed)
        if owed:
            found[row["lead_id"]].append(_in_time(row["code"], row, standing, measure, {"work": row["code"]}))
    return found


def _first_handed_in(span: Span) -> dict[tuple[str, int], datetime]:
    """Code and month → when the report was first handed in and not taken back."""
    found: dict[tuple[str, int], list[datetime]] = {}
    submitted: dict[tuple[str, int], date | None] = {}
    steps = ReportStep.objects.filter(
        report__month__gte=span.first, report__month__lte=span.last, act__in=("submit", "withdraw"), at__lte=span.until
    ).order_by("pk")
    names = ("report__task__code", "report__project__code", "report__month", "report__submitted_on", "act", "at")
    for task, project, month, day, act, at in steps.values_list(*names):
        key = (task or project, month)
        submitted[key] = day
        if act == "submit":
            found.setdefault(key, []).append(at)
        else:
            found.pop(key, None)
    return {key: _by_business(at[0], submitted[key] if len(at) == 1 else None) for key, at in found.items()}


def _by_business(at: datetime, day: date | None) -> datetime:
    """A stamp on the business day it was given on: stamps keep the real time, deadlines know the business date."""
    here = at.astimezone(SHANGHAI)
    return here if day is None or here.date() == day else datetime.combine(day, NOON, SHANGHAI)


def _standing(handed_in: datetime | None, month: int, dates: Dates) -> Standing:
    return deadlines.standing(
        handed_in=handed_in, deadline=dates.due(month)[Step.TOWN], now=dates.now, back_fill=dates.is_back_fill(month)
    )


def forms(span: Span, measure: Measure, dates: Dates, tree: Tree, *, towns: bool) -> Found:
    """Forms handed in: a town's own, and of a section those it types itself for the county."""
    found: dict[int, list[Item]] = defaultdict(list)
    by_line: dict[tuple[int, int], tuple[timeliness.Line, Counter]] = {}
    for year in range(months.year(span.first), months.year(span.last) + 1):
        for line in timeliness.lines(EVERYWHERE, tree, dates, year):
            _line, standing = by_line.setdefault((line.form.pk, line.place.id), (line, Counter()))
            for cell in line.cells:
                if cell.standing is not None and span.first <= cell.month <= span.last:
                    late_news = cell.handed_in is not None and cell.handed_in > span.until
                    standing[Standing.MISSING if late_news else cell.standing] += 1
    for line, standing in by_line.values():
        if standing and towns == (line.place.level == Area.Level.TOWN):
            names = {"name": line.form.name, "name_en": line.form.name_en}
            facts = {"number": line.form.number, "place": line.place.code, "year": months.year(span.last)}
            item = _in_time(line.form.code, names, standing, measure, facts)
            found[line.place.id if towns else line.form.section_id].append(item)
    return found


def _in_time(key: str, names: Mapping, standing: Counter, measure: Measure, facts: dict) -> Item:
    on_time, late, missing = (standing[one] for one in (Standing.ON_TIME, Standing.LATE, Standing.MISSING))
    back_fill = standing[Standing.BACK_FILL] + standing[Standing.BACK_FILL_OPEN]
    done = counted(on_time, late, missing, measure.rule)
    told = {"on_time": on_time, "late": late, "missing": missing, "back_fill": back_fill}
    why = "" if done is not None else "back_fill" if back_fill else "not_due"
    names = {"name": names["name"], "name_en": names["name_en"]}
    return Item(key, done, why, names | facts | told, measure=key)


def slips(span: Span, measure: Measure, *, towns: bool) -> Found:
    """Slips due in the period: answered by then, late, or not; one that was sent back counts like a late one.

    What a slip is about is its unit's affair and not kept: every reader reads the result.
    """
    rows = Slip.objects.filter(due_on__gte=months.first_day(span.first), due_on__lt=span.cut, assigned_on__isnull=False)
    rows = rows.exclude(state=Slip.State.DROPPED).order_by("year", "number")
    due = [one for one in rows if (one.town_id if towns else one.section_id)]
    steps: dict[int, list[SlipStep]] = defaultdict(list)
    for step in SlipStep.objects.filter(slip__in=[one.pk for one in due], at__lte=span.until) if due else ():
        steps[step.slip_id].append(step)
    found: dict[int, list[Item]] = defaultdict(list)
    for one in due:
        found[one.town_id or one.section_id or 0].append(_slip(one, steps[one.pk], span, measure))
    return found


def _slip(slip: Slip, steps: Sequence[SlipStep], span: Span, measure: Measure) -> Item:
    answers = [one for one in steps if one.to_state == Slip.State.ANSWERED]
    returned = sum(one.to_state == Slip.State.RETURNED for one in steps)
    on = _by_business(answers[0].at, slip.answered_on if len(answers) == 1 else None).date() if answers else None
    on = on if on is not None and on < span.cut else None
    in_time = on is not None and on <= slip.due_on and not returned
    done = ZERO if on is None else HUNDRED if in_time else measure.rule.late_share
    facts = {
        "slip": slip.pk, "section": slip.section_id, "town": slip.town_id, "due": slip.due_on.isoformat(),
        "done": on.isoformat() if on else "", "returned": returned,
    }  # fmt: skip
    return Item(f"{slip.year}-{slip.number}", done, "", facts)
