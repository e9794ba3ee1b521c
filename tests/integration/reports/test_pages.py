"""The pages of reports: each writes what is his, both texts are shown where two wrote, another makes it final."""

import re
from datetime import date

import pytest

from bureau.models import Installation
from indicators import desk
from reports import editions, issuing, writing
from reports.models import Edition
from tests.integration.reports.conftest import MONTH, client_of, correct

PAGE = "/reports/evaluation/2015-01/"
BULLETIN = "/reports/bulletin/2015-01/"


@pytest.fixture
def draft(place) -> Edition:
    return editions.begin("evaluation", MONTH, by=place.office)


def sent(edition: Edition, key: str, text: str, seen: int = 0) -> dict:
    return {"action": "write", "part": key, "text": text, "seen": seen, "figures": edition.figures.get(key, "")}


def test_the_office_begins_a_report_and_sections_find_theirs(place):
    office = client_of(place.office)
    made = office.post("/reports/new/", {"kind": "evaluation", "month": MONTH}, follow=True)
    assert "已起草2015年1月评估总结报告第 1 版" in made.content.decode()
    assert "2015年1月评估总结报告" in client_of(place.writer).get("/reports/").content.decode()
    assert "评估总结报告</a>" not in client_of(place.clerk).get("/reports/").content.decode()  # a town's clerk
    again = office.post("/reports/new/", {"kind": "evaluation", "month": MONTH})
    assert again.status_code == 422
    assert "已有第 1 版，没有再建" in again.content.decode()


def test_a_section_writes_its_own_parts_and_no_other(place, draft):
    writer, outsider = client_of(place.writer), client_of(place.outsider)
    answer = writer.post(PAGE, sent(draft, "cause/A01", "招聘会多办了两场。"), follow=True)
    assert "已保存。" in answer.content.decode()
    assert outsider.post(PAGE, sent(draft, "cause/A01", "不该写的。")).status_code == 404
    assert writer.post(PAGE, sent(draft, "background", "不该写的。")).status_code == 404
    assert client_of(place.leader).post(PAGE, sent(draft, "cause/A01", "不该写的。")).status_code == 403
    assert draft.parts.get(key="cause/A01").text == "招聘会多办了两场。"
    page = outsider.get(f"{PAGE}?part=cause/A01").content.decode()
    assert "招聘会多办了两场。" in page
    assert "<textarea" not in page


def test_the_figures_stand_above_the_text(place, draft):
    page = client_of(place.writer).get(f"{PAGE}?part=cause/A01").content.decode()
    beside, text = page.index('class="beside"'), page.index("<textarea")
    assert beside < text
    assert re.search(r"A01\D{0,40}4", page[beside:text])  # 3 - 1 in each of two towns
    chart = re.search(r'<img src="data:image/svg[^"]+" alt="([^"]+)"><figcaption>图1', page[beside:text])
    assert chart[1].startswith("2015年A01累计完成情况")


def test_where_two_wrote_both_texts_are_shown_and_nothing_is_lost(place, draft):
    writing.write(draft, "cause/A01", "别人写的。", by=place.office, seen=0)
    writer = client_of(place.writer)
    clash = writer.post(PAGE, sent(draft, "cause/A01", "我写的。"))
    page = clash.content.decode()
    assert clash.status_code == 409
    assert "已被他人修改，没有保存" in page
    assert re.search(r"<textarea[^>]*>\s*我写的。</textarea>", page)
    assert "别人写的。" in page
    assert "对方保存的（office " in page
    assert draft.parts.get(key="cause/A01").text == "别人写的。"
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    assert writer.post(PAGE, sent(draft, "cause/A01", "我写的。", int(seen[1]))).status_code == 302
    assert draft.parts.get(key="cause/A01").text == "我写的。"


def test_a_text_too_long_stays_in_its_field(place, draft):
    answer = client_of(place.writer).post(PAGE, sent(draft, "cause/A01", "字" * 3001))
    assert answer.status_code == 422
    assert "最多 3000 个字，现在 3001 个。" in answer.content.decode()
    assert "maxlength" not in answer.content.decode(), "a browser would cut what is pasted, and say nothing"
    assert "字" * 3001 in answer.content.decode()


def test_the_office_hands_a_part_to_another_section(place, draft):
    client_of(place.office).post(PAGE, {"action": "assign", "part": "cause/A01", "section": "sbj"})
    assert draft.parts.get(key="cause/A01").section == place.sections["sbj"]
    assert client_of(place.outsider).post(PAGE, sent(draft, "cause/A01", "改由我写。")).status_code == 302
    answer = client_of(place.writer).post(PAGE, {"action": "assign", "part": "cause/A01", "section": "jyj"})
    assert answer.status_code == 403


def test_what_is_still_empty_is_listed_before_it_is_submitted(place, draft):
    office = client_of(place.office)
    page = office.get(f"{PAGE}issue/").content.decode()
    assert "背景与组织" in page
    assert "典型案例" in page
    refused = office.post(f"{PAGE}issue/", {"action": "submit", "seen": draft.version})
    assert refused.status_code == 422
    assert "必写的部分没有写：背景与组织" in refused.content.decode()


def submitted(place) -> Edition:
    edition = editions.begin("bulletin", MONTH, by=place.office)
    for part in edition.parts.all():
        writing.write(edition, part.key, f"{part.key}的文字。", by=place.office, seen=0)
    return issuing.submit(edition, by=place.office, seen=edition.version)


def final(place, number: str = "盐人社〔2017〕23号", **changed: str):
    edition = submitted(place)
    typed = {"action": "finalise", "document_number": number, "signed_on": "2017-02-03", "seen": edition.version}
    return client_of(place.leader).post(f"{BULLETIN}issue/", typed | changed, follow=True)


def test_a_leader_makes_it_final_and_every_reader_may_fetch_it(place):
    page = final(place).content.decode()
    assert "已定稿，文字、数和文件都不再改动" in page
    assert "盐人社〔2017〕23号" in page
    edition = Edition.objects.get()
    assert (edition.finalised_by, edition.signed_on) == (place.leader, date(2017, 2, 3))
    assert edition.files["word"]["sha256"] in page
    town = client_of(place.clerk)
    assert "2015年1月月度通报" in town.get("/reports/").content.decode()
    assert town.get(f"{BULLETIN}1/files/word").content.startswith(b"PK")


def test_a_wrong_number_is_told_where_it_was_typed(place):
    page = final(place, "盐人社[2017]23号")
    assert page.status_code == 422
    assert "六角括号" in page.content.decode()
    assert Edition.objects.get().state == "review"


def test_who_submitted_is_offered_no_final(place):
    submitted(place)
    page = client_of(place.office).get(f"{BULLETIN}issue/").content.decode()
    assert "自己送审的，须由他人定稿。" in page
    assert 'value="finalise"' not in page
    typed = {"action": "finalise", "document_number": "盐人社〔2017〕23号", "signed_on": "2017-02-03", "seen": 4}
    assert client_of(place.office).post(f"{BULLETIN}issue/", typed).status_code == 403
    assert 'value="finalise"' in client_of(place.second).get(f"{BULLETIN}issue/").content.decode()


def test_a_correction_is_named_by_checking_again_and_the_next_edition_shows_what_differs(place):
    final(place)
    office = client_of(place.office)
    assert "都与现在的数一致" in office.get(f"{BULLETIN}recheck/").content.decode()
    correct(place)
    page = office.get(f"{BULLETIN}recheck/").content.decode()
    assert "个已变" in page
    assert "A01" in page
    made = office.post(f"{BULLETIN}issue/", {"action": "revise", "why": "东镇更正新增就业", "seen": 4}, follow=True)
    assert "已另立第 2 版，原来的定稿不变。" in made.content.decode()
    second = Edition.objects.get(number=2)
    writing.write(second, "problems", "problems的文字改了。", by=place.office, seen=1)
    page = office.get(f"{BULLETIN}differences/?edition=2").content.decode()
    assert "<ins>改了</ins>" in page
    table = office.get(f"{BULLETIN}differences.csv?edition=2&from=1").content.decode("utf-8-sig").splitlines()
    assert table[0].endswith("2015年1月月度通报第 1 版,2015年1月月度通报第 2 版")
    assert table[-1] == "文字,存在问题,problems,problems的文字。,problems的文字改了。"
    table = office.get(f"{BULLETIN}recheck.csv?edition=1").content.decode("utf-8-sig").splitlines()
    assert any(line.startswith("A01 ") and ",6.7,10.0," in line for line in table[1:])
    assert Edition.objects.get(number=1).state == "final"
    towns = client_of(place.clerk).get(BULLETIN)
    assert "第 1 版" in towns.content.decode()  # the newest that he may see


def test_desks_tell_what_waits(place, draft):
    here = Installation.objects.select_related("county").get()
    (row,) = groups(place.writer, here)
    assert row["state_word"] == "要撰写"
    assert row["note"].startswith("A01 原因、A01 下一步、")
    assert groups(place.outsider, here) == []
    assert groups(place.clerk, here) == []
    submitted(place)
    assert [row["action"] for row in groups(place.leader, here)] == ["审核定稿"]
    assert groups(place.office, here) == []


def groups(user, here) -> list[dict]:
    """The rows of reports on a person's desk."""
    return next((one["rows"] for one in desk.groups(user, here, MONTH) if one["id"] == "reports"), [])


def test_a_page_of_the_edition_asks_the_database_seldom(place, draft, django_assert_max_num_queries):
    client = client_of(place.writer)
    client.get(PAGE)
    with django_assert_max_num_queries(45):
        client.get(f"{PAGE}?part=cause/A01")
