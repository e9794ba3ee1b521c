"""No change without its record, no record without its change, one a change; and each record says all it must."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction

from bureau import audit
from bureau.models import AuditEvent
from bureau.trail import acts, hooks, shown
from bureau.trail.verify import verify
from tests.integration.audit.ways import WAYS, WHY, world
from tests.reliability import scale

pytestmark = pytest.mark.django_db
# Acts that take something away or undo it carry a reason.
REASONED = {
    "submission.return", "submission.adjust", "submission.correct", "submission.take_back",
    "submission.take_back.figures", "work.reopen", "progress.return",
    "progress.take_back", "deliverable.take_back", "account.disable", "grant.propose",
    "grant.refuse", "grant.end", "handover.refuse", "reopening.ask", "reopening.grant", "reopening.refuse",
    "workdays.replace",
}  # fmt: skip
BY_THE_SYSTEM = {
    "derived.rebuild", "service.start", "service.stop", "handover.done", "demonstration.remove", "imports.discard",
}  # fmt: skip


def everything() -> dict[str, list[str]]:
    """Every row of every table, as text."""
    return {
        model._meta.label: sorted(
            repr(row)
            for row in model._base_manager.values_list(*(f.attname for f in model._meta.concrete_fields if f.column))
        )
        for model in apps.get_models(include_auto_created=True)
    }


@pytest.mark.parametrize("name", WAYS)
def test_an_act_and_its_record_stand_or_fall_together(tiny, anchor_file, name, monkeypatch):
    way, at = WAYS[name], world(tiny)
    ready = way.prepare(at)
    before = everything()
    with monkeypatch.context() as broken:
        broken.setattr(AuditEvent, "save", cannot_be_written)
        broken.setattr(AuditEvent.objects, "bulk_create", cannot_be_written)
        with pytest.raises(RuntimeError, match="audit trail"), transaction.atomic():
            way.act(at, ready)
    after = everything()
    amiss = [table for table in before if before[table] != after[table]]
    scale.result("F1", "ways of writing that changed something without a record", 1, len(amiss))
    assert amiss == []
    last = AuditEvent.objects.count()
    with audit.coming_from("10.1.2.3"):
        way.act(at, ready)
    events = list(AuditEvent.objects.filter(sequence__gt=last).order_by("sequence"))
    assert len(events) == way.records
    for event in events:
        says_all_it_must(event)
    assert verify().holds


def cannot_be_written(*args, **options) -> None:
    raise RuntimeError("the audit trail cannot be written")


def says_all_it_must(event: AuditEvent) -> None:
    """Name and kind of the act, when with its zone, who, from where, on what, with what success, and why where due."""
    assert acts.label(event.act) != event.act
    assert acts.kind_label(event.act)
    assert event.at.tzinfo is not None
    assert (event.address, event.succeeded) == ("10.1.2.3", True)
    assert event.object or event.act == "derived.rebuild"
    assert (event.by is None) == (event.act in BY_THE_SYSTEM)
    assert (event.reason == WHY) == (event.act in REASONED) or event.act == "month.publish"
    assert {name: value for name, value in event.detail.items() if "password" in name} == {}
    shown.changes(event), shown.facts(event)


CHANGING = {
    "save a sheet": [("101 D01 D01", "12", "9")],
    "adjust": [("101 D01 D01 2015年1月", "12", "11")],
    "approve": [("101 D01 D01 2015年1月", "未填", "12"), ("101 D02 D02 2015年1月", "未填", "2")],
    "take back": [("101 D01 D01 2015年1月", "12", "未填"), ("101 D02 D02 2015年1月", "2", "未填")],
    "name an officer": [("officer", "—", "writer")],
    "edit an account": [("name", "新同事", "陆敏"), ("unit", "东镇", "西镇")],
}


@pytest.mark.parametrize("name", CHANGING)
def test_a_change_of_values_is_told_before_and_after(tiny, name):
    way, at = WAYS[name], world(tiny)
    way.act(at, way.prepare(at))
    told = shown.changes(AuditEvent.objects.latest("sequence"))
    assert [(one.what, one.old, one.new) for one in told] == CHANGING[name]


def test_no_secret_is_in_any_of_them(tiny, anchor_file):
    """Neither a password nor its hash, of all that was done."""
    at = world(tiny)
    for name in ("reset a password", "change one's password", "make an account", "disable an account"):
        given = WAYS[name].act(at, WAYS[name].prepare(at))
        everything_said = repr(list(AuditEvent.objects.values_list()))
        assert not (isinstance(given, str) and given in everything_said)
    hashes = get_user_model().objects.exclude(password="").values_list("password", flat=True)
    assert "Vivid-Otter" not in everything_said
    assert not [one for one in hashes if one in everything_said]


def test_a_plan_that_cannot_be_recorded_is_not_loaded(audit_fails):
    before = everything()
    with pytest.raises(RuntimeError, match="audit trail"), transaction.atomic():
        call_command("loadplan", verbosity=0)
    assert everything() == before


def test_nobody_records_outside_a_transaction(transactional_db):
    with pytest.raises(transaction.TransactionManagementError):
        audit.record("derived.rebuild", by=None)
    assert not AuditEvent.objects.exists()
    assert not connection.in_atomic_block
    assert hooks.broken_rows() == []
