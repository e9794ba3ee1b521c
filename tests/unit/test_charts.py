"""The drawings and chart specifications: what they show of given values, and that the libraries accept them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import plotly.graph_objects as go
import pytest

from bureau import months
from indicators import charts
from indicators.charts import Attention, MonthPoint
from indicators.drawings import position
from indicators.fans import Fan

JANUARY = months.make(2016, 1)
D = Decimal


def year_of_points(known: int = 8, **special) -> list[MonthPoint]:
    """Twelve months of 2016, 500 a month cumulated in the first `known`, on a path to 6,800."""
    return [
        MonthPoint(
            month=JANUARY + i,
            value=D(500 * (i + 1)) if i < known else None,
            value_text=f"{500 * (i + 1):,} 人",
            parts_text="本月 500 = 530 − 30",
            path=D(6800) * (i + 1) / 12,
            path_text="…",
            **special,
        )
        for i in range(12)
    ]


def trace(figure: dict, name: str) -> dict:
    return next(t for t in figure["data"] if t["name"] == name)


# --- bullets ---


@pytest.mark.parametrize(
    ("value", "base", "target", "expected"),
    [
        (3400, 0, 6800, D("41.5")),  # half of the stretch of 83 %
        (D("13.2"), D("16.4"), D(10), D("41.5")),  # a falling rate runs the same way
        (D("40"), D("44.2"), D(60), D(0)),  # behind its base: drawn at the base
        (36, 0, 30, D("97.94")),  # beyond the target, cut at 118 %
        (None, 0, 30, None),
        (5, 30, 30, None),  # base equals target: no stretch to draw on
    ],
)
def test_a_value_stands_where_its_share_of_the_way_is(value, base, target, expected):
    assert position(value, base, target) == expected


def test_the_gap_to_the_path_is_hatched_in_the_colour_of_the_light():
    late = charts.bullet_svg("rate", base=D("44.2"), target=D(60), value=D("46.87"), expected=D("52.98"), light=4)
    assert late.count("url(#hatch-far-behind)") == 1
    good = charts.bullet_svg("rate", base=D("44.2"), target=D(60), value=D("53"), expected=D("52.98"), light=2)
    assert "hatch" not in good


def test_a_value_not_fully_covered_is_hatched_itself_and_shows_no_gap():
    partial = charts.bullet_svg("flow", target=D(100), value=D(30), expected=D(60), light=5, covered=False)
    assert re.findall(r"url\(#(hatch-[a-z-]+)\)", partial) == ["hatch-actual"]


def test_a_milestone_shows_a_cell_for_each_project_and_hatches_the_unfinished():
    drawn = charts.bullet_svg("nodes", target=2, value=D("1.5"), light=3)
    assert drawn.count('fill="#DDE4E6"') == 2
    assert drawn.count('fill="#0B5563"') == 1
    assert drawn.count("url(#hatch-actual)") == 1


def test_open_cases_are_counted_by_squares():
    assert charts.bullet_svg("zero", target=0, value=1, light=3).count("#C77700") == 1
    assert charts.bullet_svg("zero", target=0, value=0, light=1).count('fill="#fff"') == 3


@pytest.mark.parametrize("kind", ["flow", "rate", "ceiling", "nodes", "zero"])
@pytest.mark.parametrize("value", [None, D(0), D("-3"), D("1e6")])
def test_a_bullet_is_well_formed_whatever_the_value(kind, value):
    drawn = charts.bullet_svg(
        kind, target=D(3), value=value, light=3, tolerance=D("0.5"), words="失业率 <3", base_text="0"
    )
    assert ElementTree.fromstring(drawn).get("aria-label") == "失业率 <3"


def test_a_bullet_without_words_is_for_the_eye_only():
    assert 'aria-hidden="true"' in charts.bullet_svg("flow", target=D(3), value=D(1), light=2)


# --- sparklines ---


def test_a_sparkline_breaks_where_a_month_is_missing():
    drawn = charts.sparkline_svg([D(1), D(2), None, D(4), D(5)])
    assert drawn.count("<polyline") == 2


CHANGED = (2, "口径变更：2016年3月起与以前不可比")


def test_a_sparkline_is_not_drawn_across_a_changed_definition_and_says_where():
    values = [D(1), D(2), D(4), D(5)]
    drawn = ElementTree.fromstring(charts.sparkline_svg(values, values, breaks=[CHANGED]))
    assert [len(line.get("points").split()) for line in drawn.iter("polyline")] == [2, 2, 2, 2]
    (mark,) = drawn.iter("line")
    assert mark[0].text == "口径变更：2016年3月起与以前不可比"
    assert 3 + 110 / 3 < float(mark.get("x1")) < 3 + 220 / 3  # four points from 3 to 113: between the second and third
    (mark,) = [one for one in ElementTree.fromstring(charts.sparkline_svg(values, kind="bars", breaks=[CHANGED])).iter(
        "line") if len(one)]  # fmt: skip
    assert mark.get("x1") == "58"  # of 116, four bars


@pytest.mark.parametrize("kind", ["line", "bars"])
def test_the_chart_of_an_item_that_needs_attention_is_broken_there_too(kind):
    item = Attention(first_month=JANUARY, values=[D(1), D(2), D(4), D(5)], light=3, breaks=[CHANGED])
    drawn = ElementTree.fromstring(charts.attention_svg(kind, item))
    assert [mark[0].text for mark in drawn.iter("line") if len(mark)] == [CHANGED[1]]
    assert [len(line.get("points").split()) for line in drawn.iter("polyline")] == ([2, 2] if kind == "line" else [])


def test_bars_leave_a_missing_month_empty_and_colour_this_year():
    drawn = charts.sparkline_svg([D(3), None, D(5)], kind="bars", this_year_from=2)
    assert drawn.count("<rect") == 2
    assert drawn.count("#0B5563") == 1


def test_nothing_known_draws_nothing():
    assert charts.sparkline_svg([None, None]) == ""
    assert charts.attention_svg("line", Attention(JANUARY, [None], 4)) == ""


def test_a_level_that_never_moves_is_a_flat_line():
    assert "nan" not in charts.sparkline_svg([D(3), D(3)]).lower()


# --- phases and attention ---

PHASES = [
    {"name": "准备阶段", "start": date(2015, 1, 1), "end": date(2015, 6, 30)},
    {"name": "实施阶段", "start": date(2015, 7, 1), "end": date(2017, 6, 30)},
    {"name": "评估总结", "start": date(2017, 7, 1), "end": date(2017, 12, 31)},
]


def test_the_running_phase_tells_the_days_left():
    drawn = charts.phase_strip_svg(PHASES, date(2016, 10, 8), months.make(2016, 8))
    assert "剩 265 天" in drawn  # 8 October 2016 to 30 June 2017
    assert "数据到 2016年8月" in drawn
    ElementTree.fromstring(drawn)


def test_outside_the_pilot_no_day_is_marked():
    assert "今天" not in charts.phase_strip_svg(PHASES, date(2018, 1, 1))


def test_the_months_to_come_stand_as_high_as_required():
    item = Attention(JANUARY, [D(400)] * 8 + [None] * 4, 3, required=D(675), required_text="须达 675")
    drawn = charts.attention_svg("bars", item, "每月新增")
    assert drawn.count('stroke-dasharray="2 2"') == 4
    assert "须达 675" in drawn


def test_a_line_shows_the_required_and_the_present_way():
    item = Attention(JANUARY, [D(44), D(45), None], 4, target=D(60), target_text="60%", pace=D(46), pace_text="46%")
    drawn = charts.attention_svg("line", item, "占比")
    assert drawn.count("<polyline") == 3  # present pace, required, actual
    ElementTree.fromstring(drawn)


# --- Plotly ---


def test_plotly_accepts_the_progress_figure():
    points = year_of_points(last_year=D(590))
    texts = {
        "target_text": "目标 6,800 人",
        "value_text": "4,000",
        "gap_text": "落后 533 人",
        "required_text": "须达 6,800",
    }
    figure = charts.progress_figure(
        points, unit="人", light=3, target=D(6800), from_zero=True, provisional=True, **texts
    )
    assert go.Figure(figure).layout.yaxis.range[0] == 0
    assert trace(figure, "实绩")["y"][7:9] == [4000, None]


def test_plotly_accepts_the_monthly_figure():
    points = [MonthPoint(JANUARY + i, D(500)) for i in range(8)]
    figure = charts.monthly_figure(
        points, unit="人", light=3, this_year=2016, even_pace=D(567), required=D(700), required_until=JANUARY + 11
    )
    go.Figure(figure)
    assert trace(figure, "须达")["x"] == ["2016-09-01", "2016-10-01", "2016-11-01", "2016-12-01"]


def test_the_last_month_is_hollow_while_provisional():
    points = year_of_points()
    hollow = trace(charts.progress_figure(points, unit="人", light=2, provisional=True), "实绩")["marker"]["color"]
    solid = trace(charts.progress_figure(points, unit="人", light=2), "实绩")["marker"]["color"]
    assert (hollow[7], hollow[6], solid[7]) == ("#FFFFFF", "#0B5563", "#0B5563")


def test_months_not_fully_covered_are_hatched():
    points = [MonthPoint(JANUARY, D(10)), MonthPoint(JANUARY + 1, D(20), covered=False)]
    assert trace(charts.progress_figure(points, unit="%", light=5), "数据不全")["x"] == ["2016-02-01"]
    monthly = charts.monthly_figure(points, unit="人")
    assert (trace(monthly, "数据不全")["x"], trace(monthly, "数据不全")["y"]) == (["2016-02-01"], [20])
    covered = charts.monthly_figure(points[:1], unit="人")
    assert [one["name"] for one in covered["data"]] == ["本月"]


def test_what_is_forecast_fans_out_from_the_last_month_and_tells_value_and_interval_at_its_end():
    courses = [[D(v), D(w)] for v, w in ((4300, 4600), (4400, 4800), (4500, 5000), (4600, 5200), (4700, 5400))]
    fan = Fan(JANUARY + 7, D(4000), courses, "预计 5,000", ("80% 区间", "4,600–5,400"))
    figure = charts.progress_figure(year_of_points(), unit="人", light=3, target=D(5200), from_zero=True, fan=fan)
    go.Figure(figure)
    outer, inner, middle = (trace(figure, name) for name in ("80% 区间", "50% 区间", "预测"))
    assert middle["x"] == ["2016-08-01", "2016-09-01", "2016-10-01"]
    assert middle["y"] == [4000, 4500, 5000]
    assert outer["y"] == [4000, 4700, 5400, 4600, 4300, 4000]
    assert inner["y"] == [4000, 4600, 5200, 4800, 4400, 4000]
    assert (outer["fillcolor"], inner["fillcolor"]) == ("rgba(11,85,99,0.16)", "rgba(11,85,99,0.26)")
    assert middle["line"]["dash"] == "6px,4px"
    end = next(note for note in figure["layout"]["annotations"] if "预计" in note["text"])
    assert (end["y"], end["text"]) == (5000, "<b>预计 5,000</b><br>80% 区间<br>4,600–5,400")


def test_from_100_000_on_the_axis_counts_in_wan_and_the_tooltip_still_tells_the_whole_number():
    points = [MonthPoint(JANUARY, D(99_000), "99,000 人"), MonthPoint(JANUARY + 1, D(131_200), "131,200 人")]
    figure = charts.progress_figure(points, unit="人", light=2, target=D(150_000))
    actual = trace(figure, "实绩")
    assert actual["y"] == [9.9, 13.12]
    assert actual["customdata"][1][1] == "131,200 人"
    assert figure["layout"]["shapes"][0]["y0"] == 15
    assert any(note["text"] == "万人" for note in figure["layout"]["annotations"])
    small = charts.progress_figure(points[:1], unit="人", light=2, target=D(99_999))
    assert trace(small, "实绩")["y"] == [99_000]
    money = charts.monthly_figure([MonthPoint(JANUARY, D(230_000))], unit="万元")
    assert (trace(money, "本月")["y"], money["layout"]["annotations"][0]["text"]) == ([23], "亿元")


def test_the_tooltip_tells_month_value_parts_path_and_coverage():
    points = year_of_points(coverage_text="覆盖 9/9")
    month, value, rest = trace(charts.progress_figure(points, unit="人", light=2), "实绩")["customdata"][0]
    assert (month, value) == ("2016年1月", "500 人")
    assert rest == "本月 500 = 530 − 30<br>时序 …<br>覆盖 9/9"


def test_labels_at_the_end_of_lines_do_not_cover_each_other():
    points = year_of_points(last_year=D(6790))
    figure = charts.progress_figure(
        points, unit="人", light=3, target=D(6800), required_text="须达 6,800", from_zero=True
    )
    ends = sorted(note["y"] for note in figure["layout"]["annotations"] if note.get("x") == 1)
    low, high = figure["layout"]["yaxis"]["range"]
    assert len(ends) == 2
    assert ends[1] - ends[0] >= (high - low) / 17


def test_a_window_without_any_value_still_draws_its_target():
    figure = charts.progress_figure([MonthPoint(JANUARY, None)], unit="%", light=0, target=D(60), target_text="60%")
    go.Figure(figure)
    assert figure["layout"]["shapes"][0]["y0"] == 60


# --- a changed definition ---


def test_the_line_does_not_cross_a_changed_definition_and_a_dotted_line_says_where():
    points = year_of_points()
    points[3] = replace(points[3], broken=True)  # April
    figure = charts.progress_figure(points, unit="人", light=2, target=D(6800))
    line = trace(figure, "实绩")
    assert line["x"][2:5] == ["2016-03-01", "2016-03-16", "2016-04-01"]
    assert line["y"][2:5] == [1500, None, 2000]
    assert len(line["x"]) == len(line["marker"]["size"]) == len(line["customdata"]) == 13
    assert [one["x0"] for one in figure["layout"]["shapes"] if one["xref"] == "x"] == ["2016-03-16"]
    assert [one["x"] for one in figure["layout"]["annotations"] if one["text"] == "口径变更"] == ["2016-03-16"]
    monthly = charts.monthly_figure(points, unit="人")
    assert [one["x0"] for one in monthly["layout"]["shapes"]] == ["2016-03-16"]
    go.Figure(figure)
    go.Figure(monthly)
