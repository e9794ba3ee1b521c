"""Set-based writing with plain tuples: insert-or-update and delete by key in as few statements as the database allows.

PostgreSQL: COPY, for an upsert of more than a sheet through a temporary table and one INSERT … ON CONFLICT.
SQLite: executemany … ON CONFLICT.
Values are what the database stores (ten-thousandths as int); nothing here knows figures.
"""

from __future__ import annotations

import gc
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice, repeat
from typing import Any

from django.db import connection, models

A_SHEET = 1_000  # rows that one statement takes sooner than a temporary table is made
_PIECE = 5_000


@contextmanager
def at_a_stretch() -> Iterator[None]:
    """No looking for garbage while hundreds of thousands of plain values are made that all live on.

    Also a decorator. Reference counts free them as ever; the collector would walk over all of them again and again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _columns(model: type[models.Model], fields: Sequence[str]) -> list[str]:
    return [connection.ops.quote_name(model._meta.get_field(name).column) for name in fields]


def upsert(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence], *, key: Sequence[str]) -> None:
    """Write `rows` (in the order of `fields`), replacing those of the same `key`; unchanged ones are not rewritten."""
    if not rows:
        return
    table, columns, keys = (
        connection.ops.quote_name(model._meta.db_table),
        _columns(model, fields),
        _columns(model, key),
    )
    rest = [column for column in columns if column not in keys]
    conflict = f"ON CONFLICT ({', '.join(keys)}) "
    if rest:
        sets = ", ".join(f"{c} = excluded.{c}" for c in rest)
        changed = (
            f"({', '.join(f'{table}.{c}' for c in rest)}) IS DISTINCT FROM ({', '.join(f'excluded.{c}' for c in rest)})"
        )
        if connection.vendor == "sqlite":
            changed = " OR ".join(f"{table}.{c} IS NOT excluded.{c}" for c in rest)
        conflict += f"DO UPDATE SET {sets} WHERE {changed}"
    else:
        conflict += "DO NOTHING"
    names = ", ".join(columns)
    if connection.vendor == "sqlite":
        marks = ", ".join(["%s"] * len(columns))
        _many(f"INSERT INTO {table} ({names}) VALUES ({marks}) {conflict}", rows)
        return
    with connection.cursor() as cursor:
        if len(rows) <= A_SHEET:
            mark = f"({', '.join(['%s'] * len(columns))})"
            marks = ", ".join([mark] * len(rows))
            cursor.execute(f"INSERT INTO {table} ({names}) VALUES {marks} {conflict}", list(chain(*rows)))
            return
        cursor.execute("DROP TABLE IF EXISTS bulk_stage")
        cursor.execute(f"CREATE TEMPORARY TABLE bulk_stage ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")
        _copy(cursor, "bulk_stage", columns, rows)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM bulk_stage {conflict}")
        cursor.execute("DROP TABLE bulk_stage")


def insert(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence]) -> None:
    """Add `rows` (in the order of `fields`)."""
    if not rows:
        return
    table, columns = connection.ops.quote_name(model._meta.db_table), _columns(model, fields)
    if connection.vendor == "sqlite":
        marks = ", ".join(["%s"] * len(columns))
        _many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        return
    with connection.cursor() as cursor:
        _copy(cursor, model._meta.db_table, columns, rows)


def delete(model: type[models.Model], key: Sequence[str], rows: Sequence[Sequence]) -> None:
    """Delete the rows with these keys (never `pk__in`: see docs/adr/0002)."""
    if not rows:
        return
    table, keys = connection.ops.quote_name(model._meta.db_table), _columns(model, key)
    if connection.vendor == "sqlite":
        _many(f"DELETE FROM {table} WHERE {' AND '.join(f'{k} = %s' for k in keys)}", rows)
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bulk_stage")
        cursor.execute(
            f"CREATE TEMPORARY TABLE bulk_stage ON COMMIT DROP AS SELECT {', '.join(keys)} FROM {table} WITH NO DATA"
        )
        _copy(cursor, "bulk_stage", keys, rows)
        joined = " AND ".join(f"{table}.{k} = bulk_stage.{k}" for k in keys)
        cursor.execute(f"DELETE FROM {table} USING bulk_stage WHERE {joined}")
        cursor.execute("DROP TABLE bulk_stage")


def _many(statement: str, rows: Iterable[Sequence]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _text(cell) -> str:
    if cell is None:
        return "\\N"
    if cell is True or cell is False:
        return "t" if cell else "f"
    return str(cell).translate(_ESCAPES) if isinstance(cell, str) else str(cell)


def _copy(cursor, table: str, columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    lines = "\n".join(map("\t".join, by_columns(rows, _text)))
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.StringIO(lines + "\n"))


def by_columns(rows: Iterable[Sequence], text: Callable[[Any], str]) -> Iterator[tuple[str, ...]]:
    """Each row, all of one length, as the texts of its cells; made column by column, which is several times faster."""
    left = iter(rows)
    while piece := list(islice(left, _PIECE)):
        yield from zip(*(_texts(column, text) for column in zip(*piece, strict=True)), strict=True)


def _texts(column: Sequence, text: Callable[[Any], str]) -> Iterable[str]:
    """`text` of every cell, in one stroke where all are whole numbers or all are the same."""
    kinds = set(map(type, column))
    if kinds == {int}:
        return map(str, column)
    if len(kinds) == 1 and len(set(column)) == 1:
        return repeat(text(column[0]), len(column))
    return map(text, column)


def stamp(moment):
    """`moment` as the database driver wants it in these plain rows."""
    return connection.ops.adapt_datetimefield_value(moment)
