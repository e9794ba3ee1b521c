"""What all documents share: title, issuer, edition, and where their data come from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reports.compose.meta import Meta
from reports.compose.writer import Writer
from reports.manuscript import Attachment, Manuscript
from reports.proof import Ledger
from reports.proof.source import Source

LINE_CHARS = 20  # of 二号 on one line of the title


def subject_of(source: Source) -> str:
    """What the plan is about: its title without 实施方案."""
    title = source.plan.title if source.plan else ""
    return title.removesuffix("实施方案").removesuffix("方案")


def parted(title: str) -> str:
    """A title with a line break before a whole word where one line cannot hold it."""
    if len(title) <= LINE_CHARS:
        return title
    starts = [found.start() for found in re.finditer("基本|公共|均等化|改革|试点|工作|总结|实施|阶段|月度|通报", title)]
    fitting = [place for place in starts if max(place, len(title) - place) <= LINE_CHARS]
    if not fitting:
        return title
    middle = min(fitting, key=lambda place: (abs(2 * place - len(title)), place))
    return f"{title[:middle]}\n{title[middle:]}"


def issuer(source: Source) -> str:
    return f"{source.tree.names.get(source.county.pk, '')}人力资源和社会保障局"


def edition(ledger: Ledger) -> str:
    release = ledger.at.release
    version = f"第{release.version}版发布数据" if release is not None else "未发布数据"
    return f"{ledger.source.month_label}，{version}"


def manuscript(
    title: str, ledger: Ledger, writer: Writer, meta: Meta, *, attachments: Sequence[Attachment], contents: bool = False
) -> Manuscript:
    release = ledger.at.release
    return Manuscript(
        title=parted(title),
        edition=edition(ledger),
        issuer=issuer(ledger.source),
        blocks=tuple(writer.blocks),
        attachments=tuple(attachments),
        document_number=meta.document_number,
        issue=meta.issue,
        recipients=meta.recipients,
        signed_on=meta.signed_on,
        copies=meta.copies,
        demonstration=release is not None and release.demonstration,
        draft=meta.draft,
        contents=contents,
    )
