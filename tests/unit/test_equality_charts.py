"""The equality page's charts: what they show of given values, and that plotly accepts them."""

from __future__ import annotations

from decimal import Decimal

import plotly.graph_objects as go

from bureau import months
from indicators.equality_charts import Line, stacked, two_lines

JANUARY = months.make(2016, 1)
D = Decimal
PARTS = ["城乡间", "城、乡内部"]


def test_two_sides_have_their_names_and_last_values_at_the_end_of_their_lines():
    town = Line("城镇", [D("90"), None, D("92.5")], ["90.00", "—", "92.50"], [False, False, True])
    country = Line("乡村", [D("80"), D("82"), D("85")], ["80.00", "82.00", "85.00"], [False] * 3)
    figure = two_lines([JANUARY, JANUARY + 1, JANUARY + 2], [town, country], "%")
    go.Figure(figure)
    assert [trace["y"] for trace in figure["data"]] == [[90, None, 92.5], [80, 82, 85]]
    assert figure["data"][0]["marker"]["color"][2] == "#FFFFFF"  # not fully covered: hollow
    assert {"城镇 92.50", "乡村 85.00"} <= {note["text"] for note in figure["layout"]["annotations"]}
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < 80
    assert high > 92.5


def test_without_a_value_there_is_no_chart():
    assert two_lines([JANUARY], [Line("城镇", [None], ["—"], [False])], "%") is None
    assert stacked([JANUARY], [None], [None], PARTS) is None


def test_the_parts_of_theil_are_stacked_and_named_beside_the_last_bar():
    figure = stacked([JANUARY, JANUARY + 1], [D("3"), D("2.5")], [D("2"), D("2.3")], PARTS)
    go.Figure(figure)
    assert [trace["name"] for trace in figure["data"]] == ["城乡间", "城、乡内部"]
    assert figure["layout"]["barmode"] == "relative"
    heights = {note["text"]: note["y"] for note in figure["layout"]["annotations"] if note["text"] != "×10⁻⁴"}
    assert heights["城乡间"] == 1.25
    assert heights["城、乡内部"] == 3.65


def test_lines_and_bars_are_parted_where_the_definition_changed():
    town = Line("城镇", [D("90"), D("91"), D("60")], ["90", "91", "60"], [False] * 3)
    country = Line("乡村", [D("80"), D("82"), D("55")], ["80", "82", "55"], [False] * 3)
    figure = two_lines([JANUARY, JANUARY + 1, JANUARY + 2], [town, country], "%", broken=[JANUARY + 2])
    go.Figure(figure)
    assert [trace["y"] for trace in figure["data"]] == [[90, 91, None, 60], [80, 82, None, 55]]
    assert figure["data"][0]["x"][2] == "2016-02-16"
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == ["2016-02-16"]
    assert "口径变更" in {note["text"] for note in figure["layout"]["annotations"]}
    bars = stacked([JANUARY, JANUARY + 1], [D("3"), D("2.5")], [D("2"), D("2.3")], PARTS, broken=[JANUARY + 1])
    assert [shape["x0"] for shape in bars["layout"]["shapes"]] == ["2016-01-16"]
