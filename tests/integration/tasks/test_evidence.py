"""Evidence (佐证材料): what a file may be, whose it is, who sees it, and what stays on record of one taken away."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bureau import clock
from bureau.models import AuditEvent, StoredFile
from tasks import evidence, filekinds, progress
from tasks.models import Evidence, Progress, Slip
from tasks.rules import Refused
from tests.integration.tasks.files import JPG, PDF, PNG, docx, ofd, package, xlsx
from tests.integration.tasks.workplace import DECEMBER, written

pytestmark = pytest.mark.django_db
REPORT = "/evidence/report/T01/2016-12/"
WHO = ("writer", "reviewer", "supporter", "other_reviewer", "leader", "office", "clerk")


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answers(place, url: str) -> dict[str, int]:
    return {name: signed_in(getattr(place, name)).get(url).status_code for name in WHO}


def slip_of(place) -> Slip:
    """A slip of the section, handed to it."""
    given = {
        "county": place.county, "year": 2017, "number": 1, "origin": "leading", "subject": "加快农村电商",
        "basis": "会议", "requirement": "每周调度", "section": place.task.lead, "due_on": date(2017, 3, 1),
        "state": "assigned",
        "assigned_on": date(2017, 2, 1), "signed_by": place.leader, "raised_by": place.office,
        "raised_on": date(2017, 2, 1),
    }  # fmt: skip
    return Slip.objects.create(**given)


class TestWhatAFileMayBe:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("照片.JPG", JPG), ("照片.jpeg", JPG), ("图.png", PNG), ("文件.pdf", PDF), ("总结.docx", docx()),
            ("表.xlsx", xlsx()), ("红头文件.ofd", ofd()),
        ],
    )  # fmt: skip
    def test_pictures_papers_and_tables_are_taken(self, place, name, content):
        report = written(place, place.task, DECEMBER, 30)
        made = evidence.attach(sent(name, content), by=place.writer, report=report)
        assert (made.file.name, made.file.size) == (name, len(content))

    @pytest.mark.parametrize(
        ("name", "content", "why"),
        [
            ("空.pdf", b"", "文件是空的"),
            ("程序.exe", b"MZ", "只能附 PDF"),
            ("没有后缀", PDF, "只能附 PDF"),
            (".pdf", PDF, "只能附 PDF"),
            ("网页.html", b"<script>", "只能附 PDF"),
            ("总结.doc", bytes.fromhex("D0CF11E0A1B11AE1"), "另存为 .docx"),
            ("假.pdf", b"<html>", "内容不是 PDF"),
            ("假.png", JPG, "内容不是 PNG"),
            ("加密.docx", bytes.fromhex("D0CF11E0A1B11AE1"), "打开密码"),
            ("表.docx", xlsx(), "内容不是 DOCX"),
            ("文.xlsx", docx(), "内容不是 XLSX"),
            ("压缩包.ofd", package({"a.txt": "a"}), "内容不是 OFD"),
            ("假.ofd", ofd("http://elsewhere"), "内容不是 OFD"),
            ("断.docx", docx()[:-40], "损坏"),
            ("爬.docx", package({"../../x": "a", "[Content_Types].xml": "<Types/>"}), "损坏"),
            ("炸.docx", package({"[Content_Types].xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><Types/>"}), "损坏"),
            ("宏.docx", docx(word__vbaProject_bin=b"x").replace(b"vbaProject_bin", b"vbaProject.bin"), "宏"),
            ("宏.docx", docx("application/vnd.ms-word.document.macroEnabled.main+xml"), "宏"),
            ("模板.docx", docx(relation="attachedTemplate"), "宏"),
            ("对象.docx", docx(relation="oleObject"), "宏"),
        ],
    )
    def test_anything_else_is_refused_and_why(self, name, content, why):
        with pytest.raises(Refused, match=why):
            filekinds.check(name, content)

    def test_twenty_megabytes_are_taken_and_a_byte_more_is_not(self):
        filekinds.check("大.pdf", PDF.ljust(filekinds.LARGEST, b" "))
        with pytest.raises(Refused, match="不能超过 20 MB"):
            filekinds.check("大.pdf", PDF.ljust(filekinds.LARGEST + 1, b" "))

    @pytest.mark.parametrize(
        ("sent_as", "kept_as"),
        [
            ("..\\..\\etc\\会议纪要.pdf", "会议纪要.pdf"),
            ("/etc/passwd/a.pdf", "a.pdf"),
            ("a\x00.pdf", "a.pdf"),
            ("fdp.exe\u202e.pdf", "fdp.exe.pdf"),
            ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
            ("\ud800.pdf", ".pdf"),
            ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
        ],
    )
    def test_a_hostile_name_is_cut_to_what_can_be_read(self, sent_as, kept_as):
        assert filekinds.plain_name(sent_as) == kept_as


class TestBesideAReport:
    def test_a_file_is_kept_listed_and_on_record(self, place):
        report = written(place, place.task, DECEMBER, 30)
        made = evidence.attach(sent("现场.pdf", PDF), by=place.writer, report=report)
        assert [one.file.name for one in evidence.listed(report)] == ["现场.pdf"]
        assert (made.file.section, made.file.purpose, made.file.owner) == (place.task.lead, "evidence", place.writer)
        record = AuditEvent.objects.latest("sequence")
        assert (record.act, record.object, record.by) == ("evidence.attach", "T01 2016-12", place.writer)
        assert record.detail["sha256"] == hashlib.sha256(PDF).hexdigest()

    def test_the_same_file_sent_twice_is_one(self, place):
        report = written(place, place.task, DECEMBER, 30)
        first = evidence.attach(sent("现场.pdf", PDF), by=place.writer, report=report)
        again = evidence.attach(sent("现场（2）.pdf", PDF), by=place.helper, report=report)
        assert again == first
        assert Evidence.objects.count() == StoredFile.objects.filter(purpose="evidence").count() == 1

    def test_nothing_is_attached_or_taken_away_once_handed_in(self, place):
        report = written(place, place.task, DECEMBER, 30)
        made = evidence.attach(sent("现场.pdf", PDF), by=place.writer, report=report)
        progress.submit(report, by=place.writer)
        with pytest.raises(Refused, match="待审核"):
            evidence.attach(sent("又.png", PNG), by=place.writer, report=report)
        with pytest.raises(Refused, match="待审核"):
            evidence.take_away(made, by=place.writer, why="传错了文件")
        assert [one.file.name for one in evidence.listed(report)] == ["现场.pdf"]

    def test_a_file_taken_away_is_gone_from_the_page_and_stays_on_the_trail(self, place):
        report = written(place, place.task, DECEMBER, 30)
        made = evidence.attach(sent("现场.pdf", PDF), by=place.writer, report=report)
        with pytest.raises(Refused, match="理由"):
            evidence.take_away(made, by=place.helper, why="错")
        evidence.take_away(made, by=place.helper, why="传错了文件")
        assert evidence.listed(report) == []
        record = AuditEvent.objects.latest("sequence")
        assert (record.act, record.by, record.reason) == ("evidence.take_away", place.helper, "传错了文件")
        assert record.detail == {
            "name": "现场.pdf", "size": len(PDF), "sha256": hashlib.sha256(PDF).hexdigest(), "by": "writer",
        }  # fmt: skip
        with pytest.raises(Refused, match="已经撤下"):
            evidence.take_away(made, by=place.helper, why="传错了文件")

    def test_twenty_files_are_enough(self, place):
        report = written(place, place.task, DECEMBER, 30)
        for number in range(evidence.MOST):
            evidence.attach(sent("页.pdf", PDF + b"%d" % number), by=place.writer, report=report)
        with pytest.raises(Refused, match="最多附 20 个"):
            evidence.attach(sent("页.pdf", PDF), by=place.writer, report=report)

    def test_where_the_trail_cannot_be_written_nothing_is_attached(self, place, audit_fails):
        report = Progress.objects.create(task=place.task, month=DECEMBER, by=place.writer, at=clock.now())
        with pytest.raises(RuntimeError):
            evidence.attach(sent("现场.pdf", PDF), by=place.writer, report=report)
        assert not Evidence.objects.exists()


class TestThePages:
    def test_a_clerk_attaches_a_file_and_everybody_at_the_report_fetches_it(self, place):
        written(place, place.task, DECEMBER, 30)
        client = signed_in(place.writer)
        answer = client.post(REPORT, {"file": sent("../现场\u202e.pdf", PDF)}, follow=True)
        assert "已附上“现场.pdf”" in answer.content.decode()
        made = Evidence.objects.get()
        got = client.get(f"/evidence/{made.pk}/")
        assert b"".join(got.streaming_content) == PDF
        assert got["Content-Type"] == "application/pdf"
        assert got["X-Content-Type-Options"] == "nosniff"
        assert got["Content-Disposition"].startswith("attachment; ")
        assert answers(place, f"/evidence/{made.pk}/") == {
            "writer": 200, "reviewer": 200, "supporter": 200, "other_reviewer": 200, "leader": 404, "office": 404,
            "clerk": 404,
        }  # fmt: skip

    def test_of_an_approved_report_all_readers_fetch_it_and_of_a_paper_too(self, place):
        report = written(place, place.task, DECEMBER, 30)
        one = evidence.attach(sent("现场.pdf", PDF), by=place.writer, report=report)
        progress.approve(progress.submit(report, by=place.writer), by=place.reviewer)
        other = evidence.attach(sent("计划.docx", docx()), by=place.office, deliverable=place.paper)
        for made in (one, other):
            assert answers(place, f"/evidence/{made.pk}/") == dict.fromkeys(WHO, 200)

    def test_a_slips_file_is_for_those_who_press_and_those_who_answer(self, place):
        made = evidence.attach(sent("回复.pdf", PDF), by=place.writer, slip=slip_of(place))
        seeing = dict.fromkeys(WHO, 404) | dict.fromkeys(("writer", "reviewer", "leader", "office"), 200)
        assert answers(place, f"/evidence/{made.pk}/") == seeing

    def test_who_may_attach_to_what(self, place):
        written(place, place.task, DECEMBER, 30)
        no = dict.fromkeys(WHO, 403)
        assert answers(place, REPORT) == no | {"writer": 200, "supporter": 404}
        assert answers(place, "/evidence/report/T01/2017-01/") == no | {"writer": 404, "supporter": 404}
        assert answers(place, "/evidence/paper/G04/") == no | {"office": 200}
        found = answers(place, f"/evidence/slip/{slip_of(place).pk}/")
        assert found == {
            "writer": 200, "reviewer": 200, "supporter": 404, "other_reviewer": 404, "leader": 200, "office": 200,
            "clerk": 404,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("name", "content", "why"),
        [("空.pdf", b"", "文件是空的"), ("a.exe", b"MZ", "只能附 PDF"), ("a.pdf", b"<html>", "不是 PDF")],
    )
    def test_what_is_refused_is_said_on_the_page_and_nothing_is_kept(self, place, name, content, why):
        written(place, place.task, DECEMBER, 30)
        answer = signed_in(place.writer).post(REPORT, {"file": sent(name, content)})
        assert answer.status_code == 422
        assert why in answer.content.decode()
        assert not StoredFile.objects.filter(purpose="evidence").exists()

    def test_no_file_at_all_is_asked_for(self, place):
        written(place, place.task, DECEMBER, 30)
        answer = signed_in(place.writer).post(REPORT, {})
        assert (answer.status_code, "请选择一个文件" in answer.content.decode()) == (422, True)

    def test_a_body_beyond_the_limit_is_refused_unread_here_and_earlier_elsewhere(self, place, settings):
        settings.EVIDENCE_BODY_MAX_BYTES, settings.BODY_MAX_BYTES = 3_000, 1_000
        written(place, place.task, DECEMBER, 30)
        client = signed_in(place.writer)
        assert client.post(REPORT, {"file": sent("a.pdf", PDF.ljust(2_000))}).status_code == 302
        assert client.post(REPORT, {"file": sent("b.pdf", PDF.ljust(4_000))}).status_code == 413
        assert client.post("/tasks/T01/progress/2016-12/", {"done": "长" * 400}).status_code == 413
        assert Evidence.objects.count() == 1

    def test_a_clerk_takes_a_file_away_with_a_reason_and_another_section_cannot(self, place):
        report = written(place, place.task, DECEMBER, 30)
        made = evidence.attach(sent("现场.pdf", PDF), by=place.writer, report=report)
        url = f"/evidence/{made.pk}/away/"
        assert signed_in(place.supporter).post(url, {"reason": "传错了文件"}).status_code == 404
        assert signed_in(place.reviewer).post(url, {"reason": "传错了文件"}).status_code == 404
        client = signed_in(place.writer)
        assert client.post(url, {"reason": ""}).status_code == 422
        answer = client.post(url, {"reason": "传错了文件"}, follow=True)
        assert "已撤下“现场.pdf”" in answer.content.decode()
        assert client.get(f"/evidence/{made.pk}/").status_code == 404

    def test_the_reviewer_sees_the_files_beside_what_he_reviews(self, place):
        report = written(place, place.task, DECEMBER, 30)
        evidence.attach(sent("现场.pdf", PDF), by=place.writer, report=report)
        progress.submit(report, by=place.writer)
        page = signed_in(place.reviewer).get("/tasks/T01/progress/2016-12/review/").content.decode()
        assert "现场.pdf" in page
        assert "1 KB" in page

    def test_a_file_lost_from_the_disk_is_a_missing_page(self, place):
        made = evidence.attach(sent("计划.pdf", PDF), by=place.office, deliverable=place.paper)
        StoredFile.objects.filter(pk=made.file_id).update(sha256="0" * 64)
        assert signed_in(place.office).get(f"/evidence/{made.pk}/").status_code == 404
