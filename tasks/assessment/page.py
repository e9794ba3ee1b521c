"""What the pages of assessment show: the periods, a period's table with ranks, its terms; finished text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import joined, localized
from indicators.analysis.kinds import Light
from indicators.wording import DASH
from tasks.assessment import kept, words
from tasks.assessment.results import Result, Scored
from tasks.assessment.rules import Grade
from tasks.models import Assessment, Scheme


def periods(found: Iterable[Assessment]) -> list[dict]:
    """The periods of a list, the last first: whose, drafted or frozen, by whom and when."""
    return [
        {
            "title": words.title(one),
            "scheme": localized(one.scheme),
            "url": reverse("assessment", args=[one.pk]),
            "light": int(Light.REACHED if one.frozen else Light.NONE),
            "word": str(one.get_state_display()),
            "who": signed(one),
            "release": release(one),
        }
        for one in found
    ]


def signed(one: Assessment) -> str:
    """'领导小组 2017-07-15 定稿'; of a draft who drafted it."""
    if one.frozen and one.frozen_on:
        return _("%(who)s %(d)s 定稿") % {"who": one.frozen_by, "d": one.frozen_on.isoformat()}
    return _("%(who)s 拟稿") % {"who": one.by}


def release(one: Assessment) -> str:
    if one.release is None:
        return ""
    return _("%(m)s第 %(v)d 版") % {"m": months.label(one.release.month), "v": one.release.version}


def headline(found: Assessment, result: Result) -> list[dict]:
    """The finding: how many stand in which grade, who is first."""
    towns = found.scheme.of == Scheme.Of.TOWNS
    counts = Counter(one.grade for one in result.scored if one.used)
    grades = [_("%(g)s %(n)d 个") % {"g": words.grade(one), "n": counts[one]} for one in Grade if counts[one]]
    text = (_("%(n)d 个镇（街道）") if towns else _("%(n)d 个科室（单位）")) % {"n": len(result.scored)}
    parts = [{"text": f"{text}{_('：')}{joined(grades)}" if grades else text, "tone": ""}]
    first = [one for one in result.scored if one.rank == 1]
    if first:
        name = joined([localized(one.owner) for one in first])
        told = {"w": name, "p": words.points(first[0].total)}
        parts.append({"text": _("；第 1 名%(w)s，%(p)s 分") % told, "tone": ""})
    return parts


def facts(found: Assessment, result: Result) -> list[str]:
    """On what it rests and who signed for it."""
    lines = [signed(found)]
    if result.release is not None:
        told = {"m": months.label(result.release.month), "v": result.release.version}
        lines.append(_("数据依据 %(m)s发布的第 %(v)d 版") % told)
        if result.release.month < found.last_month:
            lines.append(_("考核期未完，按已发布的月份试算"))
    else:
        lines.append(_("考核期内还没有发布的月份"))
    if found.reason:
        lines.append(_("重新考核：%(r)s") % {"r": found.reason})
    return lines


def table(found: Assessment, result: Result) -> dict:
    """A row an owner, the best rank or the scheme's order first, with a cell a criterion."""
    ranked = sorted(result.scored, key=lambda one: (one.rank is None, one.rank or 0))
    return {
        "heads": [localized(one) for one in result.terms.measures],
        "ranked": not result.unranked,
        "rows": [_row(found, one) for one in ranked],
    }


def _row(found: Assessment, one: Scored) -> dict:
    scored = bool(one.used)
    return {
        "rank": str(one.rank) if one.rank else DASH,
        "name": localized(one.owner),
        "url": reverse("assessment_owner", args=[found.pk, one.owner.code]),
        "total": words.points(one.total) if scored else DASH,
        "grade": words.grade(one.grade),
        "light": int(words.GRADE_LIGHTS[one.grade]),
        "veto": bool(one.veto),
        "short": words.points(one.short) if scored else DASH,
        "gain": gain(one),
        "used": words.percent(one.used),
        "cells": [
            {
                "text": words.points(line.points) if line.scored else DASH,
                "full": f"/ {words.weight(line.full)}" if line.full else "",
            }
            for line in one.lines
        ],
    }


def gain(one: Scored) -> str:
    """What the total gained on the period before."""
    return words.signed(one.total - one.before) if one.before is not None and one.used else DASH


def names(result: Result) -> dict[str, str]:
    return {one.owner.code: localized(one.owner) for one in result.scored}


def terms(result: Result) -> list[dict]:
    """The criteria with weight, rule and clause."""
    return [
        {
            "name": localized(one),
            "weight": words.weight(one.rule.weight) if one.rule.weight else DASH,
            "rule": words.rule(one),
            "only": joined(sorted(one.indicators | one.tasks)),
            "veto": one.veto,
            "clause": one.clause,
            "clause_url": reverse("clause", args=[one.clause]),
        }
        for one in result.terms.measures
    ]


def grades(result: Result) -> str:
    """'优秀 ≥ 90，良好 ≥ 80，合格 ≥ 60；计分权重不足 50% 的不定等次'."""
    found = result.terms.grades
    told = {
        "e": words.weight(found.excellent), "g": words.weight(found.good), "p": words.weight(found.passing),
        "s": words.weight(found.least_share),
    }  # fmt: skip
    return _("优秀 ≥ %(e)s，良好 ≥ %(g)s，合格 ≥ %(p)s；有数据的权重不足 %(s)s%% 的不定等次") % told


def siblings(found: Assessment, visible: QuerySet[Assessment]) -> list[dict]:
    """The other scheme's same period, and other versions; one query."""
    same = visible.filter(first_month=found.first_month, last_month=found.last_month).exclude(pk=found.pk)
    return [
        {"label": f"{localized(one.scheme)} {words.title(one)}", "url": reverse("assessment", args=[one.pk])}
        for one in same.defer("result")
    ]


def csv_table(found: Assessment, result: Result) -> list[list[object]]:
    """The table, one line an owner; points as numbers."""
    heads = [_("编号"), _("名称"), _("名次"), _("得分"), _("等次"), _("距满分"), _("比上期"), _("计分权重%")]
    lines: list[list[object]] = [[*heads, *(localized(one) for one in result.terms.measures)]]
    for row, one in zip((_row(found, one) for one in result.scored), result.scored, strict=True):
        cells = [kept.decimal_of(line.points) if line.scored else None for line in one.lines]
        lines.append([
            one.owner.code, row["name"], one.rank, kept.decimal_of(one.total) if one.used else None, row["grade"],
            kept.decimal_of(one.short) if one.used else None,
            kept.decimal_of(one.total - one.before) if one.before is not None else None,
            kept.decimal_of(one.used), *cells,
        ])  # fmt: skip
    return lines
