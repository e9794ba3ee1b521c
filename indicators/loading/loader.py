"""Brings rows of the database to what the plan's files say, without overwriting what a person has edited since.

One Loader a run, one `sync` a table, parents before children. It remembers a SHA-256 of every row it wrote (LoadedRow):
a row whose fields still have that hash is the files' own and may be changed by them, any other is kept. Fields at their
default are left out of the hash, so that a column added later makes no row look edited.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db import models

from indicators.models import LoadedRow


class Kind(StrEnum):
    """How a row of the database differs from the files."""

    ADDED = "新增"
    CHANGED = "更新"
    KEPT = "保留（人工修改过）"
    DELETED = "保留（人工删除过）"
    LEFT_OVER = "多出（文件中已没有）"


WRITES = (Kind.ADDED, Kind.CHANGED)


@dataclass(frozen=True)
class Change:
    """One difference: the table, the row's natural key, and each differing field as in the database and in the file."""

    kind: Kind
    model: str
    key: str
    fields: tuple[tuple[str, str, str], ...] = ()

    def __str__(self) -> str:
        told = "；".join(f"{name}：{old or '空'} → {new or '空'}" for name, old, new in self.fields)
        return f"{self.kind} {self.model} {self.key}" + (f"　{told}" if told else "")


@dataclass(frozen=True)
class Wanted:
    """A row as the files want it: found by `identity`; `values` and `many` are the files', `start` is for birth."""

    key: str
    identity: Mapping[str, Any]
    values: Mapping[str, Any]
    many: Mapping[str, Sequence[models.Model]] = field(default_factory=dict)
    start: Mapping[str, Any] = field(default_factory=dict)


Changed = Callable[[models.Model, Change], None]


class Loader:
    """One run over all tables; `changes` lists every difference met, in the order of the tables."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self._hashes: dict[str, dict[str, str]] = {}
        for label, key, sha in LoadedRow.objects.values_list("model", "key", "sha256"):
            self._hashes.setdefault(label, {})[key] = sha
        self._seen: dict[type[models.Model], set[str]] = {}

    @property
    def wrote(self) -> bool:
        return any(change.kind in WRITES for change in self.changes)

    def sync(
        self, model: type[models.Model], wanted: Iterable[Wanted], changed: Changed | None = None
    ) -> dict[str, models.Model]:
        """Bring `model` to the rows `wanted`; the rows that now stand, by key. Rows nobody names are left alone.

        `changed` is told of each standing row before the files' new values are written into it.
        """
        rows = list(wanted)
        table = _Table(model, rows)
        hashes = self._hashes.get(model._meta.label_lower, {})
        self._seen.setdefault(model, set()).update(row.key for row in rows)
        standing: dict[str, models.Model] = {}
        fresh, stale, hashed = [], [], {}
        for row in rows:
            found = table.find(row)
            if found is None:
                if row.key in hashes:
                    self._note(Kind.DELETED, model, row.key)
                    continue
                fresh.append(row)
                self._note(Kind.ADDED, model, row.key)
            else:
                standing[row.key] = found
                differing = table.differing(row, found)
                if differing and hashes.get(row.key) not in table.hashes_of(found):
                    self._note(Kind.KEPT, model, row.key, differing)
                    continue
                if differing:
                    change = self._note(Kind.CHANGED, model, row.key, differing)
                    if changed is not None:
                        changed(found, change)
                    stale.append((row, found))
            hashed[row.key] = table.hash_wanted(row)
        table.update(stale)
        standing |= table.create(fresh)
        self._remember(model, {key: sha for key, sha in hashed.items() if hashes.get(key) != sha})
        return {row.key: standing[row.key] for row in rows if row.key in standing}

    def finish(self) -> None:
        """Note the rows once loaded that the files no longer name; they are reported, never deleted."""
        for model, seen in self._seen.items():
            for key in sorted(self._hashes.get(model._meta.label_lower, {}).keys() - seen):
                self._note(Kind.LEFT_OVER, model, key)

    def _note(self, kind: Kind, model: type[models.Model], key: str, fields: Iterable[tuple] = ()) -> Change:
        change = Change(kind, str(model._meta.verbose_name), key, tuple(fields))
        self.changes.append(change)
        return change

    def _remember(self, model: type[models.Model], hashes: Mapping[str, str]) -> None:
        label = model._meta.label_lower
        LoadedRow.objects.bulk_create(
            [LoadedRow(model=label, key=key, sha256=sha) for key, sha in hashes.items()],
            update_conflicts=True,
            unique_fields=["model", "key"],
            update_fields=["sha256"],
        )


class _Table:
    """The standing rows of one model, found by identity and compared field by field as the database stores them."""

    def __init__(self, model: type[models.Model], rows: Sequence[Wanted]) -> None:
        self.model = model
        first = rows[0] if rows else Wanted("", {}, {})
        self.identity = tuple(first.identity)
        self.many = tuple(first.many)
        found = model._default_manager.prefetch_related(*self.many) if rows else ()
        self.rows = {self._identity_of(row): row for row in found}
        self.names = tuple(first.values)

    def _identity_of(self, row: models.Model) -> tuple:
        return tuple(_stored(self.model, name, getattr(row, self._column(name))) for name in self.identity)

    def _column(self, name: str) -> str:
        return self.model._meta.get_field(name).attname

    def find(self, row: Wanted) -> models.Model | None:
        return self.rows.get(tuple(_stored(self.model, name, value) for name, value in row.identity.items()))

    def _wanted(self, row: Wanted) -> dict[str, Any]:
        plain = {name: _stored(self.model, name, value) for name, value in row.values.items()}
        return plain | {name: sorted(other.pk for other in others) for name, others in row.many.items()}

    def _standing(self, row: models.Model) -> dict[str, Any]:
        plain = {name: _stored(self.model, name, getattr(row, self._column(name))) for name in self.names}
        return plain | {name: sorted(other.pk for other in getattr(row, name).all()) for name in self.many}

    def hash_wanted(self, row: Wanted) -> str:
        return _hash(self._beyond_default(self._wanted(row)))

    def hashes_of(self, row: models.Model) -> set[str]:
        """The row's hash; and with every field, as it was remembered before defaults were left out."""
        standing = self._standing(row)
        return {_hash(self._beyond_default(standing)), _hash(standing)}

    def _beyond_default(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in values.items() if _plain(value) != self._defaults[name]}

    @cached_property
    def _defaults(self) -> dict[str, str]:
        fields = {name: self.model._meta.get_field(name) for name in self.names}
        return {name: _plain(field.get_prep_value(field.get_default())) for name, field in fields.items()} | {
            name: _plain([]) for name in self.many
        }

    def differing(self, wanted: Wanted, found: models.Model) -> list[tuple[str, str, str]]:
        """(field's Chinese name, what the database says, what the file says) of each field that differs."""
        old, new = self._standing(found), self._wanted(wanted)
        told = []
        for name in (name for name in new if _plain(old[name]) != _plain(new[name])):
            title = str(self.model._meta.get_field(name).verbose_name)
            if name in self.many:
                told.append((title, *(_names(others) for others in (getattr(found, name).all(), wanted.many[name]))))
            else:
                told.append((title, _shown(getattr(found, name)), _shown(wanted.values[name])))
        return told

    def update(self, stale: Sequence[tuple[Wanted, models.Model]]) -> None:
        for wanted, found in stale:
            for name, value in wanted.values.items():
                setattr(found, name, value)
        if stale:
            self.model._default_manager.bulk_update([found for _, found in stale], list(self.names))
        self._relate([(found, wanted) for wanted, found in stale])

    def create(self, fresh: Sequence[Wanted]) -> dict[str, models.Model]:
        made = self.model._default_manager.bulk_create(
            [self.model(**row.identity, **row.values, **row.start) for row in fresh]
        )
        self._relate(list(zip(made, fresh, strict=True)))
        return {row.key: found for row, found in zip(fresh, made, strict=True)}

    def _relate(self, pairs: Sequence[tuple[models.Model, Wanted]]) -> None:
        for name in self.many:
            relation = self.model._meta.get_field(name)
            through, mine, theirs = (
                relation.remote_field.through,
                relation.m2m_column_name(),
                relation.m2m_reverse_name(),
            )
            through._default_manager.filter(**{f"{mine}__in": [found.pk for found, _ in pairs]}).delete()
            through._default_manager.bulk_create(
                [through(**{mine: found.pk, theirs: other.pk}) for found, row in pairs for other in row.many[name]]
            )


def _stored(model: type[models.Model], name: str, value: Any) -> Any:
    """A value as the database keeps it: a key for a row, ten-thousandths for a number."""
    if isinstance(value, models.Model):
        return value.pk
    return model._meta.get_field(name).get_prep_value(value)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _hash(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(_plain(values).encode()).hexdigest()


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def _names(rows: Iterable[models.Model]) -> str:
    return "、".join(sorted(str(row) for row in rows))
