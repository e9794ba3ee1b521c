"""Golden sentences about several indicators, places or works at once."""

# ruff: noqa: E501 -- a golden sentence stands whole on its line

from __future__ import annotations

import pytest

from indicators.analysis import group_sentences as groups
from indicators.analysis.kinds import Light

SENTENCES = [
    (groups.finding(3, [Light.REACHED, Light.ON_COURSE, Light.REACHED]), "3项核心指标都达序时或已达标。"),
    (
        groups.finding(5, [Light.FAR_BEHIND, Light.FAR_BEHIND, Light.BEHIND, Light.NOT_COVERED, Light.REACHED], 1),
        "5项核心指标中，1项达序时或已达标，2项严重滞后（其中1项按现速度无法达到），1项滞后，1项数据不全。",
    ),
    (groups.finding(2, [Light.FAR_BEHIND, Light.REACHED]), "2项核心指标中，1项达序时或已达标，1项严重滞后。"),
    (groups.ends("就业率", [("百步镇", "97.10%"), ("于城镇", "95.02%")]), "就业率最高的是百步镇（97.10%），最低的是于城镇（95.02%）。"),
    (
        groups.ends("就业率", [("百步镇", "97.10%"), ("通元镇", "97.10%"), ("于城镇", "96.00%"), ("澉浦镇", "95.02%"), ("沈荡镇", "95.02%")]),
        "就业率最高的是百步镇、通元镇（97.10%），最低的是澉浦镇、沈荡镇（95.02%）。",
    ),
    (groups.ends("就业率", [("百步镇", "97.10%"), ("于城镇", "97.10%")]), "各镇（街道）的就业率都是97.10%。"),
    (groups.ends("就业率", [("百步镇", "97.10%")]), ""),
    (groups.by_light([Light.ON_COURSE, Light.FAR_BEHIND, Light.REACHED, Light.ON_COURSE]), "严重滞后1项、达序时2项、已达标1项"),
    (groups.by_light([Light.REACHED, Light.REACHED]), "都已达标"),
    (groups.by_light([Light.NOT_COVERED]), "数据不全1项"),
    (groups.by_light([]), ""),
    (groups.named(["甲", "乙", "丙", "丁", "戊", "己"]), "甲、乙、丙、丁、戊、己"),
    (groups.named(["甲", "乙", "丙", "丁", "戊", "己", "庚"]), "甲、乙、丙、丁、戊、己等"),
    (groups.works("任务", [("late", "逾期", 1), ("slow", "进度偏慢", 0), ("done", "已完成", 31)]), "任务共32项，其中逾期1项、已完成31项"),
    (groups.works("任务", [("late", "逾期", 0), ("done", "已完成", 32)]), "任务共32项，都已完成"),
    (groups.works("重点项目", [("done", "已完成", 1)]), "重点项目共1项，已完成"),
    (groups.works("任务", []), "任务共0项"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "expected"), SENTENCES)
def test_sentences_about_several(found, expected):
    assert found == expected
