"""The first sheet: what the workbook is, what each sheet holds, how to read numbers, formulas and marks."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.analysis.kinds import LIGHT_WORDS, Light
from reports.annex.sheet import Sheet, Words
from reports.content import ReportContent
from reports.documents import sentences as say

LIGHT_MEANINGS = {
    Light.FAR_BEHIND: "按规则严重落后于时序进度",
    Light.BEHIND: "落后于时序进度",
    Light.NOT_COVERED: "应报单位未报齐或窗口内缺数，不作判断",
    Light.ON_COURSE: "未到期，不落后于时序进度",
    Light.REACHED: "已达到目标",
}
ABOUT_NUMBERS = "数值列为数字，小数位数按指标规定显示，单元格内保留四位小数以内的原值。空格表示没有数，不是零。"
ABOUT_FORMULAS = (
    "比率由同一行的分子、分母算出（单元格内为公式），四舍五入到显示的位数，与发布值一致；"
    "算不出发布值的（如率的差、加权值）为数值。公式栏中的代码为填报项编号。"
)
ABOUT_TIME = "指标数据为发布时冻结的数；任务、项目、节点、督办不随发布冻结，以发布日为准判断，进度为文件生成时的台账。"


def about(content: ReportContent, sheets: Sequence[Sheet]) -> Words:
    corrected = f"与上一次发布相比更正{content.corrected}处" if content.corrections else "无"
    return Words(
        "说明",
        [
            ("名称", f"{content.plain_title}　电子附表"),
            *([(say.DEMONSTRATION, say.DEMONSTRATION_LINE)] if content.demonstration else []),
            ("月份", content.month_label),
            ("版本", f"第{content.release_version}版"),
            ("发布日期", say.long_date(content)),
            ("编制单位", content.issuer),
            ("发文字号", content.document_number or say.DASH),
            ("数据说明", content.data_note),
            ("数值", ABOUT_NUMBERS),
            ("公式", ABOUT_FORMULAS),
            ("时点", ABOUT_TIME),
            ("待确认", f"标“{say.PENDING_MARK}”的口径或目标待确认。"),
            *((say.marked_light(LIGHT_WORDS[light]), meaning) for light, meaning in LIGHT_MEANINGS.items()),
            ("更正", corrected),
            *((f"表 {sheet.name}", f"{len(sheet.rows)}行。{sheet.notes}") for sheet in sheets),
        ],
    )
