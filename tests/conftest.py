"""For all tests: the database in a file as in real use, kept files in a folder of their own, repeatable data."""

from pathlib import Path

import pytest
from django.db import connections
from hypothesis import HealthCheck
from hypothesis import settings as generation

generation.register_profile(
    "ci", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
generation.load_profile("ci")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file: in memory there is no write-ahead log, and all threads would share one connection."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def files_root(settings, tmp_path: Path) -> Path:
    """Where kept files go during one test."""
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT
