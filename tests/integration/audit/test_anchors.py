"""Anchors lie outside the database, are only added, once a day by themselves; the command line tells what it finds."""

from __future__ import annotations

import os
import stat
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from bureau import audit, clock
from bureau.models import AuditEvent, AuditHead
from bureau.trail import anchors, service
from bureau.trail.verify import verify
from tests.integration.audit.conftest import LENGTH

pytestmark = pytest.mark.django_db


def test_an_anchor_is_a_line_its_owner_alone_reads(trail, anchor_file, capsys):
    call_command("audit", "anchor")
    (line,) = anchor_file.read_text().splitlines()
    head = AuditHead.objects.get()
    assert line.split()[1:] == [str(LENGTH), head.code]
    assert capsys.readouterr().out.strip() == line
    assert stat.S_IMODE(anchor_file.stat().st_mode) == 0o600


def test_the_same_head_is_not_anchored_twice(trail, anchor_file):
    assert anchors.keep() is not None
    assert anchors.keep() is None
    assert len(anchors.kept()[0]) == 1


def test_the_first_act_of_a_day_leaves_an_anchor_once_committed(trail, anchor_file, django_capture_on_commit_callbacks):
    def act() -> None:
        connection.run_on_commit.clear()  # of acts before, which this test's transaction never commits
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            audit.record("derived.rebuild", by=None)
            audit.record("derived.rebuild", by=None)

    act()
    assert [one.sequence for one in anchors.kept()[0]] == [LENGTH + 2]
    act()  # the same day
    assert len(anchors.kept()[0]) == 1
    yesterday = (clock.now() - timedelta(days=1)).timestamp()
    os.utime(anchor_file, (yesterday, yesterday))
    act()
    assert [one.sequence for one in anchors.kept()[0]] == [LENGTH + 2, LENGTH + 6]


def test_an_anchor_that_cannot_be_kept_stops_no_work(
    trail, anchor_file, settings, tmp_path, django_capture_on_commit_callbacks
):
    (tmp_path / "file").write_text("")
    settings.AUDIT_ANCHOR_FILE = tmp_path / "file" / "audit-anchors.txt"
    connection.run_on_commit.clear()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        audit.record("derived.rebuild", by=None)
    assert AuditEvent.objects.count() == LENGTH + 1
    assert not anchors.due()  # not tried again with every act


def test_verify_says_it_holds(trail, anchor_file, capsys):
    call_command("audit", "anchor")
    capsys.readouterr()
    call_command("audit", "verify")
    told = capsys.readouterr().out
    assert f"完好：{LENGTH} 条记录逐条相符，1 个锚点相符" in told
    assert f"#{LENGTH} {AuditHead.objects.get().code}" in told


def test_verify_fails_and_names_the_number_when_the_tail_was_cut(trail, unguarded, anchor_file, capsys):
    call_command("audit", "anchor")
    AuditEvent.objects.filter(sequence__gt=100).delete()
    AuditHead.objects.update(sequence=100, code=AuditEvent.objects.get(sequence=100).code)
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify")
    assert ended.value.code == 1
    told = capsys.readouterr()
    assert "不完好：从第 101 条起对不上" in told.out
    assert "第 101 条：与保存在数据库之外的锚点不符" in told.err


def test_a_spoilt_anchor_file_is_said(trail, anchor_file):
    anchors.keep()
    with anchor_file.open("a") as file:
        file.write("2026-01-01 is no anchor\n")
    found = verify()
    assert (found.broken, found.spoilt_lines, found.holds) == (None, [2], False)


def test_the_service_puts_its_start_and_stop_on_record(trail, anchor_file):
    service.started("127.0.0.1:8000")
    service.started("127.0.0.1:8000")  # it crashed in between
    service.stopped("127.0.0.1:8000")
    service.started("127.0.0.1:8000")
    told = AuditEvent.objects.filter(sequence__gt=LENGTH).values_list("act", "object", "detail")
    start, stop = "service.start", "service.stop"
    here = "127.0.0.1:8000"
    assert list(told.order_by("sequence")) == [
        (start, here, {}), (start, here, {"unclean": True}), (stop, here, {}), (start, here, {}),
    ]  # fmt: skip
    assert [one.sequence for one in anchors.kept()[0]] == [LENGTH + 1, LENGTH + 2, LENGTH + 4]
