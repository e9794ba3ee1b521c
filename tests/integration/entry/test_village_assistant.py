"""A village assistant (村协理员) fills his village's row of the town's sheet and sees no other; the town submits it."""

import pytest

from bureau.models import Grant
from indicators.models import Entry, Submission
from tests.integration.entry.browsing import Page, opened, url_of
from tests.integration.factories import E1, E2, EAST, MOVED, START, W2, WEST, approved, fill, person

pytestmark = pytest.mark.django_db

SHEET = ("village", EAST, START)
CANARY = 731_904_652


@pytest.fixture
def assistant(tiny):
    return person("assistant", (Grant.Role.VILLAGE_ASSISTANT, tiny.areas[W2]))


@pytest.fixture
def village(assistant, signed_in):
    return signed_in(assistant)


def test_the_sheet_is_narrowed_to_his_village_in_every_byte(tiny, village):
    approved(tiny, *SHEET, {(E1, "D22"): CANARY, (W2, "D22"): 41})
    fill(tiny, "village", EAST, START + 1, {(E1, "D22"): CANARY, (E2, "D22"): CANARY, (W2, "D22"): 42})
    page = opened(village, "village", EAST, START + 1)
    assert {name.split(".")[0] for name in page.cells} == {W2}
    assert page.shows(f"{W2}.D22") == "42"
    assert ">41<" in page.text
    assert "731,904,652" not in page.text
    assert str(CANARY) not in page.text
    assert "已填 1/8 格" in page.text


def test_he_writes_his_own_row(tiny, village, assistant):
    assert opened(village, *SHEET).send(village, "save", {f"{W2}.D22": "40"}).status_code == 302
    assert list(Entry.objects.values_list("area__code", "value", "by")) == [(W2, 40, assistant.pk)]


def test_a_neighbours_row_is_not_there_for_him(tiny, village):
    page = opened(village, *SHEET)
    for name in (f"{E1}.D22", "330424999999.D22"):
        assert page.send(village, "save", {name: "40"}).status_code == 404
    assert not Submission.objects.exists()


def test_the_neighbours_figures_stay_when_he_saves(tiny, village):
    fill(tiny, *SHEET, {(E1, "D22"): 118})
    opened(village, *SHEET).send(village, "save", {f"{W2}.D22": "40"})
    assert set(Entry.objects.values_list("area__code", "value")) == {(E1, 118), (W2, 40)}


def test_he_neither_hands_in_nor_withdraws_nor_uploads_nor_corrects(tiny, village):
    page = opened(village, *SHEET)
    assert "填好后由镇（街道）统一提交" in page.text
    assert 'value="submit"' not in page.text
    assert page.send(village, "submit", {f"{W2}.D22": "40"}, incomplete="yes").status_code == 404
    assert village.post(url_of(*SHEET), {"action": "withdraw"}).status_code == 404
    for name in ("upload/", "template.xlsx", "correct/"):
        assert village.get(url_of(*SHEET) + name).status_code == 404
    assert not Entry.objects.exists()


def test_forms_without_a_row_of_his_and_other_towns_are_not_there(tiny, village):
    for where in (("town", EAST, START), ("village", WEST, START), ("county", "330424", START)):
        assert village.get(url_of(*where)).status_code == 404


def test_the_village_moves_and_he_with_it(tiny, village):
    assert village.get(url_of("village", EAST, MOVED)).status_code == 404
    assert {name.split(".")[0] for name in opened(village, "village", WEST, MOVED).cells} == {W2}


def test_his_desk_leads_to_his_row_and_counts_his_cells(tiny, village):
    fill(tiny, *SHEET, {(E1, "D22"): 118, (E1, "D23"): 100, (W2, "D22"): 40})
    page = village.get("/desk/?month=2015-01").content.decode()
    assert f'href="{url_of(*SHEET)}"' in page
    assert '<td data-label="已填">1</td>' in page
    assert f'<td data-label="地方">{W2[-3:]}</td>' in page
    assert "town town" not in page  # the town's own form is none of his


def test_the_town_hands_in_what_he_typed_and_he_may_not_review_it(tiny, village, signed_in, assistant):
    opened(village, *SHEET).send(village, "save", {f"{W2}.D22": "40"})
    clerk = signed_in(tiny.clerk)
    page = opened(clerk, *SHEET)
    assert page.shows(f"{W2}.D22") == "40"
    assert page.send(clerk, "submit", {f"{E1}.D22": "118"}, incomplete="yes").status_code == 302
    Grant.objects.create(user=assistant, role=Grant.Role.REVIEWER, section=tiny.sections["jyj"])
    pk = Submission.objects.get().pk
    answer = village.post(f"/review/{pk}/", {"decision": "approve"})
    assert (answer.status_code, "不能审核自己填报的数" in answer.content.decode()) == (422, True)


def test_a_checker_of_the_town_who_assists_a_village_reads_all_and_types_in_one_row(tiny, signed_in):
    both = person("both", (Grant.Role.TOWN_CHECKER, tiny.areas[EAST]), (Grant.Role.VILLAGE_ASSISTANT, tiny.areas[W2]))
    fill(tiny, *SHEET, {(E1, "D22"): 118})
    page = Page.of(signed_in(both).get(url_of(*SHEET)))
    assert {name.split(".")[0] for name in page.cells} == {W2}
    assert ">118<" in page.text
