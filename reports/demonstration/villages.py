"""The villages' monthly figures: employment (盐均02) and insurance coverage and benefits (盐均04).

Pure and invented. Every figure hangs on the village's registered people, so that stocks move smoothly and parts stay
within their wholes; a village's peculiarity lasts.
"""

from __future__ import annotations

import random

from bureau import months
from reports.demonstration.cells import NOT_APPLICABLE, Month, put
from reports.demonstration.numbers import HIRING, Curve, apportion, jittered, part, short_of, spread, year_by_month
from reports.demonstration.places import FIRST, LAST, County, Population, Village

# Ten-thousandths of the whole that are still short, 2015-01 to mid-2017; a village stands at 60 % to 140 % of them.
GAPS = {
    "D13": Curve({"2015-01": 2000, "2017-07": 470}),
    "D15": Curve({"2015-01": 3000, "2017-07": 560}),
    "D23": Curve({"2015-01": 515, "2016-02": 430, "2017-07": 312}),
    "D29": Curve({"2015-01": 1200, "2017-07": 480}),
    "D95": Curve({"2015-01": 4000, "2017-07": 620}),
    "D44": Curve({"2015-01": 285, "2017-07": 30}),
    "D47": Curve({"2015-01": 1800, "2017-07": 220}),
    "D51": Curve({"2015-01": 990, "2016-06": 420, "2017-07": 98}),
}
# Ten-thousandths of the registered people.
WISH_TO_TRAIN = Curve({"2015-01": 120, "2017-07": 600})
WISH_TO_START = Curve({"2015-01": 30, "2017-07": 115})
OF_AGE = Curve({"2015-01": 2150, "2017-07": 2300})
PAYING = {True: Curve({"2015-01": 1550, "2017-07": 1340}), False: Curve({"2015-01": 2900, "2017-07": 2500})}
# Of those drawing a pension: the resident scheme's, in communities and in villages; the land-lost scheme's by town.
RESIDENT = {True: Curve({"2015-01": 3500, "2017-07": 2850}), False: Curve({"2015-01": 5950, "2017-07": 5270})}
LAND_LOST = {"330424001": 900, "330424002": 1100, "330424003": 900, "330424004": 800}
LAND_LOST_ELSEWHERE = 300
LAND_LOST_TREND = Curve({"2015-01": 10_000, "2017-07": 9300})
# Of the year's disadvantaged persons, by calendar month: found so far, and of these subsidised.
HARDSHIP = {"disabled": 61, "dibao": 40, "edge": 21, "low_income": 16}
FOUND = (8500, 8800, 9000, 9200, 9350, 9500, 9600, 9700, 9800, 9900, 9950, 10_000)
SUBSIDISED = (800, 1700, 2900, 4000, 5200, 6300, 7200, 7900, 8600, 9200, 9700, 9960)
PLACED_A_YEAR = {2015: 860, 2016: 905, 2017: 890}
ZERO_HOUSEHOLDS = 20  # found in the whole time, each in another village that exists throughout


class Villages:
    """Writes the villages' cells of one month after another."""

    def __init__(self, county: County, people: Population, chance: random.Random) -> None:
        self._county, self._people, self._chance = county, people, chance
        codes = [village.code for village in county.villages]
        self._gap = {item: spread(chance, codes, 40) for item in GAPS}
        self._own = {name: spread(chance, codes, 8) for name in ("labour", "age", "due", "hard", "paying")}
        self._members = {code: chance.randint(18, 55) for code in codes}
        self._co_operative = {code: FIRST + max(0, chance.randint(-30, 24)) for code in codes}
        self._households = _zero_households(county, chance)

    def write(self, month: int, cells: Month) -> None:
        """All cells of the villages standing in `month`."""
        standing = self._county.standing(month)
        hard = {village.code: self._hard_to_employ(village, month) for village in standing}
        placed = self._placed(month, hard)
        for village in standing:
            self._employment(village, month, cells, hard[village.code], placed[village.code])
            self._insurance(village, month, cells)

    def _of(self, whole: int, item: str, village: Village, month: int) -> int:
        """The part of `whole` that is done, short by the item's gap as this village has it."""
        return part(whole, short_of(GAPS[item].at(month), self._gap[item][village.code]))

    def _share(self, rate: int, name: str, village: Village, month: int) -> int:
        """Ten-thousandths of the village's people, as this village has them."""
        return part(self._people.of(village.code, month), rate * self._own[name][village.code] // 100)

    def _hard_to_employ(self, village: Village, month: int) -> int:
        return 1 + self._share(34, "hard", village, month)

    def _placed(self, month: int, hard: dict[str, int]) -> dict[str, int]:
        total = year_by_month(PLACED_A_YEAR[months.year(month)], HIRING)[months.number(month) - 1]
        return apportion(total, jittered(self._chance, hard, 60))

    def _employment(self, village: Village, month: int, cells: Month, hard: int, placed: int) -> None:
        people = self._people.of(village.code, month)
        labour = self._share(5800, "labour", village, month)
        to_train, to_start = part(people, WISH_TO_TRAIN.at(month)), part(people, WISH_TO_START.at(month))
        surplus = 0 if village.urban else part(people, 620)
        households = part(people, 3300)
        put(cells, village.code, {
            "D05": hard, "D06": placed,
            "D12": to_train, "D13": self._of(to_train, "D13", village, month),
            "D14": to_start, "D15": self._of(to_start, "D15", village, month),
            "D22": labour, "D23": self._of(labour, "D23", village, month),
            "D28": surplus, "D29": self._of(surplus, "D29", village, month),
            "D94": households, "D95": self._of(households, "D95", village, month),
            **self._households.get((village.code, month), NO_HOUSEHOLD),
        })  # fmt: skip
        self._labour_co_operative(village, month, cells)

    def _labour_co_operative(self, village: Village, month: int, cells: Month) -> None:
        if village.urban:
            cells.update({(village.code, item, ""): NOT_APPLICABLE for item in ("D30a", "D30b", "D30c")})
            return
        age = month - self._co_operative[village.code]
        members = self._members[village.code] + age // 2 if age >= 0 else 0
        assigned = members * (HIRING[months.number(month) - 1] + 12) // 10
        put(cells, village.code, {"D30a": int(age >= 0), "D30b": members, "D30c": assigned})

    def _insurance(self, village: Village, month: int, cells: Month) -> None:
        people = self._people.of(village.code, month)
        of_age = self._share(OF_AGE.at(month), "age", village, month)
        drawing = self._of(of_age, "D44", village, month)
        land = part(drawing, part(LAND_LOST.get(village.town, LAND_LOST_ELSEWHERE), LAND_LOST_TREND.at(month)))
        resident = part(drawing, RESIDENT[village.urban].at(month))
        paying = self._share(PAYING[village.urban].at(month), "paying", village, month)
        land_lost = part(land, 23_800)
        put(cells, village.code, {
            "D32[paying]": paying, "D32[receiving]": resident,
            "D32h": paying + resident - part(paying + resident, 30),
            "D42": resident, "D43": land, "D44": drawing, "D45": of_age,
            "D46": land_lost, "D47": self._of(land_lost, "D47", village, month),
            "D50": people, "D51": self._of(people, "D51", village, month),
            "D52": self._share(6600, "due", village, month),
            **self._hardship(village, month),
        })  # fmt: skip

    def _hardship(self, village: Village, month: int) -> dict[str, int]:
        """Found and subsidised since January, both only rising within the year."""
        number = months.number(month) - 1
        year = self._people.of(village.code, max(village.first, month - number))
        figures = {}
        for group, rate in HARDSHIP.items():
            due = part(part(year, rate), FOUND[number])
            figures[f"D53[{group}]"], figures[f"D54[{group}]"] = due, part(due, SUBSIDISED[number])
        return figures


NO_HOUSEHOLD = {"D25": 0, "D26": 0, "D26a": 0, "D27": 0, "D27a": 0}


def _zero_households(county: County, chance: random.Random) -> dict[tuple[str, int], dict[str, int]]:
    """(village, month) → the cells of months in which a zero-employment household is found, open or resolved.

    Most are resolved in the month they are found or the next, two took longer; at the end of 2017-06 none is open.
    """
    lasting = [village.code for village in county.villages if village.first <= FIRST and village.last is None]
    found: dict[tuple[str, int], dict[str, int]] = {}
    spans = [0, 1, 0, 1, 1, 0, 2, 0, 1, 0]
    last_found = LAST - 3
    for count, code in enumerate(chance.sample(lasting, min(ZERO_HOUSEHOLDS, len(lasting)))):
        begins = FIRST + 1 + count * (last_found - FIRST - 1) // ZERO_HOUSEHOLDS
        _one_household(found, code, begins, spans[count % len(spans)])
    newest = chance.choice(lasting)
    found[newest, LAST] = NO_HOUSEHOLD | {"D25": 1, "D27": 1}
    return found


def _one_household(found: dict, code: str, begins: int, span: int) -> None:
    """Found in the month `begins`, resolved `span` months later."""
    if span == 0:
        found[code, begins] = NO_HOUSEHOLD | {"D25": 1, "D26": 1, "D26a": 1}
        return
    found[code, begins] = NO_HOUSEHOLD | {"D25": 1, "D27": 1}
    for month in range(begins + 1, begins + span):
        found[code, month] = NO_HOUSEHOLD | {"D27": 1, "D27a": 1}
    found[code, begins + span] = NO_HOUSEHOLD | {"D26": 1, "D26a": int(span == 1)}
