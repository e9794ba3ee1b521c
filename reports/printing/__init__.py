"""Printing of a manuscript: here only its plain words, in Word, as a page and as text."""

from __future__ import annotations

import io

import docx
from django.utils.html import escape

from reports.manuscript import Heading, Manuscript, Paragraph, Written, plain

__all__ = ["Unprintable", "html", "pdf", "word"]


class Unprintable(Exception):
    """Not to be printed on this machine; `args[0]` says what it wants."""


def lines(manuscript: Manuscript) -> list[str]:
    found = [manuscript.plain_title, manuscript.document_number, manuscript.edition]
    for block in manuscript.blocks:
        if isinstance(block, Heading):
            found.append(block.text)
        elif isinstance(block, Paragraph):
            found.append(plain(block.text))
        elif isinstance(block, Written):
            found += block.paragraphs
    return found


def word(manuscript: Manuscript) -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for line in lines(manuscript):
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def html(manuscript: Manuscript, *, standalone: bool = False) -> str:
    return f'<article class="report">{"".join(f"<p>{escape(line)}</p>" for line in lines(manuscript))}</article>'


def pdf(manuscript: Manuscript) -> bytes:
    raise Unprintable("PDF")
