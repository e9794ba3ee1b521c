"""The proof table (核数表) of a document: a row a figure, with the formula, the parts and the signatures behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bureau import months
from indicators import definition_page
from indicators.queries import ReadAt, Row
from indicators.shown import Shown
from indicators.wording import DASH, coverage
from reports.manuscript import Block, Figure, Heading, Manuscript, Paragraph, Table, Text
from reports.proof.approvals import Approvals
from reports.proof.keys import WORKS, Subject, parse
from reports.proof.ledger import Ledger

BASIS = {
    "indicators": ("核心指标和监测指标", "按状态计数"),
    "tasks": ("任务", "按已审核月报和应完成日期计数"),
    "projects": ("重点项目", "按已审核月报和应完成日期计数"),
    "slips": ("督办事项", "按交办、反馈、销号日期计数"),
    "places": ("区划", "当月有效的镇（街道）、村（社区）"),
    "plan": ("实施方案", "阶段和任务领域计数"),
    "sections": ("责任科室和单位", "指标和任务的责任单位计数"),
    "equality": ("实现度", "各核心指标实现度按权重平均"),
    "corrections": ("更正清单", "发布时的更正清单"),
    "assessment": ("镇（街道）考核", "已定稿的考核结果"),
    "release": ("发布", "发布版次"),
}


@dataclass(frozen=True)
class ProofRow:
    """One key of a document: what is printed, what it rests on, who signed, and under which heading or table it stands.

    `what` says which number of its subject it is. Empty texts where a subject has no such thing.
    """

    number: int
    text: str
    key: str
    subject: str  # A01, T01, 任务, …
    name: str
    what: str  # value, completion, …
    period: str
    reading: str = ""
    formula: str = ""
    numerator: str = ""
    denominator: str = ""
    coverage: str = ""
    approvals: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Basis:
    """What all numbers of one subject rest on."""

    subject: str
    name: str
    period: str
    reading: str = ""
    formula: str = ""
    numerator: str = ""
    denominator: str = ""
    coverage: str = ""
    approvals: str = ""


def rows(manuscript: Manuscript, at: ReadAt, *, ledger: Ledger | None = None) -> list[ProofRow]:
    """Every key of the document once, in the order of print."""
    where: dict[str, dict[str, None]] = {}
    text: dict[str, str] = {}
    for place, figure in _printed(manuscript):
        text.setdefault(figure.key, figure.text)
        where.setdefault(figure.key, {})[place] = None
    proof = _Proof(ledger or Ledger(at))
    return [proof.row(number, text[key], key, tuple(where[key])) for number, key in enumerate(text, 1)]


def by_subject(found: Iterable[ProofRow], area: str) -> list[ProofRow]:
    """Of each indicator in this area the first row of its newest period."""
    kept: dict[str, ProofRow] = {}
    for row in found:
        subject = parse(row.key).subject
        if not subject.is_indicator or subject.area != area:
            continue
        known = kept.get(row.subject)
        if known is None or parse(known.key).subject.period < subject.period:
            kept[row.subject] = row
    return list(kept.values())


def _printed(manuscript: Manuscript) -> Iterator[tuple[str, Figure]]:
    """Each figure with the heading or the caption it stands under."""
    for title, blocks in (("", manuscript.blocks), *((one.title, one.blocks) for one in manuscript.attachments)):
        yield from _in_run(title, blocks)


def _in_run(title: str, blocks: Sequence[Block]) -> Iterator[tuple[str, Figure]]:
    heading = title
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Paragraph):
            yield from ((heading, figure) for figure in _figures(block.text))
        elif isinstance(block, Table):
            place = block.caption.partition("　")[0]
            yield from ((place, figure) for line in block.rows for cell in line for figure in _figures(cell))


def _figures(text: Text) -> Iterator[Figure]:
    return (run for run in text if isinstance(run, Figure))


class _Proof:
    """Makes rows; what a subject rests on is found once."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.source = ledger, ledger.source
        self.approvals = Approvals(ledger.source)
        self._bases: dict[Subject, Basis] = {}

    def row(self, number: int, text: str, key: str, places: tuple[str, ...]) -> ProofRow:
        parsed = parse(key)
        one = self.basis(parsed.subject)
        return ProofRow(
            number, text, key, one.subject, one.name, parsed.what, one.period, one.reading, one.formula, one.numerator,
            one.denominator, one.coverage, one.approvals, places,
        )  # fmt: skip

    def basis(self, subject: Subject) -> Basis:
        if subject not in self._bases:
            self._bases[subject] = self._basis(subject)
        return self._bases[subject]

    def _basis(self, subject: Subject) -> Basis:
        if subject.is_indicator:
            shown = self.ledger.shown(subject)
            return self._of_indicator(subject, shown) if shown is not None else Basis(subject.name, "", subject.period)
        if subject.group in WORKS:
            named = next((row["name"] for row in self.source.works if row["code"] == subject.name), "")
            return Basis(subject.name, named, subject.period, formula="按已审核月报")
        name, formula = BASIS.get(subject.name, ("", ""))
        return Basis(name, subject.group, subject.period, formula=formula)

    def _of_indicator(self, subject: Subject, shown: Shown) -> Basis:
        month = months.parse(subject.period)
        row = next((one for one in shown.series if one.month == month and isinstance(one, Row)), None)
        name = shown.indicator.name
        county = subject.area == self.source.county.code
        if not county:
            name = f"{name}（{next((town.name for town in self.source.towns if town.code == subject.area), '')}）"
        if row is None:
            return Basis(subject.name, name, months.label(month), shown.reading.name)
        places = None if county else {town.id for town in self.source.towns if town.code == subject.area}
        version = self.approvals.versions.get(row.definition)
        return Basis(
            subject.name, name, months.label(month), shown.reading.name,
            definition_page.formula_text(version) if version is not None else "",
            self._part(subject, "numerator"), self._part(subject, "denominator"), coverage(row, shown.places),
            self.approvals.told(version, month, places) if version is not None else "",
        )  # fmt: skip

    def _part(self, subject: Subject, what: str) -> str:
        return self.ledger.texts(subject).get(what, DASH)
