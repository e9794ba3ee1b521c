"""The canonical dump: every row of every table as text, in order, so that two states can be compared."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

# What reading is meant to leave behind: the session's stamp, and the record of a refusal, a download or an export.
OF_READING = {"sessions.Session", "bureau.AuditEvent", "bureau.AuditHead"}

Dump = dict[str, dict[tuple, tuple]]


def dump(without: set[str] = frozenset()) -> Dump:
    """Table → primary key → the row's columns; `without` leaves out models by label."""
    found: Dump = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label in without or not model._meta.managed or model._meta.proxy:
            continue
        columns = [field.column for field in model._meta.concrete_fields if field.name != "pk"]
        quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(model._meta.db_table)}")
            rows = cursor.fetchall()
        found[model._meta.label] = {_key(model, columns, row): tuple(map(str, row)) for row in rows}
    return found


def _key(model, columns: list[str], row: tuple) -> tuple:
    names = [field.column for field in getattr(model._meta, "pk_fields", [model._meta.pk])]
    return tuple(str(row[columns.index(name)]) for name in names)


def changes(before: Dump, after: Dump) -> dict[str, list[str]]:
    """What differs, by table: '+ key', '- key' or '~ key column'."""
    found: dict[str, list[str]] = {}
    for label in before.keys() | after.keys():
        old, new = before.get(label, {}), after.get(label, {})
        told = [f"+ {key}" for key in new.keys() - old.keys()] + [f"- {key}" for key in old.keys() - new.keys()]
        told += [f"~ {key}" for key in old.keys() & new.keys() if old[key] != new[key]]
        if told:
            found[label] = sorted(told)
    return found
