"""The settings of an installation: strict without being told, and clear about what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from bureau.checks import is_mended
from haiyan_pilot import databases, keys

ROOT = Path(__file__).resolve().parents[2]
KEY = "k3y-" * 20


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` in a process of its own, with nothing of this one's settings."""
    clean = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "haiyan_pilot.settings"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def production(tmp_path) -> dict[str, str]:
    return {
        "ENVIRONMENT": "production",
        "SECRET_KEY": "a2F5LXdpdGgtbWFueS1kaWZmZXJlbnQtY2hhcmFjdGVycy0xMjM0NTY3ODkw",
        "AUDIT_KEY": KEY,
        "ALLOWED_HOSTS": "pilot.example",
        "DATABASE_URL": f"sqlite:///{tmp_path}/pilot.sqlite3",
    }


def test_djangos_deployment_checks_find_nothing_in_production(production):
    done = manage("check", "--deploy", "--fail-level", "WARNING", **production)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_the_databases_own_checks_find_no_error(production):
    done = manage("check", "--database", "default", "--fail-level", "ERROR", **production)
    assert done.returncode == 0, done.stderr


def test_the_audit_key_is_not_guessed(production):
    done = manage("check", **production | {"AUDIT_KEY": "too short"})
    assert done.returncode != 0
    assert "AUDIT_KEY holds fewer than 50 characters" in done.stderr


def test_production_does_not_serve_before_its_tables_exist(production):
    done = manage("serve", **production)
    assert done.returncode != 0
    assert "manage.py prepare" in done.stderr


def test_an_unknown_environment_is_refused(production):
    done = manage("check", **production | {"ENVIRONMENT": "prod"})
    assert "development or production, not 'prod'" in done.stderr


def test_debug_pages_never_show_in_production(production):
    done = manage(
        "shell", "-c", "from django.conf import settings; print(settings.DEBUG)", **production | {"DEBUG": "on"}
    )
    assert done.stdout.strip().endswith("False")


def test_keys_are_made_once_for_their_owner_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    made = keys.make_missing(tmp_path / "secrets")
    assert [path.name for path in made] == ["secret_key", "audit_key"]
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}
    first = keys.read_key("SECRET_KEY", tmp_path / "secrets")
    assert len(first) >= 50
    assert keys.make_missing(tmp_path / "secrets") == []
    assert keys.read_key("SECRET_KEY", tmp_path / "secrets") == first


def test_a_missing_key_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("AUDIT_KEY")
    with pytest.raises(ImproperlyConfigured, match=r"python -m haiyan_pilot\.keys"):
        keys.read_key("AUDIT_KEY", tmp_path)


def test_sqlite_keeps_what_was_saved(tmp_path):
    config = databases.database(f"sqlite:///{tmp_path}/a.sqlite3", production=True, statement_seconds=30)
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "PRAGMA synchronous=FULL" in config["OPTIONS"]["init_command"]
    assert config["ATOMIC_REQUESTS"] is False


@pytest.mark.parametrize(
    ("url", "production", "sslmode"),
    [
        ("postgres://u:p@db.example/pilot", True, "verify-full"),
        ("postgres://u:p@db.example/pilot?sslmode=require", True, "require"),
        ("postgres://u:p@db.example/pilot", False, None),
        ("postgres://u:p@127.0.0.1/pilot", True, None),
        ("postgres://u:p@/pilot?host=/run/postgresql", True, None),
    ],
)
def test_a_remote_postgresql_must_prove_who_it_is(url, production, sslmode):
    options = databases.database(url, production=production, statement_seconds=30)["OPTIONS"]
    assert options.get("sslmode") == sslmode
    assert "statement_timeout=30000" in options["options"]
    assert "lock_timeout=5000" in options["options"]


@pytest.mark.parametrize(
    ("version", "mended"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 49, 2), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
    ],
)
def test_sqlite_versions_with_the_log_race_are_known(version, mended):
    assert is_mended(version) is mended


def test_production_does_not_serve_while_a_demonstration_account_exists(production, migrated_database, tmp_path):
    shutil.copyfile(migrated_database, tmp_path / "pilot.sqlite3")
    assert manage("migrate", "--check", **production).returncode == 0
    account = "from bureau.models import User; User.objects.create_user('clerk', is_demonstration=True)"
    assert manage("shell", "-c", account, **production).returncode == 0
    done = manage("serve", **production)
    assert done.returncode != 0
    assert "demonstration account" in done.stderr
