"""What a page shows at ?version=1 stays, byte for byte: when a correction is approved, and when version 2 is out."""

import re

import pytest
from django.test import Client

from bureau.models import Grant
from indicators.entry import workflow
from indicators.models import PublishedMonth, Submission
from indicators.publish import publish
from indicators.queries import at_release
from reports import assemble
from tests.integration.factories import EAST, START, WEST, approved, cells, person

pytestmark = pytest.mark.django_db

MONTH = START + 1
AT = "?month=2015-02&version=1"
PAGES = (
    "/", "/indicators/", "/indicators/A01/", "/indicators/A04/", "/areas/", f"/areas/{EAST}/", "/plan/",
    "/indicators/A01/trace/330424/", f"/indicators/A01/trace/{EAST}/",
)  # fmt: skip
FILES = ("/indicators/list.csv", "/indicators/A01/data.csv")
TOKEN = re.compile(rb'(csrfmiddlewaretoken" value|nonce)="[^"]*"')
# Where a reader may go from here changes with a newer version: the picker, and the strip that says there is one.
AROUND = re.compile(rb'<aside class="strip.*?</aside>|<div class="month-picker".*?</details>.*?</div>', re.DOTALL)


@pytest.fixture
def released(tiny):
    for month in (START, MONTH):
        for town, value in ((EAST, 12), (WEST, 8)):
            approved(tiny, "town", town, month, {(town, "D01"): value, (town, "D02"): 1})
        publish(tiny.county, month, by=tiny.office)
    return tiny


def correct(tiny) -> None:
    submission = Submission.objects.get(form=tiny.forms["town"], place=tiny.areas[EAST], month=MONTH)
    workflow.correct(submission, by=tiny.clerk, reason="重复计了几人")
    workflow.save(submission, cells(tiny, {(EAST, "D01"): 2}), by=tiny.clerk, source="grid")
    workflow.submit(submission, by=tiny.clerk)
    workflow.approve(submission, by=tiny.reviewer)


def read(client, addresses) -> dict[str, bytes]:
    found = {}
    for address in addresses:
        answer = client.get(address + AT)
        assert answer.status_code == 200, address
        found[address] = TOKEN.sub(b"", answer.content)
    return found


def inside(page: bytes) -> bytes:
    return re.sub(rb"\s+", b" ", AROUND.sub(b" ", page))


def documents(release) -> dict[str, tuple]:
    return {kind: assemble.build(at_release(release), kind) for kind in ("word", "excel")}


def test_a_released_version_never_changes(released):
    tiny, leader = released, Client()
    leader.force_login(person("leader", (Grant.Role.LEADER, None)))
    release = PublishedMonth.objects.get(month=MONTH)
    pages, files = read(leader, PAGES), read(leader, FILES)
    papers = documents(release)
    correct(tiny)
    assert read(leader, PAGES) == pages
    assert read(leader, FILES) == files
    publish(tiny.county, MONTH, by=tiny.office, reason="二月份数有更正")
    assert read(leader, FILES) == files
    assert documents(release) == papers
    assert {address: inside(page) for address, page in read(leader, PAGES).items()} == {
        address: inside(page) for address, page in pages.items()
    }
