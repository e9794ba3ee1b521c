"""The places of the invented series and how many registered people (户籍人口) live in each village, month by month.

Pure: built from the area tree by run.py and from the fixtures by tests. The town totals are invented round numbers.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from bureau import months
from reports.demonstration.numbers import WHOLE, apportion, part

FIRST, LAST = months.make(2015, 1), months.make(2017, 7)
GROWTH = 4  # ten-thousandths a month
UNKNOWN_TOWN, NEW_VILLAGE = 30_000, 600
TOWN_PEOPLE = {
    "330424001": 114_200,
    "330424002": 41_300,
    "330424003": 22_700,
    "330424004": 31_900,
    "330424101": 34_700,
    "330424102": 33_500,
    "330424103": 23_600,
    "330424105": 30_300,
    "330424106": 42_400,
}


@dataclass(frozen=True)
class Village:
    """A village or community with the months in which it exists (`last` None while it does)."""

    code: str
    town: str
    urban: bool
    first: int
    last: int | None

    def exists(self, month: int) -> bool:
        return self.first <= month and (self.last is None or month <= self.last)


@dataclass(frozen=True)
class County:
    """The county's code, its towns and every village there ever was, in order of code."""

    code: str
    towns: tuple[str, ...]
    villages: tuple[Village, ...]

    def standing(self, month: int) -> list[Village]:
        return [village for village in self.villages if village.exists(month)]


class Population:
    """Registered people by village and month: a town's people shared out once, then growing evenly.

    Those of villages that close pass to the ones that open next month in the same town, so that no total jumps.
    """

    def __init__(self, county: County, chance: random.Random) -> None:
        self._base: dict[str, int] = {}
        for town in county.towns:
            mine = [village for village in county.villages if village.town == town]
            for opening in sorted({max(village.first, FIRST) for village in mine}):
                opened = [village for village in mine if max(village.first, FIRST) == opening]
                people = self._people_for(town, mine, opening, len(opened))
                self._base |= apportion(people, {village.code: chance.randint(60, 140) for village in opened})

    def _people_for(self, town: str, villages: Iterable[Village], opening: int, count: int) -> int:
        if opening == FIRST:
            return TOWN_PEOPLE.get(town, UNKNOWN_TOWN)
        freed = sum(self._base[village.code] for village in villages if village.last == opening - 1)
        return freed or NEW_VILLAGE * count

    def of(self, village: str, month: int) -> int:
        return part(self._base[village], WHOLE + GROWTH * (month - FIRST))
