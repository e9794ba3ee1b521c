"""Composes the meeting page (会商一页纸): earlier decisions, three things to decide, laggards, requests.

Rows in, finished text out; sentences are those of analysis/sentences.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.authorization import Permission, Scope, scope
from bureau.language import localized
from bureau.models import User
from bureau.places import Tree
from indicators import access, wording
from indicators.analysis import sentences, workback
from indicators.analysis.kinds import ATTENTION_ORDER, Comparator, Light
from indicators.models import Reopening
from indicators.presenters import attention_key
from indicators.shown import Shown
from indicators.stated import facts, stands_still
from indicators.table_rows import stored
from tasks.models import Decision

TO_DECIDE = 3
LATE = ATTENTION_ORDER[:3]  # severely late, late, not covered
TOGETHER = 10_000  # a pressure of 1.00: the present pace just suffices


def late(core: Sequence[Shown]) -> list[Shown]:
    """Those that need attention, in its order."""
    return sorted((one for one in core if one.row and one.light in LATE), key=attention_key)


def to_decide(core: Sequence[Shown], query: str, new_url: str) -> list[dict]:
    """The three that most need a decision: what is, what pace it takes, what is to be decided."""
    return [
        _line(shown, query)
        | {
            "rank": rank,
            "sentence": sentences.standing(facts(shown)),
            "pace": "" if shown.light == Light.NOT_COVERED else sentences.pace(facts(shown)) + best(shown),
            "ask": ask(shown),
            "decide_url": f"{new_url}{'&' if '?' in new_url else '?'}indicator={shown.indicator.code}",
        }
        for rank, shown in enumerate(late(core)[:TO_DECIDE], 1)
    ]


def others(core: Sequence[Shown], query: str) -> list[dict]:
    """The other laggards, with the pressure they are under."""
    rest = [one for one in late(core)[TO_DECIDE:] if one.light != Light.NOT_COVERED]
    return [_line(shown, query) | {"pace": sentences.pace(facts(shown))} for shown in rest]


def rows(core: Sequence[Shown]) -> tuple[list[object], list[list[object]]]:
    """Those that need attention, as files have them."""
    head: list[object] = [
        _("编号"), _("指标"), _("单位"), _("状态"), _("实绩"), _("目标"), _("压力（倍）"), _("责任科室"),
        _("已报"), _("应报"),
    ]  # fmt: skip
    lines: list[list[object]] = [
        [
            one.indicator.code, localized(one.indicator), wording.unit_of(one.indicator), wording.light(one.light),
            stored(one.row.value), wording.target(one.target, one.indicator), stored(one.row.pressure3),
            localized(one.indicator.section), one.row.reported, one.row.expected,
        ]
        for one in late(core)
        if one.row is not None
    ]  # fmt: skip
    return head, lines


def unknown(core: Sequence[Shown]) -> str:
    """The indicators that cannot be judged because places are missing, named; empty where there are none."""
    gone = [one for one in late(core)[TO_DECIDE:] if one.light == Light.NOT_COVERED]
    named = wording.together(
        [f"{one.indicator.code} {localized(one.indicator)} {wording.coverage(one.row, one.places)}" for one in gone]
    )
    return _("数据不全、暂不判断 %(n)d 项：%(what)s") % {"n": len(gone), "what": named} if gone else ""


def _line(shown: Shown, query: str) -> dict:
    indicator, row = shown.indicator, shown.row
    return {
        "code": indicator.code,
        "name": localized(indicator),
        "url": reverse("indicator", args=[indicator.code]) + query,
        "light": int(shown.light),
        "light_word": wording.light(shown.light),
        "value": wording.with_unit(wording.value(row, indicator), indicator),
        "target": wording.target(shown.target, indicator),
        "pressure": _("%(x)s 倍") % {"x": wording.number(row.pressure3, 2)} if row and row.pressure3 else wording.DASH,
        "owner": localized(indicator.section),
        "coverage": wording.coverage(row, shown.places),
    }


def ask(shown: Shown) -> str:
    """What the meeting is to decide (请定)."""
    found = facts(shown)
    if found.light == Light.NOT_COVERED:
        return _("补报期限：%(n)d 个单位未审") % {"n": found.expected - found.reported}
    if found.comparator == Comparator.DYNAMIC_ZERO:
        return _("逐户消除的期限和责任人")
    if found.ended:
        return _("期限已到未达标，是否延期、如何补足")
    if stands_still(found):
        return _("新增措施：近 3 个月没有进展")
    if found.pressure is not None and found.pressure > TOGETHER:
        return _("加快的措施：速度须为近 3 个月的 %(x)s 倍") % {"x": wording.number(found.pressure, 2)}
    return _("整改措施和完成时间")


def best(shown: Shown, *, marked: bool = False) -> str:
    """Would the unit's own best run of as many months make good what is missing? Empty where there is no such run."""
    found = replace(facts(shown), marked=marked)
    if not found.required or found.ended or found.end is None or not found.remaining:
        return ""
    known = [row for row in shown.series if row.covered]
    if found.summing:
        added = {row.month: Fraction(row.month_value) for row in known if row.month_value is not None}
    else:
        levels = [(row.month, None if row.value is None else Fraction(row.value)) for row in known]
        added = workback.additions(levels, falling=found.falling)
    run = workback.best_run(added, found.end - found.month)
    if run is None:
        return ""
    return sentences.best_run(found, run.months, int(max(Fraction(0), found.remaining - run.added)))


# --- earlier decisions and requests ---


def earlier(found: Sequence[Decision], month: int) -> list[Decision]:
    """Of earlier months: what is open, and what was done since the month shown began."""
    since = months.first_day(month)
    return [one for one in found if one.month < month and (one.done_on is None or one.done_on >= since)]


def requests(user: User, county: int) -> list[dict]:
    """The late sheets somebody asks to open again, within what the reader may know of."""
    held = scope(user, Permission.READ_TIMELINESS)
    if not held:
        return []
    asked = Reopening.objects.filter(state=Reopening.State.ASKED).select_related("form", "place", "asked_by")
    seen = [one for one in asked.order_by("pk") if _reaches(held, one)]
    if not seen:
        return []
    tree = Tree(county)
    return [_request(one, tree, user) for one in seen]


def _reaches(held: Scope, one: Reopening) -> bool:
    return access.covers(held, one.form, one.place)


def _request(one: Reopening, tree: Tree, user: User) -> dict:
    place = tree.last_of(one.place.code)
    return {
        "text": _("%(place)s申请补报%(month)s《%(form)s》，开放到 %(day)s")
        % {
            "place": place.label if place else one.place.code,
            "month": months.label(one.month),
            "form": localized(one.form),
            "day": one.expires_on.isoformat(),
        },
        "reason": one.reason,
        "url": reverse("reopening", args=[one.pk]) if access.sees_reopening(user, one) else "",
    }


def due_words(today: date) -> str:
    return _("状态截至 %(d)s") % {"d": today.isoformat()}
