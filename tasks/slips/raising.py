"""The rules that raise slips (督办立项): an indicator severely late two months running, a milestone overdue, a monthly
report that did not come. Each lapse is raised once, however often the rules run and however long it lasts.

A slip's `key` names the lapse, and no key stands twice, not even that of a slip people dropped: `light:A05b:2016-09`
the first of the two months with which a lag began, `milestone:` and `report:` the node with its day and the work with
its month. Where a correction moves the month a lag began with, or the next month's report fails to come as well, the
slip that stands is enough. The county is locked, so of two runs at once the second finds nothing left to raise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction

from bureau import months
from bureau.installation import lock_county
from bureau.language import in_chinese
from bureau.models import Installation
from indicators.analysis.kinds import Light
from indicators.deadlines import Step
from indicators.due import Dates, due_month
from indicators.models import PublishedMonth
from indicators.queries import Row, at_release
from indicators.shown import shown_indicators
from tasks import queries
from tasks.models import Milestone, Progress, Project, Slip, State, Task
from tasks.slips import raised_texts, supervision
from tasks.slips.moves import CLOSED
from tasks.slips.raised_texts import Words
from tasks.slips.supervision import Wanted

Origin = Slip.Origin
RUNNING_MONTHS = 2  # severely late so many months in a row
DAYS_OVERDUE = 10  # of a milestone
TIME_LIMIT = timedelta(days=30)  # catalogue 7.4: for papers


class Lapse(NamedTuple):
    """What a rule found: the key it is raised under, and what the slip says."""

    origin: Slip.Origin
    key: str
    wanted: Wanted


@transaction.atomic
def raise_due(here: Installation) -> list[Slip]:
    """Raise what the rules find on the business day and no slip stands for yet."""
    lock_county(here.county_id)
    known = set(Slip.objects.exclude(key="").values_list("key", flat=True))
    with in_chinese():
        return [
            supervision.raise_slip(one.wanted, by=None, origin=one.origin, key=one.key)
            for one in lapses(Dates(here))
            if one.key not in known
        ]


def lapses(dates: Dates) -> Iterator[Lapse]:
    """Every lapse there is today but those an older slip of the same rule stands for."""
    standing = list(Slip.objects.filter(origin__in=(Origin.LIGHT, Origin.MILESTONE, Origin.REPORT)))
    works = _works()
    yield from _lights(dates, standing)
    yield from _milestones(dates, standing, works)
    yield from _reports(dates, standing, works)


# --- lights ---


class Run(NamedTuple):
    """A lag as it runs: the first of the two months it began with, the month it reaches back to, its severe months."""

    first: int
    since: int
    red: int


def run_of(series: Sequence[Row], month: int) -> Run | None:
    """The severe lag that runs in `month`; None where that month and the one before it are not both severely late.

    Months that cannot be judged for want of data neither count nor end it; any other light does.
    """
    lights = {row.month: Light(row.light) for row in series}
    if any(lights.get(month - back) != Light.FAR_BEHIND for back in range(RUNNING_MONTHS)):
        return None
    since = first = month
    red = 0
    for one in range(month, min(lights) - 1, -1):
        light = lights.get(one, Light.NOT_COVERED)
        if light == Light.FAR_BEHIND:
            red, since = red + 1, one
            first = one if lights.get(one + 1) == Light.FAR_BEHIND else first
        elif light != Light.NOT_COVERED:
            break
    return Run(first, since, red)


def _lights(dates: Dates, standing: Collection[Slip]) -> Iterator[Lapse]:
    """As released: what was not released nobody is charged with."""
    release = _last_release(dates.installation.county_id)
    if release is None:
        return
    for shown in shown_indicators(at_release(release)):
        run = run_of(shown.series, shown.month)
        indicator = shown.indicator
        if run is None or any(_same_lag(one, indicator.pk, run) for one in standing):
            continue
        said = raised_texts.light(shown, run.first, run.red)
        wanted = _wanted(said, dates, owner=indicator.section, month=shown.month, indicator=indicator)
        yield Lapse(Origin.LIGHT, f"light:{indicator.code}:{months.iso(run.first)}", wanted)


def _last_release(county: int) -> PublishedMonth | None:
    """The one a page shows that is asked for no other: of the last month, its last version."""
    found = PublishedMonth.objects.filter(county=county).select_related("county").defer("evidence")
    return found.order_by("-month", "-version").first()


def _same_lag(slip: Slip, indicator: int, run: Run) -> bool:
    """Was it raised of the lag that still runs, whatever became of it?"""
    mine = slip.origin == Origin.LIGHT and slip.indicator_id == indicator
    return mine and slip.month is not None and slip.month >= run.since


# --- tasks and key projects ---


Works = Mapping[str, Task | Project]


def _works() -> Works:
    """Every task and key project by code, with what a slip names of it."""
    related = ("lead", "clause", "officer")
    return {
        work.code: work
        for model in (Task, Project)
        for work in model.objects.select_related(*related).prefetch_related("supporting").order_by("code")
    }


def _milestones(dates: Dates, standing: Collection[Slip], works: Works) -> Iterator[Lapse]:
    """Not before the first month of real use is due: until then nobody could tell what was done before."""
    first = dates.installation.go_live_month
    if first is not None and not dates.overdue(first):
        return
    pressed = {one.milestone_id for one in standing if one.state not in CLOSED}
    nodes = Milestone.objects.filter(done_on__isnull=True, due_on__lte=dates.today - timedelta(days=DAYS_OVERDUE))
    for node in nodes.select_related("task", "project").order_by("due_on", "order", "code"):
        work = works[(node.task or node.project).code]  # type: ignore[union-attr]
        if work.state == State.COMPLETED or node.pk in pressed:
            continue
        said = raised_texts.milestone(node, work, dates.today)
        key = f"milestone:{node.code}:{node.due_on.isoformat()}"
        yield Lapse(Origin.MILESTONE, key, _of_work(said, dates, work, milestone=node))


def _reports(dates: Dates, standing: Collection[Slip], works: Works) -> Iterator[Lapse]:
    """Of the month that is due; nothing but a draft is no report."""
    month = due_month(dates.today)
    if not dates.overdue(month):
        return
    pressed = {one.work for one in standing if one.origin == Origin.REPORT and one.state not in CLOSED}
    came = Progress.objects.filter(month=month).exclude(state=Progress.State.DRAFT)
    handed_in = {task or project for task, project in came.values_list("task__code", "project__code")}
    due = dates.due(month)[Step.TOWN].day
    for code, work in works.items():
        times = {"starts_on": work.starts_on, "completed_on": work.completed_on}
        if queries.owes_report(times, month) and code not in handed_in and work not in pressed:
            said = raised_texts.report(work, month, due, dates.today)
            yield Lapse(Origin.REPORT, f"report:{code}:{months.iso(month)}", _of_work(said, dates, work, month=month))


def _of_work(said: Words, dates: Dates, work: Task | Project, **more) -> Wanted:
    officer = str(work.officer) if work.officer else ""
    return _wanted(
        said, dates, owner=work.lead, supporting=tuple(work.supporting.all()), officer=officer, work=work, **more
    )


def _wanted(said: Words, dates: Dates, **more) -> Wanted:
    return Wanted(**said._asdict(), due_on=dates.today + TIME_LIMIT, **more)
