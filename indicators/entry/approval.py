"""Carries approved entries into Figure with one Revision a change, then refreshes roll-ups and evaluations.

Inside the transaction of entry/workflow.py, which holds the county's lock; nobody else calls this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from bureau import audit, bulk
from bureau.fields import raw
from bureau.models import AuditEvent, User
from bureau.places import Tree
from indicators import definitions, evaluate, rollup
from indicators.entry import adjusted
from indicators.models import Entry, Figure, Revision, Submission

KEY = ("county", "area", "item", "category", "month")
FIGURE_FIELDS = (*KEY, "value", "state", "submission", "revision")
REVISION_FIELDS = (
    *KEY, "number", "old_value", "old_state", "new_value", "new_state",
    "submission", "entered_by", "source", "event", "at",
)  # fmt: skip
BATCH = 400
WHOLE_ROWS = 2  # what an act's digest covers: each revision up to its source; before 0.2 keys and values only


def write_figures(
    county: int,
    submissions: Sequence[Submission],
    again: Sequence[Submission],
    *,
    by: User,
    reason: str,
    objects: str,
    act: str = "submission.approve",
) -> int:
    """Make the figures of these submissions equal their entries with what reviewers added; returns the changes.

    `again` are those approved before.
    """
    wanted = _entries(county, submissions)
    standing = _figures(again)
    changes = []
    for key, (units, state, submission, person, source) in wanted.items():
        old = standing.get(key)
        if old is None or old[:2] != (units, state):
            changes.append((key, old, (units, state), submission, person, source))
    for key in standing.keys() - wanted.keys():
        changes.append((key, standing[key], (None, None), standing[key][2], None, "removed"))
    return _write(county, changes, by=by, act=act, reason=reason, objects=objects)


def delete_figures(county: int, submissions: Sequence[Submission], *, by: User, reason: str, objects: str) -> int:
    """Delete the figures these submissions brought; returns how many there were."""
    standing = _figures(submissions)
    changes = [(key, old, (None, None), old[2], None, "removed") for key, old in standing.items()]
    return _write(county, changes, by=by, act="submission.take_back.figures", reason=reason, objects=objects)


def _entries(county: int, submissions: Sequence[Submission]) -> dict[tuple, tuple]:
    found = {}
    month_of = {one.pk: one.month for one in submissions}
    ids = list(month_of)
    for start in range(0, len(ids), BATCH):
        rows = Entry.objects.filter(submission__in=ids[start : start + BATCH]).annotate(units=raw("value"))
        for submission, area, item, category, units, state, person, source in rows.values_list(
            "submission_id", "area_id", "item_id", "category", "units", "state", "by_id", "source"
        ):
            found[county, area, item, category, month_of[submission]] = (units, state, submission, person, source)
    adjusted.carry(found, county, month_of)
    return found


def _figures(submissions: Sequence[Submission]) -> dict[tuple, tuple]:
    found = {}
    approved_before = [one.pk for one in submissions]
    for start in range(0, len(approved_before), BATCH):
        rows = Figure.objects.filter(submission__in=approved_before[start : start + BATCH]).annotate(units=raw("value"))
        for *key, units, state, submission, revision in rows.values_list(
            *KEY, "units", "state", "submission", "revision"
        ):
            found[tuple(key)] = (units, state, submission, revision)
    return found


def _last_revisions(changes: list[tuple]) -> dict[tuple, int]:
    """The number of the last (deleting) revision of figures that are to stand anew."""
    fresh = [key for key, old, *_ in changes if old is None]
    months = {key[4] for key in fresh}
    items = {key[2] for key in fresh}
    counties = {key[0] for key in fresh}
    if not fresh:
        return {}
    gone = Revision.objects.filter(county__in=counties, month__in=months, item__in=items, new_state__isnull=True)
    return {tuple(row[:5]): row[5] for row in gone.order_by("number").values_list(*KEY, "number")}


def _write(county: int, changes: list[tuple], *, by: User, act: str, reason: str, objects: str) -> int:
    changes.sort(key=itemgetter(0))
    last = _last_revisions(changes)
    revisions: list[tuple] = []
    new: list[tuple] = []
    changed: list[tuple] = []
    gone: list[tuple] = []
    for key, old, (units, state), submission, person, source in changes:
        number = (old[3] if old else last.get(key, 0)) + 1
        before = old[:2] if old else (None, None)
        revisions.append((*key, number, *before, units, state, submission, person, source))
        if state is None:
            gone.append(key)
        else:
            (changed if old else new).append((*key, units, state, submission, number))
    add_revisions(revisions, by=by, act=act, reason=reason, objects=objects)
    if not changes:
        return 0
    bulk.insert(Figure, FIGURE_FIELDS, new)
    bulk.upsert(Figure, FIGURE_FIELDS, changed, key=KEY)
    bulk.delete(Figure, KEY, gone)
    derive(county, items={key[2] for key, *_ in changes}, months={key[4] for key, *_ in changes})
    return len(changes)


def add_revisions(
    rows: list[tuple], *, by: User | None, act: str, reason: str, objects: str, more: Mapping[str, Any] | None = None
) -> AuditEvent:
    """Record the act with count and digest of these revisions, in order of their keys, then add them."""
    event = audit.record(
        act,
        by=by,
        object=objects,
        reason=reason,
        detail={"values": len(rows), "digest": WHOLE_ROWS, **(more or {})},
        revisions=audit.digest_of(rows),
    )
    moment = bulk.stamp(event.at)
    bulk.insert(Revision, REVISION_FIELDS, [(*row, event.pk, moment) for row in rows])
    return event


def derive(county: int, *, items: set[int], months: set[int]) -> None:
    """Refresh what depends on these items in these months."""
    tree = Tree(county)
    known = definitions.load(county)
    rollup.refresh(tree, items, months)
    evaluate.refresh(tree, known.using(items) | known.of_completions(), known)
