"""The tree of a document: kept as JSON it comes back the same, and its figures are found in the order of print."""

from datetime import date
from decimal import Decimal

import pytest

from reports.content import ChartData
from reports.manuscript import (
    Attachment,
    Chart,
    Column,
    Figure,
    Heading,
    Manuscript,
    Paragraph,
    Table,
    Written,
    from_json,
    plain,
    to_json,
)

JOBS = Figure("6,012", "A01/official/330424/2017-06/value")
RATE = Figure("88.4%", "A01/official/330424/2017-06/completion")
LEFT = Figure("788", "A01/official/330424/2017-06/remaining")
KEPT = Manuscript(
    title="海盐县试点\n总结评估报告",
    edition="2017年6月，第1版发布数据",
    issuer="海盐县人力资源和社会保障局",
    signed_on=date(2017, 7, 17),
    blocks=(
        Heading(1, "一、目标完成情况"),
        Paragraph(("新增就业", JOBS, "人，完成", RATE, "。")),
        Written("cause/A01", "原因", ("上半年招聘会少。",), section="就业局", written_on=date(2017, 7, 10)),
        Chart("图1　新增就业", ChartData("新增就业", "人", ("5月", "6月"), (("累计", (Decimal("0.10"), None)),)), "…"),
    ),
    attachments=(
        Attachment(
            "数据表", (Table("附表1", (Column("指标", 40), Column("差", 20, "right")), ((("A01",), (LEFT,)),)),)
        ),
    ),
)


def test_what_was_kept_comes_back_the_same_to_the_digit():
    assert from_json(to_json(KEPT)) == KEPT
    assert from_json(to_json(KEPT)).blocks[3].data.series[0][1][0].as_tuple() == Decimal("0.10").as_tuple()


def test_figures_come_in_the_order_of_print():
    assert list(KEPT.figures()) == [JOBS, RATE, LEFT]
    assert plain(KEPT.blocks[1].text) == "新增就业6,012人，完成88.4%。"


def test_a_row_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="a row of 1 cells in '表1' of 2 columns"):
        Table("表1", (Column("指标", 40), Column("值", 20)), ((("A01",),),))
