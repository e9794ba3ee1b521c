"""Counties that many tests begin with: each is built once, later tests get its tables and its objects copied."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable
from types import SimpleNamespace

from django.conf import settings
from django.db import connection


class Worlds:
    """`worlds(a_county)` is what `a_county()` makes in an empty database, however often it is asked for."""

    def __init__(self) -> None:
        self._kept: dict[Callable[[], SimpleNamespace], _Kept] = {}

    def __call__(self, build: Callable[[], SimpleNamespace]) -> SimpleNamespace:
        if connection.vendor != "sqlite":
            return build()
        if build in self._kept:
            return self._kept[build].again()
        world = build()
        self._kept[build] = _Kept(world)
        return world


class _Kept:
    def __init__(self, world: SimpleNamespace) -> None:
        self._world = copy.deepcopy(world)
        self._anchors = settings.AUDIT_ANCHOR_FILE.read_bytes() if settings.AUDIT_ANCHOR_FILE.exists() else b""
        self._tables = sqlite3.connect(":memory:")
        connection.connection.backup(self._tables)
        assert not settings.FILES_ROOT.exists()  # files are not copied

    def again(self) -> SimpleNamespace:
        connection.ensure_connection()
        self._tables.backup(connection.connection)
        if self._anchors:
            settings.AUDIT_ANCHOR_FILE.write_bytes(self._anchors)
        return copy.deepcopy(self._world)
