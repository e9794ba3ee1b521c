"""Composes the documents of a release (通报, 阶段报告, 评估报告): computed pieces with what people wrote beside."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.language import in_chinese
from indicators.queries import ReadAt
from reports.compose import bulletin, evaluation, phase
from reports.compose.meta import Meta
from reports.manuscript import Manuscript, Written
from reports.proof import Ledger

__all__ = ["KINDS", "Meta", "manuscript"]

KINDS = {"bulletin": bulletin.compose, "phase": phase.compose, "evaluation": evaluation.compose}


def manuscript(kind: str, at: ReadAt, texts: Mapping[str, Written], meta: Meta) -> Manuscript:
    """The report of this kind on the release `at` shows; ValueError where it shows none, KeyError for another kind.

    `texts`: part of the outline → what is written for it; parts that are not in it are left out with their headings.
    """
    if at.release is None or at.month is None:
        raise ValueError("documents are made of a release")
    with in_chinese():
        return KINDS[kind](Ledger(at), texts, meta)
