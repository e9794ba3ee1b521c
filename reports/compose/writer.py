"""Puts a document together block by block: numbers headings, tables and charts, and sets people's parts in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reports.content import ChartData
from reports.manuscript import Block, Chart, Column, Heading, Paragraph, Table, Text, Written
from reports.proof import Ledger

NUMERALS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """一 to 九十九, as headings are numbered."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{NUMERALS[tens - 1]}十"
    return head + (NUMERALS[ones - 1] if ones else "")


class Captions:
    """Numbers of tables and charts through the whole document, attachments too."""

    def __init__(self, demonstration: bool) -> None:
        self.mark = "（演示数据）" if demonstration else ""
        self.tables = self.charts = 0

    def table(self, title: str) -> str:
        self.tables += 1
        return f"表{self.tables}　{title}{self.mark}"

    def chart(self, title: str) -> str:
        self.charts += 1
        return f"图{self.charts}　{title}{self.mark}"


class Writer:
    """One run of blocks: the body or an attachment."""

    def __init__(self, ledger: Ledger, texts: Mapping[str, Written], captions: Captions) -> None:
        self.ledger, self.source, self.texts, self.captions = ledger, ledger.source, texts, captions
        self.blocks: list[Block] = []
        self._numbers = [0, 0, 0]

    def heading(self, level: int, text: str) -> None:
        """一、 （一） 1. by level."""
        self._numbers[level - 1] += 1
        self._numbers[level:] = [0] * (3 - level)
        number = self._numbers[level - 1]
        head = {1: f"{numeral(number)}、", 2: f"（{numeral(number)}）", 3: f"{number}."}[level]
        self.blocks.append(Heading(level, f"{head}{text}"))

    def say(self, *text: str | Text) -> None:
        """A paragraph of these pieces; nothing where they are empty."""
        runs = joined(text)
        if runs:
            self.blocks.append(Paragraph(runs))

    def asks(self, part: str) -> bool:
        """Is this part written by people in this document?"""
        return part in self.texts

    def written(self, part: str, lead: str = "") -> None:
        """A part people write, in its place; nothing in a document without people's parts."""
        if part in self.texts:
            self.blocks.append(replace(self.texts[part], lead=lead))

    def table(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[str | Text]],
        *,
        unit: str = "",
        notes: Sequence[str] = (),
        landscape: bool = False,
    ) -> None:
        cells = tuple(tuple(joined((cell,)) for cell in row) for row in rows)
        self.blocks.append(
            Table(self.captions.table(title), tuple(columns), cells, unit, tuple(notes), landscape=landscape)
        )

    def chart(self, data: ChartData | None, words: str) -> None:
        """Nothing where there is nothing to draw."""
        if data is not None and data.drawable:
            self.blocks.append(Chart(self.captions.chart(data.title), data, words))

    @property
    def next_table(self) -> str:
        return f"表{self.captions.tables + 1}"

    @property
    def next_chart(self) -> str:
        return f"图{self.captions.charts + 1}"


def joined(pieces: Iterable[str | Text]) -> Text:
    """One text of several, strings that meet put together."""
    runs: list = []
    for piece in pieces:
        for run in (piece,) if isinstance(piece, str) else piece:
            if isinstance(run, str) and runs and isinstance(runs[-1], str):
                runs[-1] += run
            elif run:
                runs.append(run)
    return tuple(runs)


def referred(text: Text, where: str) -> Text:
    """The text with what shows it in brackets before its full stop: '…（见图1）。'"""
    *runs, last = text
    return joined([tuple(runs), f"{last.removesuffix('。')}（见{where}）。" if isinstance(last, str) else (last,)])


def listed(items: Sequence[Text], mark: str = "、") -> Text:
    """Texts in a row with marks between them."""
    return joined([piece for item in items for piece in (mark, item)][1:])
