"""A small, complete report content with hand-worked figures, for the tests of the document builders."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from reports.content import ChartData, CorrectionLine, IndicatorLine, MonthLine, ReportContent

D = Decimal
JUNE_2017 = 2017 * 12 + 5

JOBS = IndicatorLine(
    code="A01",
    name="每年新增城镇就业",
    clause="三(一)",
    unit="人",
    decimals=0,
    target=D(6800),
    target_text="≥ 6,800 人",
    value=D(4080),
    value_text="4,080",
    completion_text="60.0%",
    schedule_text="时序 50.0%",
    light_word="达序时",
    coverage_text="9/9 镇街",
    owner="就业局",
    reading_name="正式口径",
    formula="D01 - D02",
    definition="本年城镇累计新就业人数减自然减员人数。",
    domain="一、就业政策城乡一体",
)
# 1179 / 40837 × 100 = 2.887087…: 2.8870 would end in 0, so ROUND_05UP keeps 2.8871; prints 2.89
UNEMPLOYED = IndicatorLine(
    code="A03",
    name="城镇登记失业率",
    clause="三(一)",
    unit="%",
    decimals=2,
    target=D("3.00"),
    target_text="3.00% 左右",
    value=D("2.8871"),
    value_text="2.89",
    numerator=D(1179),
    denominator=D(40837),
    scale=100,
    completion_text="上限内",
    schedule_text="容差 0.50",
    light_word="已达标",
    coverage_text="县级",
    owner="就业局",
    standing_pending=True,
    reading_name="正式口径",
    formula="D21 / (D20 + D21)",
    domain="一、就业政策城乡一体",
)
PENSION = IndicatorLine(
    code="A05b",
    name="享受职工养老待遇占比",
    clause="四(三)3",
    unit="%",
    decimals=2,
    target=D(60),
    target_text="≥ 60.00%",
    value=D("48.1234"),
    value_text="48.12",
    numerator=D(48123),
    denominator=D(100000),
    scale=D(100),
    completion_text="差 11.88",
    schedule_text="时序 55.10",
    light_word="严重滞后",
    coverage_text="县级",
    owner="社保局",
    reading_name="正式口径",
    formula="D33 / D34",
    domain="三、养老保障并轨",
)
# a difference of two rates: numerator and denominator are rates, no scale, so no live formula
GAP = IndicatorLine(
    code="A06",
    name="居民与职工医保待遇差距",
    clause="四(四)1",
    unit="%",
    decimals=2,
    target=D(10),
    target_text="≤ 10.00%",
    value=D("-0.3000"),
    value_text="−0.30",
    numerator=D("75.1"),
    denominator=D("75.4"),
    light_word="滞后",
    coverage_text="县级",
    owner="医保科",
    reading_name="正式口径",
    formula="D40 - D41",
    domain="四、医疗保障待遇差距",
)
SHOPS = IndicatorLine(
    code="A20",
    name="村（社区）电商服务站",
    clause="四(二)2",
    unit="%",
    decimals=2,
    target=D(100),
    target_text="≥ 100.00%",
    value=None,
    value_text="未填",
    light_word="数据不全",
    coverage_text="120/135 村",
    owner="商务局",
    domain="二、创业环境与大众创业",
)
MONITORED = IndicatorLine(
    code="B02",
    name="城乡劳动者职业技能培训人次",
    clause="四(一)3",
    unit="人次",
    decimals=0,
    target=None,
    target_text="未定量",
    value=D(12345),
    value_text="12,345",
    coverage_text="9/9 镇街",
    owner="职业能力建设科",
    core=False,
)

CONTENT = ReportContent(
    title="海盐县就业和社会保障基本公共服务\n均等化改革试点工作总结评估报告",
    issuer="海盐县人力资源和社会保障局",
    document_number="盐人社〔2017〕__号（待确认）",
    month_label="2017年6月",
    release_version=1,
    published_on=date(2017, 7, 17),
    business_date="2017年7月17日",
    data_note="数据截至2017年6月30日，由各镇（街道）和责任科室填报、审定。",
    demonstration=True,
    indicator_rows=(JOBS, UNEMPLOYED, PENSION, GAP, SHOPS, MONITORED),
    chart=ChartData(
        title="每年新增城镇就业本年累计",
        unit="人",
        categories=tuple(f"{month}月" for month in range(1, 13)),
        series=(
            ("本年累计", (D(620), D(1210), D(1990), D(2700), D(3400), D(4080), *([None] * 6))),
            ("时序进度", tuple(D(6800) * month / 12 // 1 for month in range(1, 13))),
        ),
        kind="line",
    ),
    months=(
        *(
            MonthLine(
                "A01",
                "每年新增城镇就业",
                JUNE_2017 - back,
                f"2017年{6 - back}月",
                D(value),
                text,
                "人",
                0,
                "9/9 镇街",
                "达序时",
            )
            for back, value, text in ((2, 2700, "2,700"), (1, 3400, "3,400"), (0, 4080, "4,080"))
        ),
        MonthLine("A03", "城镇登记失业率", JUNE_2017, "2017年6月", D("2.8871"), "2.89", "%", 2, "县级", "已达标"),
    ),
    corrections=(CorrectionLine("2017年3月", "百步镇", "城镇累计新就业", "120", "118", "重复登记"),),
)


def large_content() -> ReportContent:
    """As many lines as the real report has: 22 core and 23 monitored indicators, 32 tasks, 36 months each."""
    core = (JOBS, UNEMPLOYED, PENSION, GAP, SHOPS)
    rows = tuple(replace(core[i % 5], code=f"A{i + 1:02d}") for i in range(22))
    rows += tuple(replace(MONITORED, code=f"B{i + 1:02d}") for i in range(23))
    months = tuple(
        MonthLine(
            row.code,
            row.name,
            JUNE_2017 - back,
            _label(JUNE_2017 - back),
            row.value,
            row.value_text,
            row.unit,
            row.decimals,
        )
        for row in rows
        for back in range(30)
    )
    return replace(CONTENT, indicator_rows=rows, months=months)


def _label(month: int) -> str:
    return f"{month // 12}年{month % 12 + 1}月"
