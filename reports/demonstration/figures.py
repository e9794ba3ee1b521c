"""All the invented series together: every cell of every month from 2015-01 to 2017-07, by seed. Pure."""

from __future__ import annotations

import random

from bureau import months
from reports.demonstration.cells import Month
from reports.demonstration.county import CountyFigures
from reports.demonstration.places import FIRST, LAST, County, Population
from reports.demonstration.registers import Registers
from reports.demonstration.towns import Towns
from reports.demonstration.villages import Villages

SEED = 20170630  # of the figures everybody sees

# Three villages never reported these two items in the last month released: A04 is not fully covered (数据不全).
UNREPORTED_MONTH = months.make(2017, 6)
UNREPORTED = tuple(
    (village, item, "") for village in ("330424105212", "330424106207", "330424106213") for item in ("D22", "D23")
)


def generate(county: County, seed: int) -> dict[int, Month]:
    """Month → (area, item, category) → cell, for the whole time. The same seed and county give the same figures."""

    def chance(topic: str) -> random.Random:
        return random.Random(f"{seed}/{topic}")

    people = Population(county, chance("people"))
    writers = (
        Villages(county, people, chance("villages")),
        Registers(county, people, chance("registers")),
        Towns(county, chance("towns")),
        CountyFigures(county, chance("county")),
    )
    found: dict[int, Month] = {}
    for month in range(FIRST, LAST + 1):
        cells: Month = {}
        for writer in writers:
            writer.write(month, cells)
        found[month] = cells
    for key in UNREPORTED:
        found[UNREPORTED_MONTH].pop(key, None)
    return found
