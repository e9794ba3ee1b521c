"""Slips for tests, upon the workplace: what is wanted of 就业局 or a town, and a slip taken to any state.

`leader` signs and strikes off, `reviewer` (of 就业局) looks at answers, `writer` and `helper` (of 就业局) answer.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from tasks.models import Slip
from tasks.slips import supervision
from tasks.slips.supervision import Wanted

TODAY = date(2017, 2, 3)  # of the small county
DUE = date(2017, 3, 5)  # thirty days later
ANSWERED = "已召开推进会，逐镇核对名单，缺口补齐。"


def wanted(place: SimpleNamespace, **more: object) -> Wanted:
    """What a slip on 就业局 says; `more` puts parts of it otherwise."""
    ground = {
        "subject": "城镇新增就业进度滞后",
        "basis": "A01 连续 2 个月严重滞后",
        "requirement": "两周内拿出补进度的办法",
        "owner": place.sections["jyj"],
        "due_on": DUE,
    }
    return Wanted(**(ground | more))


def raised(place: SimpleNamespace, **more: object) -> Slip:
    return supervision.raise_slip(wanted(place, **more), by=place.leader, origin=Slip.Origin.LEADING_GROUP)


def assigned(place: SimpleNamespace, **more: object) -> Slip:
    return supervision.assign(raised(place, **more), by=place.leader, seen=1)


def accepted(place: SimpleNamespace, **more: object) -> Slip:
    slip = assigned(place, **more)
    return supervision.accept(slip, by=place.writer, seen=slip.version)


def answered(place: SimpleNamespace, **more: object) -> Slip:
    slip = accepted(place, **more)
    return supervision.answer(slip, text=ANSWERED, by=place.writer, seen=slip.version)


def concluded(place: SimpleNamespace, **more: object) -> Slip:
    slip = answered(place, **more)
    return supervision.conclude(slip, verdict="缺口已补，同意审结", by=place.reviewer, seen=slip.version)


def struck_off(place: SimpleNamespace, **more: object) -> Slip:
    slip = concluded(place, **more)
    return supervision.strike_off(slip, by=place.leader, seen=slip.version)
