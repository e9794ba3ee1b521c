"""Old Excel files (旧表) of several layouts become ordinary imports; spellings confirmed once are known again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from bureau.models import AreaAlias, AreaSpan, AuditEvent, Grant
from indicators.entry.oldfiles import wizard
from indicators.entry.scan import scan
from indicators.models import DataItem, Entry, Import, OldFile
from reports.demonstration import removal
from tests.integration.entry import oldbooks
from tests.integration.factories import E1, E2, EAST, START, W1, WEST, person

pytestmark = pytest.mark.django_db
MARCH = START + 2


@pytest.fixture
def quick(monkeypatch):
    """The scan within this process: that a child does it is proved where workbooks are read."""
    monkeypatch.setattr(wizard, "read_workbook", scan)


@pytest.fixture
def county(tiny, quick):
    """Names as a county has them: two villages called 永兴村, items with words and units."""
    for code, name in ((EAST, "东塘镇"), (WEST, "西塘镇"), (E1, "永兴村"), (W1, "永兴村"), (E2, "新民村")):
        AreaSpan.objects.filter(area__code=code).update(name=name)
    for code, name in (("D01", "新增就业人数"), ("D02", "减少就业人数"), ("D22", "劳动力人数")):
        DataItem.objects.filter(code=code).update(name=name)
    DataItem.objects.filter(code="D21").update(name="工资总额", unit="元", decimals=2)
    return tiny


@pytest.fixture
def clerk(county, signed_in) -> Client:
    return signed_in(county.clerk)


def send(client: Client, content: bytes, name: str = "旧表.xlsx") -> OldFile:
    answer = client.post("/import/old/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return OldFile.objects.order_by("pk").last()


def url(one: OldFile, step: str) -> str:
    return f"/import/old/{one.pk}/{step}/"


def say_layout(client: Client, one: OldFile, **more):
    """Send the form of the layout as it is proposed, with these changes."""
    form = client.get(url(one, "layout")).context["form"]
    data = {bound.name: "" if bound.value() is None else bound.value() for bound in form} | more
    return client.post(url(one, "layout"), data)


def items_of(client: Client, one: OldFile) -> dict[str, tuple[str, str]]:
    """Heading → (item, factor) as the page proposes it."""
    page = client.get(url(one, "items"))
    return {row["text"]: (row["code"], row["factor"]) for row in page.context["rows"]}


def say_items(client: Client, one: OldFile, **by_heading: str):
    """Send what is proposed, with other items for these headings."""
    rows = client.get(url(one, "items")).context["rows"]
    data = {}
    for row in rows:
        data[f"item-{row['number']}"] = by_heading.get(row["text"], row["code"])
        data[f"factor-{row['number']}"] = row["factor"]
    return client.post(url(one, "items"), data)


def say_names(client: Client, one: OldFile, **places: str):
    data = {}
    for row in client.get(url(one, "names") + "?all=1").context["rows"]:
        number = row["number"]
        data |= {f"name-{number}": row["name"], f"town-{number}": row["town"]}
        data[f"place-{number}"] = places.get(row["name"], "")
    return client.post(url(one, "names"), data)


def entries() -> dict[tuple, tuple]:
    rows = Entry.objects.values_list("submission__month", "area__code", "item__code", "value", "state")
    return {row[:3]: row[3:] for row in rows}


def problems(page) -> list[tuple]:
    found = [problem for problem in page.context["problems"].object_list if problem["severity"] == "hard"]
    return [(one["sheet"], f"{one['column']}{one['row']}", one["rule"]) for one in found]


def test_titles_merged_headings_units_totals_and_remarks_are_proposed_and_the_rest_imported(clerk):
    one = send(clerk, oldbooks.towns())
    form = clerk.get(url(one, "layout")).context["form"]
    proposed = {name: form[name].value() for name in ("head_first", "head_last", "place_column", "month", "left_out")}
    assert proposed == {"head_first": 3, "head_last": 5, "place_column": 2, "month": "2015-03", "left_out": "8-10"}
    assert say_layout(clerk, one, left_out="7-10").url == url(one, "items")
    assert items_of(clerk, one) == {
        "序号": ("", "1"), "就业情况 新增就业人数": ("D01", "1"), "就业情况 减少就业人数": ("D02", "1"),
    }  # fmt: skip
    assert say_items(clerk, one).url == url(one, "names")
    assert clerk.get(url(one, "names")).url == url(one, "trial"), "every name is known: nothing to ask"
    trial = clerk.get(url(one, "trial"))
    # two cells are new; nothing is written, nothing else is on record
    assert [row["count"] for row in trial.context["counts"]] == [2, 0, 0, 0, 0]
    assert (Entry.objects.count(), Import.objects.count()) == (0, 0)
    sent = clerk.post(url(one, "trial"))
    record = Import.objects.get()
    assert sent.url == f"/import/{record.pk}/"
    assert clerk.post(sent.url).status_code == 302
    assert entries() == {(MARCH, EAST, "D01"): (1200, 0), (MARCH, EAST, "D02"): (30, 2)}
    again = send(clerk, oldbooks.towns())
    say_layout(clerk, again, left_out="7-10")
    assert "先按那次的对应填好" in clerk.get(url(again, "items")).content.decode()
    say_items(clerk, again)
    trial = clerk.get(url(again, "trial"))
    assert [row["count"] for row in trial.context["counts"]] == [0, 0, 2, 0, 0], "the same again"
    assert not trial.context["can_confirm"]


def test_another_towns_rows_are_refused_at_their_cells_of_the_original(county, clerk):
    one = send(clerk, oldbooks.towns())
    say_layout(clerk, one)
    say_items(clerk, one)
    trial = clerk.get(url(one, "trial"))
    assert trial.status_code == 422
    assert problems(trial) == [("就业", "B7", "不在你的填报范围")]
    assert clerk.post(url(one, "trial")).status_code == 422
    assert not Import.objects.exists()


def test_months_as_columns_a_ambiguous_name_and_a_spelling_that_is_kept(county, clerk):
    one = send(clerk, oldbooks.villages())
    form = clerk.get(url(one, "layout")).context["form"]
    shape = {name: form[name].value() for name in ("place_column", "town_column", "month_from", "year", "left_out")}
    assert shape == {"place_column": 2, "town_column": 1, "month_from": "headings", "year": 2015, "left_out": "5"}
    say_layout(clerk, one)
    say_items(clerk, one, 表内各数="D22")
    page = clerk.get(url(one, "names"))
    # 永兴村 stands twice in the county, but the merged cell beside it says which town it is in
    assert [(row["name"], row["town_name"], row["where"]) for row in page.context["rows"]] == [
        ("东塘新民", "东塘镇", "4")
    ]
    assert page.context["rows"][0]["likely"][0]["code"] == E2
    assert say_names(clerk, one).status_code == 422, "nothing is taken for a place without being said"
    assert not AreaAlias.objects.exists()
    assert say_names(clerk, one, 东塘新民=E2).url == url(one, "trial")
    kept = AreaAlias.objects.get()
    assert (kept.text, kept.within.code, kept.area.code, kept.by) == ("东塘新民", EAST, E2, county.clerk)
    assert AuditEvent.objects.get(act="setting.add").detail["area"] == [None, E2]
    clerk.post(url(one, "trial"))
    clerk.post(f"/import/{Import.objects.get().pk}/")
    assert entries() == {
        (START, E1, "D22"): (80, 0), (START + 1, E1, "D22"): (81, 0),
        (START, E2, "D22"): (60, 0), (START + 1, E2, "D22"): (61, 0),
    }  # fmt: skip
    # the second time the spelling is known by itself
    again = send(clerk, oldbooks.villages())
    say_layout(clerk, again)
    say_items(clerk, again)
    assert clerk.get(url(again, "names")).url == url(again, "trial")


def test_two_places_of_one_name_ask_for_the_town(county, clerk):
    one = send(clerk, oldbooks.villages())
    say_layout(clerk, one, town_column="0")
    say_items(clerk, one, 表内各数="D22")
    rows = {row["name"]: row for row in clerk.get(url(one, "names")).context["rows"]}
    assert rows["永兴村"]["same"]
    assert [one["text"] for one in rows["永兴村"]["likely"]] == ["东塘镇 永兴村", "西塘镇 永兴村"]
    say_names(clerk, one, 永兴村=E1, 东塘新民="-")
    assert not AreaAlias.objects.exists(), "a name that two places have says nothing for the next file"
    assert [row["count"] for row in clerk.get(url(one, "trial")).context["counts"]] == [2, 0, 0, 0, 0]


def test_units_are_converted_exactly_and_named(county, clerk):
    one = send(clerk, oldbooks.wages())
    form = clerk.get(url(one, "layout")).context["form"]
    assert [form[name].value() for name in ("month_from", "month_column", "place")] == ["column", 1, EAST]
    say_layout(clerk, one)
    assert items_of(clerk, one) == {"工资总额（万元）": ("D21", "10000")}
    say_items(clerk, one)
    trial = clerk.get(url(one, "trial"))
    # 1.23456 万元 as text has a fifth decimal, which the grammar of figures refuses
    assert problems(trial) == [("工资", "B5", "小数位数过多（最多 2 位）")]
    assert trial.context["problem_rows"][0]["value"] == "1.23456"
    one = send(clerk, oldbooks.wages(1.2345))
    say_layout(clerk, one)
    say_items(clerk, one)
    trial = clerk.get(url(one, "trial"))
    assert [(row["before"], row["after"]) for row in trial.context["converted"]] == [
        ("12.5 × 10000", "125000"), ("估0.3 × 10000", "估3000"), ("1.2345 × 10000", "12345"),
    ]  # fmt: skip
    clerk.post(url(one, "trial"))
    clerk.post(f"/import/{Import.objects.get().pk}/")
    assert entries() == {
        (START, EAST, "D21"): (Decimal(125_000), 0),
        (START + 1, EAST, "D21"): (Decimal(3_000), 2),
        (MARCH, EAST, "D21"): (Decimal(12_345), 0),
    }


def test_a_cell_that_is_no_figure_is_named_by_the_grammar_of_entry_in_its_own_cell(county, clerk):
    for value, rule in (
        ("12%", "填金额，不填百分比"), ("约5", "“约5”不是数字"), ("1,23", "千分位写法不对"), ("-1", "金额不能为负数"),
    ):  # fmt: skip
        one = send(clerk, oldbooks.wages(value))
        say_layout(clerk, one)
        say_items(clerk, one)
        assert problems(clerk.get(url(one, "trial"))) == [("工资", "B5", rule)]


def test_a_file_goes_on_where_it_was_left_and_belongs_to_its_sender(county, clerk, signed_in):
    content = oldbooks.wages(1)
    one = send(clerk, content)
    say_layout(clerk, one)
    assert send(clerk, content).pk == one.pk, "the same file sent again is the one begun"
    page = clerk.get("/import/old/")
    assert [(row["name"], row["state"], row["url"]) for row in page.context["begun"]] == [
        ("旧表.xlsx", "未完", url(one, "items"))
    ]
    for step in ("layout", "items", "names", "trial"):
        assert signed_in(county.colleague).get(url(one, step)).status_code == 404
        assert signed_in(county.reviewer).get(url(one, step)).status_code == 403
    assert clerk.get(url(one, "trial")).url == url(one, "items")


def test_hostile_files_are_refused_by_the_scan_and_the_refusal_is_on_record(tiny, signed_in):
    clerk = signed_in(tiny.clerk)
    for content in (b"PK\x03\x04 no zip", b"<html>", b"\xd0\xcf\x11\xe0 old xls"):
        answer = clerk.post("/import/old/", {"file": SimpleUploadedFile("旧表.xlsx", content)})
        assert answer.status_code == 422
        assert answer.context["form"].errors["file"]
    stream = oldbooks.BytesIO()
    Workbook().save(stream)
    answer = clerk.post("/import/old/", {"file": SimpleUploadedFile("空.xlsx", stream.getvalue())})
    assert "没有可导入的数据" in answer.content.decode()
    assert AuditEvent.objects.filter(act="upload.refused", succeeded=False).count() == 4
    assert not OldFile.objects.exists()


def test_a_spelling_of_another_towns_place_is_not_kept_for_everybody(county, signed_in):
    clerk = signed_in(person("west", (Grant.Role.TOWN_CLERK, county.areas[WEST])))
    one = send(clerk, oldbooks.villages())
    say_layout(clerk, one)
    say_items(clerk, one, 表内各数="D22")
    say_names(clerk, one, 东塘新民=E2)
    assert not AreaAlias.objects.exists()
    assert {rule for _sheet, _cell, rule in problems(clerk.get(url(one, "trial")))} == {"不在你的填报范围"}


def test_a_layout_that_cannot_be_is_refused_by_field(clerk):
    one = send(clerk, oldbooks.towns())
    for change, field, told in (
        ({"month": "2015-13"}, "month", "月份写法不对，应为 2017-06 这样。"),
        ({"place_column": "0"}, "place_column", "选地方名称所在的列；整张表是一个地方的，选这个地方。"),
        ({"head_last": "2"}, "head_last", "标题行的止行早于起行。"),
        ({"left_out": "8、十"}, "left_out", "“十”不是行号，写成 12、27-30。"),
        ({"town_column": "2"}, "place_column", "同一列选了两次。"),
        ({"month_from": "headings"}, "month_from", "标题行里没有月份。"),
        ({"left_out": "6-10"}, "left_out", "没有剩下要读的行。"),
    ):
        answer = say_layout(clerk, one, **change)
        assert answer.status_code == 422
        assert answer.context["form"].errors[field] == [told]
    one.refresh_from_db()
    assert one.layout == {}


def test_the_end_of_a_demonstration_takes_its_old_files_and_spellings_along(county, clerk):
    one = send(clerk, oldbooks.villages())
    say_layout(clerk, one)
    say_items(clerk, one, 表内各数="D22")
    say_names(clerk, one, 东塘新民=E2)
    clerk.post(url(one, "trial"))
    county.clerk.is_demonstration = True
    county.clerk.save()
    removal.remove()
    assert [model.objects.count() for model in (OldFile, Import, AreaAlias)] == [0, 0, 0]
