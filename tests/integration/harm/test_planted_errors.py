"""C3: each error planted in a workbook is named with sheet, row and column; no other is, and nothing is saved."""

import random

import pytest

from indicators.entry import uploads
from indicators.entry.template import DATA_SHEET
from indicators.models import Entry, Upload
from tests.integration.factories import E1, E2, EAST, START, W2
from tests.integration.harm import workbooks
from tests.reliability.scale import number, result

pytestmark = pytest.mark.django_db

SHEET = ("village", EAST, START)
# what a clerk may do wrong in one cell of a whole number of persons
WRONG = (
    "约50",
    "十二",
    "-3",
    -3,
    3.5,
    "1,23",
    "50-60",
    "-",
    "无",
    "97%",
    "①",
    "1_000",
    "12人",
    10**9,
    "#N/A",
    "TRUE",
    "1e3",
)
RIGHT = (0, 7, "7", "１２", "1,234", "估12", "不适用", None, None)


def test_each_planted_error_is_named_at_its_cell_and_no_other(tiny, clerk):
    content = workbooks.template(clerk, *SHEET)
    at = sorted(set(workbooks.addresses(content).values()))
    assert {place for place, _item in workbooks.addresses(content)} == {E1, E2, W2}
    tried, missed, false = number(suite=6, full=2_000), [], []
    for seed in range(tried):
        dice = random.Random(seed)
        planted = set(dice.sample(at, min(len(at), dice.randint(1, 50))))
        cells = {address: dice.choice(WRONG if address in planted else RIGHT) for address in at}
        answer = workbooks.upload(clerk, workbooks.filled(content, cells), *SHEET)
        kept = Upload.objects.latest("pk")
        hard = [one for one in uploads.problems_of(kept) if one.severity == "hard"]
        named = {f"{one.column}{one.row}" for one in hard}
        missed += [(seed, address, cells[address]) for address in planted - named]
        false += [(seed, address, cells.get(address)) for address in named - planted]
        assert {one.sheet for one in hard} == {DATA_SHEET}
        assert len(hard) == len(named), "none is told twice"
        assert all(one.rule and one.fix for one in hard)
        if seed % 50 == 0:
            page = clerk.get(answer.url)
            assert (page.status_code, "没有任何数被改动" in page.content.decode()) == (422, True)
    result("C3", "workbooks with planted errors: errors missed or false", tried, len(missed) + len(false))
    assert missed == false == []
    assert not Entry.objects.exists()
