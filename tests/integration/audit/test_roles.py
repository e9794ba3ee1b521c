"""deploy/postgresql-roles.sql: the program's own database role can do its work, and nothing to what is on record."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from bureau import audit
from bureau.models import AuditEvent
from indicators.entry import workflow
from tests.integration.factories import EAST, START, approved

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles"),
]
ROLES = settings.BASE_DIR / "deploy" / "postgresql-roles.sql"
KEPT = ("bureau_auditevent", "indicators_revision")


def run(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def roles(tiny) -> Iterator:
    """The roles made in the test's transaction, with something on record; gone with it."""
    submission = approved(tiny, "town", EAST, START, {(EAST, "D01"): 12})
    connection.check_constraints()  # a table with checks still pending is not handed over
    run(ROLES.read_text(encoding="utf-8"))
    yield submission
    run("RESET ROLE")


def denied(statement: str) -> bool:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        run(statement)
    return True


@pytest.mark.parametrize("table", KEPT)
def test_the_program_cannot_touch_what_is_on_record(roles, table):
    run("SET LOCAL ROLE haiyan_app")
    assert denied(f"UPDATE {table} SET at = now()")
    assert denied(f"DELETE FROM {table}")
    assert denied(f"TRUNCATE {table} CASCADE")
    assert denied(f"DROP TABLE {table} CASCADE")
    assert denied(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    assert denied(f"DROP TRIGGER {table}_no_delete ON {table}")
    assert denied(f"ALTER TABLE {table} OWNER TO haiyan_app")
    assert denied("CREATE OR REPLACE FUNCTION bureau_only_added() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'")
    assert denied("SET session_replication_role = replica")
    assert denied("DELETE FROM bureau_audithead")


def test_the_program_can_do_its_work(roles, tiny):
    run("SET LOCAL ROLE haiyan_app")
    workflow.correct(roles, by=tiny.clerk, reason="重复计了两人")
    workflow.take_back(roles, by=tiny.reviewer, reason="报的是上月的数")
    with transaction.atomic():
        audit.record("derived.rebuild", by=None)
    assert AuditEvent.objects.count() == 7
    assert audit.first_broken() is None


def test_the_auditors_role_reads_the_trail_and_nothing_else(roles):
    run("SET LOCAL ROLE haiyan_auditor")
    assert run("SELECT count(*) FROM bureau_auditevent") == [(3,)]
    assert run("SELECT count(*) FROM indicators_revision") == [(1,)]
    assert ("clerk",) in run("SELECT username FROM bureau_user")
    assert denied("SELECT password FROM bureau_user")
    assert denied("SELECT * FROM indicators_entry")
    assert denied("INSERT INTO bureau_audithead VALUES (1, 1, '')")


def test_the_backups_role_reads_all_and_writes_nothing(roles):
    run("SET LOCAL ROLE haiyan_backup")
    assert run("SELECT count(*) FROM indicators_entry") == [(1,)]
    assert denied("DELETE FROM indicators_entry")
    assert denied("CREATE TABLE taken (id int)")


def test_it_can_be_run_again_after_a_migration(roles):
    run(ROLES.read_text(encoding="utf-8"))
    run("SET LOCAL ROLE haiyan_app")
    assert denied("DELETE FROM bureau_auditevent")
