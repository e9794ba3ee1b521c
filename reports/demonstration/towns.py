"""The towns' monthly figures: employment and start-ups (盐均01), social insurance (盐均03).

Pure and invented. The insured follow from the villages' figures of the same month, so both forms tell one story.
"""

from __future__ import annotations

import random
from collections import Counter

from bureau import months
from reports.demonstration.cells import Month, hundredths, number, put
from reports.demonstration.numbers import (
    EVEN,
    HIRING,
    TRAINING,
    Curve,
    apportion,
    jittered,
    part,
    short_of,
    spread,
    year_by_month,
)
from reports.demonstration.places import FIRST, TOWN_PEOPLE, UNKNOWN_TOWN, County

# New urban jobs a year, and how many a thousand people each town brings: the most four times the least.
NEW_JOBS = {2015: 7043, 2016: 6928, 2017: 6460}
JOBS_A_THOUSAND = {
    "330424001": 22, "330424002": 34, "330424003": 24, "330424004": 20, "330424101": 13,
    "330424102": 18, "330424103": 11, "330424105": 9, "330424106": 14,
}  # fmt: skip
INDUSTRY = {"330424001": 30, "330424002": 24, "330424003": 10, "330424004": 9, "330424102": 12}
SOME_INDUSTRY = 5
TRAINEES = {2015: 980, 2016: 1110, 2017: 1210}
LEFT = {2015: 1930, 2016: 1985, 2017: 2040}  # natural decrease
VOCATIONAL = {2015: 8600, 2016: 9300, 2017: 9500}
VACANCIES = {2015: 21_600, 2016: 23_100, 2017: 23_900}
SEEKERS = {2015: 17_900, 2016: 18_300, 2017: 18_200}
DISPUTES = {2015: 310, 2016: 325, 2017: 318}
TRANSFERS = {2015: 1020, 2016: 1240, 2017: 1380}
GRADUATES = {2014: 1398, 2015: 1432, 2016: 1467, 2017: 1493}  # by the July they left
IN_WORK = (4300, 5600, 6900, 7800, 8400, 8800, 9050, 9200, 9400, 9530, 9620, 9690)  # July to June
UNEMPLOYED = Curve({"2015-01": 3390, "2015-03": 3460, "2015-12": 3330, "2016-03": 3420, "2016-12": 3270,
                    "2017-03": 3360, "2017-07": 3290})  # fmt: skip

FROM_ELSEWHERE = Curve({"2015-01": 32_000, "2017-07": 33_200})  # insured without the county's hukou
NOT_INSURED = Curve({"2015-01": 490, "2016-06": 250, "2017-07": 58})  # ten-thousandths of those who ought to be
# Ten-thousandths below the base line: it rises with the provincial wage each June, and many fall under it again.
BELOW_LINE = Curve({"2015-01": 2600, "2015-05": 2350, "2015-06": 2600, "2016-05": 1500, "2016-06": 1750,
                    "2017-05": 430, "2017-06": 560, "2017-07": 530})  # fmt: skip
MEAN_BASE = Curve(
    {
        "2015-01": 285_600,
        "2015-07": 303_000,
        "2016-01": 318_000,
        "2016-07": 335_000,
        "2017-01": 356_000,
        "2017-05": 363_000,
        "2017-06": 373_600,
        "2017-07": 375_000,
    }
)  # 分


class Towns:
    """Writes the towns' cells of one month after another; registered unemployed hang on the month before."""

    def __init__(self, county: County, chance: random.Random) -> None:
        self._county, self._chance = county, chance
        self._people = {town: TOWN_PEOPLE.get(town, UNKNOWN_TOWN) for town in county.towns}
        self._jobs = {town: self._people[town] * JOBS_A_THOUSAND.get(town, 12) for town in county.towns}
        self._industry = {town: INDUSTRY.get(town, SOME_INDUSTRY) for town in county.towns}
        self._gap = {name: spread(chance, county.towns, 35) for name in ("line", "insured")}
        self._base = spread(chance, county.towns, 2)
        self._employees = spread(chance, county.towns, 3)
        self._registered: dict[str, int] = {}

    def write(self, month: int, cells: Month) -> None:
        """All cells of the towns in `month`; the villages' must be there."""
        self._hiring(month, cells)
        self._services(month, cells)
        self._unemployed(month, cells)
        self._insured(month, cells)

    def _month(self, years: dict[int, int], season: tuple[int, ...], month: int) -> int:
        """A year's county total, its part of this month."""
        return year_by_month(years[months.year(month)], season)[months.number(month) - 1]

    def _shared(self, total: int, weights: dict[str, int], percent: int = 10) -> dict[str, int]:
        return apportion(total, jittered(self._chance, weights, percent))

    def _hiring(self, month: int, cells: Month) -> None:
        new = self._shared(self._month(NEW_JOBS, HIRING, month), self._jobs)
        left = self._shared(self._month(LEFT, EVEN, month), self._people)
        trained = self._shared(self._month(TRAINEES, TRAINING, month), self._people)
        for town in self._county.towns:
            hired = new[town] + left[town]
            loans = part(trained[town], 3500)
            put(cells, town, {
                "D01": hired, "D02": left[town], "D03": part(hired, 2800),
                "D09": part(hired, 70), "D10": trained[town], "D10b": trained[town] + part(trained[town], 900),
                "D11": part(trained[town], 1800), "D17b": loans,
            })  # fmt: skip
            cells[town, "D17a", ""] = hundredths(loans * (1150 + self._chance.randint(0, 300)))

    def _services(self, month: int, cells: Month) -> None:
        vocational = self._shared(self._month(VOCATIONAL, TRAINING, month), self._people)
        vacancies = self._shared(self._month(VACANCIES, HIRING, month), self._industry)
        seekers = self._shared(self._month(SEEKERS, HIRING, month), self._people)
        disputes = self._shared(self._month(DISPUTES, EVEN, month), self._industry, 30)
        cohort = months.year(month - 6)
        graduates = apportion(GRADUATES[cohort], self._people)
        for town in self._county.towns:
            groups = apportion(vocational[town], {"on_job": 46, "unemployed": 19, "transfer": 35})
            put(cells, town, {
                "D07": graduates[town], "D08": part(graduates[town], IN_WORK[months.number(month - 6) - 1]),
                "D96": vacancies[town], "D97": seekers[town],
                "D100": disputes[town], "D101": part(disputes[town], 9200),
                **{f"D13g[{group}]": count for group, count in groups.items()},
            })  # fmt: skip

    def _unemployed(self, month: int, cells: Month) -> None:
        """期末 = 上月末 + 新登记 - 就业 - 退出, held by working out the newly registered last."""
        stock = apportion(UNEMPLOYED.at(month), self._people)
        for town, registered in stock.items():
            before = self._registered.get(town, apportion(UNEMPLOYED.at(FIRST), self._people)[town] + 2)
            out = part(before, 130 + self._chance.randint(0, 60))
            employed = part(before, 650 + 20 * HIRING[months.number(month) - 1] + self._chance.randint(0, 100))
            hired = number(cells, town, "D01")
            put(cells, town, {
                "D04": min(hired, part(employed, 10_600)), "D21": registered,
                "D21a": registered - before + employed + out, "D21b": employed, "D21c": out,
            })  # fmt: skip
        self._registered = stock

    def _insured(self, month: int, cells: Month) -> None:
        sums = self._village_sums(month, cells)
        strangers = apportion(FROM_ELSEWHERE.at(month), self._industry)
        transfers = self._shared(self._month(TRANSFERS, EVEN, month), self._people, 20)
        for town in self._county.towns:
            village = {item: sums[town, item] for item in ("D52", "D32h", "D44", "D42", "D43")}
            own = part(village["D52"], short_of(NOT_INSURED.at(month), self._gap["insured"][town])) - village["D32h"]
            pensioners = village["D44"] - village["D42"] - village["D43"]
            active = own + strangers[town] - pensioners
            paying = part(active, 72 * self._employees[town])
            at_line = part(paying, short_of(BELOW_LINE.at(month), self._gap["line"][town]))
            put(cells, town, {
                "D31[active]": active, "D31[retired]": pensioners, "D31h": own, "D33": transfers[town],
                "D41": pensioners, "D70": paying, "D71": at_line,
            })  # fmt: skip
            cells[town, "D72", ""] = hundredths(paying * (MEAN_BASE.at(month) * self._base[town] // 100))

    def _village_sums(self, month: int, cells: Month) -> Counter[tuple[str, str]]:
        sums: Counter[tuple[str, str]] = Counter()
        for village in self._county.standing(month):
            for item in ("D52", "D32h", "D44", "D42", "D43"):
                sums[village.town, item] += number(cells, village.code, item)
        return sums
