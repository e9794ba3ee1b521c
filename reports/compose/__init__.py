"""Composition of a report from a release: here only the title, one computed paragraph, and the parts people write."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from bureau import months
from indicators.presenters import indicator_row
from indicators.queries import ReadAt
from indicators.shown import shown_indicators
from reports.compose.meta import Meta
from reports.manuscript import Block, Figure, Heading, Manuscript, Paragraph, Written

__all__ = ["Meta", "manuscript"]


def manuscript(kind: str, at: ReadAt, texts: Mapping[str, Written], meta: Meta) -> Manuscript:
    """The report of this kind on the release `at` shows; ValueError where it shows none."""
    if at.release is None or at.month is None:
        raise ValueError("documents are made of a release")
    month, blocks = months.label(at.month), []
    shown = {one.indicator.code: indicator_row(one) for one in shown_indicators(at)}
    heading = ""
    for key, written in texts.items():
        about = key.partition("/")[2]
        if about not in shown:
            blocks.append(Heading(1, written.label))
        elif about != heading:
            blocks += _indicator(about, shown[about], f"{about}/official/{at.county.code}/{months.iso(at.month)}")
        heading = about
        blocks.append(written)
    printed = {key.partition("/")[2] for key in texts}
    for code in (code for code in shown if code not in printed):
        blocks += _indicator(code, shown[code], f"{code}/official/{at.county.code}/{months.iso(at.month)}")
    return Manuscript(
        title=f"{month}{_('报告')}",
        edition=_("%(m)s，第%(v)d版发布数据") % {"m": month, "v": at.release.version},
        issuer="",
        blocks=tuple(blocks),
        document_number=meta.document_number,
        issue=meta.issue,
        recipients=meta.recipients,
        signed_on=meta.signed_on,
        copies=meta.copies,
        demonstration=at.release.demonstration,
        draft=meta.draft,
    )


def _indicator(code: str, row: dict, key: str) -> list[Block]:
    text = (f"{row['name']}", Figure(row["value"], f"{key}/value"), row["unit"], "。")
    return [Heading(2, f"{code} {row['name']}"), Paragraph(text)]
