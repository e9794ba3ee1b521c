"""The database itself refuses to change or delete what is on record, by the ORM as by plain SQL."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from bureau import audit, checks
from bureau.models import AuditEvent, AuditHead
from bureau.trail import guards
from indicators.models import Revision
from tests.integration.factories import EAST, START, approved

pytestmark = pytest.mark.django_db
JOBS = {(EAST, "D01"): 12, (EAST, "D02"): 2}
TABLES = ["bureau_auditevent", "indicators_revision", "bureau_audithead"]


def refused(statement: str) -> bool:
    """Does the database refuse the statement, naming the rule?"""
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return True


@pytest.fixture
def recorded(tiny):
    return approved(tiny, "town", EAST, START, JOBS)


@pytest.mark.parametrize("table", TABLES[:2])
def test_rows_are_neither_changed_nor_deleted(recorded, table):
    assert refused(f"UPDATE {table} SET at = at")
    assert refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("model", [AuditEvent, Revision])
def test_the_program_cannot_either(recorded, model):
    row, rows = model.objects.first(), model.objects
    for act in (row.save, lambda: rows.update(at=row.at), lambda: rows.bulk_update([row], ["at"])):
        with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
            act()
    for act in (row.delete, rows.all().delete):  # of records with revisions Django itself says no first
        with pytest.raises(IntegrityError, match=r"only ever added|protected"), transaction.atomic():
            act()


def test_the_head_only_grows(recorded):
    last = AuditHead.objects.get().sequence
    assert refused(f"UPDATE bureau_audithead SET sequence = {last - 1}")
    assert refused("UPDATE bureau_audithead SET code = 'x'")
    assert refused("DELETE FROM bureau_audithead")
    with transaction.atomic():
        audit.record("derived.rebuild", by=None)
    assert AuditHead.objects.get().sequence == last + 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="INSERT OR REPLACE is SQLite's")
@pytest.mark.parametrize("table", TABLES)
def test_a_row_is_not_replaced_by_another(recorded, table):
    """A replacing insert deletes without a word to the triggers of deletion."""
    assert refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE and no replication role")
@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_not_emptied_nor_changed_as_a_replica(recorded, table):
    connection.check_constraints()  # what is pending would stop it too
    assert refused(f"TRUNCATE {table} CASCADE")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        assert refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("guard", guards.known(), ids=lambda guard: guard.table)
def test_a_missing_trigger_fails_the_check(guard):
    assert checks.audit_guards(None, databases=["default"]) == []
    for name in guard.names(connection.vendor):
        with transaction.atomic():
            on = "" if connection.vendor == "sqlite" else f" ON {guard.table}"
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TRIGGER {name}{on}")
            (found,) = checks.audit_guards(None, databases=["default"])
            assert found.id == "bureau.E006"
            assert name in found.msg
            transaction.set_rollback(True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite cannot disable a trigger")
def test_a_trigger_that_is_switched_off_counts_as_missing():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bureau_auditevent DISABLE TRIGGER bureau_auditevent_no_delete")
    assert guards.missing(connection) == ["bureau_auditevent_no_delete"]


def test_retention_below_the_law_is_refused(settings, capsys):
    settings.AUDIT_KEEP_DAYS = 30
    assert [found.id for found in checks.audit_retention(None)] == ["bureau.E007"]
    settings.AUDIT_KEEP_DAYS = 190
    assert checks.audit_retention(None) == []
    call_command("audit", "retention")
    assert "nothing is ever deleted" in capsys.readouterr().out
