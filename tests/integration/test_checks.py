"""The installation's own system checks: they read the real database and files, and name what is wrong."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from bureau import checks

pytestmark = pytest.mark.django_db
only_sqlite = pytest.mark.skipif("sqlite" not in connection.vendor, reason="pragmas are SQLite's")


def ids(found) -> list[str]:
    return [message.id for message in found]


def test_a_database_set_up_by_the_settings_passes():
    assert checks.sqlite_pragmas(None, databases=["default"]) == []


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_database_that_could_lose_a_save_is_named():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        found = checks.sqlite_pragmas(None, databases=["default"])
    finally:
        connection.close()
    assert [message.msg for message in found] == ["SQLite: synchronous is 0, not 2."]


def test_a_superuser_is_named():
    assert checks.accounts(None, databases=["default"]) == []
    get_user_model().objects.create_superuser("root", password="irrelevant here")
    assert ids(checks.accounts(None, databases=["default"])) == ["bureau.E003"]


@pytest.mark.parametrize(("production", "expected"), [(True, ["bureau.E004"]), (False, [])])
def test_a_demonstration_account_is_an_error_in_production_only(settings, production, expected):
    settings.PRODUCTION = production
    get_user_model().objects.create_user("clerk", password="irrelevant here", is_demonstration=True)
    assert ids(checks.accounts(None, databases=["default"])) == expected


def test_a_key_that_others_can_read_is_named(settings, tmp_path):
    settings.KEY_FOLDER = tmp_path
    key = tmp_path / "audit_key"
    key.write_text("key")
    key.chmod(0o600)
    assert checks.key_files(None) == []
    key.chmod(0o640)
    assert [message.msg for message in checks.key_files(None)] == ["audit_key can be read by others."]
