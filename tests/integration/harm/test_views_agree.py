"""H3: the page, the list's CSV, the indicator's CSV, the report and the annex say the same of any cell of a release."""

import csv
import io
import random
import re
from decimal import Decimal
from html import unescape

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client

from bureau import months
from bureau.models import Grant, Installation
from indicators import wording
from indicators.analysis.kinds import Light
from indicators.models import PublishedEvaluation
from indicators.publish import publish
from indicators.queries import read_at, rows
from reports import assemble
from tests.integration.factories import END, FORMULAS, START, person
from tests.integration.generated import generated, put_generated
from tests.reliability.scale import number, result

pytestmark = pytest.mark.django_db


def table(content: bytes) -> list[dict]:
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def exact(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def annex_values(content: bytes) -> dict[tuple[str, str], object]:
    """(indicator, head of the month) → the cell of the sheets of months."""
    book, found = openpyxl.load_workbook(io.BytesIO(content), data_only=True), {}
    for name in ("核心指标逐月", "监测指标逐月"):
        sheet = list(book[name].iter_rows(values_only=True))
        start = next(at for at, row in enumerate(sheet) if row[0] == "编号")
        found |= {
            (row[0], head): cell for row in sheet[start + 1 :] for head, cell in zip(sheet[start], row, strict=True)
        }
    return found


def test_page_exports_report_and_annex_agree(tiny):
    leader = person("leader", (Grant.Role.LEADER, None))
    client = Client()
    client.force_login(leader)
    put_generated(tiny, generated(3))
    call_command("rebuild")
    dice, compared, amiss = random.Random(3), 0, []
    wanted = sorted(dice.sample(range(START, END + 1), number(suite=1, full=24)))
    for month in wanted:
        publish(tiny.county, month, by=tiny.office)
        iso = months.iso(month)
        installation = Installation.objects.select_related("county").get()
        at = read_at(installation, leader, iso, "1")
        found = {one.indicator: one for one in rows(at, areas=[tiny.county.pk]) if one.month == month}
        listed = {
            line["code"]: line for line in table(client.get(f"/indicators/list.csv?month={iso}&version=1").content)
        }
        content = assemble.compose(at)
        report = {one.code: one for one in content.indicator_rows}
        monthly = {(one.code, one.month): one for one in content.months}
        annex = annex_values(assemble.build(at, "excel")[1])
        for formula in FORMULAS:
            indicator = tiny.indicators[formula.code]
            row, code = found[indicator.pk], formula.code
            stored = PublishedEvaluation.objects.get(
                area=tiny.county.pk, indicator=indicator.pk, month=month, version=1
            )
            own = [
                line for line in table(client.get(f"/indicators/{code}/data.csv?month={iso}&version=1").content)
                if (line["month"], line["area"]) == (iso, tiny.county.code)
            ]  # fmt: skip
            page = client.get(f"/indicators/{code}/?month={iso}&version=1").content.decode()
            printed, cell = wording.value(row, indicator), annex[code, f"{months.year(month)}.{months.number(month)}"]
            values = [stored.value, exact(listed[code]["value"]), exact(own[0]["value"]), monthly[code, month].value]
            ways = {
                "the numbers": len(set(values)) == 1,
                "the annex": (None if cell in (None, "") else Decimal(repr(cell))) == values[0],
                "the report": monthly[code, month].value_text == report[code].value_text == printed,
                "the page": printed in re.sub(r"<[^>]+>", "", unescape(page)),
                "the light": listed[code]["light"] == own[0]["light"] == wording.light(Light(stored.light)),
            }
            compared += len(ways)
            amiss += [(code, iso, way, values, printed, cell) for way, agrees in ways.items() if not agrees]
    result("H3", "page, exports, report and annex of one release: differences", compared, len(amiss))
    assert amiss == []
    assert compared == len(wanted) * len(FORMULAS) * 5
