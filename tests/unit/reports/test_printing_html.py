"""A manuscript on the screen: every text escaped, nothing inline, figures that know their keys, charts with words."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from decimal import Decimal as D
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import etree

from reports import printing
from reports.content import ChartData
from reports.manuscript import Chart, Column, Figure, Heading, Paragraph, Table, Written
from reports.printing import drawn
from reports.printing.page import shares
from tests.unit.reports.manuscripts import BARE, JOBS, KEY, PARTS, RATE_KEY, RICH, TOWNS

HOSTILE = "<script>alert(1)</script>\" onload='x' \x00&"
CSS = Path(__file__).parents[3] / "static" / "css" / "report-tables.css"


class Seen(HTMLParser):
    """Tags with their attributes, in order; the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.said: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.said.append(data)

    def named(self, *names: str) -> list[dict]:
        return [attrs for tag, attrs in self.tags if tag in names]


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen(printing.html(RICH))


def test_hostile_text_is_text_everywhere():
    table = Table(HOSTILE, (Column(HOSTILE, 30),), (((Figure(HOSTILE, HOSTILE),),),), unit=HOSTILE, notes=(HOSTILE,))
    blocks = (
        Heading(1, HOSTILE), Paragraph((HOSTILE, Figure(HOSTILE, HOSTILE))), table,
        Written(HOSTILE, HOSTILE, (HOSTILE,), lead=HOSTILE), Chart(HOSTILE, replace(PARTS, unit=HOSTILE), HOSTILE),
    )  # fmt: skip
    given = replace(
        RICH, title=HOSTILE, edition=HOSTILE, issuer=HOSTILE, document_number=HOSTILE, issue=HOSTILE,
        recipients=HOSTILE, copies=(HOSTILE,), blocks=blocks,
    )  # fmt: skip
    text = printing.html(given, standalone=True)
    seen = Seen(text)
    assert "script" not in {tag for tag, _ in seen.tags}
    assert "\x00" not in text
    assert not any(name.startswith("on") or name == "style" for _, attrs in seen.tags for name in attrs)
    assert "<script>alert(1)</script>" in "".join(seen.said)
    drawing = base64.b64decode(seen.named("img")[0]["src"].partition(",")[2])
    assert etree.fromstring(drawing).find(".//{*}script") is None


def test_nothing_is_inline_and_every_column_class_has_its_width(seen):
    assert not [tag for tag, _ in seen.tags if tag in ("style", "script", "link")]
    assert not any("style" in attrs for _, attrs in seen.tags)
    styled = set(re.findall(r"\.w-(\d+) \{ width: \1%; \}", CSS.read_text(encoding="utf-8")))
    assert {attrs["class"].removeprefix("w-") for attrs in seen.named("col")} <= styled
    assert styled == {str(share) for share in range(1, 101)}


def test_widths_come_to_a_hundred():
    assert shares([14, 52, 18, 26, 24, 22]) == [9, 33, 12, 17, 15, 14]
    assert shares([1, 1, 1]) == [34, 33, 33]


def test_each_figure_carries_its_key(seen):
    assert [attrs["value"] for attrs in seen.named("data")] == [figure.key for figure in RICH.figures()]
    assert '<data class="figure" value="A06/official/330424/2017-06/value">−0.30</data>' in printing.html(RICH)


def test_a_page_for_print_has_the_same_figures_without_keys_in_its_tables(seen):
    printed = Seen(printing.html(RICH, standalone=True))
    assert [attrs["value"] for attrs in printed.named("data")] == [KEY, RATE_KEY]  # of the one paragraph with figures
    article = "".join(printed.said).removeprefix(RICH.plain_title)
    assert article == "".join(seen.said)


def test_rows_that_stay_with_the_next_say_so():
    def kept(rows: int) -> list[str]:
        table = Table("表1", (Column("人", 20),), ((("1",),),) * rows, notes=("注。",))
        found = Seen(printing.html(replace(BARE, blocks=(table,))))
        return [attrs.get("class", "") for attrs in found.named("tr")]

    assert kept(13) == ["", *["kept"] * 2, *[""] * 8, *["kept"] * 3]  # the head first
    assert kept(2) == ["", "kept", "kept"]


def test_headings_step_down_from_the_title(seen):
    levels = [tag for tag, _ in seen.tags if re.fullmatch(r"h\d", tag)]
    assert levels == ["h1", "h2", "h2", "h3", "h4", "h5", "h2", "h2", "h2"]  # the last two are attachments


def test_the_contents_lead_to_what_they_name(seen):
    anchors = [attrs["href"].removeprefix("#") for attrs in seen.named("a")]
    ids = [attrs["id"] for _, attrs in seen.tags if "id" in attrs]
    assert len(anchors) == 6
    assert set(anchors) <= set(ids)
    assert len(set(ids)) == len(ids)


def test_heads_of_tables_are_heads(seen):
    assert {attrs["scope"] for attrs in seen.named("th")} == {"col"}
    assert len(seen.named("th")) == 6 + 15


def test_a_wide_table_is_moved_by_keys_and_named(seen):
    regions = [attrs for attrs in seen.named("div") if attrs.get("role") == "region"]
    assert [(attrs["tabindex"], attrs["aria-label"]) for attrs in regions] == [
        ("0", "表1　核心指标完成情况"), ("0", "附表1　逐月数据"),
    ]  # fmt: skip


def test_charts_are_pictures_that_say_what_they_show(seen):
    assert [attrs["alt"] for attrs in seen.named("img")] == [
        "折线图：6月为4,080人，时序为3,400人。", "条形图：通元最高，97.96%。", "柱形图：二季度城镇1,350人次。",
    ]  # fmt: skip
    assert all(attrs["src"].startswith("data:image/svg+xml;base64,") for attrs in seen.named("img"))


def test_a_draft_names_what_is_to_be_written_and_a_final_is_silent():
    final, draft = printing.html(RICH), printing.html(replace(RICH, draft=True))
    assert "待写" not in final
    assert "征求意见稿" not in final
    assert "（待写：下一步）" in draft
    assert draft.count("征求意见稿") == 2  # at the head of each page, and above the title
    assert "（本段写成后所涉数据有变动，请核对）" in draft


def test_a_page_of_its_own_has_title_language_and_day():
    text = printing.html(RICH, standalone=True)
    assert "<title>海盐县就业和社会保障基本公共服务均等化改革试点工作总结评估报告</title>" in text
    assert '<html lang="zh-Hans">' in text
    assert 'content="2017-07-05"' in text
    assert "dcterms" not in printing.html(BARE, standalone=True)


def test_lines_look_as_on_the_pages_and_gaps_stay_gaps():
    tree = etree.fromstring(drawn.svg(JOBS))
    styles = {path.get("style", "") for path in tree.iter("{*}path")}
    actual = [style for style in styles if "#0b5563" in style and "stroke-width: 2.25" in style]
    path = [style for style in styles if "#5c6b74" in style and "stroke-dasharray" in style]
    target = [style for style in styles if "#12232b" in style and "fill: none" in style]
    assert actual
    assert path
    assert target
    line = next(one for one in tree.iter("{*}path") if one.get("style") in actual)
    assert len(re.findall("M ", line.get("d"))) == 2  # March is not there: two pieces


def test_the_unit_stands_once_and_the_series_are_named():
    said = "".join(etree.fromstring(drawn.svg(JOBS)).itertext())
    assert said.count("单位：人") == 1
    for name in ("本年累计", "时序进度", "目标"):
        assert name in said


def test_a_column_that_is_missing_keeps_its_room():
    def places(chart):
        texts = etree.fromstring(drawn.svg(chart)).iter("{*}text")
        return [one.get("x") for one in texts if "".join(one.itertext()).strip() in chart.categories]

    whole = replace(PARTS, series=(PARTS.series[0], ("农村", (D(900), D(800)))))
    assert len(places(PARTS)) == 2
    assert places(PARTS) == places(whole)


@pytest.mark.parametrize("chart", [JOBS, TOWNS, PARTS])
def test_the_same_chart_gives_the_same_drawing(chart):
    first = drawn.svg(chart)
    drawn.svg.cache_clear()
    assert drawn.svg(chart) == first
    assert b"<dc:date>" not in first


@pytest.mark.parametrize("kind", ["line", "column", "bar"])
def test_a_category_no_xml_may_hold_still_gives_a_drawing(kind):
    said = list(etree.fromstring(drawn.svg(replace(PARTS, kind=kind, categories=("一\x0b季", "二<季$x$")))).itertext())
    assert "一季" in said
    assert "二<季$x$" in said


def test_a_chart_without_a_value_is_drawn_empty():
    empty = ChartData("无", "人", ("1月", "2月"), (("本年", (None, None)),))
    assert "单位：人" in "".join(etree.fromstring(drawn.svg(empty)).itertext())
