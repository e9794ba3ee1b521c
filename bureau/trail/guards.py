"""Triggers that let rows be added to a table and nothing else, or keep its final rows; migrations install them, a
system check looks for them.

The owner of the database can still drop them: then the chain and its anchors tell (bureau/trail/verify.py).
SQLite drops a table's triggers whenever Django rebuilds the table: a migration that alters one of these tables ends
with `migrations.RunPython(guard(…), unguard(…))` again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

MESSAGE = "rows of {table} are only ever added"
FUNCTION = "bureau_only_added"
FROZEN = "this row of {table} stays as it is"
FROZEN_FUNCTION = "bureau_stays"


@dataclass(frozen=True)
class Guard:
    """How one table is kept: `unique` are its unique keys, `grows` a column that must rise at each update.

    `since` is the migration that first installed it; before that nothing is missed.
    """

    table: str
    since: tuple[str, str]
    unique: tuple[tuple[str, ...], ...] = (("id",),)
    grows: str = ""

    def names(self, vendor: str) -> set[str]:
        """The triggers it consists of."""
        return {
            f"{self.table}_no_{act}" for act in ("update", "delete", "replace" if vendor == "sqlite" else "truncate")
        }


@dataclass(frozen=True)
class Frozen:
    """How rows of a table are kept once they are final: `final` and `lasting` are conditions on OLD, in SQL.

    What is `final` is not changed; what is `lasting` is not deleted either.
    """

    table: str
    since: tuple[str, str]
    final: str
    lasting: str

    def names(self, vendor: str) -> set[str]:
        return {f"{self.table}_stays", f"{self.table}_lasts"}

    def statements(self, vendor: str) -> list[str]:
        table, when = self.table, {"stays": ("UPDATE", self.final), "lasts": ("DELETE", self.lasting)}
        if vendor == "sqlite":
            stop = f"BEGIN SELECT RAISE(ABORT, '{FROZEN.format(table=table)}'); END"
            return [
                f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} WHEN {condition} {stop}"
                for name, (act, condition) in when.items()
            ]
        return [
            f"CREATE OR REPLACE FUNCTION {FROZEN_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{FROZEN.format(table='%')}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
            *[
                f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} FOR EACH ROW WHEN ({condition}) "
                f"EXECUTE FUNCTION {FROZEN_FUNCTION}()"
                for name, (act, condition) in when.items()
            ],
            *[f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}" for name in when],
        ]


AUDIT = (
    Guard("bureau_auditevent", ("bureau", "0003_audit_only_grows"), (("id",), ("sequence",))),
    Guard("bureau_audithead", ("bureau", "0003_audit_only_grows"), grows="sequence"),
)
_known: dict[str, Guard | Frozen] = {guard.table: guard for guard in AUDIT}


def register(guard: Guard | Frozen) -> None:
    """Have the system check look for this guard too (from AppConfig.ready of the floor that owns the table)."""
    _known[guard.table] = guard


def known() -> Sequence[Guard | Frozen]:
    return list(_known.values())


def install(connection: BaseDatabaseWrapper, guard: Guard | Frozen) -> None:
    """Add the triggers of a table."""
    if isinstance(guard, Frozen):
        return _run(connection, guard.statements(connection.vendor))
    _run(connection, _sqlite(guard) if connection.vendor == "sqlite" else _postgresql(guard))


def remove(connection: BaseDatabaseWrapper, guard: Guard | Frozen) -> None:
    """Take them away again: for the way back of a migration."""
    on = "" if connection.vendor == "sqlite" else f" ON {guard.table}"
    _run(connection, [f"DROP TRIGGER IF EXISTS {name}{on}" for name in sorted(guard.names(connection.vendor))])


def guard(*guards: Guard | Frozen) -> Callable:
    """For migrations.RunPython: install these."""

    def forwards(apps, schema_editor) -> None:
        for one in guards:
            remove(schema_editor.connection, one)
            install(schema_editor.connection, one)

    return forwards


def unguard(*guards: Guard | Frozen) -> Callable:
    """For migrations.RunPython: the way back."""

    def backwards(apps, schema_editor) -> None:
        for one in guards:
            remove(schema_editor.connection, one)

    return backwards


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that should be there and are not, or are disabled."""
    done = MigrationRecorder(connection).applied_migrations()
    wanted = {name for one in known() if one.since in done for name in one.names(connection.vendor)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if connection.vendor == "sqlite"
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
        )
        return sorted(wanted - {name for (name,) in cursor.fetchall()})


def _run(connection: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite(guard: Guard) -> list[str]:
    table, stop = guard.table, f"SELECT RAISE(ABORT, '{MESSAGE.format(table=guard.table)}')"
    # INSERT OR REPLACE deletes without firing delete triggers: refuse the insert whose key stands already.
    stands = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{column} = NEW.{column}' for column in key)})"
        for key in guard.unique
    )
    update = f"WHEN NOT (NEW.{guard.grows} > OLD.{guard.grows} AND NEW.id = OLD.id) " if guard.grows else ""
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {update}BEGIN {stop}; END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {stop}; END",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {stands} BEGIN {stop}; END",
    ]


def _postgresql(guard: Guard) -> list[str]:
    table, refuse = guard.table, f"EXECUTE FUNCTION {FUNCTION}()"
    rising = f"WHEN (NOT (NEW.{guard.grows} > OLD.{guard.grows} AND NEW.id = OLD.id)) " if guard.grows else ""
    return [
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{MESSAGE.format(table='%')}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {rising}{refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
        # also where a session calls itself a replica, which switches ordinary triggers off
        *[f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for name in sorted(guard.names("postgresql"))],
    ]
