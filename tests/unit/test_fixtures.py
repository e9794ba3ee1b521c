"""The plan as data: each number of the plan stands in the fixtures with its clause; a wrong fixture is refused."""

import shutil
from datetime import date
from decimal import Decimal

import pytest

from bureau import months
from indicators.analysis.formula import parse
from indicators.analysis.routes import is_part
from indicators.plandata import FIXTURES, FixtureError, read_plan

JAN_2015, DEC_2016, JAN_2017, DEC_2017 = (months.parse(text) for text in ("2015-01", "2016-12", "2017-01", "2017-12"))


@pytest.fixture(scope="module")
def plan():
    return read_plan()


@pytest.fixture
def copy(tmp_path):
    """A copy of the fixtures that a test may spoil: copy(file, old, new) replaces text and gives the faults found."""
    root = tmp_path / "fixtures"
    shutil.copytree(FIXTURES, root)

    def spoil(name, old, new):
        path = root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(FixtureError) as caught:
            read_plan(root)
        return caught.value.problems

    return spoil


def target_rows(plan, number):
    """(clause, comparator, value, end month) of the targets of an indicator's official reading."""
    indicator = next(found for found in plan.indicators if found.number == number)
    return [(t.clause, t.comparator.value, t.value, months.iso(t.end)) for r, t in indicator.targets() if r.official]


# Read from the plan by hand: where a number stands, and how it must be loaded.
TARGETS = {
    "A01": [("三(一)", ">=", 6800, year) for year in ("2015-12", "2016-12", "2017-12")],
    "A02": [("四(二)1", ">=", 3000, "2017-12")],
    "A03": [("三(一)", "~", 3, year) for year in ("2015-12", "2016-12", "2017-12")],
    "A04": [("三(一)", ">=", 97, "2017-12")],
    "A05a": [("三(二)", ">=", 60, "2017-12")],
    "A05b": [("四(三)3", ">=", 60, "2017-12")],
    "A06": [("三(二)", "<=", 10, "2017-12")],
    "A07": [("三(三)", "=", 100, "2017-12")],
    "A08": [("三(三)", "=", 100, "2017-12")],
    "A09": [("四(三)1", "=", 100, "2017-12")],
    "A10": [("三(二)", "=", 100, "2017-12")],
    "A11": [("四(三)1", "=", 100, "2017-12")],
    "A12a": [("四(三)4", "=", 100, "2017-12")],
    "A12b": [("四(三)4", ">=", 80, "2017-12")],
    "A13": [("四(四)2", ">=", 30, year) for year in ("2015-12", "2016-12", "2017-12")],
    "A14": [("四(四)2", "=", 100, year) for year in ("2015-12", "2016-12", "2017-12")],
    "A15": [("四(一)1", "zero", 0, "2017-12")],
    "A16": [("四(二)2", ">=", 2, "2017-12")],
    "A17": [("四(二)2", ">=", 1, "2017-12")],
    "A18": [("四(二)2", ">=", 1, "2017-12")],
    "A19": [("四(二)2", ">=", 1, "2017-12")],
    "A20": [("四(二)2", "=", 100, "2017-12")],
}
STATED = {
    "三(一)": ["6800 人/年", "3000 人", "3 %", "97 %"],
    "三(二)": ["60 %", "10 百分点"],
    "三(三)": ["100 %", "100 %"],
    "四(一)1": ["0 户"],
    "四(二)1": ["3000 人"],
    "四(二)2": ["2 个", "1 家", "1 个", "1 家", "1 个/村（社区）"],
    "四(三)1": ["100 %", "100 %"],
    "四(三)3": ["60 %"],
    "四(三)4": ["80 %"],
    "四(四)2": ["30 元/人", "15000 元", "50000 元", "55 %", "70 %"],
    "五(三)1": ["2015-01-01 日期", "2015-06-30 日期"],
    "五(三)2": ["2015-07-01 日期", "2017-06-30 日期"],
    "五(三)3": ["2017-07-01 日期", "2017-12-31 日期"],
}


@pytest.mark.parametrize("number", TARGETS)
def test_a_core_target_of_the_plan_is_loaded_with_its_clause(plan, number):
    assert target_rows(plan, number) == TARGETS[number]


def test_all_core_targets_are_listed_in_this_test(plan):
    assert {i.number for i in plan.indicators if i.core} == set(TARGETS)


def test_each_clause_lists_the_numbers_it_states_and_no_others(plan):
    stated = {c.number: [f"{fact.value} {fact.unit}" for fact in c.facts] for c in plan.clauses if c.facts}
    assert stated == STATED


def test_the_unemployment_rate_may_be_half_a_point_above_three(plan):
    about = next(i for i in plan.indicators if i.number == "A03")
    assert {t.tolerance for _, t in about.targets()} == {Decimal("0.5")}


def test_the_phases_begin_and_end_on_the_days_of_the_plan(plan):
    assert [(phase.name, phase.start, phase.end) for phase in plan.phases] == [
        ("准备阶段", date(2015, 1, 1), date(2015, 6, 30)),
        ("实施阶段", date(2015, 7, 1), date(2017, 6, 30)),
        ("评估总结阶段", date(2017, 7, 1), date(2017, 12, 31)),
    ]


def test_the_plan_knows_its_meeting_and_its_day_of_issue(plan):
    outline = plan.plan
    assert (outline.meeting_number, outline.issued) == (85, date(2016, 5, 6))
    assert (outline.first_month, outline.last_month) == (JAN_2015, DEC_2017)
    assert [(d.code, d.clause) for d in outline.domains] == [(n, f"四({n})") for n in "一二三四五"]


def test_the_second_subsidy_has_two_thresholds_and_two_rates(plan):
    values = {p.code: p.values[0].value for p in plan.parameters}
    assert [values[code] for code in ("W02", "W03", "W04", "W05", "W06")] == [30, 15000, 50000, 55, 70]
    assert [values[code] for code in ("W07", "W08", "W09")] == [1, 0, 1]  # segmented, no cap, by the year


@pytest.mark.parametrize(
    ("month", "wage"),
    [
        ("2015-01", 44513),
        ("2015-05", 44513),
        ("2015-06", 48145),
        ("2016-06", 51463),
        ("2017-05", 51463),
        ("2017-06", 56068),
    ],
)
def test_the_provincial_wage_of_a_month_is_the_last_one_announced(plan, month, wage):
    last_day = months.last_day(months.parse(month))
    rows = next(p for p in plan.parameters if p.code == "W01").values
    assert [row.value for row in rows if row.in_use and row.valid_from <= last_day][-1] == wage


def test_the_struck_out_1500_yuan_is_told_but_is_no_target(plan):
    notes = plan.plan.revisions
    assert [note.number for note in notes] == [1, 2, 3, 4, 5]
    assert (notes[3].kind, notes[3].removed_value, notes[3].replaced_by) == ("removed", 1500, "稳步提高")
    assert all(target.value != 1500 for indicator in plan.indicators for _, target in indicator.targets())
    assert target_rows(plan, "B05") == [("四(三)3", "not_fall", None, "2017-12")]


def test_3000_trainees_can_be_read_over_the_pilot_or_for_each_year(plan):
    readings = next(i for i in plan.indicators if i.number == "A02").measures[0].readings
    assert [(r.code, r.official, r.window.value, [t.value for t in r.targets]) for r in readings] == [
        ("total", True, "plan", [3000]),
        ("yearly", False, "year", [3000, 3000, 3000]),
    ]


def test_forty_three_indicators_twenty_two_of_them_core(plan):
    assert len(plan.indicators) == 43
    assert sum(indicator.core for indicator in plan.indicators) == 22


def test_targets_the_plan_does_not_number_are_never_said_to_be_the_plans(plan):
    monitored = [target for indicator in plan.indicators if not indicator.core for _, target in indicator.targets()]
    assert monitored
    assert {target.standing.value for target in monitored} == {"rec"}


def test_a_shortfall_is_told_in_newcomers_exactly_where_the_formula_counts_them_below_too(plan):
    told, by_formula = set(), set()
    for measure in (measure for indicator in plan.indicators for measure in indicator.measures if measure.people):
        official = next(one for one in measure.readings if one.official)
        told |= {measure.code} if measure.people.join else set()
        by_formula |= {measure.code} if is_part(parse(official.numerator), parse(official.denominator)) else set()
    assert told == by_formula == {"A05a", "A05b"}


def test_nine_towns_and_135_villages_become_133_in_2017(plan):
    def standing(month, level):
        return {
            a.code for a in plan.areas if a.level == level and a.start <= month and (a.end is None or a.end >= month)
        }

    assert [len(standing(month, "village")) for month in (JAN_2015, DEC_2016, JAN_2017, DEC_2017)] == [
        135,
        135,
        133,
        133,
    ]
    assert len(standing(JAN_2015, "town")) == len(standing(DEC_2017, "town")) == 9


def test_places_are_told_apart_by_code_and_never_by_name(plan):
    spans = {area.code: (area.name, area.start, area.end) for area in plan.areas}
    assert spans["330424001002"] == ("城北社区", JAN_2015, DEC_2016)
    assert spans["330424001201"] == ("城北村", JAN_2015, None)
    assert spans["330424001010"] == ("建新社区", JAN_2015, DEC_2016)
    assert spans["330424001218"] == ("建新村", JAN_2015, None)
    assert spans["330424001029"] == ("海沙社区", JAN_2017, None)
    assert (spans["330424003"][0], spans["330424106"][0]) == ("元通街道", "通元镇")
    assert "330424005" not in spans


def test_villages_are_rural_and_communities_urban(plan):
    assert {(a.kind, a.urban) for a in plan.areas if a.level == "village"} == {
        ("village", "rural"),
        ("community", "urban"),
    }


def test_the_county_reports_its_own_service_unit_on_another_form_than_towns_and_villages(plan):
    places = {
        level.value: form.number
        for form in plan.forms
        for column in form.items
        if column.item == "D81"
        for level in column.levels
    }
    assert places == {"town": "盐均06", "village": "盐均06", "county": "盐均07"}


def test_tasks_and_projects_are_numbered_without_a_gap(plan):
    assert [task.code for task in plan.tasks] == [f"T{n:02d}" for n in range(1, 33)]
    assert [project.code for project in plan.projects] == [f"P{n:02d}" for n in range(1, 15)]


def test_summaries_are_in_our_own_words(plan):
    copied = (
        "全面落实对城乡劳动者的免费服务",
        "促进公共就业服务资源在城乡之间优化配置",
        "着力夯实单位社会保险缴费基数",
    )
    told = " ".join([c.summary for c in plan.clauses] + [note.summary for note in plan.plan.revisions])
    assert not [phrase for phrase in copied if phrase in told]


def test_a_misspelt_key_is_refused_with_file_key_and_rule(copy):
    assert copy("indicators/A04.yaml", "section: jyj", "sektion: jyj") == (
        "indicators/A04.yaml：section：缺少必填键",
        "indicators/A04.yaml：sektion：不认识的键",
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("indicators/A04.yaml", '"D23"', '"D24"', "indicators/A04.yaml：main.numerator：没有 D24"),
        ("indicators/A04.yaml", '"D23"', '"D23 +"', "indicators/A04.yaml：main.numerator：公式第6个字符：公式没有写完"),
        (
            "indicators/A05a.yaml",
            "D31[active]",
            "D31[working]",
            "indicators/A05a.yaml：active.numerator：D31 没有分组 working",
        ),
        (
            "indicators/B05.yaml",
            "months(D41",
            "months(D01",
            "indicators/B05.yaml：main.denominator：months( ) 里只能用期末数，D01 不是",
        ),
        (
            "indicators/A06.yaml",
            "(N - M) * 100",
            "(N - D61) * 100",
            "indicators/A06.yaml：points.value：值的公式只能用 N、M 和数字",
        ),
        (
            "indicators/A04.yaml",
            "clause: 三(一)",
            "clause: 三(四)",
            "indicators/A04.yaml：main.targets.clause：没有这个条款：三(四)",
        ),
        (
            "indicators/A04.yaml",
            "value: 97",
            "value: 96",
            "indicators/A04.yaml：targets：没有条款 三(一) 规定的目标值 97",
        ),
        ("indicators/A04.yaml", "section: jyj", "section: abc", "indicators/A04.yaml：section：没有这个科室：abc"),
        (
            "indicators/A04.yaml",
            "start: 2015-01",
            "start: 2014-12",
            "indicators/A04.yaml：main.targets：目标期须在试点期内",
        ),
        ("parameters.yaml", "value: 15000", "value: 12000", "parameters.yaml：W03：没有条款 四(四)2 规定的值 15000"),
        (
            "forms.yaml",
            "{item: D05, levels: [village]}",
            "{item: D05, levels: [village, village]}",
            "forms.yaml：D05：层级 village 出现在不止一处",
        ),
        ("forms.yaml", "      - {item: D05, levels: [village]}\n", "", "forms.yaml：D05：没有任何报表填报这一项"),
        ("rules.yaml", "D23 <= D22", "D23 <= D01", "rules.yaml：R08：各项不在同一张报表的同一层级"),
        ("tasks.yaml", "due: 2017-06-30", "due: 2017-07-31", "tasks.yaml：T01：起止日期须在实施阶段之内"),
        ("phases.yaml", "tasks: [T28, T31]", "tasks: [T28, T99]", "phases.yaml：G04.tasks：没有这个任务：T99"),
        (
            "projects.yaml",
            "quantity_from: A20",
            "quantity_from: A99",
            "projects.yaml：P06.quantity_from：没有这个指标：A99",
        ),
        (
            "areas.csv",
            "330424001002,城北社区,,village,community,urban,330424001",
            "330424001002,城北社区,,village,community,urban,330424009",
            "areas.csv 第13行：全文：代码不在上级 330424009 之下",
        ),
    ],
)
def test_a_wrong_fixture_is_refused_with_file_key_and_rule(copy, name, old, new, problem):
    assert problem in copy(name, old, new)


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("indicators/A04.yaml", "value: 97", "value: 97.00001", "value：小数位数过多"),
        ("indicators/A04.yaml", "end: 2017-12", "end: 2017-13", "end：月份须写作 yyyy-mm，而不是 '2017-13'"),
        (
            "indicators/A04.yaml",
            "official: true",
            "official: false",
            "measures.0：须有且只有一个正式口径（official: true）",
        ),
        ("indicators/A01.yaml", "start: 2016-01", "start: 2015-06", "readings.0：同一口径的目标期不得重叠"),
        (
            "indicators/A16.yaml",
            "path: steps",
            "path: linear",
            "targets.0：按节点推进（steps）须给出 points，其他路径不得给出",
        ),
        ("indicators/A04.yaml", "number: A04", "number: A99", "度量 A04 不属于指标 A99"),
        ("phases.yaml", "end: 2015-06-30", "end: 2014-06-30", "phases.0：阶段的结束日期须晚于开始日期"),
        (
            "data_items.yaml",
            "unit: 人, kind: flow",
            "unit: 人, kind: flood",
            "kind：不在允许的取值之内：'flow', 'stock' or 'ytd'",
        ),
        ("tasks.yaml", "due: 2015-12-31", "due: 2014-12-31", "tasks.0：节点须在起止日期之内，由先到后"),
        ("projects.yaml", "quantity: null", "quantity: 133", "projects.5：应建数量与取自指标只能写一样"),
        ("plan.yaml", "meeting_number: 85", "meeting_number: 85\nmeeting_number: 86", "键 meeting_number 重复"),
        ("sections.yaml", "sections:", "sections: [", "不是正确的 YAML"),
    ],
)
def test_a_fault_within_one_file_is_told_in_chinese(copy, name, old, new, problem):
    problems = copy(name, old, new)
    assert any(line.startswith(name) and problem in line for line in problems), problems


def test_a_struck_out_goal_cannot_return_as_a_target(copy):
    problems = copy("indicators/B05.yaml", 'comparator: "not_fall"', 'comparator: ">="\n            value: 1500')
    assert problems == ("indicators/B05.yaml：targets：1500 已在定稿中取消，不得作为目标",)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FixtureError) as caught:
        read_plan(tmp_path)
    assert "plan.yaml：文件不存在或无法读取" in caught.value.problems


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("section: bgs", "section: zz", "bulletin.problems：没有这个科室：zz"),
        ("section: bgs", "required: true", "单独一部分写 section"),
        ("一: jyj, ", "", "每个任务领域须写明一个科室"),
        ("key: demands", "key: problems", "部分 problems 重复"),
        ("clause: 五(三)2", "clause: 五(四)", "没有这个条款：五(四)"),
    ],
)
def test_an_outline_of_a_report_that_nobody_could_write_is_refused(copy, old, new, said):
    problems = copy("reports.yaml", old, new)
    assert any("reports.yaml" in one and said in one for one in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: indicators, weight: 40", "kind: indicators, weight: 0", "权重须大于 0"),
        ("good: 80", "good: 95", "由高到低"),
        ("zero_below: 60", "zero_below: 101", "不能高于满分起点"),
        ("[A01, A02, A04,", "[A99, A02, A04,", "没有这个指标：A99"),
        ("clause: 五(二)", "clause: 五(四)", "没有这个条款：五(四)"),
        ("{code: lights, name: 逐月进度状态", "{code: targets, name: 逐月进度状态", "sections：targets 重复"),
    ],
)
def test_a_scheme_of_assessment_that_could_not_be_scored_is_refused(copy, old, new, said):
    problems = copy("assessment.yaml", old, new)
    assert any("assessment.yaml" in one and said in one for one in problems), problems
