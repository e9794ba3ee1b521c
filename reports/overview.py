"""Composes the overview (总览): what the leading group sees of a month in ten seconds; rows in, finished text out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from bureau import months
from indicators import wording
from indicators.analysis.kinds import ATTENTION_ORDER, Light
from indicators.charts import Attention, attention_svg, phase_strip_svg
from indicators.presenters import attention_key, decimal, indicator_row, reason
from indicators.shown import Shown
from tasks.models import Phase

TONES = {Light.FAR_BEHIND: "red", Light.BEHIND: "amber"}


def headline(core: Sequence[Shown]) -> list[dict]:
    """The finding: how many are on course, how many are far behind and cannot be reached at the present pace."""
    lights = Counter(one.light for one in core)
    good = lights[Light.ON_COURSE] + lights[Light.REACHED]
    parts = [{"text": _("%(n)d 项核心指标中，%(good)d 项达序时或已达标") % {"n": len(core), "good": good}, "tone": ""}]
    late = [
        {"text": words % {"n": lights[light]}, "tone": TONES[light]}
        for light, words in ((Light.FAR_BEHIND, _("%(n)d 项严重滞后")), (Light.BEHIND, _("%(n)d 项滞后")))
        if lights[light]
    ]
    for mark, part in zip(("，", "、"), late, strict=False):
        parts += [{"text": mark, "tone": ""}, part]
    if lights[Light.NOT_COVERED]:
        parts.append({"text": _("；%(n)d 项数据不全") % {"n": lights[Light.NOT_COVERED]}, "tone": ""})
    return parts


def counts(core: Sequence[Shown], query: str) -> list[dict]:
    """The status count line, worst first; each count leads to the indicators it counts."""
    lights = Counter(one.light for one in core)
    return [
        {
            "light": int(light),
            "count": lights[light],
            "label": wording.light(light),
            "url": f"{query}&light={int(light)}#groups",
        }
        for light in ATTENTION_ORDER
        if light != Light.NONE
    ]


def attention(core: Sequence[Shown], query: str) -> list[dict]:
    """The three core indicators that most need a decision."""
    late = sorted((one for one in core if one.row and one.light in ATTENTION_ORDER[:3]), key=attention_key)
    return [_attention_item(rank, one, query) for rank, one in enumerate(late[:3], 1)]


def _attention_item(rank: int, shown: Shown, query: str) -> dict:
    item = indicator_row(shown, query)
    words = reason(shown).split("；")
    item.update(
        rank=rank,
        target_text=_("目标 %(t)s，%(m)s底")
        % {
            "t": wording.target(shown.target, shown.indicator),
            "m": months.label(shown.target.end_month),
        },
        lag_text=words[0],
        chart_svg=_attention_chart(shown),
        rows=[
            {"label": _("要多快"), "text": words[1] if len(words) > 1 else _("见指标页")},
            {"label": _("谁负责"), "text": shown.indicator.section.name},
        ],
    )
    return item


def _attention_chart(shown: Shown) -> str:
    target, row, decimals = shown.target, shown.row, shown.indicator.decimals
    if shown.summing:
        window = range(target.start_month, target.end_month + 1)
        by_month = {one.month: one for one in shown.series}
        chart = Attention(
            first_month=window[0],
            values=[decimal(by_month[m].month_value) if m in by_month else None for m in window],
            light=int(shown.light),
            required=decimal(row.required),
            required_text=_("须达 %(n)s") % {"n": wording.number(row.required, decimals)},
            pace=decimal(row.pace3),
            pace_text=_("近3月 %(n)s") % {"n": wording.number(row.pace3, decimals)},
        )
        return attention_svg("bars", chart, shown.indicator.name)
    first = shown.series[0].month
    ahead = max(0, target.end_month - shown.month)
    chart = Attention(
        first_month=first,
        values=[decimal(one.value) for one in shown.series] + [None] * ahead,
        light=int(shown.light),
        path=[decimal(one.path_value) for one in shown.series] + [None] * ahead,
        target=decimal(row.target_value),
        target_text=wording.number(row.target_value, decimals),
        pace=None if row.pace3 is None else decimal(row.value) + decimal(row.pace3) * ahead * _direction(shown),
        pace_text=_("现速度"),
    )
    return attention_svg("line", chart, shown.indicator.name)


def _direction(shown: Shown) -> int:
    return 1 if shown.indicator.rising else -1


def filters(query: str, light: Light | None) -> list[dict]:
    """All indicators, or those of one light."""
    return [
        {"label": _("全部"), "url": f"{query}&all=1#groups", "current": light is None},
        *(
            {"label": wording.light(one), "url": f"{query}&light={int(one)}#groups", "current": one == light}
            for one in ATTENTION_ORDER
            if one != Light.NONE
        ),
    ]


def groups(shown: Sequence[Shown], query: str, fold: bool = False) -> list[dict]:
    """Rows by domain, worst first within each; what lies outside the five domains comes last.

    `fold`: on phones the calm rows are folded behind a link to the whole list.
    """
    found: dict[int | None, dict] = {}
    for one in shown:
        domain = one.indicator.domain
        key = domain.pk if domain else None
        if key not in found:
            found[key] = {
                "name": f"{domain.code}、{domain.name}" if domain else _("总体要求"),
                "clause": _("方案%(c)s") % {"c": domain.clause.number} if domain else "",
                "url": "",
                "order": domain.order if domain else 99,
                "members": [],
            }
        found[key]["members"].append(one)
    result = sorted(found.values(), key=lambda group: group["order"])
    for group in result:
        members = sorted(group.pop("members"), key=lambda one: (ATTENTION_ORDER.index(one.light), one.indicator.order))
        lights = Counter(one.light for one in members)
        group["tallies"] = [
            {"light": int(light), "count": lights[light]}
            for light in ATTENTION_ORDER
            if lights[light] and light != Light.NONE
        ]
        group["rows"] = [indicator_row(one, query) for one in members]
        group["rest"] = sum(row["calm"] for row in group["rows"]) if fold else 0
        group["url"] = f"{query}&all=1#groups" if group["rest"] else ""
    return result


def days_left(today: date, phases: Sequence[dict]) -> str:
    """'距目标截止 144 天'."""
    left = (phases[-1]["end"] - today).days if phases else -1
    return _("距目标截止 %(n)d 天") % {"n": left} if left >= 0 else ""


def phases() -> list[dict]:
    """The plan's three phases in order; one query."""
    return [{"name": one.name, "start": one.starts_on, "end": one.ends_on} for one in Phase.objects.all()]


def phase_strip(phases: Sequence[dict], today: date, data_month: int | None) -> str:
    """The three phases on one line, with the two checkpoints of catalogue 1.4 (11)."""
    if not phases:
        return ""
    checkpoints = [
        (phases[-2]["end"], _("阶段检查 %(d)s") % {"d": phases[-2]["end"].isoformat()}) if len(phases) > 1 else None,
        (phases[-1]["end"], _("目标截止 %(d)s") % {"d": phases[-1]["end"].isoformat()}),
    ]
    return phase_strip_svg(phases, today, data_month, [point for point in checkpoints if point])
