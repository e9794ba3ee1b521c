"""What was sent and not confirmed: it passes with a hand-over, and is thrown away after a while, told in the trail."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from bureau import clock, files
from bureau.models import AuditEvent, Grant, User
from indicators import handover
from indicators.entry import importing, uploads, workflow
from indicators.entry.longform import write_long
from indicators.models import Entry, Import, Upload
from tests.integration.factories import E1, EAST, START, WEST, person

pytestmark = pytest.mark.django_db


def sent(by: User, *rows: tuple, name: str = "长表.csv") -> Import:
    return importing.read(write_long(rows), name, by=by)


JOBS = (EAST, "D01", "", "2015-01", "12")
VILLAGE = (E1, "D22", "", "2015-01", "3")


def test_an_unconfirmed_import_passes_to_who_may_fill_all_of_it(tiny):
    one = sent(tiny.clerk, JOBS, VILLAGE)
    confirmed, refused = sent(tiny.clerk, JOBS, name="已办.csv"), sent(tiny.clerk, (WEST, "D01", "", "2015-01", "1"))
    importing.confirm(confirmed, by=tiny.clerk)
    assert handover.imports_of(tiny.clerk) == ["长表.csv"]
    helper = person("helper", (Grant.Role.VILLAGE_ASSISTANT, tiny.areas[E1]))
    assert handover.pass_imports(tiny.clerk, helper) == 0, "he may fill only some of its cells"
    assert handover.pass_imports(tiny.clerk, tiny.colleague) == 1
    assert [Import.objects.get(pk=each.pk).by for each in (one, confirmed, refused)] == [
        tiny.colleague, tiny.clerk, tiny.clerk,
    ]  # fmt: skip


def test_passed_on_it_is_confirmed_in_the_name_of_who_took_over(tiny):
    one = sent(tiny.clerk, VILLAGE)
    handover.pass_imports(tiny.clerk, tiny.colleague)
    with pytest.raises(workflow.Refused):
        importing.confirm(one, by=tiny.clerk)
    importing.confirm(one, by=tiny.colleague)
    assert Entry.objects.get().by == tiny.colleague


def run(*options: str) -> str:
    out = StringIO()
    call_command("clearimports", *options, stdout=out)
    return out.getvalue().strip()


def test_old_previews_and_refusals_go_with_their_files_and_what_was_confirmed_stays(tiny):
    preview, refused = sent(tiny.clerk, JOBS), sent(tiny.clerk, (WEST, "D01", "", "2015-01", "1"), name="错.csv")
    confirmed = sent(tiny.clerk, VILLAGE, name="已办.csv")
    importing.confirm(confirmed, by=tiny.clerk)
    submission = workflow.submission_for(tiny.forms["town"], tiny.areas[EAST], START)
    upload = uploads.read(submission, b"no workbook", "坏.xlsx", by=tiny.clerk)
    old = clock.now() - timedelta(days=31)
    for kept in (preview, refused, confirmed, upload):
        type(kept).objects.filter(pk=kept.pk).update(at=old)
    fresh = sent(tiny.clerk, JOBS, name="今天.csv")  # the same content as the old preview
    assert run() == "清理 3 个文件"
    assert set(Import.objects.all()) == {confirmed, fresh}
    assert not Upload.objects.exists()
    assert Entry.objects.count() == 1
    event = AuditEvent.objects.get(act="imports.discard")
    assert (event.by, event.detail["uploads"], event.detail["imports"], event.detail["days"]) == (None, 1, 2, 30)
    assert [one["name"] for one in event.detail["files"]] == ["长表.csv", "错.csv", "坏.xlsx"]


def test_a_content_that_somebody_still_keeps_stays_on_disk(tiny, django_capture_on_commit_callbacks):
    preview, refused = sent(tiny.clerk, JOBS), sent(tiny.clerk, (WEST, "D01", "", "2015-01", "1"))
    Import.objects.update(at=clock.now() - timedelta(days=31))
    gone = files.path_of(refused.file.sha256)
    fresh = sent(tiny.clerk, JOBS)
    with django_capture_on_commit_callbacks(execute=True):
        run()
    assert files.content_of(fresh.file) == write_long([JOBS])
    assert (gone.exists(), preview.file.sha256 == fresh.file.sha256) == (False, True)


def test_nothing_old_leaves_no_record(tiny):
    sent(tiny.clerk, JOBS)
    assert run("--days", "7") == "清理 0 个文件"
    assert Import.objects.count() == 1
    assert not AuditEvent.objects.filter(act="imports.discard").exists()
