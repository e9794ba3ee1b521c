"""For the integration tests: the small county made by hand, and the real plan loaded once a module."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from tests.integration import factories


@pytest.fixture
def tiny(db) -> SimpleNamespace:
    """The small county of factories.py."""
    return factories.tiny_county()


@pytest.fixture(scope="module")
def real_plan(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The plan's own files in the database while the module's tests run, gone afterwards.

    Its tests run in savepoints within this transaction, so none of them may be `transaction=True`.
    """
    from tasks.loadplan import load_plan

    with django_db_blocker.unblock():
        with transaction.atomic():
            load_plan()
            yield
            transaction.set_rollback(True)
        connection.close()


@pytest.fixture
def scan_here(monkeypatch) -> None:
    """Workbooks scanned in this process: the child hands over what the scan saw, and costs its start for each file."""
    from indicators.entry import importing, parse
    from indicators.entry.scan import scan

    for module in (importing, parse):
        monkeypatch.setattr(module, "read_workbook", lambda path, *_more: scan(path))


@pytest.fixture
def audit_fails(monkeypatch) -> None:
    """Every audit record fails to be written."""
    from bureau.models import AuditEvent

    def refuse(*args, **options):
        raise RuntimeError("the audit trail cannot be written")

    monkeypatch.setattr(AuditEvent, "save", refuse)
    monkeypatch.setattr(AuditEvent.objects, "bulk_create", refuse)
