"""What the leading group decided on the demonstration's last two releases, and what was promised for places left.

Decided on the day of release. One thing is done by the next meeting, two are overdue on 2017-08-09; so is one promise.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from bureau import months
from bureau.models import Area, Section
from indicators.models import Indicator
from reports.demonstration.people import People
from tasks import decisions, promises
from tasks.decisions import Wanted
from tasks.models import Decision, Task

MAY, JUNE = months.make(2017, 5), months.make(2017, 6)


class Line(NamedTuple):
    """A decision: what, whose (a section's or a town's code), by when, on which indicator, within which task."""

    text: str
    owner: str
    due_on: date
    indicator: str
    task: str = ""


DECIDED = {
    MAY: (
        Line("社保局会同税务部门逐户核实应转职工养老人员，列出名单报领导小组。", "sbj", date(2017, 7, 10), "A05b"),
        Line("征缴科对缴费基数低于底线的企业逐户约谈，按月通报进度。", "zj", date(2017, 7, 31), "A12a", "T15"),
        Line("医保科核对大病保险二次补助名单，漏发的补发到位。", "yb", date(2017, 7, 31), "A14"),
        Line("武原街道补齐村（社区）电商服务站，商务局派人驻点指导。", "330424001", date(2017, 8, 31), "A20"),
    ),
    JUNE: (Line("就业局督促未报的村（社区）补报就业率数据，逾期通报。", "jyj", date(2017, 8, 15), "A04"),),
}
DONE_ON, DONE_NOTE = date(2017, 7, 7), "名单已核实并报领导小组。"  # May's first decision, by the next meeting
# Indicator, town, promised for, by whom, why it is not done; said when June was released.
PROMISED = (
    ("A20", "330424001", date(2017, 7, 31), "街道经济服务中心", "部分社区没有合适场地，正在协调。"),
    ("A20", "330424101", date(2017, 9, 15), "镇经济发展办", "承办人外出，已另选人接手。"),
    ("A08", "330424004", date(2017, 8, 31), "街道社会事务办", "专线已报装，等待运营商施工。"),
)


def meet(month: int, people: People) -> None:
    """The meeting on a month's release; of most months nothing was written down."""
    for line in DECIDED.get(month, ()):
        owner = Section.objects.filter(code=line.owner).first() or Area.objects.get(code=line.owner)
        about = Indicator.objects.get(code=line.indicator)
        wanted = Wanted(
            line.text, owner, line.due_on, indicator=about, work=Task.objects.filter(code=line.task).first()
        )
        decisions.decide(month, wanted, by=people.office)
    if month == JUNE:
        first = Decision.objects.filter(month=MAY).order_by("number").first()
        if first is not None:
            decisions.close(first, on=DONE_ON, note=DONE_NOTE, by=people.office, seen=first.version)
        for code, town, day, who, why in PROMISED:
            indicator, area = Indicator.objects.get(code=code), Area.objects.get(code=town)
            promises.promise(indicator, area, on=day, owner=who, reason=why, by=people.office)
