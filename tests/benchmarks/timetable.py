"""The timetable and the list with 1,000 tasks against an empty signed-in view: time, queries, size.

On the plan's own tasks and as many more as it takes, four milestones each, one in ten moved; asked for over HTTP, each
anew as after an act on record, medians of interleaved rounds.
"""

from __future__ import annotations

import statistics
from datetime import date, timedelta

import frame
import served

COUNT = 1_000
ROUNDS = 30
EMPTY = "/empty/"
PAGES = (
    EMPTY, "/tasks/timetable/", "/tasks/timetable/?by=section&show=key", "/tasks/timetable/?show=late",
    "/tasks/timetable.xlsx", "/tasks/timetable.ics", "/tasks/", "/tasks/T01/", "/tasks/phases/",
)  # fmt: skip


def main() -> None:
    vendor = frame.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bureau.models import Grant, Installation, User

    Installation.objects.update(business_date=date(2017, 2, 3))
    person = User.objects.create(username="reader", display_name="reader")
    Grant.objects.create(user=person, role=Grant.Role.LEADER)
    _fill(person)
    times: dict[str, list[float]] = {page: [] for page in PAGES}
    asked, sizes = {}, {}
    with served.serving(person) as reader:
        for round_ in range(ROUNDS + 3):
            for page in PAGES:
                served.outdate("month.publish")
                milliseconds, answer, body = reader.ask(page)
                if answer.status != 200:
                    raise SystemExit(f"{page} answered {answer.status}")
                sizes[page] = len(body)
                if round_ >= 3:
                    times[page].append(milliseconds)
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(person)
    for page in PAGES:
        served.outdate("month.publish")
        with CaptureQueriesContext(connection) as queries:
            browser.get(page)
        asked[page] = len(queries)
    base = statistics.median(times[EMPTY])
    print(f"\n## {COUNT:,} tasks, {vendor}\n| page | median ms | queries | kB | ratio to the empty signed-in view |")
    print("|---|---|---|---|---|")
    for page in PAGES:
        median = statistics.median(times[page])
        print(f"| {page} | {median:.1f} | {asked[page]} | {sizes[page] / 1024:.0f} | {median / base:.1f} |")


def _fill(by) -> None:
    """As many tasks as it takes, spread over the years, sections and domains of those there are."""
    from bureau import clock
    from tasks.models import Milestone, MilestoneMove, Task

    some = list(Task.objects.select_related("phase", "clause", "lead", "domain"))
    made = []
    for number in range(COUNT - len(some)):
        like = some[number % len(some)]
        starts = date(2015, 1, 1) + timedelta(number % 700)
        made.append(
            Task(
                code=f"X{number:04}", name=f"{like.name}（{number}）", phase=like.phase, clause=like.clause,
                lead=like.lead, domain=like.domain, starts_on=starts, due_on=starts + timedelta(200 + number % 300),
                percent=number % 100, state="under_way",
            )
        )  # fmt: skip
    made = Task.objects.bulk_create(made)
    nodes = Milestone.objects.bulk_create(
        Milestone(code=f"{one.code}-{n}", task=one, name="节点", due_on=one.starts_on + timedelta(50 * n))
        for one in made
        for n in range(1, 5)
    )
    MilestoneMove.objects.bulk_create(
        MilestoneMove(
            milestone=node, from_on=node.due_on - timedelta(30), to_on=node.due_on, reason="基准", by=by, at=clock.now()
        )
        for node in nodes[::10]
    )


if __name__ == "__main__":
    main()
