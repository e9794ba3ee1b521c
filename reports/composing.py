"""An edition as a manuscript: its release's figures with what people wrote; and which figures stand beside each part.

A final edition's manuscript is the kept one, whatever the release, the outline or the program say since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils import timezone

from bureau.language import in_chinese, localized
from indicators.models import Domain, Indicator, PublishedMonth
from indicators.queries import at_release
from reports import compose, outline
from reports.compose import Meta
from reports.manuscript import (
    Block,
    Chart,
    Figure,
    Heading,
    Manuscript,
    Paragraph,
    Table,
    Written,
    from_json,
    of_release,
    same_thing,
    to_json,
)
from reports.models import Edition, PartText
from reports.outline import Part, Subject


def outline_of(kind: str) -> list[Part]:
    """The parts of a kind of report over the plan's domains and core indicators, in the reader's language."""
    domains = [Subject(one.code, localized(one)) for one in Domain.objects.order_by("order")]
    core = Indicator.objects.filter(core=True).select_related("section").order_by("order", "code")
    return outline.parts(
        kind, domains=domains, indicators=[Subject(one.code, localized(one), one.section.code) for one in core]
    )


def manuscript_of(edition: Edition, *, meta: Meta | None = None) -> Manuscript:
    """The edition as it would be printed now, or with other `meta`; a final one as it was kept."""
    if edition.final:
        return from_json(edition.manuscript)
    with in_chinese():
        parts = outline_of(edition.report.kind)
        rows = {one.key: one for one in edition.parts.select_related("section", "by")}
        texts = {part.key: _written(part, rows.get(part.key)) for part in parts}
        texts = {part.key: texts[part.key] for part in parts if part.required or texts[part.key].paragraphs}
        return compose.manuscript(edition.report.kind, at_release(edition.release), texts, meta or meta_of(edition))


def meta_of(edition: Edition) -> Meta:
    """What the edition carries besides its texts, as a draft."""
    return Meta(
        document_number=edition.document_number,
        issue=edition.issue,
        recipients=edition.recipients,
        copies=tuple(edition.copies),
        signed_on=edition.signed_on,
        draft=True,
    )


def final_meta(edition: Edition, number: str, signed_on: date) -> Meta:
    """The same as it goes out."""
    return Meta(number, edition.issue, edition.recipients, tuple(edition.copies), signed_on, draft=False)


def figures_of(kind: str, release: PublishedMonth) -> dict[str, str]:
    """Part → digest of the figures printed beside it, as the release has them."""
    with in_chinese():
        parts = outline_of(kind)
        empty = {part.key: _written(part, None) for part in parts}
        found = compose.manuscript(kind, at_release(release), empty, Meta())
    return {key: digest_of(blocks) for key, blocks in beside(found).items()}


def beside(manuscript: Manuscript) -> dict[str, tuple[Block, ...]]:
    """Part → what is computed beside it: between the headings (or the parts of another subject) that enclose it."""
    found: dict[str, tuple[Block, ...]] = {}
    for run in (manuscript.blocks, *(one.blocks for one in manuscript.attachments)):
        for computed, parts in _stretches(run):
            found |= dict.fromkeys(parts, computed)
    return found


def _stretches(blocks: Sequence[Block]) -> Iterable[tuple[tuple[Block, ...], list[str]]]:
    """Computed blocks with the parts among them; a heading ends a stretch, and so does a part of another subject."""
    computed: list[Block] = []
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, Heading) or (parts and not _same(parts[-1], block)):
            yield tuple(computed), parts
            computed, parts = [], []
        if isinstance(block, Written):
            parts.append(block.part)
        elif not isinstance(block, Heading):
            computed.append(block)
    yield tuple(computed), parts


def _same(part: str, block: Block) -> bool:
    """Does the block still belong beside the part? Of another subject's part, or computed after one, it does not."""
    about = part.partition("/")[2]
    if isinstance(block, Written):
        return block.part.partition("/")[2] == about
    return not about


def digest_of(blocks: Iterable[Block]) -> str:
    """SHA-256 of the county's figures in these blocks; of none, too."""
    every = (one for block in blocks for one in _figures(block))
    figures = [[same_thing(one.key), one.text] for one in every if not of_release(one.key)]
    return hashlib.sha256(json.dumps(figures, ensure_ascii=False).encode()).hexdigest()


def content_digest(manuscript: Manuscript) -> str:
    """SHA-256 of a manuscript whole: what its documents are keyed by."""
    return hashlib.sha256(to_json(manuscript)).hexdigest()


def _figures(block: Block) -> list[Figure]:
    if isinstance(block, Paragraph):
        texts = [block.text]
    elif isinstance(block, Table):
        texts = [cell for row in block.rows for cell in row]
    elif isinstance(block, Chart):
        return [Figure(str(value), name) for name, values in block.data.series for value in values]
    else:
        texts = []
    return [run for text in texts for run in text if isinstance(run, Figure)]


def _written(part: Part, row: PartText | None) -> Written:
    if row is None or not row.text:
        return Written(part.key, part.label, (), section=row.section.name if row else "")
    return Written(
        part.key,
        part.label,
        paragraphs_of(row.text),
        section=row.section.name,
        author=str(row.by or ""),
        written_on=timezone.localdate(row.at) if row.at else None,
        moved=row.moved,
    )


def paragraphs_of(text: str) -> tuple[str, ...]:
    """Its lines, without the empty ones."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
