"""A manuscript as HTML: the body of the preview page, and the whole page WeasyPrint makes the PDF of.

Classes only (static/css/report.css): the site's pages allow no inline style or script. Every text is escaped, charts
are pictures inside the page with what they show in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from reports.documents.safe import xml_text
from reports.manuscript import Block, Chart, Figure, Heading, Manuscript, Paragraph, Table, Text, Written, plain
from reports.printing import common, drawn

ALIGN = {"left": "", "right": "num", "center": "mid"}
SIZES = {"五号": "size-5", "小五": "size-5-small", "六号": "size-6"}
LEVELS = 6  # HTML has no more; the title takes the first


def html(manuscript: Manuscript, *, standalone: bool = False) -> str:
    """The document as one <article>; `standalone` wraps it into a page of its own, without a style sheet.

    Such a page is for print: figures in its tables carry no keys, which nobody would see and which take their time.
    """
    draft = " draft" if manuscript.draft else ""
    article = (
        f'<article class="report{draft}" lang="zh-Hans">{"".join(_pieces(manuscript, keyed=not standalone))}</article>'
    )
    if not standalone:
        return article
    date = f'<meta name="dcterms.created" content="{manuscript.signed_on}">' if manuscript.signed_on else ""
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        f"<title>{_safe(manuscript.plain_title)}</title>"
        f'<meta name="author" content="{_safe(manuscript.issuer)}">'
        f'<meta name="description" content="{_safe(manuscript.edition)}">{date}</head><body>{article}</body></html>'
    )


def _safe(text: str) -> str:
    return escape(xml_text(text))


def _lines(text: str) -> str:
    """Escaped text whose line breaks stay."""
    return "<br>".join(_safe(line) for line in text.split("\n"))


def _p(name: str, text: str) -> str:
    return f'<p class="{name}">{_lines(text)}</p>' if text else ""


def _pieces(manuscript: Manuscript, *, keyed: bool) -> Iterator[str]:
    yield _p("running", common.running(manuscript))
    yield from _head(manuscript)
    if manuscript.contents:
        yield _contents(common.listed(manuscript))
    if manuscript.recipients:
        yield _p("recipients", common.addressed(manuscript.recipients))
    yield from _blocks(manuscript.blocks, draft=manuscript.draft, keyed=keyed)
    names = common.attachment_names(manuscript)
    if names:
        items = "".join(f"<li>{'' if place else '附件：'}{_safe(name)}</li>" for place, name in enumerate(names))
        yield f'<ul class="attached{" several" if len(names) > 1 else ""}">{items}</ul>'
    signed = f'<p class="signed-on">{common.day(manuscript.signed_on)}</p>' if manuscript.signed_on else ""
    yield f'<div class="signature"><p class="issuer">{_safe(manuscript.issuer)}</p>{signed}</div>'
    for index, attachment in enumerate(manuscript.attachments):
        side = " landscape" if common.opens_landscape(attachment.blocks) else ""
        yield f'<section class="attachment{side}" id="attachment-{index + 1}">'
        yield _p("attachment-number", common.attachment_number(manuscript, index))
        yield f'<h2 class="attachment-title">{_lines(attachment.title)}</h2>'
        yield from _blocks(attachment.blocks, draft=manuscript.draft, keyed=keyed)
        yield "</section>"
    yield _colophon(manuscript)


def _head(manuscript: Manuscript) -> Iterator[str]:
    yield '<header class="head">'
    yield _p("draft-mark", common.DRAFT if manuscript.draft else "")
    if manuscript.document_number or manuscript.issue:
        yield _p("red-head", manuscript.issuer)
        yield _p("issue", manuscript.issue)
        yield _p("number", manuscript.document_number)
        yield '<hr class="red-line">'
    yield f"<h1>{_lines(manuscript.title)}</h1>"
    yield _p("edition", common.edition(manuscript))
    yield "</header>"


def _contents(listed: Iterable[common.Listed]) -> str:
    items = "".join(
        f'<li class="level-{one.level}"><a href="#{one.anchor}">{_safe(one.text)}</a></li>' for one in listed
    )
    return f'<nav class="contents"><p class="contents-head">目　录</p><ul>{items}</ul></nav>'


def _blocks(blocks: Iterable[Block], *, draft: bool, keyed: bool) -> Iterator[str]:
    number = 0
    for block in blocks:
        if isinstance(block, Heading):
            number += 1
            tag = f"h{min(block.level + 1, LEVELS)}"
            yield f'<{tag} class="level-{block.level}" id="part-{number}">{_lines(block.text)}</{tag}>'
        elif isinstance(block, Paragraph):
            yield f"<p>{_text(block.text)}</p>"
        elif isinstance(block, Written):
            yield from _written(block, draft=draft)
        elif isinstance(block, Table):
            yield _table(block, keyed=keyed)
        else:
            yield _chart(block)


def _text(text: Text) -> str:
    return "".join(
        f'<data class="figure" value="{_safe(run.key)}">{_lines(run.text)}</data>'
        if isinstance(run, Figure)
        else _lines(run)
        for run in text
    )


def _words(text: Text) -> str:
    return _lines(plain(text))


def _written(block: Written, *, draft: bool) -> Iterator[str]:
    texts = common.written(block, draft=draft)
    if not texts:
        return
    empty = "" if block.paragraphs else " to-write"
    yield f'<div class="written{empty}" data-part="{_safe(block.part)}">'
    for lead, text in texts:
        first = f'<span class="lead">{_safe(lead)}</span>' if lead else ""
        yield f"<p>{first}{_lines(text)}</p>"
    yield "</div>"


def _table(table: Table, *, keyed: bool) -> str:
    names = f"{SIZES[common.table_size(table)]}{' landscape' if table.landscape else ''}"
    names += " short" if common.short(table) else ""
    columns = "".join(f'<col class="w-{share}">' for share in shares([column.width for column in table.columns]))
    heads = "".join(f'<th scope="col">{_lines(column.head)}</th>' for column in table.columns)
    aligns = [f' class="{ALIGN[column.align]}"' if ALIGN[column.align] else "" for column in table.columns]
    told = _text if keyed else _words
    rows = "".join(
        ('<tr class="kept">' if common.kept(table, number) else "<tr>")
        + "".join(f"<td{align}>{told(cell)}</td>" for align, cell in zip(aligns, row, strict=True))
        + "</tr>"
        for number, row in enumerate(table.rows, 1)
    )
    notes = "".join(_p("note", note) for note in table.notes)
    return (
        f'<figure class="tabled {names}"><figcaption>{_lines(table.caption)}</figcaption>{_p("unit", table.unit)}'
        f'<div class="scroller" tabindex="0" role="region" aria-label="{_safe(table.caption)}"><table>'
        f"<colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>{notes}</figure>"
    )


def shares(widths: list[float]) -> list[int]:
    """Widths as whole per cent that come to 100: what rounding leaves goes where most was cut."""
    total = sum(widths)
    exact = [width * 100 / total for width in widths]
    whole = [int(one) for one in exact]
    for place in sorted(range(len(exact)), key=lambda at: whole[at] - exact[at])[: 100 - sum(whole)]:
        whole[place] += 1
    return whole


def _chart(chart: Chart) -> str:
    return (
        f'<figure class="charted"><img src="{drawn.address(chart.data)}" alt="{_safe(chart.words)}">'
        f"<figcaption>{_lines(chart.caption)}</figcaption></figure>"
    )


def _colophon(manuscript: Manuscript) -> str:
    copies, printed = common.colophon(manuscript)
    if not copies:
        return ""
    lines = "".join(f"<p>{_lines(line)}</p>" for line in copies)
    last = f'<p><span class="printed-on">{_safe(printed[1])}</span>{_safe(printed[0])}</p>' if printed else ""
    room = "<i></i>" * common.colophon_lines(manuscript)
    return f'<div class="colophon-room" aria-hidden="true">{room}</div><footer class="colophon">{lines}{last}</footer>'
