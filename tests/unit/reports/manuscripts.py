"""Hand-made manuscripts for the tests of printing: one of every kind of block, and one of full size."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from reports.content import ChartData
from reports.manuscript import (
    Attachment,
    Block,
    Chart,
    Column,
    Figure,
    Heading,
    Manuscript,
    Paragraph,
    Table,
    Written,
)

D = Decimal
KEY = "A01/official/330424/2017-06/value"
RATE_KEY = "A01/official/330424/2017-06/completion"
GAP_KEY = "A06/official/330424/2017-06/value"

JOBS = ChartData(
    title="每年新增城镇就业本年累计",
    unit="人",
    categories=tuple(f"{month}月" for month in range(1, 13)),
    series=(
        ("本年累计", (D(620), D(1210), None, D(2700), D(3400), D(4080), *([None] * 6))),
        ("时序进度", tuple(D(6800) * month / 12 // 1 for month in range(1, 13))),
        ("目标", (D(6800),) * 12),
    ),
)
TOWNS = ChartData(
    title="各镇（街道）城乡居民医保参保率",
    unit="%",
    categories=("武原", "西塘桥", "元通", "秦山", "沈荡", "百步", "于城", "澉浦", "通元"),
    series=(("参保率", tuple(D(9500 + 37 * n) / 100 for n in range(9))),),
    kind="bar",
    decimals=2,
)
PARTS = ChartData(
    title="职业技能培训人次",
    unit="人次",
    categories=("一季度", "二季度"),
    series=(("城镇", (D(1200), D(1350))), ("农村", (D(900), None))),
    kind="column",
)

COMPLETION = Table(
    caption="表1　核心指标完成情况",
    unit="单位：见“单位”栏　　截至2017年6月",
    columns=(
        Column("编号", 14, "center"),
        Column("指标", 52),
        Column("单位", 18, "center"),
        Column("目标", 26, "right"),
        Column("完成值", 24, "right"),
        Column("状态", 22),
    ),
    rows=(
        (
            ("A01",), ("每年新增城镇就业",), ("人",), ("≥ 6,800",), (Figure("4,080", KEY),), ("● 达序时",),
        ),
        (
            ("A06",), ("居民与职工医保待遇差距*",), ("%",), ("≤ 10.00",), (Figure("−0.30", GAP_KEY),), ("▲ 滞后",),
        ),
    ),
    notes=("注：1.标“*”的口径待确认。", "　　2.时序按月份平均分摊。"),
)  # fmt: skip
MONTHLY = Table(
    caption="附表1　逐月数据",
    unit="单位：见“单位”栏",
    columns=(
        Column("编号", 12, "center"),
        Column("指标", 37),
        Column("单位", 14, "center"),
        *(Column(f"2017年\n{month}月", 13.5, "right") for month in range(1, 13)),
    ),
    rows=tuple(
        (
            (f"A{row:02d}",),
            ("每年新增城镇就业" if row % 2 else "城乡居民基本医疗保险参保率",),
            ("人" if row % 2 else "%",),
            *((Figure(f"{row * 1000 + month:,}", f"A{row:02d}/official/330424/2017-{month:02d}/value"),)
              for month in range(1, 13)),
        )
        for row in range(1, 41)
    ),
    landscape=True,
)  # fmt: skip
LONG = (
    "各镇（街道）按照方案要求，把就业服务送到村（社区），组织招聘活动，建立台账，逐户走访登记失业人员，"
    "对零就业家庭实行动态清零，对就业困难人员实行分类帮扶。"
)

BLOCKS: tuple[Block, ...] = (
    Heading(1, "一、试点基本情况"),
    Paragraph(("试点方案于2016年5月6日印发，实施阶段为2015年7月至2017年6月。",)),
    Written("background", "背景与组织", (LONG, LONG), section="办公室"),
    Heading(1, "二、目标完成情况"),
    Heading(2, "（一）就业政策城乡一体"),
    Heading(3, "1.每年新增城镇就业"),
    Paragraph(("截至2017年6月，新增就业", Figure("4,080", KEY), "人，完成目标的", Figure("60.0%", RATE_KEY), "。")),
    Written("cause/A01", "原因", ("上半年招聘活动多。",), section="就业局", lead="原因："),
    Written("next/A01", "下一步", (), section="就业局", lead="下一步："),
    Heading(4, "（1）分镇情况"),
    Paragraph(("各镇（街道）进度见表1、图1。",)),
    COMPLETION,
    Chart("图1　每年新增城镇就业本年累计", JOBS, "折线图：6月为4,080人，时序为3,400人。"),
    Chart("图2　各镇（街道）参保率", TOWNS, "条形图：通元最高，97.96%。"),
    Chart("图3　职业技能培训人次", PARTS, "柱形图：二季度城镇1,350人次。"),
    Heading(1, "三、存在问题"),
    Written("problems", "存在问题", (LONG,), section="办公室", moved=True),
)  # fmt: skip

RICH = Manuscript(
    title="海盐县就业和社会保障基本公共服务\n均等化改革试点工作总结评估报告",
    edition="2017年6月，第1版发布数据",
    issuer="海盐县人力资源和社会保障局",
    blocks=BLOCKS,
    attachments=(
        Attachment("逐月数据", (MONTHLY,)),
        Attachment("典型案例", (Written("case", "典型案例", (LONG,) * 3),)),
    ),
    document_number="盐人社〔2017〕61号",
    issue="第6期",
    recipients="各镇人民政府、街道办事处，县级有关部门",
    signed_on=date(2017, 7, 5),
    copies=("报：县政府。", "送：各镇（街道）、县级有关部门。"),
    demonstration=True,
    contents=True,
)
BARE = Manuscript(title="月度通报", edition="", issuer="海盐县人社局", blocks=(Paragraph(("本期没有数据。",)),))
HANZI = "海盐县就业和社会保障基本公共服务均等化改革试点"
FULL_PAGES = replace(BARE, title="通报", blocks=(Paragraph((HANZI * 60,)),))


def full_size() -> Manuscript:
    """Some twenty pages: 25 tables, 10 charts, text between, as an evaluation report has."""
    blocks: list[Block] = []
    for chapter in range(1, 6):
        blocks += [Heading(1, f"{'一二三四五'[chapter - 1]}、第{chapter}部分"), Paragraph((LONG,))]
        for part in range(1, 6):
            number = (chapter - 1) * 5 + part
            rows = tuple(
                (
                    (f"A{row:02d}",), ("城乡居民基本医疗保险参保率",), ("%",), ("≥ 95.00",),
                    (Figure(f"{row * 311 + number:,}", f"A{row:02d}/official/330424/2017-06/{number}"),), ("● 达序时",),
                )
                for row in range(1, 13)
            )  # fmt: skip
            blocks += [
                Heading(2, f"（{'一二三四五'[part - 1]}）第{part}节"),
                Paragraph((LONG, Figure("4,080", KEY), "人。")),
                Written(f"cause/{number}", "原因", (LONG,), lead="原因："),
                Table(f"表{number}　完成情况", COMPLETION.columns, rows, unit="单位：见“单位”栏"),
            ]
            if part <= 2:
                chart = (chapter - 1) * 2 + part
                blocks.append(Chart(f"图{chart}　新增城镇就业", JOBS if part == 1 else TOWNS, "折线图。"))
    return Manuscript(
        title=RICH.title, edition=RICH.edition, issuer=RICH.issuer, blocks=tuple(blocks), signed_on=RICH.signed_on,
        contents=True,
    )  # fmt: skip
