"""重新核对: which figures of a document print another number now, and why; for those who may read live figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db.models import Q

from bureau import months
from bureau.fields import raw
from bureau.language import in_chinese
from bureau.models import User
from indicators import wording
from indicators.models import DataItem, PublishedMonth, Revision
from indicators.queries import ReadAt, Row, at_release
from indicators.shown import Shown
from reports.proof.approvals import Approvals
from reports.proof.keys import WORKS, Key, parse
from reports.proof.ledger import FIXED, Ledger
from reports.proof.rows import ProofRow
from reports.proof.source import YEAR

TOLD = 5  # corrections named for one figure; of more their number
COMPARING = ("year_", "month_", "pace", "pressure", "required", "best_", "spread_", "urban_", "rural_", "gap_")
GONE = "现在没有这个数"
WHY_COUNTS = {
    "indicators": "有关指标的状态有变动",
    "equality": "有关指标的数有变动",
    "tasks": "任务月报、节点或期限有变动",
    "projects": "项目月报、节点或期限有变动",
    "slips": "督办事项有变动",
    "assessment": "有新定稿的考核",
}


@dataclass(frozen=True)
class Moved:
    """A figure whose live value is no longer what the document prints: from what, to what, why."""

    row: ProofRow
    old: str
    new: str
    why: tuple[str, ...] = ()


def recheck(rows: Sequence[ProofRow], live: ReadAt, release: PublishedMonth) -> list[Moved]:
    """The figures of a document on `release` that have moved; what a release itself wrote down never moves.

    A figure that cannot be computed any more has moved too.
    """
    with in_chinese():
        return list(_Recheck(live, release).moved(rows))


@dataclass(frozen=True)
class _Change:
    """One approved change of a figure since the release."""

    area: int
    item: str
    month: int
    at: datetime
    text: str


class _Recheck:
    """The live state of the release's month beside the release."""

    def __init__(self, live: ReadAt, release: PublishedMonth) -> None:
        self.release = release
        self.ledger = Ledger(replace(live, month=release.month))
        self.then = Ledger(at_release(release))
        self.approvals = Approvals(self.ledger.source)

    def moved(self, rows: Iterable[ProofRow]) -> Iterator[Moved]:
        for row in rows:
            key = parse(row.key)
            if key.subject.name in FIXED:
                continue
            now = self.ledger.text(key)
            if now != row.text:
                yield Moved(row, row.text, GONE if now is None else now, tuple(self._why(key)))

    def _why(self, key: Key) -> list[str]:
        if not key.subject.is_indicator:
            name = f"{key.subject.group}s" if key.subject.group in WORKS else key.subject.name
            return [WHY_COUNTS[name]] if name in WHY_COUNTS else []
        shown, before = self.ledger.shown(key.subject), self.then.shown(key.subject)
        if shown is None or before is None:
            return ["指标或正式口径有变更"]
        month = months.parse(key.subject.period)
        found = self._definition(shown, before, month)
        return [*found, *self._corrections(key, shown, month)] or ["参数、区划或有关项目的变更"]

    def _definition(self, shown: Shown, before: Shown, month: int) -> list[str]:
        """定义变更 and 目标变更: what was settled otherwise since."""
        now, then = _row(shown, month), _row(before, month)
        found = []
        if now is not None and then is not None and now.definition != then.definition:
            version = self.approvals.versions.get(now.definition)
            since = f"（自{months.label(version.from_month)}起）" if version is not None else ""
            found.append(f"定义变更{since}")
        said, says = (wording.target(one.target, one.indicator) for one in (before, shown))
        if said != says:
            found.append(f"目标变更：{said}改为{says}")
        return found

    def _corrections(self, key: Key, shown: Shown, month: int) -> list[str]:
        """The corrections of what the figure is made of, in its place and months."""
        row = _row(shown, month)
        version = self.approvals.versions.get(row.definition) if row is not None else None
        if version is None:
            return []
        items = self.approvals.items(version)
        first, last = self.approvals.span(version.window, month)
        if key.what.startswith(COMPARING):
            first -= YEAR
        tree = self.ledger.source.tree
        here = None if key.subject.area == self.release.county.code else self._inside(key.subject.area, month)
        found = [
            one
            for one in self._changes
            if one.item in items
            and first <= one.month <= last
            and one.at > self._moments.get(month, self.release.at)
            and (here is None or one.area in here)
        ]
        told = [f"{months.label(one.month)}{tree.names.get(one.area, '')}{one.text}" for one in found[:TOLD]]
        return [*told, f"等共{len(found)}处更正"] if len(found) > TOLD else told

    def _inside(self, code: str, month: int) -> set[int]:
        """The town of this code and its villages."""
        tree = self.ledger.source.tree
        town = next((place.id for place in tree.valid(month).values() if place.code == code), 0)
        return {town, *(place.id for place in tree.villages(town, month))}

    @cached_property
    def _moments(self) -> dict[int, datetime]:
        """Month → when its figures were frozen that the document prints: each with the version of its own."""
        versions = self.then.at.versions
        rows = PublishedMonth.objects.filter(county=self.release.county_id).values_list("month", "version", "at")
        return {month: at for month, version, at in rows if versions.get(month) == version}

    @cached_property
    def _changes(self) -> list[_Change]:
        """What was approved of a month after its figures were frozen; three queries."""
        since = Q()
        for month, at in self._moments.items():
            since |= Q(month=month, at__gt=at)
        rows = Revision.objects.filter(since, county=self.release.county_id, month__lte=self.release.month)
        rows = rows.annotate(old=raw("old_value"), new=raw("new_value")).order_by("pk")
        read = list(rows.values_list("area", "item", "month", "at", "old", "new", "event__reason", "event__by"))
        items = DataItem.objects.in_bulk({row[1] for row in read})
        people = User.objects.in_bulk({row[-1] for row in read if row[-1]})
        return [
            _Change(area, items[item].code, month, at, _told(str(items[item]), old, new, reason, people.get(by)))
            for area, item, month, at, old, new, reason, by in read
        ]


def _told(item: str, old: int | None, new: int | None, reason: str, by: User | None) -> str:
    """'D01 城镇累计新就业人数由110更正为90，理由：…；审核人：…'."""
    change = f"补报{wording.amount(new)}" if old is None else f"由{wording.amount(old)}更正为{wording.amount(new)}"
    told = f"{item}{change}，理由：{(reason or '未注明').rstrip('。')}"
    return f"{told}；审核人：{by}" if by is not None else told


def _row(shown: Shown, month: int) -> Row | None:
    return next((one for one in shown.series if one.month == month and isinstance(one, Row)), None)
