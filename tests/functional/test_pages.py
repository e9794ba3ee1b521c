"""Every page of each person on a desk screen and a phone: quiet, within its policy, no wider than the screen.

The county is in the middle of its work: May 2017 released and then corrected, June being entered. It is a
demonstration, so every page has to say 演示数据.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bureau import months
from bureau.models import Grant
from indicators.entry import sheets, uploads, workflow
from indicators.entry.template import write_template
from indicators.models import ReportingForm, Submission
from indicators.publish import publish
from tests.functional.county import (
    BAIBU,
    ENTRY,
    FORM,
    MONTH,
    VILLAGES,
    VILLAGES_ENTRY,
    figures_of,
    fill_in,
    hand_in,
    person,
    plant_errors,
    write_town,
)

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = {"desk": (1440, 900), "phone": (390, 844)}
AXE = Axe()
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width + 1) return '';
  const out = [...document.body.querySelectorAll('*')].filter(n => n.getBoundingClientRect().right > width + 1);
  return 'wider than the screen: ' + out.slice(0, 3).map(n => n.tagName + '.' + n.className).join(' ');
}"""

COVERED = """() => {
  const drawn = [...document.querySelectorAll('.phase-strip text')].filter(n => n.checkVisibility());
  const boxes = drawn.map(n => [n.textContent, n.getBoundingClientRect()]);
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom;
  return boxes.flatMap(([words, a], i) => boxes.slice(i + 1).filter(([, b]) => meet(a, b))
    .map(([others]) => `covered: ${words} and ${others}`));
}"""


@pytest.fixture
def midway(county: SimpleNamespace, tmp_path) -> SimpleNamespace:
    """`county` with releases, a correction, a form in review, one returned, and two uploads of 百步镇."""
    may, june = months.parse("2017-05"), months.parse(MONTH)
    baibu = next(town for town in county.towns if town.code == BAIBU)
    clerk, reviewer, office = county.people[BAIBU], county.people["reviewer"], county.people["office"]
    publish(county.county, may, by=office)
    corrected = Submission.objects.get(form=county.form, place=baibu, month=may)
    workflow.correct(corrected, by=clerk, reason="两人重复计入，核减")
    corrected = hand_in(county, baibu, may, D01="58")
    workflow.approve(corrected, by=reviewer)
    publish(county.county, may, by=office, reason="更正后再次发布")
    waiting, returned, *_ = (hand_in(county, town, june) for town in county.towns if town != baibu)
    workflow.return_(returned, by=reviewer, reason="新就业人数请与名册核对")
    county.released, county.waiting, county.baibu = corrected, waiting, baibu
    county.preview = upload_of(county, county.form, lambda path: write_town(path, figures_of(BAIBU)), tmp_path)
    county.refused = upload_of(county, ReportingForm.objects.get(code=VILLAGES), plant_errors, tmp_path)
    return county


def upload_of(county: SimpleNamespace, form: ReportingForm, edit: Callable, folder) -> int:
    """A template of 百步镇 for June, edited and read into a preview; the upload's number."""
    month = months.parse(MONTH)
    sheet, _names = sheets.build(form, county.baibu, month, county.tree)
    path = folder / f"{form.code}.xlsx"
    path.write_bytes(write_template(sheet, uploads.template_key(), True))
    edit(path)
    submission = workflow.submission_for(form, county.baibu, month)
    return uploads.read(submission, path.read_bytes(), path.name, by=county.people[BAIBU]).pk


@pytest.fixture
def findings(expected_statuses: set[int]) -> Callable[[Page, Mapping[str, int]], list[str]]:
    """`findings(page, {path: status})`: what is amiss on these pages at both widths.

    The console and the policy are watched by the page itself.
    """

    def look(page: Page, pages: Mapping[str, int]) -> list[str]:
        found = []
        for path, status in pages.items():
            expected_statuses.clear()
            expected_statuses.add(status)
            for screen, (width, height) in SCREENS.items():
                page.set_viewport_size({"width": width, "height": height})
                answer = page.goto(path)
                told = [] if answer.status == status else [f"{answer.status} instead of {status}"]
                found += [f"{path} on {screen}: {what}" for what in told + amiss_here(page)]
        return found

    return look


def amiss_here(page: Page) -> list[str]:
    """Of the page as it stands: no strip, leaked values, overflow, labels on each other, axe-core violations."""
    if page.locator("#chart").count():
        expect(page.locator("#chart .main-svg").first).to_be_visible()
    found = [] if "演示数据" in page.locator(".strip").first.inner_text() else ["演示数据 is not said"]
    leaked = re.search(r"(?m)(?:^|[\s：:（])(None|nan|undefined|Decimal\()", page.inner_text("body"))
    found += [leaked[0]] if leaked else []
    found += filter(None, [page.evaluate(TOO_WIDE)])
    found += page.evaluate(COVERED)
    for broken in AXE.run(page).response["violations"]:
        found.append(f"axe {broken['id']} {len(broken['nodes'])} x: {broken['nodes'][0]['html'][:160]}")
    return found


def test_the_leaders_pages_are_sound(midway: SimpleNamespace, sign_in: Callable[[str], Page], findings: Callable):
    pages = [
        "/", "/?month=2017-05&version=1", "/?light=5", "/?all=1",
        "/indicators/A01/", "/indicators/A04/", "/indicators/A15/", "/indicators/B21/",
        "/plan/", "/plan/三(一)/", "/tasks/", "/tasks/T01/", "/tasks/P01/", "/tasks/phases/",
        "/indicators/", "/areas/", f"/areas/{BAIBU}/",
        "/meeting/", "/meeting/decisions/", "/clearing/", "/zero/", f"/zero/?area={BAIBU}",
        "/assessment/",
        "/releases/", "/reports/", "/account/?stay", "/account/password/",
    ]  # fmt: skip
    refused = {"/indicators/none/": 404, "/?version=live": 404, "/review/": 403}
    assert findings(sign_in("leader"), dict.fromkeys(pages, 200) | refused) == []


def test_the_clerks_pages_are_sound(midway: SimpleNamespace, sign_in: Callable[[str], Page], findings: Callable):
    approved = f"/entry/{FORM}/{BAIBU}/2017-05/"
    pages = [
        "/desk/", "/", ENTRY, f"{ENTRY}upload/", f"{ENTRY}upload/{midway.preview}/",
        VILLAGES_ENTRY, approved, f"{approved}correct/", "/timeliness/",
    ]  # fmt: skip
    refused = {f"{VILLAGES_ENTRY}upload/{midway.refused}/": 422, "/?version=live": 404}
    assert findings(sign_in("baibu"), dict.fromkeys(pages, 200) | refused) == []


def test_the_reviewers_and_the_offices_pages_are_sound(
    midway: SimpleNamespace, sign_in: Callable[[str], Page], findings: Callable
):
    pages = [
        "/review/", f"/review/{midway.waiting.pk}/", f"/review/{midway.released.pk}/", "/desk/",
        "/indicators/A01/?month=2017-06&version=live", "/?version=live",
        "/timeliness/reminders/",
    ]  # fmt: skip
    assert findings(sign_in("reviewer"), dict.fromkeys(pages, 200)) == []
    assert findings(sign_in("office"), dict.fromkeys(["/releases/?month=2017-06", "/", "/workdays/2017/"], 200)) == []


def test_who_has_no_figures_to_read_lands_on_his_account(
    county: SimpleNamespace, sign_in: Callable, findings: Callable
):
    person("auditor", "某审计员", Grant.Role.AUDITOR)
    page = sign_in("auditor")
    expect(page).to_have_url(re.compile("/account/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("我的账号")
    expect(page.get_by_role("region", name="职责")).to_contain_text("审计员")
    expect(page.get_by_role("link", name="海盐均等化改革试点监测")).to_have_attribute("href", "/audit/")
    pages = dict.fromkeys(["/account/", "/account/password/", "/audit/", "/audit/1/", "/audit/verify/"], 200)
    assert findings(page, pages | {"/indicators/": 403}) == []


def test_the_administrators_pages_are_sound(
    county: SimpleNamespace, sign_in: Callable[[str], Page], findings: Callable
):
    person("system", "某系统管理员", Grant.Role.SYSTEM_ADMINISTRATOR)
    person("security", "某安全管理员", Grant.Role.SECURITY_ADMINISTRATOR)
    other = county.people["leader"].pk
    seen = ["/accounts/", "/accounts/roles/", f"/accounts/{other}/", "/account/"]
    made = ["/accounts/new/", f"/accounts/{other}/edit/", f"/accounts/{other}/handover/"]
    assert findings(sign_in("system"), dict.fromkeys([*seen, *made], 200)) == []
    assert findings(sign_in("security"), dict.fromkeys([*seen, f"/accounts/{other}/grants/new/"], 200)) == []


def test_the_settings_are_sound(county: SimpleNamespace, sign_in: Callable[[str], Page], findings: Callable):
    tables = (
        "indicators/indicator",
        "indicators/target",
        "indicators/dataitem",
        "indicators/reportingform",
        "bureau/area",
    )
    pages = ["/settings/", *(f"/settings/{table}/" for table in tables), "/settings/indicators/indicator/add/"]
    assert findings(sign_in("office"), dict.fromkeys(pages, 200)) == []


def test_the_pages_before_signing_in_are_sound(
    county: SimpleNamespace, live_server, page: Page, findings: Callable, expected_statuses: set[int]
):
    login = f"{live_server.url}/account/login/"
    assert findings(page, {login: 200, f"{live_server.url}/no-such-page": 404}) == []
    page.goto(login)
    expected_statuses.add(422)
    fill_in(page, "baibu", "not his password")
    expect(page.get_by_role("alert")).to_be_visible()
    assert amiss_here(page) == []
    expected_statuses.add(429)
    for _ in range(4):
        fill_in(page, "baibu", "not his password")
    expect(page.get_by_role("heading", level=1)).to_have_text("账号暂时锁定")
    assert amiss_here(page) == []


def test_these_checks_see_what_is_wrong(county: SimpleNamespace, sign_in: Callable[[str], Page]):
    page = sign_in("leader")
    assert amiss_here(page) == []
    page.evaluate("""() => {
      document.querySelector('.strip').textContent = '共 None 项';
      const wide = document.createElement('img');
      wide.style.cssText = 'display: block; min-width: 3000px; height: 9px';
      document.querySelector('main').append(wide);
      const label = document.querySelector('.phase-strip text');
      label.after(label.cloneNode(true));
    }""")
    assert [found.split()[0] for found in amiss_here(page)] == ["演示数据", "None", "wider", "covered:", "axe"]
