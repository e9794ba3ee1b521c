"""Fills the documents of a released month from the database, with the very texts the pages print, and builds them.

For reports/views.py. Reads through the same queries and words as the pages; what a document looks like is decided in
reports/documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import months
from bureau.fields import DECIMALS
from bureau.language import in_chinese
from bureau.models import Area
from bureau.places import Tree
from indicators import definition_page, indicator_charts, queries, wording
from indicators.analysis.kinds import Light
from indicators.models import IndicatorVersion, Plan, PublishedMonth
from indicators.presenters import completion_lines, decimal
from indicators.queries import ReadAt, Row
from indicators.shown import Shown, shown_indicators
from reports.annex import build_annex
from reports.content import ChartData, CorrectionLine, IndicatorLine, MonthLine, ReportContent, TaskLine
from reports.documents.word import build_evaluation_report
from tasks.models import Phase
from tasks.queries import counts, listed

CHARTED = "A01"  # 城镇新增就业人数: the plan's first number
LINE_CHARS = 20  # of 二号 on one line of the title
STORED = Decimal(1).scaleb(-DECIMALS)
_CODE = re.compile(r"\b[A-Z]+[0-9]+[a-z]?\b")

BUILDERS = {
    "word": (
        lambda at, content: build_evaluation_report(content),
        gettext_lazy("评估报告"),
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "excel": (
        build_annex,
        gettext_lazy("数据附表"),
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


def build(at: ReadAt, kind: str) -> tuple[str, bytes, str]:
    """File name, bytes and content type of the 'word' report or the 'excel' annex of the release `at` shows.

    ValueError where `at` shows live figures or nothing: documents are made of releases only. KeyError for another kind.
    """
    with in_chinese():
        return _build(at, *BUILDERS[kind])


def _build(at: ReadAt, builder: Callable, word: str, ending: str, content_type: str) -> tuple[str, bytes, str]:
    content = compose(at)
    mark = "（演示数据）" if content.demonstration else ""
    name = f"{content.issuer}{word}{content.month_label}第{content.release_version}版{mark}.{ending}"
    return name, builder(at, content), content_type


def compose(at: ReadAt) -> ReportContent:
    """Everything the documents of this release say; ValueError where `at` shows no release."""
    if at.release is None or at.month is None:
        raise ValueError("documents are made of a release")
    release, plan = at.release, Plan.objects.first()
    shown = shown_indicators(at)
    county = Tree(at.county.pk)
    name = county.names.get(at.county.pk, "")
    return ReportContent(
        title=report_title(plan.title if plan else ""),
        issuer=_("%(county)s人力资源和社会保障局") % {"county": name},
        document_number="",  # given by hand when the report is issued
        month_label=months.label(at.month),
        release_version=release.version,
        published_on=release.business_date,
        business_date=long_date(release.business_date),
        data_note=_("数据由填报单位报送、责任科室审核，统计截至%(m)s。") % {"m": months.label(at.month)},
        demonstration=release.demonstration,
        indicator_rows=_indicator_lines(shown, at.month),
        chart=_chart(next((one for one in shown if one.indicator.code == CHARTED), None)),
        tasks=_task_lines(release.business_date),
        months=tuple(_month_line(one, row) for one in shown if one.indicator.core for row in one.series),
        corrections=_corrections(release),
        facts=_facts(plan, name, county, at.month),
    )


def report_title(plan_title: str) -> str:
    """The plan's title as the report's, parted by a line break before a whole word where one line cannot hold it."""
    title = plan_title.removesuffix("实施方案").removesuffix("方案") + "总结评估报告"
    if len(title) <= LINE_CHARS:
        return title
    starts = [found.start() for found in re.finditer("基本|公共|均等化|改革|试点|工作|总结", title)]
    fitting = [place for place in starts if max(place, len(title) - place) <= LINE_CHARS]
    if not fitting:
        return title
    middle = min(fitting, key=lambda place: (abs(2 * place - len(title)), place))
    return f"{title[:middle]}\n{title[middle:]}"


def long_date(day: date) -> str:
    """2017年7月17日, as official documents write a day."""
    return f"{day.year}年{day.month}月{day.day}日"


def _facts(plan: Plan | None, county: str, tree: Tree, month: int) -> tuple[str, ...]:
    """What is on record about the plan, its phases and the county's places; no judgement."""
    found = []
    if plan is not None:
        found.append(
            _("《%(title)s》由%(issuer)s于%(day)s印发，试点期为%(first)s至%(last)s。")
            % {
                "title": plan.title,
                "issuer": plan.issuer,
                "day": long_date(plan.issued_on),
                "first": months.label(plan.first_month),
                "last": months.label(plan.last_month),
            }
        )
    phases = list(Phase.objects.filter(plan=plan))
    if phases:
        words = "、".join(f"{one.name}（{long_date(one.starts_on)}至{long_date(one.ends_on)}）" for one in phases)
        found.append(_("试点分%(n)d个阶段：%(phases)s。") % {"n": len(phases), "phases": words})
    levels = [place.level for place in tree.valid(month).values()]
    found.append(
        _("%(m)s末，%(county)s有镇（街道）%(towns)d个、村（社区）%(villages)d个。")
        % {
            "m": months.label(month),
            "county": county,
            "towns": levels.count(Area.Level.TOWN),
            "villages": levels.count(Area.Level.VILLAGE),
        }
    )
    return tuple(found)


def _indicator_lines(shown: Sequence[Shown], month: int) -> tuple[IndicatorLine, ...]:
    versions = _versions_in_force(month)
    formulas = {key: definition_page.formula_text(version) for key, version in versions.items()}
    named = queries.parts({code for text in formulas.values() for code in _CODE.findall(text)})
    return tuple(
        _indicator_line(one, versions.get(one.reading.pk), formulas.get(one.reading.pk, ""), named) for one in shown
    )


def _versions_in_force(month: int) -> dict[int, IndicatorVersion]:
    """Official reading → the version of its formulas that holds in `month`."""
    found = (
        IndicatorVersion.objects.current().filter(reading__official=True, from_month__lte=month).order_by("from_month")
    )
    return {version.reading_id: version for version in found}


def _indicator_line(
    shown: Shown, version: IndicatorVersion | None, formula: str, named: dict[str, queries.Part]
) -> IndicatorLine:
    indicator, row, domain = shown.indicator, shown.row, shown.indicator.domain
    done, schedule = completion_lines(shown)
    return IndicatorLine(
        code=indicator.code,
        name=indicator.name,
        clause="、".join(clause.number for clause in indicator.its_clauses),
        unit=indicator.unit,
        decimals=indicator.decimals,
        target=shown.target.value if shown.target else None,
        target_text=wording.target(shown.target, indicator),
        value=decimal(row.value) if row else None,
        value_text=wording.value(row, indicator),
        numerator=decimal(row.numerator) if row else None,
        denominator=decimal(row.denominator) if row else None,
        scale=_scale(version),
        completion_text=done,
        schedule_text=schedule,
        light_word=_light_word(shown, shown.light),
        coverage_text=wording.coverage(row, shown.places),
        owner=indicator.section.name,
        standing_pending=shown.pending,
        reading_name=shown.reading.name,
        formula=_explained(formula, named),
        definition=indicator.definition,
        domain=f"{domain.code}、{domain.name}" if domain else _("总体要求"),
        core=indicator.core,
    )


def _scale(version: IndicatorVersion | None) -> int | None:
    """What a plain ratio is multiplied by; None where the value is not numerator / denominator × a whole number."""
    if version is None or not version.denominator or version.value or version.scale != int(version.scale):
        return None
    return int(version.scale)


def _explained(formula: str, named: dict[str, queries.Part]) -> str:
    """'D23 ÷ D22 × 100（D23 已就业人数；D22 …）': the formula with the names of its parts."""
    codes = dict.fromkeys(code for code in _CODE.findall(formula) if code in named)
    words = "；".join(f"{code} {named[code].name}" for code in codes)
    return f"{formula}（{words}）" if words else formula


def _light_word(shown: Shown, light: Light | int) -> str:
    """As the pages say it; nothing where there is no target to judge by."""
    return wording.light(light) if shown.target else ""


def _month_line(shown: Shown, row: Row) -> MonthLine:
    indicator = shown.indicator
    return MonthLine(
        code=indicator.code,
        name=indicator.name,
        month=row.month,
        month_label=months.label(row.month),
        value=decimal(row.value),
        value_text=wording.value(row, indicator),
        unit=indicator.unit,
        decimals=indicator.decimals,
        coverage_text=wording.coverage(row, shown.places),
        light_word=_light_word(shown, row.light),
        changed=row.month in shown.breaks,
    )


def _chart(shown: Shown | None) -> ChartData | None:
    """Actual cumulative, path and target over the months of the target's window; None where there is nothing yet.

    Where the definition changed a place without values parts the lines.
    """
    points = indicator_charts.points(shown) if shown is not None else []
    if shown is None or not points:
        return None
    one_year = months.year(points[0].month) == months.year(points[-1].month)
    places = [
        one for point in points for one in ((None, point) if point.broken and point is not points[0] else (point,))
    ]
    labels = tuple(
        _("口径变更") if one is None else f"{months.number(one.month)}月" if one_year else months.label(one.month)
        for one in places
    )
    target = shown.target.value if shown.target else None
    period = f"{months.year(points[-1].month)}年" if one_year else ""
    series = [
        (_("累计完成"), tuple(one.value if one else None for one in places)),
        (_("时序进度"), tuple(_stored(one.path) if one else None for one in places)),
    ]
    if target is not None:
        series.append((_("目标"), (target,) * len(places)))
    return ChartData(
        title=_("%(period)s%(name)s累计完成情况") % {"period": period, "name": shown.indicator.name},
        unit=shown.indicator.unit,
        categories=labels,
        series=tuple(series),
        decimals=shown.indicator.decimals,
    )


def _stored(value: Decimal | None) -> Decimal | None:
    """A drawn point of the path in months to come, which nobody stored, at four decimals."""
    return None if value is None else value.quantize(STORED, ROUND_HALF_UP)


def _task_lines(on: date) -> tuple[TaskLine, ...]:
    """Tasks, then key projects, as they stand against the day of the release; how late shows in the due date."""
    rows = listed(on)
    words = {one["light"]: one["label"] for one in counts(rows)}
    return tuple(
        TaskLine(
            code=row["code"],
            name=row["name"],
            clause=row["clause_number"],
            lead=row["lead_name"],
            due=row["due_on"].isoformat(),
            state_word=words[int(row["light"])],
            percent_text=f"{row['percent']}%",
            kind=_("任务") if row["kind"] == "task" else _("重点项目"),
        )
        for row in sorted(rows, key=lambda row: (row["kind"] != "task", row["code"]))
    )


def _corrections(release: PublishedMonth) -> tuple[CorrectionLine, ...]:
    """Each corrected figure, and after one that was corrected more than once each correction by itself."""
    found: list[CorrectionLine] = []
    for line in release.corrections:
        steps = line.get("steps", ())
        found.append(_correction(line, line, steps[0] if len(steps) == 1 else None))
        if len(steps) > 1:
            found += [_correction(line, step, step, f"第{number}次") for number, step in enumerate(steps, 1)]
    return tuple(found)


def _correction(cell: dict, change: dict, step: dict | None, number: str = "") -> CorrectionLine:
    return CorrectionLine(
        month_label=months.label(cell["month"]),
        place=cell["area_name"],
        item=f"{cell['item']} {cell['item_name']}",
        old_text=wording.amount(change["old"]),
        new_text=wording.amount(change["new"]),
        reason=change["reason"] or _("未注明"),
        county_text=wording.county_change(change),
        approver=step["by"] if step else "",
        lights_text=wording.lights(step) if step else "",
        step=number,
    )
