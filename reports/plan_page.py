"""Composes the clause ledger (条款账本): each requirement of the plan with its indicators, work and data, and back.

A requirement is a clause without clauses below it, in a part of the plan that asks for something (its guiding ideas and
principles ask for nothing that could be measured). Finished text out; no queries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.language import localized
from indicators import wording
from indicators.analysis.kinds import Light
from indicators.drawings import bar_svg
from indicators.models import Clause, PlanRevisionNote, TargetRevision
from indicators.shown import Shown
from tasks.queries import late, status

FULL, PARTIAL, NO_DATA, ONLY_TASKS, NOTHING = "full", "partial", "none", "tasks", "nothing"
MARKS = {
    FULL: Light.ON_COURSE,
    PARTIAL: Light.BEHIND,
    NO_DATA: Light.FAR_BEHIND,
    ONLY_TASKS: Light.NOT_COVERED,
    NOTHING: Light.NONE,
}


def state_word(state: str) -> str:
    return {
        FULL: _("齐全"),
        PARTIAL: _("部分"),
        NO_DATA: _("无数据"),
        ONLY_TASKS: _("仅任务"),
        NOTHING: _("无指标、无任务"),
    }[state]


@dataclass
class Entry:
    """A clause with what hangs on it."""

    clause: Clause
    shown: list[Shown] = field(default_factory=list)
    work: list[dict] = field(default_factory=list)
    children: list[Entry] = field(default_factory=list)
    undecided: frozenset[int] = frozenset()  # indicators with readings nobody decided between
    slips: int = 0  # open slips (在办督办) on it

    @property
    def measured(self) -> list[Shown]:
        return [one for one in self.shown if one.window]

    @property
    def state(self) -> str:
        """齐全, 部分, 无数据, 仅任务, or nothing at all."""
        if not self.measured:
            return ONLY_TASKS if self.work or self.shown else NOTHING
        known = [one for one in self.measured if one.row is not None and one.row.value is not None]
        if not known:
            return NO_DATA
        whole = all(one.row is not None and one.row.covered for one in known) and len(known) == len(self.measured)
        return FULL if whole else PARTIAL

    @property
    def pending(self) -> bool:
        """Does an indicator have two readings that wait for a decision (两读待定)?"""
        return any(one.indicator.pk in self.undecided for one in self.shown)


def entries(
    clauses: Sequence[Clause],
    shown: Sequence[Shown],
    work: Sequence[dict],
    undecided: frozenset[int],
    slips: Iterable[tuple[set[str], int | None]] = (),
) -> list[Entry]:
    """The clauses as a tree, each with the indicators and the work that name it, and how many open slips rest on it.

    `slips`: of each open slip the clauses of its work and decision, and its indicator.
    """
    by_clause: dict[int, list[Shown]] = defaultdict(list)
    for one in shown:
        for clause in one.indicator.its_clauses:
            by_clause[clause.pk].append(one)
    by_number: dict[str, list[dict]] = defaultdict(list)
    for row in work:
        by_number[row["clause_number"]].append(row)
    pressed = _pressed(slips, shown)
    all_of = {
        one.pk: Entry(one, by_clause[one.pk], by_number[one.number], [], undecided, pressed[one.number])
        for one in clauses
    }
    roots = []
    for clause in clauses:
        (all_of[clause.parent_id].children if clause.parent_id else roots).append(all_of[clause.pk])
    return roots


def _pressed(slips: Iterable[tuple[set[str], int | None]], shown: Sequence[Shown]) -> Counter[str]:
    """Clause → open slips on it; one that rests on it in several ways counts once."""
    of_indicator = {one.indicator.pk: {clause.number for clause in one.indicator.its_clauses} for one in shown}
    return Counter(number for named, indicator in slips for number in named | of_indicator.get(indicator or 0, set()))


def everything(entry: Entry) -> list[Entry]:
    """The clause and all below it, in the plan's order."""
    return [entry, *(below for child in entry.children for below in everything(child))]


def requirements(roots: Sequence[Entry]) -> list[Entry]:
    """The clauses that ask for something (要求)."""
    found = []
    for root in roots:
        below = everything(root)
        if any(one.shown or one.work for one in below):
            found += [one for one in below if not one.children]
    return found


def headline(asked: Sequence[Entry]) -> list[dict]:
    """'31 条要求都有任务；5 条没有数据或只有部分数据'."""
    if not asked:
        return [{"text": _("还没有载入方案"), "tone": ""}]
    with_work = sum(bool(one.work) for one in asked)
    first = (
        _("%(n)d 条要求都有任务") % {"n": len(asked)}
        if with_work == len(asked)
        else _("%(n)d 条要求中，%(m)d 条有任务") % {"n": len(asked), "m": with_work}
    )
    short = sum(one.state in (PARTIAL, NO_DATA) for one in asked)
    second = _("%(n)d 条没有数据或只有部分数据") % {"n": short} if short else _("有指标的数据都齐全")
    return [{"text": wording.together([first, second]), "tone": ""}]


LACKS = ("indicator", "task", "data", "partial", "reading")


def lacking(entry: Entry, lack: str) -> bool:
    """Does the requirement lack this: an indicator, a task, data, complete data, a decision between readings?"""
    return {
        "indicator": not entry.shown,
        "task": not entry.work,
        "data": entry.state == NO_DATA,
        "partial": entry.state == PARTIAL,
        "reading": entry.pending,
    }[lack]


def gaps(asked: Sequence[Entry], url: str, chosen: str) -> list[dict]:
    """What is lacking, how often; each leads to the clauses that lack it."""
    words = {
        "indicator": _("无指标"),
        "task": _("无任务"),
        "data": _("无数据"),
        "partial": _("数据部分"),
        "reading": _("两读待定"),
    }
    joint = "&" if "?" in url else "?"
    return [
        {
            "label": words[lack],
            "count": sum(lacking(one, lack) for one in asked),
            "url": f"{url}{joint}lack={lack}",
            "current": lack == chosen,
        }
        for lack in LACKS
    ]


def covers(asked: Sequence[Entry]) -> list[dict]:
    """How many requirements have an indicator, a task, complete data: the bars beside the ledger."""
    states = Counter(one.state for one in asked)
    total = len(asked)
    full, part = states[FULL], states[PARTIAL]
    return [
        _bar(_("有指标 %(n)d / %(m)d"), sum(bool(one.shown) for one in asked), total),
        _bar(_("有任务 %(n)d / %(m)d"), sum(bool(one.work) for one in asked), total),
        {"text": _("数据齐全 %(n)d，部分 %(p)d") % {"n": full, "p": part}, "svg": bar_svg(full, full + part, total)},
    ]


def _bar(words: str, count: int, total: int) -> dict:
    return {"text": words % {"n": count, "m": total}, "svg": bar_svg(count, count, total)}


def contents(roots: Sequence[Entry]) -> list[dict]:
    """The table of contents: the parts and their divisions, each with how many requirements it holds."""
    asked = {id(one) for one in requirements(roots)}
    return [
        {
            "number": one.clause.number,
            "title": localized(one.clause, "title"),
            "anchor": anchor(one.clause),
            "count": sum(id(below) in asked for below in everything(one)),
            "depth": depth,
        }
        for root in roots
        for depth, one in [(0, root), *((1, child) for child in root.children if child.children)]
    ]


def anchor(clause: Clause) -> str:
    return f"c{clause.pk}"


def parts(roots: Sequence[Entry], query: str, today: date, lack: str = "") -> list[dict]:
    """The ledger: each part of the plan with its lines; with `lack`, only the requirements that lack it."""
    asked = {id(one) for one in requirements(roots)}
    found = []
    for root in roots:
        below = everything(root)
        lines = [one for one in below if (one.shown or one.work or not one.children)]
        if lack:
            lines = [one for one in lines if id(one) in asked and lacking(one, lack)]
        if not lines:
            continue
        found.append(
            {
                "number": root.clause.number,
                "title": localized(root.clause, "title"),
                "anchor": anchor(root.clause),
                "asks": any(id(one) in asked for one in below),
                "lines": [line(one, query, today, id(one) in asked) for one in lines],
            }
        )
    return found


def line(entry: Entry, query: str, today: date, asks: bool = True) -> dict:
    """One clause of the ledger."""
    state, late_work = entry.state, sum(late(row, today) for row in entry.work)
    return {
        "number": entry.clause.number,
        "title": localized(entry.clause, "title"),
        "summary": entry.clause.summary,
        "anchor": anchor(entry.clause),
        "url": reverse("clause", args=[entry.clause.number]) + query,
        "indicators": [
            {
                "code": one.indicator.code,
                "name": localized(one.indicator),
                "url": reverse("indicator", args=[one.indicator.code]) + query,
                "light": int(one.light),
                "light_word": wording.light(one.light) if one.target else "",
            }
            for one in entry.shown
        ],
        "work": [work_line(row, query, today) for row in entry.work],
        "late_work": late_work,
        "slips": entry.slips,
        "late_text": _("%(n)d 项逾期") % {"n": late_work} if late_work else "",
        "slips_text": _("督办 %(n)d 件") % {"n": entry.slips} if entry.slips else "",
        "coverage": _coverage(entry),
        "light": int(MARKS[state]) if asks else 0,
        "state": state_word(state) if asks else "",
        "note": _note(entry) if asks else "",
    }


def work_line(row: dict, query: str, today: date) -> dict:
    light, word = status(row, today)
    return {
        "code": row["code"],
        "name": row["name"],
        "url": reverse("task", args=[row["code"]]) + query,
        "light": int(light),
        "word": word,
        "note": row["lead_name"],
        "when": row["due_on"].isoformat(),
    }


def _coverage(entry: Entry) -> str:
    """The coverage of the indicator that is covered least."""
    known = [one for one in entry.measured if one.row is not None and one.row.expected]
    if not known:
        return wording.DASH
    worst = min(known, key=lambda one: one.row.reported / one.row.expected if one.row else 0)
    return wording.coverage(worst.row, worst.places)


def _note(entry: Entry) -> str:
    short = [one for one in entry.measured if one.row is None or one.row.value is None or not one.row.covered]
    words = []
    for one in short[:2]:
        absent = one.row.expected - one.row.reported if one.row is not None else 0
        code = one.indicator.code
        words.append(
            _("%(c)s 缺 %(n)d 个单位") % {"c": code, "n": absent} if absent else _("%(c)s 没有数") % {"c": code}
        )
    if not entry.shown:
        words.append(_("只有任务，没有指标") if entry.work else _("没有指标，也没有任务"))
    if entry.pending:
        words.append(_("两种读法待定"))
    return wording.together(words)


def revisions(notes: Sequence[PlanRevisionNote], changes: Sequence[TargetRevision], query: str) -> list[dict]:
    """What the plan's revision notes (修改说明) deleted, moved or added, with the numbers struck out."""
    kinds = {"removed": _("删除"), "moved": _("调整"), "added": _("补充")}
    by_note: dict[str, list[TargetRevision]] = defaultdict(list)
    for change in changes:
        if change.key:
            by_note[change.key.split("/")[1]].append(change)
    return [
        {
            "title": note.title,
            "kind": kinds.get(note.kind, note.kind),
            "removed": note.kind == "removed",
            "summary": note.summary,
            "clauses": [
                {"number": clause.number, "url": reverse("clause", args=[clause.number]) + query}
                for clause in note.clauses.all()
            ],
            "changes": [
                {
                    "indicator": one.indicator.code if one.indicator else "",
                    "url": reverse("indicator", args=[one.indicator.code]) + query if one.indicator else "",
                    "old": one.old,
                    "new": one.new or _("删除"),
                }
                for one in by_note[note.number]
            ],
        }
        for note in notes
    ]


def facts(clause: Clause, names: Mapping[str, str]) -> list[dict]:
    """The numbers the clause states, each called by the indicator or parameter it is loaded as."""
    found = []
    for fact in clause.facts:
        codes = [*fact.get("indicators", ()), *fact.get("parameters", ())]
        found.append(
            {
                "label": names.get(codes[0], codes[0]) if codes else _fact_word(fact.get("key", "")),
                "codes": codes,
                "value": f"{fact['wording']} {fact['value']}" if fact.get("wording") else str(fact["value"]),
                "unit": fact.get("unit", ""),
            }
        )
    return found


def _fact_word(key: str) -> str:
    """What a number is that no indicator or parameter carries: the dates of the phases."""
    if key.endswith("_start"):
        return _("开始日期")
    return _("结束日期") if key.endswith("_end") else key
