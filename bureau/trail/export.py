"""The audit trail as CSV: one event is one line, and nothing in a cell runs, breaks the line or turns it round."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from bureau.exports import BOM, csv_text
from bureau.models import AuditEvent
from bureau.trail import acts, shown
from bureau.trail.canonical import canonical
from bureau.trail.lines import one_line

MOST = 50_000  # lines of a workbook, which is made in memory


def columns() -> list[str]:
    return [
        _("序号"), _("时间"), _("人员"), _("账号"), _("事项"), _("事项代码"), _("对象"), _("结果"), _("来源地址"),
        _("理由"), _("内容"), _("修改数"), _("修改摘要"), _("链码"),
    ]  # fmt: skip


def lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    """The file piece by piece: heading, then a line an event."""
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow(columns())
    for row in rows(events):
        yield writer.writerow([csv_text(cell) for cell in row])


def rows(events: Iterable[AuditEvent]) -> Iterator[list[str | int]]:
    """A line an event, each cell in one line."""
    for event in events:
        yield [one_line(cell) if isinstance(cell, str) else cell for cell in _cells(event)]


def _cells(event: AuditEvent) -> list[str | int]:
    return [
        event.sequence,
        shown.moment_exactly(event.at),
        str(event.by) if event.by else "",
        event.by.username if event.by else "",
        acts.label(event.act),
        event.act,
        event.object,
        shown.result(event),
        event.address or "",
        event.reason,
        canonical(event.detail),
        event.revisions,
        event.revisions_digest,
        event.code,
    ]


class _Echo:
    """A file that hands back what is written."""

    def write(self, text: str) -> str:
        return text
