"""The demonstration's accounts: one a role to sign in with, and the other towns' clerks, who only stand as authors.

Passwords are random and written to var/demo-accounts.txt, readable by its owner alone; `serve` prints that file.
"""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from bureau import audit
from bureau.models import Area, Grant, Section, User

Role = Grant.Role
PASSWORD_BYTES = 12  # 16 characters
CLERKS_TO_TRY = ("330424001", "330424102")
TOWN_NAMES = {
    "330424001": "wuyuan",
    "330424002": "xitangqiao",
    "330424003": "yuantong",
    "330424004": "qinshan",
    "330424101": "shendang",
    "330424102": "baibu",
    "330424103": "yucheng",
    "330424105": "ganpu",
    "330424106": "tongyuan",
}
SECTION_NAMES = {"jyj": "就业局", "sbj": "社保局", "yb": "医保科", "bgs": "办公室"}
SECTION_CLERKS = ("jyj", "yb", "bgs")
# Username, role, what he is called; these stand over the whole county.
COUNTY_WIDE = (
    ("bangongshi", Role.OFFICE, "办公室"),
    ("lingdao", Role.LEADER, "领导小组"),
    ("xitong", Role.SYSTEM_ADMINISTRATOR, "系统管理员"),
    ("anquan", Role.SECURITY_ADMINISTRATOR, "安全管理员"),
    ("shenji", Role.AUDITOR, "审计员"),
)
CHECKED_TOWN, ASSISTED_VILLAGE = "330424001", "330424102200"


@dataclass(frozen=True)
class Account:
    """One account to make: who, as what, over which area or section (neither: the county), and whether to sign in."""

    username: str
    role: str
    title: str
    unit: str
    area: str = ""
    section: str = ""
    to_try: bool = True


@dataclass(frozen=True)
class People:
    """The people who act: clerks by the place or section whose forms they fill, reviewers by section, the office."""

    town_clerks: Mapping[str, User]
    section_clerks: Mapping[str, User]
    reviewers: Mapping[str, User]
    office: User


def accounts(names: Mapping[str, str]) -> list[Account]:
    """Every account, those to sign in with first; `names` are the areas' names by code."""
    found = [_clerk(code, names) for code in CLERKS_TO_TRY]
    town, village = names[CHECKED_TOWN], names[ASSISTED_VILLAGE]
    found.append(Account(f"{TOWN_NAMES[CHECKED_TOWN]}.chushen", Role.TOWN_CHECKER, f"{town}初审员", town, CHECKED_TOWN))
    found.append(Account("bailian.xieliyuan", Role.VILLAGE_ASSISTANT, f"{village}协理员", village, ASSISTED_VILLAGE))
    for code in SECTION_CLERKS:
        name = SECTION_NAMES[code]
        found.append(Account(f"{code}.tianbao", Role.SECTION_CLERK, f"{name}填报员", name, section=code))
    for code, name in SECTION_NAMES.items():
        found.append(Account(f"{code}.shenhe", Role.REVIEWER, f"{name}审核员", name, section=code))
    found += [Account(username, role, title, "县人力社保局") for username, role, title in COUNTY_WIDE]
    found += [_clerk(code, names) for code in TOWN_NAMES if code not in CLERKS_TO_TRY]
    return found


def _clerk(code: str, names: Mapping[str, str]) -> Account:
    town = names[code]
    to_try = code in CLERKS_TO_TRY
    return Account(f"{TOWN_NAMES[code]}.tianbao", Role.TOWN_CLERK, f"{town}填报员", town, code, to_try=to_try)


def create(names: Mapping[str, str]) -> tuple[People, str]:
    """Make the accounts and their grants inside the caller's transaction; the people, and the text for the file."""
    areas = {area.code: area for area in Area.objects.all()}
    sections = {section.code: section for section in Section.objects.all()}
    town_clerks, section_clerks, reviewers, office, lines = {}, {}, {}, None, []
    for account in accounts(names):
        password = secrets.token_urlsafe(PASSWORD_BYTES) if account.to_try else None
        user = _make(account, password, areas, sections)
        if password:
            lines.append((account.username, password, str(Role(account.role).label), account.unit))
        if account.role == Role.TOWN_CLERK:
            town_clerks[account.area] = user
        elif account.role == Role.SECTION_CLERK:
            section_clerks[account.section] = user
        elif account.role == Role.REVIEWER:
            reviewers[account.section] = user
        elif account.role == Role.OFFICE:
            office = user
    return People(town_clerks, section_clerks, reviewers, office), _table(lines)


def _make(account: Account, password: str | None, areas: Mapping[str, Area], sections: Mapping[str, Section]) -> User:
    user = User.objects.create_user(
        account.username,
        password=password,
        display_name=f"演示·{account.title}",
        unit=account.unit,
        is_demonstration=True,
    )
    area, section = areas.get(account.area), sections.get(account.section)
    grant = Grant.objects.create(user=user, role=account.role, area=area, section=section)
    audit.record("demonstration.account", by=None, object=account.username, detail={"grant": str(grant)})
    return user


def _table(lines: list[tuple[str, str, str, str]]) -> str:
    """Username, password, role and unit in columns, Chinese counted double wide."""
    rows = [("账号", "密码", "角色", "单位"), *lines]
    widths = [max(_width(row[column]) for row in rows) + 2 for column in range(3)]
    text = ["演示账号（数据均为虚构，仅供试用）："]
    for row in rows:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)]
        text.append("  " + "".join(cells) + row[3])
    return "\n".join(text) + "\n"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def write_file(text: str) -> None:
    """Put the accounts where `serve` finds them, for the owner's eyes only."""
    path = settings.DEMO_ACCOUNTS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
    draft.replace(path)
