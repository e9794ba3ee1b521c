"""One owner's lines explained: points and lost points of each criterion, item by item down to the figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.authorization import Permission, can
from bureau.language import localized, unit
from bureau.models import User
from indicators import wording
from indicators.analysis.kinds import Light
from indicators.analysis.numbers_text import print_against, print_units
from tasks.assessment import words
from tasks.assessment.results import Result, Scored
from tasks.assessment.rules import HUNDRED, Item, Line, share
from tasks.assessment.terms import Kind, Measure
from tasks.models import Slip
from tasks.slips.access import Reach


def lines(result: Result, one: Scored, user: User) -> list[dict]:
    """Every criterion, scored or not, with what it was made of."""
    measures = {measure.code: measure for measure in result.terms.measures}
    return [line(measures[found.code], found, user) for found in one.lines]


def line(measure: Measure, found: Line, user: User) -> dict:
    by_hand = measure.kind == Kind.MANUAL
    return {
        "code": found.code,
        "name": localized(measure),
        "rule": words.rule(measure),
        "weight": words.weight(measure.rule.weight),
        "full": words.weight(found.full) if found.full else "",
        "points": words.points(found.points) if found.scored else wording.DASH,
        "lost": words.points(found.lost) if found.scored and not by_hand else "",
        "by_hand": by_hand,
        "note": _note(measure, found),
        "items": [given(one) if by_hand else item(measure, one, user) for one in found.items],
        "vetoes": measure.veto and _short(found),
    }


def _short(line: Line) -> bool:
    """Is anything of it not done? Where the criterion is a veto's, a person may then give one."""
    return any(one.done is not None and one.done < HUNDRED for one in line.items)


def _note(measure: Measure, line: Line) -> str:
    """Why a criterion is not scored and where its weight went; else how many items were left out."""
    if measure.kind == Kind.MANUAL:
        return "" if line.scored else words.why(line.why)
    if not line.scored:
        told = {"why": words.why(line.why), "w": words.weight(measure.rule.weight)}
        return _("不计分：%(why)s；权重 %(w)s 分摊到有数据的各项") % told
    left = sum(one.done is None for one in line.items)
    told = {"n": len(line.items) - left, "m": left}
    return _("计 %(n)d 项，%(m)d 项不计") % told if left else _("计 %(n)d 项，各项同等") % told


def given(one: Item) -> dict:
    """Points given by hand, as every reader sees them."""
    facts = one.facts
    at = timezone.localtime(datetime.fromisoformat(facts["at"])).strftime("%Y-%m-%d")
    return {
        "pk": one.key,
        "points": words.signed(Fraction(facts["points"])),
        "reason": facts["reason"],
        "about": facts["about"],
        "who": f"{facts['by']} · {at}",
    }


def item(measure: Measure, one: Item, user: User) -> dict:
    """One thing looked at: what it is, how far, what share of its points it was given."""
    scored = one.done is not None
    return {
        "key": one.key,
        "name": words.named(one.facts),
        "text": _TEXTS[measure.kind](one.facts) if one.facts else "",
        "url": url(measure.kind, one, user),
        "figure": _figure(one.facts) if measure.kind == Kind.INDICATORS else "",
        "done": words.percent(one.done),
        "given": words.percent(share(one.done, measure.rule) * HUNDRED) if one.done is not None else wording.DASH,
        "why": "" if scored else words.why(one.why),
        "light": int(_light(one)),
    }


def _light(one: Item) -> Light:
    if one.done is None:
        return Light.NOT_COVERED
    if one.done >= HUNDRED:
        return Light.REACHED
    return Light.BEHIND if one.done > 0 else Light.FAR_BEHIND


def _figure(facts: Mapping[str, Any]) -> str:
    """The value as every page prints it."""
    if "value" not in facts:
        return ""
    value, target = facts["value"], facts.get("target")
    decimals = facts["decimals"]
    text = print_units(value, decimals) if target is None else print_against(value, target, decimals)
    return f"{text}{'' if facts['unit'] == '%' else ' '}{unit(facts['unit'])}"


def _standing(facts: Mapping[str, Any]) -> str:
    if "standard" not in facts:
        return wording.light(facts["light"]) if "light" in facts else ""
    due = print_units(facts["standard"], facts["decimals"])
    told = {"d": f"{due}{'' if facts['unit'] == '%' else ' '}{unit(facts['unit'])}", "l": wording.light(facts["light"])}
    return _("应达 %(d)s；%(l)s") % told


def _lights(facts: Mapping[str, Any]) -> str:
    told = {"g": facts["good"], "b": facts["behind"], "f": facts["far"]}
    text = _("达标或达序时 %(g)d 个月，滞后 %(b)d，严重滞后 %(f)d") % told
    return text + _("；数据不全 %(n)d 个月不计") % {"n": facts["grey"]} if facts["grey"] else text


def _dated(facts: Mapping[str, Any]) -> str:
    if not facts["done"]:
        return _("应于 %(d)s，期内未完成") % {"d": facts["due"]}
    return _("应于 %(d)s，%(o)s 完成") % {"d": facts["due"], "o": facts["done"]}


def _in_time(facts: Mapping[str, Any]) -> str:
    told = {"o": facts["on_time"], "l": facts["late"], "m": facts["missing"]}
    text = _("按时 %(o)d，迟 %(l)d，缺 %(m)d") % told
    return text + _("；补录 %(n)d 个月不计") % {"n": facts["back_fill"]} if facts["back_fill"] else text


def _slip(facts: Mapping[str, Any]) -> str:
    done = facts["done"] or _("期内未反馈")
    text = _("时限 %(d)s，反馈 %(o)s") % {"d": facts["due"], "o": done}
    return text + _("；退回 %(n)d 次") % {"n": facts["returned"]} if facts["returned"] else text


_TEXTS = {
    Kind.INDICATORS: _standing,
    Kind.LIGHTS: _lights,
    Kind.WORK: _dated,
    Kind.REPORTS: _in_time,
    Kind.FORMS: _in_time,
    Kind.SLIPS: _slip,
}


def url(kind: str, one: Item, user: User) -> str:
    """Where an item comes from: the figure at its release, the task, the forms, the slip."""
    facts = one.facts
    if kind in (Kind.INDICATORS, Kind.LIGHTS):
        at = f"?month={facts['month']}&version={facts['version']}"
        if kind == Kind.INDICATORS and "value" in facts:
            return reverse("trace", args=[one.key, facts["area"]]) + at
        return reverse("indicator", args=[one.key]) + at
    if kind in (Kind.WORK, Kind.REPORTS):
        return reverse("task", args=[facts["work"]])
    if kind == Kind.FORMS:
        where = f"{reverse('timeliness')}?year={facts['year']}&place={facts['place']}"
        return where if can(user, Permission.READ_TIMELINESS) else ""
    return _slip_url(facts, user)


def _slip_url(facts: Mapping[str, Any], user: User) -> str:
    """A slip's page for who sees it; one that counts was assigned, so its state hides it from nobody."""
    seen = Reach.of(user).sees(Slip.State.ASSIGNED, facts["section"], facts["town"], ())
    return reverse("slip", args=[facts["slip"]]) if seen else ""
