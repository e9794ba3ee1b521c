"""A document as a tree of plain frozen data (文稿): composed once, printed by every builder, listed by every proof.

Word, PDF and the preview print the same tree, so they cannot differ; a final version keeps it as JSON, so it stays. A
figure in it carries the key of the datum it prints. Knows no models, no queries, no files, no looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from reports.content import ChartData


@dataclass(frozen=True)
class Figure:
    """A printed figure: its text as the pages print it, and the key of what it prints (reports/proof/keys.py)."""

    text: str  # 6,012
    key: str  # A01/official/330424/2017-06/value


OF_RELEASE = ("release/", "corrections/")  # keys of what a release says of itself
_DAY = re.compile(r"/\d{4}-\d{2}-\d{2}/")
Run = str | Figure
Text = tuple[Run, ...]  # a paragraph, or a cell, in pieces


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4, with the number it is printed with: 一、 （一） 1. （1）."""

    level: int
    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """Running text the system composed."""

    text: Text
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Written:
    """What a section (科室) wrote for one part, paragraph by paragraph; never changed by a re-computation.

    `part` is the part's key in the outline, `label` what it answers to (原因). Nothing written: no paragraphs.
    `moved` tells that figures of its part changed after it was written. `lead` stands before the first paragraph
    (原因：).
    """

    part: str
    label: str
    paragraphs: tuple[str, ...]
    section: str = ""
    author: str = ""
    written_on: date | None = None
    moved: bool = False
    lead: str = ""
    kind: Literal["written"] = "written"


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, its width in millimetres, how its cells stand."""

    head: str
    width: float
    align: Literal["left", "right", "center"] = "left"


@dataclass(frozen=True)
class Table:
    """A table with its numbered caption (表1　…), the unit at its upper right, notes below.

    Widths come to 156 mm at most, 225 mm where `landscape`. ValueError where a row has not a cell a column.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    unit: str = ""
    notes: tuple[str, ...] = ()
    landscape: bool = False
    kind: Literal["table"] = "table"

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"a row of {len(row)} cells in {self.caption!r} of {len(self.columns)} columns")


@dataclass(frozen=True)
class Chart:
    """A chart with its numbered caption below (图1　…) and what it shows in words (替代文本)."""

    caption: str
    data: ChartData
    words: str
    kind: Literal["chart"] = "chart"


Block = Annotated[Heading | Paragraph | Written | Table | Chart, Field(discriminator="kind")]


@dataclass(frozen=True)
class Attachment:
    """An attachment (附件): on a new page, bound with the body."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Manuscript:
    """One document whole.

    `title` may hold one line break where the title parts. `document_number` (发文字号) and `signed_on` are empty until
    they are given. `edition` says which data it stands on (2017年6月，第1版发布数据). `contents`: print a table of
    contents. `copies`: lines of the 版记 (报：…, 送：…).
    """

    title: str
    edition: str
    issuer: str  # 署名
    blocks: tuple[Block, ...]
    attachments: tuple[Attachment, ...] = ()
    document_number: str = ""
    issue: str = ""  # 期号: 第6期
    recipients: str = ""  # 主送机关
    signed_on: date | None = None
    copies: tuple[str, ...] = ()
    demonstration: bool = False
    draft: bool = False  # not final: every page says 征求意见稿
    contents: bool = False

    @property
    def plain_title(self) -> str:
        """The title on one line."""
        return self.title.replace("\n", "")

    def figures(self) -> Iterator[Figure]:
        """Every figure in the order of print, attachments last."""
        for block in (*self.blocks, *(one for attachment in self.attachments for one in attachment.blocks)):
            yield from _figures(block)


def _figures(block: Heading | Paragraph | Written | Table | Chart) -> Iterator[Figure]:
    texts: list[Text] = []
    if isinstance(block, Paragraph):
        texts = [block.text]
    elif isinstance(block, Table):
        texts = [cell for row in block.rows for cell in row]
    for text in texts:
        yield from (run for run in text if isinstance(run, Figure))


def same_thing(key: str) -> str:
    """The key without the day it holds on: work on two releases' days is one thing, in two months it is not."""
    return _DAY.sub("/day/", key)


def of_release(key: str) -> bool:
    """Does the figure tell of the release itself, its version or its correction list, and not of the county?"""
    return key.startswith(OF_RELEASE)


def plain(text: Text) -> str:
    """The words alone."""
    return "".join(run.text if isinstance(run, Figure) else run for run in text)


_JSON = TypeAdapter(Manuscript)


def to_json(manuscript: Manuscript) -> bytes:
    """The tree as JSON, the same bytes for the same tree; decimals stay exact."""
    return _JSON.dump_json(manuscript)


def from_json(kept: bytes | str) -> Manuscript:
    """The tree as it was; pydantic.ValidationError for anything else."""
    return _JSON.validate_json(kept)
