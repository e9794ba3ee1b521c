"""Charts keep their labels apart: years of months are labelled now and then, every town has its name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from reports.content import ChartData
from reports.documents.chart_look import label_step
from reports.documents.native_chart import chart_xml
from reports.printing import drawn
from tests.unit.reports.manuscripts import JOBS, PARTS, TOWNS

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
THREE_YEARS = tuple(f"{year}年{month}月" for year in (2015, 2016, 2017) for month in range(1, 13))


def long_chart() -> ChartData:
    return replace(JOBS, categories=THREE_YEARS, series=(("实际", JOBS.series[1][1] * 3),))


def named(chart: ChartData) -> list[str]:
    """The categories a drawing names."""
    texts = ("".join(one.itertext()).strip() for one in etree.fromstring(drawn.svg(chart)).iter("{*}text"))
    return [text for text in texts if text in chart.categories]


@pytest.mark.parametrize(
    ("labels", "step"),
    [
        (JOBS.categories, 1),  # 12 of at most 2.75 Hanzi are 33
        (THREE_YEARS[:12], 2),  # 6 of 5.75 are 34.5
        (THREE_YEARS, 6),  # 6 of 5.75, where 12 were 69
        ((*THREE_YEARS, "口径变更"), 1),  # what is no month is never left out
        ((), 1),
    ],
)
def test_months_are_labelled_as_often_as_there_is_room(labels, step):
    assert label_step(labels) == step


def test_three_years_are_labelled_twice_a_year():
    assert named(long_chart()) == ["2015年1月", "2015年7月", "2016年1月", "2016年7月", "2017年1月", "2017年7月"]


def test_in_word_too_and_its_workbook_keeps_every_month():
    space = etree.fromstring(chart_xml(long_chart(), "rId1"))
    assert space.find(f".//{C}catAx/{C}tickLblSkip").get("val") == "6"
    shown = [point.findtext(f"{C}v") for point in space.iterfind(f".//{C}cat//{C}pt")]
    assert [text for text in shown if text] == list(THREE_YEARS[::6])
    assert len(shown) == 36


def test_every_town_has_its_name_and_room_for_it():
    space = etree.fromstring(chart_xml(TOWNS, "rId1"))
    assert space.find(f".//{C}catAx/{C}tickLblSkip").get("val") == "1"
    assert sorted(named(TOWNS)) == sorted(TOWNS.categories)
    assert drawn.size(TOWNS) == (150, 59)  # 9 bars of 5 mm and 14 for the axis
    assert drawn.size(PARTS) == drawn.size(JOBS) == (150, 54)
