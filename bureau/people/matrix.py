"""The permissions of each role as the code enforces them, and the limits in force: what an assessor asks to see."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from bureau.authorization import ROLES, Permission, Role
from bureau.people import granting, passwords

P = Permission


def permission_labels() -> dict[str, str]:
    """Each permission in words."""
    return {
        P.READ_RELEASES: _("看已发布的月份"),
        P.READ_LIVE: _("看各镇未发布的已审数"),
        P.READ_SUBMISSIONS: _("看范围内的报表"),
        P.READ_TIMELINESS: _("看填报进度"),
        P.ENTER: _("填报"),
        P.CHECK_TOWN: _("镇（街道）初审"),
        P.REVIEW: _("科室审核"),
        P.PUBLISH: _("发布月份"),
        P.READ_REPORTS: _("看报告"),
        P.WRITE_REPORTS: _("撰写报告的部分"),
        P.FINISH_REPORTS: _("起草、送审报告"),
        P.FINALISE_REPORTS: _("报告定稿"),
        P.REPORT_TASKS: _("报任务进展"),
        P.DECIDE: _("登记议定事项"),
        P.SUPERVISE: _("督办立项、交办、审结"),
        P.ANSWER_SLIPS: _("签收、反馈督办单"),
        P.ASSESS: _("拟定考核"),
        P.MANAGE_SETTINGS: _("改区划、日历、参数"),
        P.MANAGE_CATALOGUE: _("改指标、报表、目标"),
        P.READ_AUDIT: _("看审计记录"),
        P.MANAGE_ACCOUNTS: _("管账号、会签授权"),
        P.MANAGE_GRANTS: _("提授权、启用账号"),
    }


def reach(role: str) -> str:
    """Where a role holds what it may."""
    if role == Role.VILLAGE_ASSISTANT:
        return _("本村（社区）")
    if role in granting.LEVELS:
        return _("本镇（街道）")
    if role in granting.OF_SECTIONS:
        return _("本科室")
    return _("账号与记录") if role in granting.ADMINISTRATORS else _("全县")


def table() -> tuple[list[str], list[dict]]:
    """Role names, and one row a permission: its label and whether each role has it."""
    labels = permission_labels()
    heads = [str(Role(role).label) for role in ROLES]
    rows = [
        {"label": labels.get(one, str(one)), "code": str(one), "cells": [one in held for held in ROLES.values()]}
        for one in Permission
    ]
    return heads, rows


def csv_rows() -> list[list[str]]:
    """The same for a spreadsheet, with the roles' reach and the limits below."""
    heads, rows = table()
    found = [[_("权限"), _("代码"), *heads]]
    found += [[row["label"], row["code"], *("✓" if cell else "" for cell in row["cells"])] for row in rows]
    found.append([_("范围"), "", *(reach(role) for role in ROLES)])
    return [*found, [], *([limit["label"], "", limit["value"]] for limit in limits())]


def limits() -> list[dict[str, str]]:
    """Passwords, locks and sessions as the settings have them."""
    minutes = _("%(n)d 分钟")
    age = settings.PASSWORD_MAX_AGE.days
    pairs = [
        (_("密码长度"), _("%(n)d 至 %(m)d 个字符，四类中至少三类") % {"n": passwords.SHORTEST, "m": passwords.LONGEST}),
        (
            _("密码更换"),
            _("每 %(n)d 天；最近 %(m)d 次不重复") % {"n": age, "m": passwords.KEPT} if age else _("不定期更换"),
        ),
        (_("一次性密码"), _("%(n)d 小时内有效，首次登录须改") % {"n": _hours(passwords.ONE_TIME_LIFE)}),
        (
            _("登录锁定"),
            _("连续 %(n)d 次不对，锁 %(m)d 分钟")
            % {"n": settings.AXES_FAILURE_LIMIT, "m": _minutes(settings.AXES_COOLOFF_TIME)},
        ),
        (_("无操作退出"), minutes % {"n": _minutes(settings.SESSION_IDLE)}),
        (_("管理员无操作退出"), minutes % {"n": _minutes(settings.SESSION_IDLE_ADMINISTRATOR)}),
        (_("一次登录最长"), _("%(n)d 小时") % {"n": _hours(settings.SESSION_ABSOLUTE)}),
        (_("同时登录"), _("一个账号一处，后登录的有效")),
    ]
    return [{"label": label, "value": value} for label, value in pairs]


def _minutes(span) -> int:
    return int(span.total_seconds() // 60)


def _hours(span) -> int:
    return _minutes(span) // 60
