"""One section or town of a period: the finding, what it compares to, its lines as CSV; and a check's differences."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from bureau.language import localized
from bureau.models import User
from indicators import wording
from tasks.assessment import lines_page, words
from tasks.assessment.checking import Difference
from tasks.assessment.kept import decimal_of
from tasks.assessment.results import Result, Scored
from tasks.assessment.terms import Kind


def headline(one: Scored) -> list[dict]:
    """'武原街道：93.20 分，第 1 名'."""
    if not one.used:
        return [{"text": _("%(w)s：没有可计分的") % {"w": localized(one.owner)}, "tone": ""}]
    text = _("%(w)s：%(p)s 分") % {"w": localized(one.owner), "p": words.points(one.total)}
    parts = [{"text": text, "tone": ""}]
    return [*parts, {"text": _("，第 %(r)d 名") % {"r": one.rank}, "tone": ""}] if one.rank else parts


def facts(one: Scored) -> list[str]:
    """Distance to full marks, what was gained on the period before, how much of the weights was scored."""
    if not one.used:
        return []
    found = [_("距满分 %(s)s 分") % {"s": words.points(one.short)}]
    if one.before is not None:
        told = {"g": words.signed(one.total - one.before), "b": words.points(one.before)}
        found.append(_("比上期 %(g)s（上期 %(b)s 分）") % told)
    else:
        found.append(_("没有可比的上期"))
    return [*found, _("计分权重 %(u)s") % {"u": words.percent(one.used)}]


def veto(one: Scored) -> str:
    """Why every grade is refused, and by whom."""
    if one.veto is None:
        return ""
    told = {"a": one.veto["about"], "r": one.veto["reason"], "by": one.veto["by"]}
    return _("一票否决（%(a)s）：%(r)s（%(by)s）") % told


def csv_rows(result: Result, user: User) -> list[list[object]]:
    """A line an item: whose, which criterion with its points, what it is, how far it is done and why."""
    found: list[list[object]] = [[
        _("编号"), _("名称"), _("考核项"), _("折合权重"), _("得分"), _("失分"), _("计分内容"), _("内容名称"), _("值"),
        _("完成率%"), _("说明"),
    ]]  # fmt: skip
    measures = {measure.code: measure for measure in result.terms.measures}
    for one in result.scored:
        for line in one.lines:
            measure = measures[line.code]
            points, lost = (decimal_of(line.points), decimal_of(line.lost)) if line.scored else (None, None)
            head = [one.owner.code, localized(one.owner), localized(measure), decimal_of(line.full), points, lost]
            told = lines_page.line(measure, line, user)
            if not line.items:
                found.append([*head, "", "", "", None, told["note"]])
            for item, shown in zip(line.items, told["items"], strict=True):
                if measure.kind == Kind.MANUAL:
                    tail = ["", shown["about"], shown["points"], None, f"{shown['reason']} {shown['who']}"]
                else:
                    done = None if item.done is None else decimal_of(item.done)
                    text = wording.together([shown["why"], shown["text"]])
                    tail = [shown["key"], shown["name"], shown["figure"], done, text]
                found.append([*head, *tail])
    return found


def checked(result: Result, found: Sequence[Difference]) -> list[dict]:
    """'9 个单位 45 行都与定稿一致'."""
    count = {"n": len(result.scored), "m": sum(len(one.lines) for one in result.scored), "d": len(found)}
    if found:
        return [{"text": _("有 %(d)d 处与定稿不一致，请核查") % count, "tone": "red"}]
    return [{"text": _("%(n)d 个单位、%(m)d 行重新计算，都与定稿一致") % count, "tone": ""}]


def differing(result: Result, found: Sequence[Difference]) -> list[dict]:
    """What differs, line by line."""
    names = {one.owner.code: localized(one.owner) for one in result.scored}
    measures = {one.code: localized(one) for one in result.terms.measures}
    return [
        {
            "owner": names.get(one.owner, one.owner),
            "criterion": measures.get(one.criterion, _("合计")),
            "item": one.item,
            "frozen": words.points(one.frozen),
            "now": words.points(one.now),
        }
        for one in found
    ]
