"""Documents of editions when many ask at once, and when the worker is killed."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from django.conf import settings as current
from django.db import connection, connections

from reports import edition_jobs, editions, writing
from reports.models import Document
from tests.integration.harm.test_killed import database_url
from tests.integration.harm.test_long_import import work
from tests.integration.reports.conftest import MONTH, client_of, reporting

pytestmark = pytest.mark.django_db(transaction=True)
COURSE, PDF = "/reports/bulletin/2015-01/1/build/pdf/", "/reports/bulletin/2015-01/1/files/pdf"


def test_a_worker_killed_amid_a_pdf_leaves_nothing_and_its_work_is_done_again(queued, printed):
    place = reporting()
    editions.begin("bulletin", MONTH, by=place.office)
    office = client_of(place.office)
    office.get(PDF)
    connection.close()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.reports.build_worker", str(current.FILES_ROOT)],
        cwd=current.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "amid\n"
    assert "制作 PDF" in office.get(COURSE).content.decode()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert "后台中断，没有留下半份文件" in office.get(COURSE).content.decode()
    assert not Document.objects.exists()
    assert edition_jobs.take_up() == 1  # the service begins anew
    work()
    assert office.get(PDF).content.startswith(b"%PDF-1.7")


def test_of_many_at_once_one_builds_and_one_text_is_saved(counted):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")
    place = reporting()
    edition = editions.begin("bulletin", MONTH, by=place.office)
    together([lambda: edition_jobs.ask(edition, "word", by=place.office)] * 4)
    assert len(counted) == 1
    assert Document.objects.filter(kind="word").count() == 1

    people = [place.office, place.second]
    failures = together([lambda by=by: writing.write(edition, "problems", str(by), by=by, seen=0) for by in people])
    assert [type(one).__name__ for one in failures] == ["Conflict"]
    assert edition.parts.get(key="problems").version == 1


def together(acts) -> list[Exception]:
    """Each on a connection of its own; what they raised."""
    failures: list[Exception] = []
    barrier = threading.Barrier(len(acts))

    def run(act) -> None:
        barrier.wait()
        try:
            act()
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures
