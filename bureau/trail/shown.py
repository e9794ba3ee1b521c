"""Audit records in words, for the page, the export and the account page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.models import AuditEvent, User
from bureau.trail import acts
from bureau.trail.canonical import canonical
from bureau.trail.hooks import Changed, changes_of
from bureau.trail.lines import one_line

CHANGES_MOST = 200
TOLD_AS_CHANGES = ("changes", "old", "new")
_PAIR = 2


def moment(at: datetime) -> str:
    """'2017-08-09 10:30:05 +08:00'."""
    return timezone.localtime(at).isoformat(sep=" ", timespec="seconds").replace("+", " +")


def moment_exactly(at: datetime) -> str:
    """With microseconds and zone, as the chain holds it."""
    return timezone.localtime(at).isoformat(sep=" ", timespec="microseconds").replace("+", " +")


def person(user: User | None) -> str:
    """'王芳（wuyuan.wang）', the account alone where it has no other name, — for the system."""
    if user is None:
        return "—"
    name = one_line(str(user))
    return name if name == user.username else f"{name}（{one_line(user.username)}）"


def lines(text: str) -> str:
    """A text of several lines, each made fit."""
    return "\n".join(one_line(line) for line in text.splitlines())


def result(event: AuditEvent) -> str:
    return _("成功") if event.succeeded else _("未成功")


def row(event: AuditEvent) -> dict[str, Any]:
    """One line of a list."""
    return {
        "sequence": event.sequence,
        "at": moment(event.at),
        "person": person(event.by),
        "act": acts.label(event.act),
        "object": one_line(event.object),
        "succeeded": event.succeeded,
        "result": result(event),
        "address": event.address or "",
    }


def changes(event: AuditEvent) -> list[Changed]:
    """What it changed, before and after: told by the floor it belongs to, else every [old, new] of its detail."""
    told = changes_of(event, CHANGES_MOST)
    if told:
        return list(told)
    detail = _detail(event)
    pairs = {name: value for name, value in detail.items() if _is_pair(value)}
    if "old" in detail and "new" in detail:
        pairs[""] = [detail["old"], detail["new"]]
    return [Changed(one_line(str(name)), *(one_line(_plain(one)) for one in value)) for name, value in pairs.items()]


def facts(event: AuditEvent) -> list[tuple[str, str]]:
    """The rest of its detail: names as recorded, values on one line."""
    return [
        (one_line(str(name)), one_line(_plain(value)))
        for name, value in _detail(event).items()
        if not _is_pair(value) and name not in TOLD_AS_CHANGES
    ]


def _detail(event: AuditEvent) -> Mapping[str, Any]:
    return event.detail if isinstance(event.detail, dict) else {}


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == _PAIR and not any(isinstance(one, list | dict) for one in value)


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else canonical(value)
