"""The data annex (电子附表) of a release: about 25 sheets for readers who compute further and for auditors.

Repeats the release; judges and rounds nothing itself. Every figure is the release's own.
"""

from __future__ import annotations

from collections.abc import Sequence

from indicators.queries import ReadAt
from reports.annex import definitions, equality, monthly, records, towns, works
from reports.annex.about import about
from reports.annex.book import AnnexBook, Cover
from reports.annex.read import Release, read
from reports.annex.sheet import Sheet
from reports.content import ReportContent
from reports.documents import sentences as say

__all__ = ["build_annex", "sheets", "write"]


def build_annex(at: ReadAt, content: ReportContent) -> bytes:
    """The .xlsx of the release `at` shows as bytes; the same release gives the same bytes."""
    return write(content, sheets(read(at, content)))


def sheets(release: Release) -> list[Sheet]:
    """Every sheet but the first, in reading order."""
    known, work = definitions.ledger(release), works.read(release)
    return [
        definitions.system(release),
        definitions.completion(release),
        definitions.targets(release, known),
        definitions.revisions(release, known),
        monthly.core(release),
        monthly.monitored(release),
        *monthly.domains(release),
        towns.compared(release),
        towns.with_parts(release),
        towns.by_month(release),
        *equality.sheets(release),
        definitions.parameters(release),
        works.tasks(release, work),
        works.projects(release, work),
        works.milestones(release, work),
        works.supervision(release),
        records.corrections(release),
        records.reporting(release),
        records.clauses(release, work),
        *monthly.main_chart(release.content.chart, say.chart_words(release.content)),
    ]


def write(content: ReportContent, found: Sequence[Sheet]) -> bytes:
    """These sheets as a workbook, the sheet that explains them first."""
    book = AnnexBook(
        Cover(
            title=content.plain_title,
            subject=f"{content.month_label}，第{content.release_version}版",
            period=content.month_label,
            day=content.published_on,
            source=say.table_notes(content)[0],
            demonstration=content.demonstration,
        )
    )
    book.write(about(content, found))
    for sheet in found:
        book.write(sheet)
    return book.finish()
