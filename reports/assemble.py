"""Builds the documents that every release has: its bulletin without people's parts (reports/compose), and its annex.

Here the annex is filled from the database, with the very texts the pages print; what it looks like is decided in
reports/documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import months
from bureau.language import in_chinese
from bureau.places import Tree
from indicators import wording
from indicators.analysis.kinds import Light
from indicators.models import IndicatorVersion, PublishedMonth
from indicators.presenters import completion_lines, decimal
from indicators.queries import ReadAt, Row
from indicators.shown import Shown, shown_indicators
from reports import formulas, printing
from reports.annex import build_annex
from reports.compose import Meta, charts, frame, manuscript, words
from reports.content import CorrectionLine, IndicatorLine, MonthLine, ReportContent
from reports.proof.source import Source


def _bulletin(at: ReadAt) -> bytes:
    """The month's bulletin of computed parts alone, signed with the day of the release."""
    day = at.release.business_date if at.release is not None else None
    return printing.word(manuscript("bulletin", at, {}, Meta(signed_on=day, draft=False)))


def _annex(at: ReadAt) -> bytes:
    return build_annex(at, compose(at))


BUILDERS = {
    "word": (
        _bulletin,
        gettext_lazy("月度通报"),
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "excel": (
        _annex,
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
    if at.release is None or at.month is None:
        raise ValueError("documents are made of a release")
    mark = "（演示数据）" if at.release.demonstration else ""
    month, version = months.label(at.month), at.release.version
    return f"{_issuer(at)}{word}{month}第{version}版{mark}.{ending}", builder(at), content_type


def _issuer(at: ReadAt) -> str:
    county = Tree(at.county.pk).names.get(at.county.pk, "")
    return _("%(county)s人力资源和社会保障局") % {"county": county}


def compose(at: ReadAt) -> ReportContent:
    """Everything the documents of this release say; ValueError where `at` shows no release."""
    if at.release is None or at.month is None:
        raise ValueError("documents are made of a release")
    release, shown = at.release, shown_indicators(at)
    return ReportContent(
        title=frame.parted(f"{frame.subject_of(Source(at))}总结评估报告"),
        issuer=_issuer(at),
        document_number="",  # given by hand when the report is issued
        month_label=months.label(at.month),
        release_version=release.version,
        published_on=release.business_date,
        business_date=words.long_date(release.business_date),
        data_note=_("数据由填报单位报送、责任科室审核，统计截至%(m)s。") % {"m": months.label(at.month)},
        demonstration=release.demonstration,
        indicator_rows=_indicator_lines(shown, at.month),
        chart=charts.progress(next((one for one in shown if one.indicator.code == charts.FIRST), None)),
        months=tuple(_month_line(one, row) for one in shown if one.indicator.core for row in one.series),
        corrections=_corrections(release),
    )


def _indicator_lines(shown: Sequence[Shown], month: int) -> tuple[IndicatorLine, ...]:
    versions, explained = formulas.in_force(month), formulas.of_month(month)
    return tuple(
        _indicator_line(one, versions.get(one.reading.pk), explained.get(one.indicator.code, "")) for one in shown
    )


def _indicator_line(shown: Shown, version: IndicatorVersion | None, formula: str) -> IndicatorLine:
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
        formula=formula,
        definition=indicator.definition,
        domain=f"{domain.code}、{domain.name}" if domain else _("总体要求"),
        core=indicator.core,
    )


def _scale(version: IndicatorVersion | None) -> int | None:
    """What a plain ratio is multiplied by; None where the value is not numerator / denominator × a whole number."""
    if version is None or not version.denominator or version.value or version.scale != int(version.scale):
        return None
    return int(version.scale)


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
