"""For all tests: the database in a file as in real use, kept files in a folder of their own, repeatable data."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import HealthCheck
from hypothesis import settings as generation

from tests import migrated

generation.register_profile(
    "ci", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
generation.load_profile("ci")


@pytest.fixture(scope="session")
def migrated_database(pytestconfig: pytest.Config) -> Path:
    """An SQLite database with every table, to be copied."""
    return migrated.database(pytestconfig.cache.mkdir("migrated"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """SQLite in a file: in memory there is no write-ahead log, and all threads would share one connection."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        shutil.copyfile(request.getfixturevalue("migrated_database"), path)
        connection.settings_dict["TEST"]["NAME"] = str(path)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """The copy is taken as it is; it goes with pytest's folders."""
    return django_db_keepdb or connections["default"].vendor == "sqlite"


@pytest.fixture(scope="session", autouse=True)
def flush_lifts_guards() -> Iterator[None]:
    """Tests that commit empty all tables afterwards; the guards of the audit trail would refuse, and rightly.

    Around that one act their triggers are taken away and put back, as the way back of their migration does it.
    """
    from bureau.trail import guards

    flush = BaseDatabaseOperations.execute_sql_flush

    def lifted(self: BaseDatabaseOperations, statements: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias):
            for guard in guards.known():
                guards.remove(self.connection, guard)
            flush(self, statements)
            for guard in guards.known():
                guards.install(self.connection, guard)

    BaseDatabaseOperations.execute_sql_flush = lifted
    yield
    BaseDatabaseOperations.execute_sql_flush = flush


@pytest.fixture(autouse=True)
def files_root(settings, tmp_path: Path) -> Path:
    """Where kept files go during one test, and the anchors of its audit trail."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.AUDIT_ANCHOR_FILE = tmp_path / "audit-anchors.txt"
    return settings.FILES_ROOT
