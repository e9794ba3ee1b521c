"""A release is read with the official readings, targets and weights it was made with, whatever the settings say since.

Both are compared by the moment of their last change; only where one is later is the release's evidence looked into.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from indicators.models import EqualityRole, PublishedMonth, Reading, Target

if TYPE_CHECKING:
    from indicators.queries import ReadAt

DECIMALS = ("value", "tolerance", "base_value", "behind", "far_behind")
PLAIN = (
    "start_month", "end_month", "comparator", "path", "points", "yearly_check", "limit_days", "base_month", "standing",
    "note",
)  # fmt: skip
ROLE = ("kind", "pair", "pair_en", "weight", "source", "standing")


def evidence() -> dict[str, Any]:
    """The official readings, the targets and the roles in equality as a release keeps them, by id."""
    return {
        "official": sorted(Reading.objects.filter(official=True).values_list("pk", flat=True)),
        "aims": {str(target.pk): _kept(target) for target in Target.objects.all()},
        "equality": {
            str(role.indicator_id): {name: str(getattr(role, name)) for name in ROLE}
            for role in EqualityRole.objects.all()
        },
    }


def _kept(target: Target) -> dict[str, Any]:
    numbers = {name: getattr(target, name) for name in DECIMALS}
    return {name: None if value is None else str(value) for name, value in numbers.items()} | {
        name: getattr(target, name) for name in PLAIN
    }


def _later(release: PublishedMonth | None, rows: Iterable[Reading | Target | EqualityRole]) -> bool:
    return release is not None and any(one.amended_at is not None and one.amended_at > release.at for one in rows)


def readings(
    at: ReadAt | None, found: list[Reading], again: Callable[[Collection[int]], list[Reading]]
) -> list[Reading]:
    """The official readings of the state shown; `again` reads those of the release where others are official now."""
    release = at.release if at is not None else None
    if release is None or not _later(release, found):
        return found
    official = release.evidence.get("official")
    return found if official is None else again(official)


def official(at: ReadAt, found: Iterable[Reading]) -> Reading | None:
    """Of one indicator's readings the official one of the state shown."""
    every = list(found)
    now = next((one for one in every if one.official), None)
    if now is None or not _later(at.release, [now]):
        return now
    kept = at.release.evidence.get("official", ())
    return next((one for one in every if one.pk in kept), now)


def targets(at: ReadAt, found: Iterable[Target]) -> list[Target]:
    """These targets as the release has them; those that came later are left out."""
    every = list(found)
    if not _later(at.release, every):
        return every
    kept = at.release.evidence.get("aims")
    if kept is None:
        return every
    return [_as_kept(one, kept[str(one.pk)]) for one in every if str(one.pk) in kept]


def _as_kept(target: Target, kept: dict[str, Any]) -> Target:
    for name in PLAIN:
        if name in kept:  # a release keeps what a target had then
            setattr(target, name, kept[name])
    for name in DECIMALS:
        setattr(target, name, None if kept[name] is None else Decimal(kept[name]))
    return target


def roles(at: ReadAt, found: Iterable[EqualityRole]) -> list[EqualityRole]:
    """How indicators count towards equality as the release has it; those that came later are left out."""
    every = list(found)
    kept = at.release.evidence.get("equality") if at.release is not None and _later(at.release, every) else None
    if kept is None:
        return every
    known = [one for one in every if str(one.indicator_id) in kept]
    for one in known:
        for name, value in kept[str(one.indicator_id)].items():
            setattr(one, name, Decimal(value) if name == "weight" else value)
    return known
