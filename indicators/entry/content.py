"""What submissions hold: their entries as they stand, a digest of them for whoever decides, and who typed them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from bureau.fields import raw
from bureau.models import User
from indicators.entry import adjusted
from indicators.entry.refusals import Cell
from indicators.models import Entry, Submission

BATCH = 400


def content_digest(submission: Submission) -> str:
    """SHA-256 of what the submission holds: what a reviewer saw when he approves."""
    return content_digests([submission.pk])[submission.pk]


def content_digests(submissions: Sequence[int]) -> dict[int, str]:
    """The same for several, by id, in one query."""
    return {pk: digest_of(pk, rows) for pk, rows in contents(submissions).items()}


def contents(submissions: Sequence[int]) -> dict[int, list[tuple]]:
    """Id → (area, item, category, value, state, note, version, person, adjustment) of every entry, in reading order.

    Value and adjustment (审核调整, 0 for none) are in ten-thousandths.
    """
    found: dict[int, list[tuple]] = {pk: [] for pk in submissions}
    rows = (
        Entry.objects.filter(submission__in=submissions)
        .annotate(units=raw("value"), added=adjusted.added())
        .order_by("submission_id", "area_id", "item_id", "category")
        .values_list(
            "submission_id", "area_id", "item_id", "category", "units", "state", "note", "version", "by_id", "added"
        )
    )
    for pk, *row in rows:
        found[pk].append(tuple(row))
    return found


def digest_of(submission: int, rows: Iterable[tuple]) -> str:
    """The digest of a submission whose `contents` are already read."""
    sha = hashlib.sha256(f"{submission}".encode())
    for row in rows:
        sha.update(repr(tuple(row[:6])).encode())
        if row[8]:
            sha.update(repr(row[8]).encode())
    return sha.hexdigest()


def standing_cells(submission: Submission) -> dict[Cell, tuple]:
    """(area, item, category) → (version, units, state, note, person, moment) of every entry as it stands."""
    return standing([submission.pk])[submission.pk]


def standing(submissions: Sequence[int]) -> dict[int, dict[Cell, tuple]]:
    """The same for several, by id."""
    found: dict[int, dict[Cell, tuple]] = {pk: {} for pk in submissions}
    for ids in batched(submissions):
        rows = Entry.objects.filter(submission__in=ids).annotate(units=raw("value"))
        for pk, area, item, category, *rest in rows.values_list(
            "submission_id", "area_id", "item_id", "category", "version", "units", "state", "note", "by_id", "at"
        ):
            found[pk][area, item, category] = tuple(rest)
    return found


def batched(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """A few hundred at a time, as many as a statement takes gladly."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def people(submission: Submission) -> Iterable[int]:
    """Ids of everybody who typed in the submission."""
    return submission.entries.order_by().values_list("by_id", flat=True).distinct()


def is_own(submission: Submission, user: User) -> bool:
    """Did the user type or hand in any of it?"""
    return submission.submitted_by_id == user.pk or user.pk in set(people(submission))
