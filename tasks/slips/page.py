"""What pages show of supervision slips (督办单): mark and word, the steps of the course, the fields, who did what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bureau import months
from bureau.language import joined, localized
from indicators.wording import DASH
from tasks import decisions
from tasks.models import Extension, Slip, SlipStep
from tasks.slips import supervision
from tasks.slips.moves import Act, Colour, Timed, colour, days_left
from tasks.slips.number import number_of

State = Slip.State
MARKS = {
    Colour.RED: "far-behind", Colour.YELLOW: "behind", Colour.BLUE: "in-time", Colour.GREY: "closed",
}  # fmt: skip
COURSE = (State.RAISED, State.ASSIGNED, State.ACCEPTED, State.ANSWERED, State.CONCLUDED, State.STRUCK_OFF)
DONE = {
    State.ANSWERED: N_("已反馈，待审结"), State.CONCLUDED: N_("已审结，待销号"), State.STRUCK_OFF: N_("已销号"),
}  # fmt: skip
CURRENT = mark_safe(' aria-current="step"')
EXTENSION_MARKS = {
    Extension.State.ASKED: "behind", Extension.State.GRANTED: "reached", Extension.State.REFUSED: "far-behind",
    Extension.State.WITHDRAWN: "none",
}  # fmt: skip


def colour_words() -> dict[Colour, str]:
    """What a colour says, the most pressing first."""
    return {
        Colour.RED: _("超期"), Colour.YELLOW: _("临期"), Colour.BLUE: _("时限内"), Colour.GREY: _("已办结"),
    }  # fmt: skip


def word(slip: Timed, today: date) -> str:
    """'剩 12 天', '超期 3 天', '已反馈，待审结', '已销号'."""
    if slip.state == State.RAISED:
        return _("待交办")
    if slip.state == State.DROPPED:
        return _("不予督办")
    left = days_left(slip, today)
    if slip.state in DONE:
        late = _("（超期 %(n)d 天反馈）") % {"n": -left} if left < 0 else ""
        return _(DONE[State(slip.state)]) + late
    if left < 0:
        return _("超期 %(n)d 天") % {"n": -left}
    return _("剩 %(n)d 天") % {"n": left} if left else _("今天到期")


def steps(state: str, shade: Colour) -> SafeString:
    """The course from raising to striking off, with where it stands; one that is done again stands at 承办."""
    if state == State.DROPPED:
        return format_html('<span class="note">{}</span>', _("未交办"))
    again = state == State.RETURNED
    at = COURSE.index(State.ACCEPTED if again else State(state))
    items = []
    for number, one in enumerate(COURSE):
        look = "done" if number < at else "current" if number == at else "todo"
        if look == "current" and shade == Colour.RED:
            look = "current step-red"
        name = _("重办") if again and number == at else str(one.label)
        items.append((look, CURRENT if number == at else "", name))
    return format_html(
        '<ol class="slip-steps" aria-label="{}">{}</ol>',
        _("办理环节"),
        format_html_join("", '<li class="step-{}"{}><span>{}</span></li>', items),
    )


def owner_name(slip: Slip, names: Mapping[int, str]) -> str:
    """The unit that answers for it; `names` are those of towns."""
    return localized(slip.section) if slip.section else names.get(slip.town_id or 0, "")


def shown(slip: Slip, today: date) -> dict:
    """The head of a slip's page."""
    shade = colour(slip, today)
    return {
        "pk": slip.pk,
        "number": number_of(slip),
        "subject": slip.subject,
        "requirement": slip.requirement,
        "mark": MARKS[shade],
        "word": word(slip, today),
        "due_text": _("时限 %(d)s") % {"d": slip.due_on.isoformat()},
        "steps": steps(slip.state, shade),
        "answer": slip.answer,
        "answered_on": _day(slip.answered_on),
    }


def pairs(slip: Slip, names: Mapping[int, str], query: str = "") -> list[dict]:
    """The other fields of the paper (catalogue 7.4), line by line; what it rests on leads there."""
    signed = f"{slip.signed_by} · {_day(slip.assigned_on)}" if slip.signed_by else DASH
    accepted = f"{slip.accepted_by} · {_day(slip.accepted_on)}" if slip.accepted_by else DASH
    raiser = str(slip.raised_by) if slip.raised_by else _("按规则自动立项")
    rows = [
        (_("来源"), str(slip.get_origin_display()), ""),
        (_("立项依据"), slip.basis, ""),
        *_grounds(slip, query),
        (_("存在问题"), slip.problem or DASH, ""),
        (_("责任单位"), owner_name(slip, names), ""),
        (_("责任人"), slip.officer or DASH, ""),
        (_("配合单位"), joined([localized(one) for one in slip.supporting.all()]) or DASH, ""),
        (_("立项"), f"{raiser} · {_day(slip.raised_on)}", ""),
        (_("签发人"), signed, ""),
        (_("承办人签收"), accepted, ""),
        (_("办结时限"), _day(slip.due_on), ""),
        (_("审结意见"), f"{slip.verdict} · {_day(slip.concluded_on)}" if slip.verdict else DASH, ""),
    ]
    if slip.struck_off_on:
        rows.append((_("销号日期"), _day(slip.struck_off_on), ""))
    return [{"label": label, "value": value, "url": url} for label, value, url in rows]


def _grounds(slip: Slip, query: str) -> list[tuple[str, str, str]]:
    """What the slip rests on: a meeting's decision, an indicator, a task or project, a milestone."""
    rows = []
    if slip.decision:
        told = f"{decisions.number_of(slip.decision)} {slip.decision.text}"
        rows.append((_("议定事项"), told, reverse("decision", args=[slip.decision.pk])))
    if slip.indicator:
        told = f"{slip.indicator.code} {localized(slip.indicator)}"
        rows.append((_("指标"), told, reverse("indicator", args=[slip.indicator.code]) + query))
    if slip.month is not None:
        rows.append((_("数据月份"), months.label(slip.month), ""))
    if slip.work:
        rows.append((_("任务"), f"{slip.work.code} {localized(slip.work)}", reverse("task", args=[slip.work.code])))
    if slip.milestone:
        told = f"{localized(slip.milestone)} {_day(slip.milestone.due_on)}"
        rows.append((_("节点"), told, ""))
    return rows


def extensions(found: Iterable[Extension]) -> list[dict]:
    """The later days asked for, in order, with what came of each."""
    return [
        {
            "days": f"{_day(one.from_on)} → {_day(one.wanted_on)}",
            "reason": one.reason,
            "asked": f"{one.asked_by} · {timezone.localtime(one.asked_at).date().isoformat()}",
            "mark": EXTENSION_MARKS[Extension.State(one.state)],
            "word": str(one.get_state_display()),
            "decided": joined([str(one.decided_by), one.note] if one.note else [str(one.decided_by)])
            if one.decided_by
            else "",
        }
        for one in found
    ]


def course(found: Iterable[SlipStep]) -> list[dict]:
    """Who did what, newest first, with the words of it."""
    words = {supervision.RAISE: _("立项"), **{str(one): str(one.label) for one in Act}}
    return [
        {
            "at": timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M"),
            "who": (f"{one.by.unit} · {one.by}" if one.by.unit else str(one.by)) if one.by else _("规则"),
            "what": words[one.act],
            "reason": one.words,
        }
        for one in reversed(list(found))
    ]


def returned(slip: Slip, found: Iterable[SlipStep]) -> str:
    """What was wanting of a slip that is being done again."""
    told = [one.words for one in found if one.act == Act.SEND_BACK]
    return told[-1] if slip.state == State.RETURNED and told else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
