"""Amends settings (改设置): what a row says, what changed and why; the record of it, and what must follow from it.

Plain functions; bureau/administration.py calls them from the settings pages. A higher floor registers what follows a
change of its tables (`follows`) and what speaks against deleting a row (`keeps`), so that this floor knows nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from bureau import audit, installation, months
from bureau.models import Installation, User

REASON_LENGTH = 5
MONTHS = frozenset(
    "month from_month to_month start_month end_month base_month first_month last_month go_live_month".split()
)


@dataclass(frozen=True)
class Amendment:
    """One act on a setting. `before` and `after` are its facts, empty where it did not exist yet or no more."""

    row: models.Model
    act: str  # add, change, delete
    before: Mapping[str, str]
    after: Mapping[str, str]
    by: User
    reason: str
    fields: Mapping[str, Any] = field(default_factory=dict)  # what else was typed into the form

    @property
    def changed(self) -> dict[str, list[str | None]]:
        """Field → [old, new] of what differs, as the audit record keeps it."""
        names = [*self.before, *(name for name in self.after if name not in self.before)]
        return {
            name: [self.before.get(name), self.after.get(name)]
            for name in names
            if (self.before.get(name) or None) != (self.after.get(name) or None)
        }


Follower = Callable[[Amendment], None]
Keeper = Callable[[models.Model], str]

_followers: dict[type[models.Model], list[Follower]] = defaultdict(list)
_keepers: dict[type[models.Model], list[Keeper]] = defaultdict(list)


def follows(*tables: type[models.Model]) -> Callable[[Follower], Follower]:
    """Decorate what must happen, in the same transaction, after a row of these tables was amended."""

    def register(function: Follower) -> Follower:
        for table in tables:
            _followers[table].append(function)
        return function

    return register


def keeps(*tables: type[models.Model]) -> Callable[[Keeper], Keeper]:
    """Decorate what says why a row of these tables may not be deleted; an empty text where it may."""

    def register(function: Keeper) -> Keeper:
        for table in tables:
            _keepers[table].append(function)
        return function

    return register


def why_kept(row: models.Model) -> str:
    """Why `row` may not be deleted, in the reader's language; empty where it may."""
    return next((why for keeper in _keepers[type(row)] if (why := keeper(row))), "")


def facts(row: models.Model, hanging: Iterable[models.Model] = ()) -> dict[str, str]:
    """Field → value as text of a stored row, and of the rows edited together with it ('formitem#12.level')."""
    found = {name: told(row, name) for name in _names(row)}
    for other in hanging:
        found |= {f"{other._meta.model_name}#{other.pk}.{name}": told(other, name) for name in _names(other)}
    return found


def _names(row: models.Model) -> list[str]:
    plain = [one.name for one in row._meta.concrete_fields if one.editable and not one.primary_key]
    return plain + [one.name for one in row._meta.many_to_many]


def told(row: models.Model, name: str) -> str:
    """The value of one field as records and messages print it."""
    value = getattr(row, name)
    if value is None:
        return ""
    if isinstance(row._meta.get_field(name), models.ManyToManyField):
        return "、".join(sorted(str(other) for other in value.all()))
    if name in MONTHS and isinstance(value, int):
        return months.iso(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def digest(found: Mapping[str, str]) -> str:
    """What the form carries to tell whether the row changed since it was opened."""
    return hashlib.sha256(json.dumps(found, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def lock() -> Installation | None:
    """Lock the county, as every transaction that changes what figures depend on; None before the plan is loaded."""
    here = installation.current()
    if here is not None:
        installation.lock_county(here.county_id)
    return here


def name_of(row: models.Model) -> str:
    """'indicators.target#12 ', how the audit trail begins the object of a setting; the same for all its records."""
    return f"{row._meta.label_lower}#{row.pk} "


@transaction.atomic
def settle(amendment: Amendment) -> None:
    """Record a change already written, do what follows from it, raise the data version. Inside the same transaction."""
    row = amendment.row
    audit.record(
        f"setting.{amendment.act}",
        by=amendment.by,
        object=name_of(row) + str(row),
        reason=amendment.reason,
        detail=amendment.changed,
    )
    for follower in _followers[type(row)]:
        follower(amendment)
    here = installation.current()
    if here is not None:
        installation.raise_data_version(here.county_id)
