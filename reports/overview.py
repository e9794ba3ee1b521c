"""Composes the overview (总览): what the leading group sees of a month in ten seconds; rows in, finished text out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django.urls import NoReverseMatch
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import localized
from bureau.remember import Remembered
from indicators import pages, wording
from indicators.analysis.kinds import ATTENTION_ORDER, Light
from indicators.breaks import marked
from indicators.charts import Attention, attention_svg, phase_strip_svg
from indicators.presenters import attention_key, decimal, indicator_row, reasons
from indicators.queries import ReadAt
from indicators.shown import Shown
from indicators.stated import unreachable
from tasks.models import Phase

_phases: Remembered[list[dict]] = Remembered(2)  # in either language
DRAWN = 100  # charts of what needs attention: three a page
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
    stuck = unreachable(core)
    if stuck:
        late[0]["text"] += _("（其中 %(n)d 项按现速度无法达到）") % {"n": stuck}
    for mark, part in zip((_("，"), _("、")), late, strict=False):
        parts += [{"text": mark, "tone": ""}, part]
    if lights[Light.NOT_COVERED]:
        parts.append({"text": _("；%(n)d 项数据不全") % {"n": lights[Light.NOT_COVERED]}, "tone": ""})
    return parts


def attention(core: Sequence[Shown], query: str) -> list[dict]:
    """The three core indicators that most need a decision."""
    late = sorted((one for one in core if one.row and one.light in ATTENTION_ORDER[:3]), key=attention_key)
    return [_attention_item(rank, one, query) for rank, one in enumerate(late[:3], 1)]


def _attention_item(rank: int, shown: Shown, query: str) -> dict:
    row, words = indicator_row(shown, query), reasons(shown)
    return row | {
        "rank": rank,
        "target_text": _("目标 %(t)s，%(m)s底")
        % {
            "t": wording.target(shown.target, shown.indicator),
            "m": months.label(shown.target.end_month),
        },
        "lag_text": words[0],
        "chart_svg": _attention_chart(shown),
        "rows": [
            {"label": _("要多快"), "text": words[1] if len(words) > 1 and words[1] else _("见指标页")},
            {"label": _("谁负责"), "text": row["owner"], "url": row["owner_url"]},
        ],
    }


def _attention_chart(shown: Shown) -> str:
    target, row, decimals = shown.target, shown.row, shown.indicator.decimals
    if shown.summing:
        window = range(target.start_month, target.end_month + 1)
        by_month = {one.month: one for one in shown.series}
        chart = Attention(
            first_month=window[0],
            values=tuple(decimal(by_month[m].month_value) if m in by_month else None for m in window),
            light=int(shown.light),
            required=decimal(row.required),
            required_text=_("须达 %(n)s") % {"n": wording.number(row.required, decimals)},
            pace=decimal(row.pace3),
            pace_text=_("近3月 %(n)s") % {"n": wording.number(row.pace3, decimals)},
            breaks=tuple(
                (month - window[0], words)
                for month, (_index, words) in zip(shown.breaks, marked(shown.series, shown.breaks), strict=True)
                if month > window[0]
            ),
        )
        return _drawn(get_language(), "bars", chart, localized(shown.indicator))
    first = shown.series[0].month
    ahead = max(0, target.end_month - shown.month)
    chart = Attention(
        first_month=first,
        values=(*(decimal(one.value) for one in shown.series), *[None] * ahead),
        light=int(shown.light),
        path=(*(decimal(one.path_value) for one in shown.series), *[None] * ahead),
        target=decimal(row.target_value),
        target_text=wording.number(row.target_value, decimals),
        pace=None if row.pace3 is None else decimal(row.value) + decimal(row.pace3) * ahead * _direction(shown),
        pace_text=_("现速度"),
        breaks=marked(shown.series, shown.breaks),
    )
    return _drawn(get_language(), "line", chart, localized(shown.indicator))


@lru_cache(maxsize=DRAWN)
def _drawn(language: str, kind: str, chart: Attention, words: str) -> str:
    """In the language of the words on it; remembered, since after most approvals it is as it was."""
    return attention_svg(kind, chart, words)


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


def leads(at: ReadAt) -> list[dict]:
    """The pages a leader goes on to; one whose address is not there is left out."""
    pages_after = (
        ("meeting", _("会商一页纸")),
        ("clearing", _("清零清单")),
        ("zero", _("动态归零")),
        ("equality", _("均等化")),
    )
    found = []
    for name, label in pages_after:
        try:
            found.append({"url": pages.link(at, name), "label": label})
        except NoReverseMatch:
            continue
    return found


def days_left(today: date, phases: Sequence[dict]) -> str:
    """'距目标截止 144 天'."""
    left = (phases[-1]["end"] - today).days if phases else -1
    return _("距目标截止 %(n)d 天") % {"n": left} if left >= 0 else ""


def phases(mark: int | None) -> list[dict]:
    """The plan's three phases in order; one query, or none where they are remembered (bureau/remember.py)."""
    return _phases.get(mark, get_language(), _phases_on_record)


def _phases_on_record() -> list[dict]:
    return [{"name": localized(one), "start": one.starts_on, "end": one.ends_on} for one in Phase.objects.all()]


def phase_strip(phases: Sequence[dict], today: date, data_month: int | None) -> str:
    """The three phases on one line, with the two checkpoints of catalogue 1.4 (11)."""
    if not phases:
        return ""
    checkpoints = [
        (phases[-2]["end"], _("阶段检查 %(d)s") % {"d": phases[-2]["end"].isoformat()}) if len(phases) > 1 else None,
        (phases[-1]["end"], _("目标截止 %(d)s") % {"d": phases[-1]["end"].isoformat()}),
    ]
    return phase_strip_svg(phases, today, data_month, [point for point in checkpoints if point])
