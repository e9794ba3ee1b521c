"""A report in the browser: a section writes, the office submits, a leader makes it final, which it stays."""

from __future__ import annotations

import hashlib
import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from bureau import months
from bureau.models import Area, Grant
from indicators import publish
from indicators.entry import workflow
from indicators.models import DataItem, Submission
from reports import writing
from reports.models import Edition
from tests.functional.county import BAIBU, download, person

pytestmark = pytest.mark.django_db(transaction=True)
MAY, DAY = months.parse("2017-05"), "2017-07-03"
REPORT = "/reports/phase/2017-05/"
TYPED = "逐镇送岗到村，按月核对新增岗位。"


@pytest.fixture
def released(county) -> SimpleNamespace:
    """May is released; A01 is 3,875."""
    publish.publish(county.county, MAY, by=county.people["office"])
    person("section", "就业局填报员", Grant.Role.SECTION_CLERK, section=county.jyj)
    return county


def correct(county: SimpleNamespace) -> None:
    """百步镇 had 70 new jobs in May, not 60."""
    clerk, reviewer = county.people[BAIBU], county.people["reviewer"]
    submission = Submission.objects.get(form=county.form, place__code=BAIBU, month=MAY)
    workflow.correct(submission, by=clerk, reason="台账核对后更正")
    cell = (Area.objects.get(code=BAIBU).pk, DataItem.objects.get(code="D01").pk, 0)
    workflow.save(submission, [workflow.Change(*cell, 70)], by=clerk, source="grid")
    workflow.submit(submission, by=clerk)
    workflow.approve(submission, by=reviewer)


def told(page: Page, text: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(text)


def test_a_report_goes_out_and_a_correction_leaves_it_as_it_was(released, sign_in, tmp_path, expected_statuses):
    expected_statuses.add(422)  # submitted before it was whole
    office, section, leader = sign_in("office"), sign_in("section"), sign_in("leader")
    office.goto("/reports/")
    office.get_by_role("link", name="起草报告").click()
    office.get_by_label("种类").select_option("phase")
    office.get_by_label("月份").select_option("2017年5月")
    office.get_by_role("button", name="起草", exact=True).click()
    told(office, "已起草2017年5月阶段报告第 1 版")

    section.goto("/desk/")
    section.get_by_role("link", name=re.compile("撰写 2017年5月阶段报告第 1 版")).click()
    section.get_by_role("textbox").first.fill(TYPED)
    section.on("dialog", lambda dialog: dialog.accept())
    section.reload()  # before it was saved
    expect(section.get_by_text("找回了上次没有保存的文字")).to_be_visible()
    expect(section.get_by_role("textbox").first).to_have_value(TYPED)
    section.get_by_role("button", name="保存", exact=True).first.click()
    told(section, "已保存。")
    expect(section.get_by_text("找回了上次没有保存的文字")).to_be_hidden()

    edition = Edition.objects.get()
    office.goto(f"{REPORT}issue/")
    office.get_by_role("button", name="送审").click()
    expect(office.get_by_role("alert")).to_contain_text("必写的部分没有写")
    for part in edition.parts.filter(text=""):
        writing.write(edition, part.key, f"{part.key}的文字。", by=released.people["office"], seen=0)
    office.get_by_role("button", name="送审").click()
    told(office, "已送审。")

    leader.goto("/desk/")
    leader.get_by_role("link", name=re.compile("审核定稿 2017年5月阶段报告第 1 版")).click()
    leader.get_by_label("发文字号").fill("盐人社〔2017〕23号")
    leader.get_by_label("成文日期").fill(DAY)
    leader.get_by_role("button", name="核对无误，定稿").click()
    expect(leader.get_by_role("heading", level=1)).to_contain_text("已定稿")
    file = download(leader, leader.get_by_role("link", name="Word"), tmp_path)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    expect(leader.get_by_text(f"SHA-256 {digest}")).to_be_visible()

    correct(released)
    office.goto(f"{REPORT}recheck/")
    expect(office.get_by_role("row", name=re.compile("A01")).first).to_contain_text("3,885")
    publish.publish(released.county, MAY, by=released.people["office"], reason="百步镇更正新增就业")
    office.goto(f"{REPORT}issue/")
    office.get_by_label("理由").fill("百步镇更正新增就业")
    office.get_by_role("button", name="另立一版").click()
    told(office, "已另立第 2 版")
    expect(office.get_by_role("link", name="两版对照")).to_be_visible()
    leader.goto(f"{REPORT}?edition=1")
    again = download(leader, leader.get_by_role("link", name="Word"), tmp_path)
    assert hashlib.sha256(again.read_bytes()).hexdigest() == digest
