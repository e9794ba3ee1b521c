"""The indicator page in the browser: its forecast comes while it waits, and 如果每月… tells what the server would."""

from __future__ import annotations

import json
import random
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from bureau import months
from indicators.analysis.whatif import Standing, what_if
from indicators.models import KeptForecast
from indicators.publish import publish
from indicators.whatif_page import given, texts

pytestmark = pytest.mark.django_db(transaction=True)

MODULE = "/static/js/whatif/outcome.js"
ASK = """async ([path, cases]) => {
  const { standingOf, texts } = await import(path);
  return cases.map(([given, pace]) => texts(standingOf(given), BigInt(pace)));
}"""
EDGES = (0, 1, 4_999, 5_000, 9_999, 10_000, 49_999, 50_000, 600_000, 999_999, 1_000_000, 123_456_789)


def case(chance: random.Random) -> tuple[Standing, int, int, int]:
    """A standing with its target, decimals and pace: small and large, at the edges of rounding, rising and falling."""

    def some(low: int = 0) -> int:
        return chance.choice(EDGES) if chance.random() < 0.4 else chance.randint(low, 10 ** chance.randint(1, 14))

    goal, end = some(), 24_000 + chance.randint(0, 40)
    standing = Standing(
        month=end - chance.randint(-1, 24), end=end, value=chance.choice((1, -1)) * some(), remaining=some(),
        falling=chance.random() < 0.3, recent=None if chance.random() < 0.2 else some(-50),
        low=chance.choice((None, 0)), high=chance.choice((None, 1_000_000)), target=chance.choice((None, goal)),
    )  # fmt: skip
    return standing, goal, chance.randint(0, 4), some()


def test_a_forecast_comes_while_the_page_waits_and_the_slider_tells_what_the_server_would(
    county: SimpleNamespace, sign_in, monkeypatch
):
    for module in ("analysis.forecast", "forecasts", "forecast_page"):
        monkeypatch.setattr(f"indicators.{module}.FEWEST", 5)  # so many months are there
    for month in range(1, 6):
        publish(county.county, months.make(2017, month), by=county.people["office"])
    page: Page = sign_in("leader")
    page.goto("/indicators/A01/")
    expect(page.locator("#forecast")).to_contain_text("达标概率", timeout=20_000)  # by itself, under the policy
    assert KeptForecast.objects.count() == 1

    chance = random.Random(20160506)
    cases = [case(chance) for _ in range(400)]
    asked = [(given(standing, goal, decimals), str(pace)) for standing, goal, decimals, pace in cases]
    told = page.evaluate(ASK, [MODULE, asked])
    expected = [texts(what_if(standing, pace), standing, goal, decimals) for standing, goal, decimals, pace in cases]
    wrong = [(asked[n], told[n], expected[n]) for n in range(len(cases)) if told[n] != expected[n]]
    assert wrong == [], json.dumps(wrong[:3], ensure_ascii=False)

    form = page.locator("#whatif")
    expect(form.get_by_role("button")).to_be_hidden()
    form.get_by_role("spinbutton").fill("611")
    expect(form.get_by_role("slider")).to_have_value("611")
    by_script = form.get_by_role("status").inner_text().split()
    page.goto("/indicators/A01/?pace=611")
    assert form.get_by_role("status").inner_text().split() == by_script
    form.get_by_role("slider").press("ArrowRight")
    expect(form.get_by_role("spinbutton")).to_have_value("612")
