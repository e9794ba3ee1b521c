"""核数表, 重新核对 and differing figures in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.paginator import Page
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import localized
from indicators.models import Indicator, PublishedMonth
from indicators.presenters import trace_url
from reports.differing import Number
from reports.edition_page import url
from reports.models import Edition
from reports.proof.keys import parse
from reports.proof.recheck import Moved
from reports.proof.rows import ProofRow


def heads() -> list[str]:
    """The columns of the table."""
    return [
        _("序号"), _("文中的数"), _("指标"), _("哪个数"), _("期间"), _("口径"), _("公式"), _("分子"), _("分母"),
        _("覆盖"), _("审核"), _("出处"), _("键"),
    ]  # fmt: skip


def line(row: ProofRow, release: PublishedMonth) -> dict:
    """One line on the page, with the way to where an indicator's number comes from."""
    number, text, subject, *rest = cells(row)
    about = parse(row.key).subject
    query = f"?month={months.iso(release.month)}&version={release.version}"
    url = trace_url(about.name, about.area, query) if about.is_indicator else ""
    return {"number": number, "text": text, "subject": subject, "url": url, "rest": rest}


def pages(found: Edition, page: Page) -> list[dict]:
    """The ways to the pages of the table; a gap where some are left out."""
    return [
        {"label": str(number), "url": url(found, "edition_proof", page=str(number)), "current": number == page.number}
        if isinstance(number, int)
        else {"label": "…", "url": "", "current": False}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]


def cells(row: ProofRow) -> list[object]:
    """One line of it."""
    return [
        row.number, row.text, subject_of(row), words().get(row.what, row.what), row.period, row.reading,
        row.formula, row.numerator, row.denominator, row.coverage, row.approvals, "、".join(row.places),
        row.key,
    ]  # fmt: skip


def subject_of(row: ProofRow) -> str:
    """'A01 城镇新增就业人数', '核心指标和监测指标 核心'."""
    return f"{row.subject} {groups().get(row.name, row.name)}".strip()


def groups() -> dict[str, str]:
    """What a counted group is called (reports/proof/keys.py)."""
    return {
        "all": "",
        "month": "",
        "composite": "",
        "core": _("核心"),
        "monitored": _("监测"),
        "town": _("镇（街道）"),
        "village": _("村（社区）"),
    }


def words() -> dict[str, str]:
    """Which number of its subject it is (reports/proof/keys.py); any other is called by its code."""
    return {
        "value": _("完成值"),
        "target": _("目标"),
        "completion": _("完成率"),
        "schedule": _("时序进度"),
        "numerator": _("分子"),
        "denominator": _("分母"),
        "coverage": _("覆盖"),
        "path": _("路径上的应达值"),
        "lag": _("与应达值的差"),
        "gap": _("与目标的差"),
        "remaining": _("还差"),
        "required": _("须月均"),
        "pace": _("近月月均"),
        "pressure": _("压力倍数"),
        "months_left": _("剩余月数"),
        "year_change": _("同比变动"),
        "year_growth": _("同比增幅"),
        "percent": _("进度"),
        "days_late": _("逾期天数"),
        "total": _("合计"),
        "count": _("个数"),
        "done": _("已完成"),
        "under_way": _("进行中"),
        "late": _("逾期"),
        "slow": _("滞后"),
        "reached": _("已达标"),
        "on_course": _("达序时"),
        "behind": _("滞后"),
        "far_behind": _("严重滞后"),
        "not_covered": _("数据不全"),
        "good": _("达序时或已达标"),
        "urban": _("城镇"),
        "rural": _("农村"),
        "spread": _("各镇极差"),
        "spread_then": _("上年同期极差"),
        "gap_now": _("城乡差距"),
        "gap_then": _("上年同期城乡差距"),
        "towns": _("镇（街道）数"),
        "version": _("版次"),
        "best_months": _("历史最好的月数"),
        "best_short": _("仍差"),
        "reported": _("已审"),
        "expected": _("应报"),
        "towns_below": _("未达县目标的镇（街道）数"),
        "month": _("本月"),
        "not_begun": _("未开始"),
        "nodes": _("节点数"),
        "nodes_reached": _("已到节点数"),
        "nodes_moved": _("调整过的节点数"),
        "phases": _("阶段数"),
        "tolerance": _("容差"),
        "limit_days": _("限期天数"),
        "assigned": _("已交办"),
        "struck_off": _("已销号"),
        "open": _("在办"),
    }


def iso(found: Edition) -> str:
    return months.iso(found.report.month)


def checked(count: int, moved: int) -> list[dict]:
    if not moved:
        return [{"text": _("%(n)d 个数都与现在的数一致") % {"n": count}, "tone": ""}]
    return [
        {"text": _("%(n)d 个数里 ") % {"n": count}, "tone": ""},
        {"text": _("%(m)d 个已变") % {"m": moved}, "tone": "red"},
    ]


def moved(one: Moved) -> dict:
    row = one.row
    name = subject_of(row)
    return {"name": name, "key": row.key, "text": row.text, "new": one.new, "why": one.why}


def numbers(found: Iterable[Number]) -> list[dict]:
    """Figures that differ, with the name of their indicator before the key."""
    names = {one.code: f"{one.code} {localized(one)}" for one in Indicator.objects.only("code", "name", "name_en")}
    return [
        {
            "name": names.get(one.key.partition("/")[0], ""),
            "key": one.key,
            "before": one.before or "—",
            "after": one.after or "—",
        }
        for one in found
    ]
