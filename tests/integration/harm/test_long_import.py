"""A long form read and written by the task worker: its progress, its end, and a worker killed in the midst of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as current
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from bureau import progress
from indicators import jobs
from indicators.entry import importing, workflow
from indicators.entry.longform import write_long
from indicators.models import Entry, Figure, Import, Submission
from tests.integration.factories import E1, EAST, fill
from tests.integration.factories import START as JANUARY
from tests.integration.harm.test_busy_database import locked
from tests.integration.harm.test_killed import database_url

ROWS = (
    (EAST, "D01", "", "2015-01", "12"),
    (EAST, "D02", "", "2015-01", "2"),
    (E1, "D22", "", "2015-02", "不适用"),
)


@pytest.fixture(autouse=True)
def in_background(settings) -> None:
    """Every file and every preview is a long one, and the worker's queue is the real one."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.IMPORT_AT_ONCE_BYTES = settings.IMPORT_AT_ONCE_CELLS = 0


def work() -> None:
    """The library's worker does what is in the queue."""
    worker = Worker(
        queue_names=["default"], interval=0.1, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id="worker", excluded_queue_names=[],
    )  # fmt: skip
    for waiting in DBTaskResult.objects.ready():
        waiting.claim("worker")
        worker.run_task(waiting)


def send(clerk: Client, rows=ROWS) -> str:
    answer = clerk.post("/import/", {"file": SimpleUploadedFile("长表.csv", write_long(rows))})
    return answer.headers["Location"]


def text(clerk: Client, url: str, **headers: str) -> str:
    return clerk.get(url, headers=headers).content.decode()


@pytest.mark.django_db
def test_from_the_file_to_the_figures(tiny, clerk):
    url = send(clerk)
    waiting = text(clerk, url)
    assert "排队，等前面的文件做完。" in waiting
    assert f'<a class="button" href="{url}">刷新</a>' in waiting, "it works without a script"
    assert f'hx-get="{url}"' in waiting
    assert f'<a href="{url}">长表.csv</a>' in text(clerk, "/import/"), "one may leave and come back"
    work()
    assert clerk.get(url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert clerk.get(url).context["can_confirm"]
    assert "正在写入" in clerk.post(url, follow=True).content.decode()
    assert clerk.post(url).status_code == 302, "sent twice, it is done once"
    assert not Entry.objects.exists()
    work()
    assert "已写入草稿 3 格" in text(clerk, url)
    assert url not in text(clerk, "/import/")
    parts = [importing.part_of(one) for one in Import.objects.get().parts.all()]
    assert importing.hand_in(parts, by=tiny.clerk) == 2
    assert workflow.approve_all(list(Submission.objects.all()), by=tiny.reviewer) == 3
    assert set(Figure.objects.values_list("month", "value")) == {(JANUARY, 12), (JANUARY, 2), (JANUARY + 1, None)}


@pytest.mark.django_db
def test_the_page_tells_how_far_the_worker_is(tiny, clerk):
    url = send(clerk)
    one = Import.objects.get()
    with progress.working(f"import-{one.pk}") as tell:
        tell("rows", 1_000, 3_000)
        told = text(clerk, url, **{"HX-Request": "true"})
        assert "逐行核对区划、填报项和月份：1,000 / 3,000" in told
        assert "<html" not in told, "the page asks for the inner part alone"
        assert jobs.read_import.call(one.pk, "") == "reading", "nobody else does the same meanwhile"
    assert not one.parts.exists()


@pytest.mark.django_db
def test_a_worker_that_never_comes_is_told_after_a_minute(tiny, clerk):
    url = send(clerk)
    Import.objects.update(handed_over_at=Import.objects.get().handed_over_at - timedelta(minutes=2))
    assert "可能没有运行；请联系系统管理员" in text(clerk, url)


@pytest.mark.django_db
def test_a_bad_file_is_refused_as_a_short_one_is(tiny, clerk):
    url = send(clerk, [*ROWS, (EAST, "D99", "", "2015-01", "1")])
    work()
    answer = clerk.get(url)
    assert answer.status_code == 422
    assert [row["cell"] for row in answer.context["problem_rows"]] == ["B5"]


@pytest.mark.django_db
def test_an_unforeseen_error_is_told_and_the_file_may_be_tried_again(tiny, clerk, monkeypatch):
    url = send(clerk)
    with monkeypatch.context() as broken:
        broken.setattr(importing, "judge", lambda *_: 1 / 0)
        work()
    assert "系统出错，没有写入任何数。" in text(clerk, url)
    clerk.post(url)
    work()
    assert clerk.get(url).context["can_confirm"]
    clerk.post(url)
    with monkeypatch.context() as broken:
        broken.setattr(importing.workflow, "save_all", locked)
        work()
    answer = clerk.get(url)
    assert "数据库正忙，没有写入任何数。" in answer.content.decode()
    assert answer.context["can_confirm"], "the preview stands, and may be confirmed again"
    clerk.post(url)
    work()
    assert Entry.objects.count() == 3


@pytest.mark.django_db
def test_a_cell_changed_meanwhile_stops_the_whole_file(tiny, clerk):
    url = send(clerk)
    work()
    submission = fill(tiny, "town", EAST, JANUARY, {(EAST, "D01"): 5})
    clerk.post(url)
    work()
    answer = clerk.get(url)
    assert answer.status_code == 409
    assert "有 1 格已被他人修改，没有写入任何数。" in answer.content.decode()
    assert [(row["new"], row["theirs"]) for row in answer.context["clashes"]] == [("12", "5")]
    assert Entry.objects.get().submission_id == submission.pk


def killed(where: str) -> None:
    """A worker in a process of its own, killed without warning amid the job it took."""
    connection.close()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.harm.import_worker", str(current.FILES_ROOT), where],
        cwd=current.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "amid\n"
    assert jobs.course(Import.objects.get()).at_work is not None
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_is_told_at_once_and_its_work_taken_up(tiny_committed):
    clerk = Client()
    clerk.force_login(tiny_committed.clerk)
    url = send(clerk)
    killed("read")
    assert "后台中断，没有写入任何数。" in text(clerk, url)
    clerk.post(url)  # the person begins anew
    work()
    assert clerk.get(url).context["can_confirm"]
    clerk.post(url)
    killed("write")
    assert "后台中断，没有写入任何数。" in text(clerk, url)
    assert not Entry.objects.exists()
    assert jobs.take_up() == 1  # the service begins anew
    work()
    assert Entry.objects.count() == 3
    assert "已写入草稿 3 格" in text(clerk, url)


@pytest.mark.django_db
def test_what_breaks_off_twice_is_not_taken_up_for_ever(tiny, clerk):
    url = send(clerk)
    Import.objects.update(begun_at=Import.objects.get().handed_over_at, begun=2)
    jobs.take_up()
    assert "后台两次中断" in text(clerk, url)
    assert jobs.take_up() == 0
