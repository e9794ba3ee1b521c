"""Documents of editions: built once however many ask, taken up after a kill, and of a failure nothing is left."""

import hashlib
from datetime import date, timedelta

from django_tasks_db.models import DBTaskResult

from bureau import files
from bureau.models import StoredFile
from reports import edition_files, edition_jobs, editions, issuing, printing, writing
from reports.models import Build, Document, Edition
from tests.integration.harm.test_long_import import work
from tests.integration.reports.conftest import MONTH, client_of

LETTER = "/reports/bulletin/2015-01/"
WORD = f"{LETTER}1/files/word"
PDF = f"{LETTER}1/files/pdf"


def draft(place) -> Edition:
    return editions.begin("bulletin", MONTH, by=place.office)


def test_an_unchanged_draft_is_built_once_and_a_changed_one_anew(place, counted):
    edition, office = draft(place), client_of(place.office)
    first, second = office.get(WORD), office.get(WORD)
    assert first.content == second.content
    assert len(counted) == 1
    assert "征求意见稿" in Document.objects.get(kind="word").file.name
    writing.write(edition, "problems", "甲。", by=place.office, seen=0)
    assert office.get(WORD).content != first.content
    assert len(counted) == 2
    assert Document.objects.filter(edition=edition).count() == 1
    assert StoredFile.objects.filter(purpose="document", name__endswith=".docx").count() == 1


def test_the_page_tells_how_far_the_worker_is_and_leads_to_the_file(place, queued, printed):
    draft(place)
    office = client_of(place.office)
    waiting = office.get(PDF, follow=True)
    assert "排队，等前面的做完。" in waiting.content.decode()
    office.get(PDF)
    assert DBTaskResult.objects.count() == 1  # asked for twice, handed over once
    course = f"{LETTER}1/build/pdf/"
    assert 'hx-trigger="every 1s"' in office.get(course, headers={"HX-Request": "true"}).content.decode()
    work()
    done = office.get(course, headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == PDF
    assert office.get(PDF).content.startswith(b"%PDF-1.7")


def test_a_failed_build_says_why_and_leaves_nothing(place, queued, monkeypatch):
    draft(place)

    def refuse(manuscript):
        raise printing.Unprintable("这台服务器没有中文字体，不能制作 PDF。")

    monkeypatch.setattr(printing, "pdf", refuse)
    office, before = client_of(place.office), StoredFile.objects.count()
    office.get(PDF)
    work()
    told = office.get(f"{LETTER}1/build/pdf/").content.decode()
    assert "没有做成" in told
    assert "这台服务器没有中文字体" in told
    assert not Document.objects.filter(kind="pdf").exists()
    assert StoredFile.objects.count() == before

    monkeypatch.setattr(printing, "pdf", lambda manuscript: b"%PDF-1.7")
    office.post(f"{LETTER}1/build/pdf/")  # tried again
    work()
    assert office.get(PDF).content == b"%PDF-1.7"


def test_what_goes_wrong_unforeseen_is_told_without_its_inside(place, queued, monkeypatch):
    draft(place)
    monkeypatch.setattr(printing, "pdf", lambda manuscript: 1 / 0)
    office = client_of(place.office)
    office.get(PDF)
    work()
    told = office.get(f"{LETTER}1/build/pdf/").content.decode()
    assert "系统出错，没有做成" in told
    assert "ZeroDivision" not in told


def test_a_killed_build_is_told_and_taken_up_twice_at_most(place, queued, printed):
    draft(place)
    office, course = client_of(place.office), f"{LETTER}1/build/pdf/"
    office.get(PDF)
    DBTaskResult.objects.all().delete()  # as the worker took it, and died
    Build.objects.update(begun_at=Build.objects.get().handed_over_at, begun=1)
    assert "后台中断，没有留下半份文件" in office.get(course).content.decode()
    assert edition_jobs.take_up() == 1
    work()
    assert Build.objects.get().state == "done"

    Build.objects.update(state="work", begun_at=Build.objects.get().handed_over_at, begun=2)
    edition_jobs.take_up()
    assert "后台两次中断" in office.get(course).content.decode()
    assert edition_jobs.take_up() == 0


def test_where_no_worker_runs_that_is_said(place, queued, printed):
    draft(place)
    office = client_of(place.office)
    office.get(PDF)
    Build.objects.update(handed_over_at=Build.objects.get().handed_over_at - timedelta(minutes=2))
    assert "后台一分钟还没有开始" in office.get(f"{LETTER}1/build/pdf/").content.decode()


def test_a_final_edition_without_pdf_gets_it_later_from_what_was_kept(place, printed, monkeypatch):
    edition = draft(place)
    for part in edition.parts.all():
        writing.write(edition, part.key, "甲。", by=place.office, seen=0)
    edition = issuing.submit(edition, by=place.office, seen=edition.version)

    def refuse(manuscript):
        raise printing.Unprintable("没有中文字体")

    with monkeypatch.context() as without:
        without.setattr(printing, "pdf", refuse)
        ready = edition_files.ready(edition, "盐人社〔2017〕2号", date(2017, 2, 3), seen=edition.version)
        edition = issuing.finalise(edition, ready, by=place.leader)
    assert set(edition.files) == {"word", "excel"}
    assert client_of(place.clerk).get(PDF).content.startswith(b"%PDF-1.7")
    kept = Document.objects.get(edition=edition, kind="pdf")
    assert (kept.fixed, kept.digest) == (True, edition.digest)
    assert hashlib.sha256(files.content_of(kept.file)).hexdigest() == kept.file.sha256
