"""The county's own monthly figures: medical insurance (盐均05) and general (盐均07). Pure and invented."""

from __future__ import annotations

import random
from collections import Counter

from bureau import months
from reports.demonstration.cells import Cell, Month, hundredths, number, put
from reports.demonstration.numbers import EVEN, TRAINING, Curve, part, year_by_month
from reports.demonstration.places import County

# Eligible costs a year in 元, and the share the fund pays, in ten-thousandths.
COSTS = {
    "D61": {2015: 305_418_236, 2016: 318_640_927, 2017: 331_205_714},
    "D63": {2015: 402_760_315, 2016: 431_118_602, 2017: 458_330_941},
    "D108": {2015: 84_216_330, 2016: 92_804_125, 2017: 101_533_870},
    "D110": {2015: 251_902_447, 2016: 255_316_808, 2017: 257_440_196},
}
PAID = {
    "D62": Curve({"2015-01": 6195, "2016-01": 6530, "2017-01": 6850, "2017-07": 6940}),
    "D64": Curve({"2015-01": 8005, "2017-07": 8030}),
    "D109": Curve({"2015-01": 7710, "2017-07": 8060}),
    "D111": Curve({"2015-01": 6020, "2017-07": 5880}),
}
COST_OF = {"D62": "D61", "D64": "D63", "D109": "D108", "D111": "D110"}
INSURED = Curve({"2015-01": 352_300, "2017-07": 358_900})
FUNDING = (10, 10, 20, 20, 20, 30, 30, 30, 30, 30, 30, 30)  # 元 a head paid in since January: three instalments
SUBSIDY_CASES = {2015: 318, 2016: 342, 2017: 356}
SUBSIDY = 684_237  # 分 a case
VISITS = {2015: 4_905_000, 2016: 5_010_000, 2017: 5_080_000}
GRASSROOTS = Curve({"2015-01": 5420, "2017-07": 6030})

SUPPORT = {"insurance": 210, "training": 165, "post": 118, "interest": 74}  # 万元 a year
EMPLOYED = Curve({"2015-01": 110_400, "2017-07": 114_100})
PENSION = {  # 分 a month, raised each January
    "employee": {2015: 236_800, 2016: 252_100, 2017: 265_900},
    "resident": {2015: 16_500, 2016: 18_000, 2017: 19_500},
    "land": {2015: 58_000, 2016: 61_500, 2017: 65_000},
}
STAFF_TRAINING = {2015: 640, 2016: 720, 2017: 760}
GENERAL = {
    "D87": Curve({"2015-01": 31, "2017-07": 53}),
    "D88": Curve({"2015-01": 84, "2017-07": 121}),
    "D89": Curve({"2015-01": 208, "2017-07": 216}),
    "D89a": Curve({"2015-01": 61, "2017-07": 171}),
}
AWARE = {2015: 8350, 2016: 8690, 2017: 8920}


class CountyFigures:
    """Writes the county's cells of one month after another; what is typed cumulative starts anew each January."""

    def __init__(self, county: County, chance: random.Random) -> None:
        self._county, self._chance = county, chance

    def write(self, month: int, cells: Month) -> None:
        """All cells of the county in `month`; those of villages and towns must be there."""
        self._medical(month, cells)
        self._serious_illness(month, cells)
        self._general(month, cells)
        self._pensions(month, cells)

    def _since_january(self, years: dict[int, int], month: int) -> int:
        return sum(year_by_month(years[months.year(month)], EVEN)[: months.number(month)])

    def _medical(self, month: int, cells: Month) -> None:
        for item, years in COSTS.items():
            cells[self._county.code, item, ""] = hundredths(self._since_january(years, month) * 100)
        for item, curve in PAID.items():
            cost = self._since_january(COSTS[COST_OF[item]], month) * 100
            cells[self._county.code, item, ""] = hundredths(part(cost, curve.at(month)))
        visits = year_by_month(VISITS[months.year(month)], EVEN)[months.number(month) - 1]
        put(cells, self._county.code, {"D106": part(visits, GRASSROOTS.at(month)), "D107": visits})
        if months.number(month) == 2:  # the festival month's visits are settled late
            for item in ("D106", "D107"):
                cells[self._county.code, item, ""] = Cell(cells[self._county.code, item, ""].value, "estimate")

    def _serious_illness(self, month: int, cells: Month) -> None:
        insured, cases = INSURED.at(month), self._since_january(SUBSIDY_CASES, month)
        pending = 0 if months.number(month) % 3 == 0 else 1 + months.number(month) % 2
        cells[self._county.code, "D65", ""] = hundredths(insured * FUNDING[months.number(month) - 1] * 100)
        put(cells, self._county.code, {"D66": insured, "D67": cases, "D68": cases - pending})
        cells[self._county.code, "D69", ""] = hundredths((cases - pending) * SUBSIDY)

    def _general(self, month: int, cells: Month) -> None:
        year, place = months.year(month), months.number(month) - 1
        for kind, total in SUPPORT.items():
            spent = year_by_month(total * 100, TRAINING)[place] * (95 + self._chance.randint(0, 10)) // 100
            cells[self._county.code, "D16", kind] = hundredths(spent)
        arbitration, inspection = 15 + self._chance.randint(0, 8), 9 + self._chance.randint(0, 6)
        asked = 100 * (place + 1)
        put(cells, self._county.code, {
            "D20": EMPLOYED.at(month), "D81": 1, "D86": year_by_month(STAFF_TRAINING[year], TRAINING)[place],
            **{item: curve.at(month) for item, curve in GENERAL.items()},
            "D98": part(asked, AWARE[year]), "D99": asked,
            "D102": arbitration, "D103": arbitration - self._chance.randint(0, 1),
            "D104": inspection, "D105": inspection - self._chance.randint(0, 1),
        })  # fmt: skip

    def _pensions(self, month: int, cells: Month) -> None:
        """What was paid is what those drawing each pension at the month's end are due."""
        drawing: Counter[str] = Counter()
        for town in self._county.towns:
            drawing["employee"] += number(cells, town, "D41")
        for village in self._county.standing(month):
            drawing["resident"] += number(cells, village.code, "D42")
            drawing["land"] += number(cells, village.code, "D43")
        for scheme, years in PENSION.items():
            cells[self._county.code, "D48", scheme] = hundredths(drawing[scheme] * years[months.year(month)])
