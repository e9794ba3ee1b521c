"""The registers of form 盐均06: service units, network, assistants, e-commerce stations, persons in the database.

Pure and invented. A unit that is there stays there; what did not change since last month is carried (沿用上月).
"""

from __future__ import annotations

import random

from bureau import months
from reports.demonstration.cells import Cell, Month, put
from reports.demonstration.numbers import Curve, part, short_of, spread
from reports.demonstration.places import FIRST, LAST, County, Population

# Ten-thousandths of the villages that have it.
BUILT = {
    "D81": Curve({"2015-01": 7200, "2016-06": 8900, "2017-05": 10_000}),
    "D83": Curve({"2015-01": 6900, "2016-06": 8700, "2017-07": 9780}),
    "D85": Curve({"2015-01": 6100, "2016-06": 8100, "2017-07": 9600}),
    "D91": Curve({"2015-01": 800, "2016-03": 3300, "2017-06": 8650, "2017-07": 8800}),
}
ENTERED = Curve({"2015-01": 4500, "2017-07": 630})  # ten-thousandths of persons not yet in the database
TOWN_ASSISTANTS = 2  # months after which one more town's office has its own


class Registers:
    """Writes the cells of one month after another; each call looks at the month before."""

    def __init__(self, county: County, people: Population, chance: random.Random) -> None:
        self._county, self._people = county, people
        codes = [village.code for village in county.villages]
        self._rank = {item: _order(county, chance) for item in BUILT}
        self._gap = spread(chance, codes, 40)
        self._before: Month = {}

    def write(self, month: int, cells: Month) -> None:
        """The towns' own rows and the villages' rows of `month`."""
        now: Month = {}
        for place, town in enumerate(self._county.towns):
            put(now, town, {"D81": 1, "D83": 1, "D85": int(month - FIRST >= place * TOWN_ASSISTANTS)})
        standing = {village.code: village for village in self._county.standing(month)}
        for item, curve in BUILT.items():
            have = part(len(standing), curve.at(month))
            in_order = sorted(standing, key=self._rank[item].__getitem__)
            for place, code in enumerate(in_order):
                put(now, code, {item: int(place < have)})
        for code, village in standing.items():
            counted = max(village.first, FIRST, month - months.number(month) % 3)  # brought up to date each quarter
            due = part(self._people.of(code, counted), 10_200)
            entered = part(due, short_of(ENTERED.at(min(counted, LAST)), self._gap[code]))
            put(now, code, {"D92": due, "D93": entered})
        cells.update({key: self._carried(key, cell) for key, cell in now.items()})
        self._before = now

    def _carried(self, key, cell: Cell) -> Cell:
        before = self._before.get(key)
        return Cell(cell.value, "carried") if before is not None and before.value == cell.value else cell


def _order(county: County, chance: random.Random) -> dict[str, int]:
    """In which order the villages get something; those that change with the area list come first, so none loses it."""
    codes = [village.code for village in county.villages]
    chance.shuffle(codes)
    lasting = {village.code for village in county.villages if village.first <= FIRST and village.last is None}
    return {code: rank for rank, code in enumerate(sorted(codes, key=lambda code: code in lasting))}
