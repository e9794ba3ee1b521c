"""Where the plan's tasks and projects stand on 2017-08-09 in the demonstration; completed ones feed the indicators."""

from __future__ import annotations

from datetime import date

from bureau.models import User
from tasks.completion import complete
from tasks.models import Project, State, Task

COMPLETED = {
    "T26": date(2015, 2, 12),
    "T27": date(2015, 5, 29),
    "T30": date(2015, 6, 18),
    "T28": date(2015, 9, 25),
    "P04": date(2015, 11, 20),
    "T04": date(2015, 12, 22),
    "P12": date(2015, 12, 30),
    "T17": date(2016, 3, 25),
    "T19": date(2016, 5, 31),
    "P03": date(2016, 6, 24),
    "P11": date(2016, 12, 9),
    "P13": date(2016, 12, 28),
    "T13": date(2016, 12, 28),
    "T01": date(2017, 3, 31),
    "T05": date(2017, 4, 28),
    "T29": date(2017, 5, 26),
    "T20": date(2017, 5, 31),
    "P01": date(2017, 5, 18),
    "T16": date(2017, 6, 16),
    "T21": date(2017, 6, 20),
    "T02": date(2017, 6, 23),
    "T03": date(2017, 6, 23),
    "T06": date(2017, 6, 26),
    "T07": date(2017, 6, 27),
    "T08": date(2017, 6, 27),
    "T11": date(2017, 6, 28),
    "T12": date(2017, 6, 28),
    "T18": date(2017, 6, 28),
    "T22": date(2017, 6, 29),
    "T23": date(2017, 6, 29),
    "T25": date(2017, 6, 29),
    "T31": date(2017, 6, 30),
    "T24": date(2017, 7, 25),  # after its due date
    "P02": date(2017, 7, 28),
    "T09": date(2017, 7, 28),  # after its due date
}
# Percent done. T10, T14 and T15 were due on 2017-06-30 and are overdue.
UNDER_WAY = {
    "T10": 88, "T14": 70, "T15": 80, "T32": 20,
    "P05": 80, "P06": 86, "P07": 90, "P08": 85, "P09": 95, "P10": 97, "P14": 98,
}  # fmt: skip


def report(by: User) -> None:
    """Set the state, percent and completion date of every task and project, as the office would."""
    work = {one.code: one for model in (Task, Project) for one in model.objects.all()}
    for code, day in COMPLETED.items():
        complete(work[code], day, by=by)
    for code, percent in UNDER_WAY.items():
        work[code].state, work[code].percent = State.UNDER_WAY, percent
        work[code].save(update_fields=["state", "percent"])
