"""Fills the Word form of a supervision slip (督办单) from the database, as it stands; for those who see the slip.

Not kept: a slip goes on changing until it is struck off, and is printed to be signed at any step.
"""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from bureau import clock
from bureau.language import in_chinese
from bureau.models import Installation, User
from indicators.models import Plan
from reports.compose.words import long_date
from reports.documents.slip import SlipContent, build_slip
from tasks.decision_page import town_names
from tasks.models import Extension, Slip
from tasks.slips import page as slip_page
from tasks.slips.moves import Colour, colour
from tasks.slips.number import number_of

COLOURS = {Colour.BLUE: "蓝色", Colour.YELLOW: "黄色", Colour.RED: "红色"}  # catalogue 7.4


def build(slip: Slip, here: Installation) -> tuple[str, bytes]:
    """File name and bytes."""
    with in_chinese():
        content = compose(slip, here)
    mark = "（演示数据）" if content.demonstration else ""
    return f"督办单{content.number.replace(' ', '')}{mark}.docx", build_slip(content)


def compose(slip: Slip, here: Installation) -> SlipContent:
    """Everything the form says, in Chinese."""
    today = clock.today_in(here)
    asked = list(slip.extensions.select_related("asked_by", "decided_by"))
    return SlipContent(
        issuer=_issuer(),
        number=number_of(slip),
        made_on=today,
        subject=slip.subject,
        basis=slip.basis,
        category=_category(slip, today),
        owner=slip_page.owner_name(slip, town_names([slip], slip.county_id)),
        supporting="、".join(one.name for one in slip.supporting.all()),
        officer=slip.officer,
        assigned_on=_day(slip.assigned_on),
        due_on=_limit(slip, asked),
        problem=slip.problem,
        requirement=slip.requirement,
        answer=_answer(slip),
        extensions=[_asked(one) for one in asked],
        verdict=_with_day(slip.verdict, slip.concluded_on),
        signed_by=_signed(slip.signed_by, slip.assigned_on),
        accepted=_signed(slip.accepted_by, slip.accepted_on),
        demonstration=here.demonstration,
    )


def _issuer() -> str:
    """The leading group the plan sets up (part five), by the plan's own title."""
    plan = Plan.objects.first()
    if plan is None:
        return ""
    return plan.title.removesuffix("方案").removesuffix("实施").removesuffix("工作") + "工作领导小组"


def _category(slip: Slip, today: date) -> str:
    """Where it comes from, its colour and what that says: '连续严重滞后，红色（超期 3 天）'."""
    shade, word = colour(slip, today), slip_page.word(slip, today)
    told = f"{COLOURS[shade]}（{word}）" if shade in COLOURS else word
    return f"{slip.get_origin_display()}，{told}"


def _limit(slip: Slip, asked: list[Extension]) -> str:
    """The time limit, and the first one where a later day was granted."""
    granted = next((one for one in asked if one.state == Extension.State.GRANTED), None)
    return _day(slip.due_on) + (f"（原{_day(granted.from_on)}）" if granted else "")


def _answer(slip: Slip) -> str:
    files = "、".join(slip.evidence.order_by("pk").values_list("file__name", flat=True))
    parts = [_with_day(slip.answer, slip.answered_on), f"佐证材料：{files}" if files else ""]
    return "\n".join(filter(None, parts))


def _asked(one: Extension) -> str:
    """'2017年8月1日申请延至2017年8月31日：理由。已同意（李四，2017年8月2日）意见'."""
    text = f"{_day(timezone.localtime(one.asked_at).date())}申请延至{_day(one.wanted_on)}：{one.reason.rstrip('。')}。"
    if one.decided_by is None or one.decided_at is None:
        return f"{text}{one.get_state_display()}"
    decided = _day(timezone.localtime(one.decided_at).date())
    return f"{text}{one.get_state_display()}（{one.decided_by}，{decided}）{one.note}"


def _with_day(text: str, day: date | None) -> str:
    """What was said, with the day of it; empty before."""
    return f"{text}（{_day(day)}）" if text and day else text


def _signed(by: User | None, day: date | None) -> str:
    """Who signed, and below it when."""
    return f"{by}\n{_day(day)}" if by else ""


def _day(day: date | None) -> str:
    return long_date(day) if day else ""
