"""From a value to where it comes from: formula with its numbers, months added, places below, down to the figure."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau.models import Grant
from bureau.places import Tree
from indicators import evaluate
from indicators.entry import adjusting, workflow
from indicators.entry.layout import CellKey
from indicators.models import Submission
from indicators.publish import publish
from tests.integration.factories import COUNTY, E1, E2, EAST, START, W1, W2, WEST, approved, cells, person
from tests.integration.generated import put_blocks
from tests.integration.twin import Block

pytestmark = pytest.mark.django_db

FEBRUARY = START + 1
LIVE, RELEASED = "?month=2015-02&version=live", "?month=2015-02&version=1"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def county(tiny):
    """Two months of new jobs, 20 − 0 and 8 − 1; of 300 villagers in East 95 + 90 + 98 are insured, West is silent."""
    for month, (east, west, gone) in ((START, (12, 8, 0)), (FEBRUARY, (5, 3, 1))):
        approved(tiny, "town", EAST, month, {(EAST, "D01"): east, (EAST, "D02"): gone})
        approved(tiny, "town", WEST, month, {(WEST, "D01"): west, (WEST, "D02"): 0})
    insured = {E1: 95, E2: 90, W2: 98}
    values = {(place, "D23"): n for place, n in insured.items()} | {(place, "D22"): 100 for place in insured}
    approved(tiny, "village", EAST, FEBRUARY, values)
    tiny.leader = person("leader", (Grant.Role.LEADER, None))
    return tiny


def page(user, code, area, query):
    answer = signed_in(user).get(f"/indicators/{code}/trace/{area}/{query}")
    assert answer.status_code == 200
    return answer


def source(answer, title):
    return next(one for one in answer.context["sources"] if one["title"].startswith(title))


def lines(found) -> list[tuple[str, str, str]]:
    return [(one["name"], one["value"], one["coverage"]) for one in found["below"]]


def test_a_sum_shows_its_formula_with_the_numbers_its_months_and_its_towns(county):
    answer = page(county.office, "A01", COUNTY, LIVE)
    assert [(one["words"], one["numbers"], one["result"]) for one in answer.context["formula"]] == [
        ("D01 − D02", "28 − 1", "27.00")
    ]
    jobs = source(answer, "D01")
    assert (jobs["value"], jobs["how"]) == ("28", "本年 1 月起逐月相加")
    assert [(one["label"], one["sign"], one["value"]) for one in jobs["months"]] == [
        ("2015年2月", "+", "8"),
        ("2015年1月", "+", "20"),
    ]
    assert lines(jobs) == [("101", "5", "1/1 个单位"), ("102", "3", "1/1 个单位")]
    assert jobs["months"][1]["url"] == f"/indicators/A01/trace/{COUNTY}/?month=2015-01&version=live"


def test_a_towns_own_figure_leads_to_its_history_and_to_its_sheet_for_who_may_see_it(county):
    (own,) = source(page(county.reviewer, "A01", EAST, LIVE), "D01")["below"]
    assert (own["name"], own["value"], own["history"]) == ("101", "5", f"/history/D01/{EAST}/2015-02/")
    assert own["submission"] == f"/entry/town/{EAST}/2015-02/"
    (own,) = source(page(county.office, "A01", EAST, LIVE), "D01")["below"]
    assert (own["history"], own["submission"]) == (f"/history/D01/{EAST}/2015-02/", "")


def test_a_rate_shows_both_parts_and_the_villages_of_a_town(county):
    answer = page(county.office, "A04", EAST, LIVE)
    assert [(one["label"], one["numbers"], one["result"]) for one in answer.context["formula"]] == [
        ("分子", "283", "283"),
        ("分母", "300", "300"),
        ("值", "283 ÷ 300 × 100", "94.33"),
    ]
    assert lines(source(answer, "D23")) == [("201", "95", ""), ("202", "90", ""), ("202", "98", "")]


def test_who_is_absent_is_named_in_town_and_county(county):
    insured = source(page(county.office, "A04", COUNTY, LIVE), "D23")
    assert lines(insured) == [("101", "283", "3/3 个单位"), ("102", "未报", "0/1 个单位")]
    assert insured["absent"] == {"count": 1, "names": "201"}
    assert (insured["coverage"], insured["coverage_short"]) == ("3/4 个单位", True)


def test_a_reviewer_of_another_section_sees_that_villages_reported_and_not_what(county):
    other = person("other", (Grant.Role.REVIEWER, county.sections["sbj"]))
    found = source(page(other, "A04", EAST, LIVE), "D23")
    assert [value for _name, value, _coverage in lines(found)] == ["已报", "已报", "已报"]
    assert {one["history"] for one in found["below"]} == {""}


def test_adjustment_lines_stand_below_the_figure_they_are_in(county):
    submission = Submission.objects.get(form=county.forms["town"], place=county.areas[EAST], month=FEBRUARY)
    workflow.correct(submission, by=county.clerk, reason="与台账核对")
    workflow.submit(submission, by=county.clerk)
    submission.refresh_from_db()
    adjusting.add(submission, CellKey(EAST, "D01"), Decimal(2), by=county.reviewer, reason="漏计两人，已核")
    workflow.approve(submission, by=county.reviewer)
    found = source(page(county.reviewer, "A01", EAST, LIVE), "D01")
    assert lines(found) == [("101", "7", "")]
    assert [(one["place"], one["text"], one["reason"]) for one in found["adjustments"]] == [
        ("101", "5 + 2", "漏计两人，已核（reviewer）")
    ]


class TestReleased:
    @pytest.fixture
    def released(self, county):
        for month in (START, FEBRUARY):
            publish(county.county, month, by=county.office)
        return county

    def test_it_is_told_as_deep_as_it_was_frozen(self, released):
        answer = page(released.leader, "A04", EAST, RELEASED)
        found = source(answer, "D23")
        assert (found["value"], answer.context["formula"][2]["result"]) == ("283", "94.33")
        assert [value for _name, value, _coverage in lines(found)] == ["已报", "已报", "已报"]
        assert {one["history"] for one in found["below"]} == {""}
        assert "村（社区）逐个的数不在发布里" in answer.context["depth_note"]
        assert answer.context["live_url"] == ""
        assert page(released.office, "A04", EAST, RELEASED).context["live_url"].endswith(LIVE)

    def test_what_was_corrected_since_moves_the_live_page_and_not_this_one(self, released):
        submission = Submission.objects.get(form=released.forms["town"], place=released.areas[EAST], month=FEBRUARY)
        workflow.correct(submission, by=released.clerk, reason="重复计了几人")
        workflow.save(submission, cells(released, {(EAST, "D01"): 4}), by=released.clerk, source="grid")
        workflow.submit(submission, by=released.clerk)
        workflow.approve(submission, by=released.reviewer)
        assert source(page(released.leader, "A01", COUNTY, RELEASED), "D01")["value"] == "28"
        assert source(page(released.office, "A01", COUNTY, LIVE), "D01")["value"] == "27"

    def test_leaders_are_not_shown_live_figures(self, released):
        assert signed_in(released.leader).get(f"/indicators/A01/trace/{COUNTY}/{LIVE}").status_code == 404


def test_a_month_corrected_before_this_release_counts_as_this_release_counted_it(county):
    """January was released with 20, then corrected to 17; February's release counted 17 + 8."""
    publish(county.county, START, by=county.office)
    submission = Submission.objects.get(form=county.forms["town"], place=county.areas[EAST], month=START)
    workflow.correct(submission, by=county.clerk, reason="重复计了三人")
    workflow.save(submission, cells(county, {(EAST, "D01"): 9}), by=county.clerk, source="grid")
    workflow.submit(submission, by=county.clerk)
    workflow.approve(submission, by=county.reviewer)
    publish(county.county, FEBRUARY, by=county.office)
    for area, january, total in ((COUNTY, "17", "25"), (EAST, "9", "14"), (WEST, "8", "11")):
        found = source(page(county.leader, "A01", area, RELEASED), "D01")
        assert [one["value"] for one in found["months"]][1] == january
        assert (found["value"], found["difference"]) == (total, "")


def test_months_that_were_never_released_are_said_to_be(county):
    publish(county.county, FEBRUARY, by=county.office)
    found = source(page(county.leader, "A02", COUNTY, RELEASED), "D01")
    assert [one["value"] for one in found["months"]] == ["8", "未发布"]
    assert found["value"] == "28"  # as it was computed
    assert "逐月数不全" in found["difference"]


def test_a_total_of_a_span_stands_as_what_it_is(tiny):
    approved(tiny, "town", EAST, START + 12, {(EAST, "D01"): 5, (EAST, "D02"): 0})
    put_blocks(tiny, [Block(EAST, "D01", "", START, START + 11, 40)])
    evaluate.refresh(Tree(tiny.county.pk))
    found = source(page(tiny.office, "A02", EAST, "?month=2016-01&version=live"), "D01")
    assert [(one["label"], one["place"], one["value"], one["counts"]) for one in found["spans"]] == [
        ("补录合计 2015年", "101", "40", True)
    ]
    assert (found["value"], found["months"][0]["value"], found["months"][1]["value"]) == ("45", "5", "—")
    cut = source(page(tiny.office, "B05", EAST, "?month=2016-01&version=live"), "D01")
    assert [one["counts"] for one in cut["spans"]] == [False]


def test_year_to_date_figures_are_set_off_against_each_other_in_words(tiny):
    for month, paid in ((START, 5), (FEBRUARY, 9)):
        approved(tiny, "county", COUNTY, month, {(COUNTY, "D61"): 10 * (month - START + 1), (COUNTY, "D62"): paid})
    answer = page(tiny.office, "A06", COUNTY, LIVE)
    assert [(one["words"], one["numbers"], one["result"]) for one in answer.context["formula"]] == [
        ("D62", "9", "9"),
        ("D61", "20", "20"),
        ("100 − 分子 ÷ 分母 × 100", "100 − 9 ÷ 20 × 100", "55.00"),
    ]
    found = source(answer, "D62")
    assert (found["how"], found["months"]) == ("报的是本年累计数，取当月所报", [])
    assert lines(found) == [("424", "9", "")]


@pytest.mark.parametrize("where", [f"A01/trace/{E1}/", "A01/trace/330424999/", f"A99/trace/{COUNTY}/"])
def test_what_has_no_value_has_no_page(county, where):
    assert signed_in(county.office).get(f"/indicators/{where}{LIVE}").status_code == 404


def test_who_reads_no_releases_is_refused(county):
    auditor = person("auditor", (Grant.Role.AUDITOR, None))
    assert signed_in(auditor).get(f"/indicators/A01/trace/{COUNTY}/{RELEASED}").status_code == 403


@pytest.mark.parametrize("area", [COUNTY, EAST])
def test_it_asks_the_database_a_fixed_number_of_times(county, area):
    client = signed_in(county.reviewer)
    address = f"/indicators/A04/trace/{area}/{LIVE}"

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    asked()  # the first after signing in also writes down that it was there
    before = asked()
    for month in range(START + 2, START + 5):
        approved(county, "town", EAST, month, {(EAST, "D01"): 1})
    approved(county, "village", WEST, FEBRUARY, {(W1, "D23"): 1, (W1, "D22"): 2})
    assert asked() == before
    assert before <= 12


LINK = re.compile(r'<a class="figure" href="([^"]+)" aria-label="[^"]+（数的来处）">(.*?)</a>')
VALUE = re.compile(r'<span class="traced-value">(.*?)</span>(?: <span class="unit">(.*?)</span>)?', re.DOTALL)


@pytest.mark.parametrize("query", [LIVE, RELEASED])
def test_every_value_shown_leads_to_a_page_that_shows_the_same(county, query):
    """A reader clicks every value of every page; where it leads, the same is printed."""
    for month in (START, FEBRUARY):
        publish(county.county, month, by=county.office)
    client = signed_in(county.office)
    seen: dict[str, set[str]] = {}
    shown = {
        "/": "row-figure", "/indicators/": "<b>", "/indicators/A01/": "strong", "/indicators/A04/": "strong",
        "/areas/": "<b>", f"/areas/{EAST}/": "<b>",
    }  # fmt: skip
    for address, around in shown.items():
        text = client.get(address + query).content.decode()
        links = LINK.findall(text)
        assert links, address
        for url, value in links:
            seen.setdefault(unescape(url), set()).add(value)
        printed = re.findall(rf'(?:class="{around}"|{re.escape(around)})>(\d[\d,.]*)<', text)
        assert printed == [], f"{address}: a number without its link"
    assert len(seen) >= 20
    for url, values in seen.items():
        (found,) = VALUE.findall(client.get(url).content.decode())
        number, unit = found
        assert values <= {number, f"{number}{unit}", f"{number} {unit}"}, url
