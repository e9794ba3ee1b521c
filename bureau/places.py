"""The area tree of a county month by month: who is valid, under whom, and which places an item expects figures from.

Plain data read once from the spans; used by roll-up, evaluation, templates and checks.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from bureau.language import localized
from bureau.models import Area, AreaSpan


@dataclass(frozen=True)
class Place:
    """A place as it is in some month."""

    id: int
    code: str
    number: int
    level: str
    name: str
    kind: str
    urban: bool
    parent: int | None
    name_en: str = ""

    @property
    def label(self) -> str:
        """Its name in the reader's language; `name` is the one documents and workbooks know."""
        return localized(self)


class Tree:
    """All places of one county with their spans."""

    def __init__(self, county_id: int) -> None:
        self.county_id = county_id
        rows = AreaSpan.objects.filter(area__county_id=county_id).order_by("area__code", "from_month").values_list(
            "area_id", "area__code", "area__number", "area__level", "name", "kind", "urban", "parent_id", "name_en",
            "from_month", "to_month",
        )  # fmt: skip
        self._spans = [(Place(*row[:9]), row[9], row[10]) for row in rows]
        self.levels = {place.id: place.level for place, _, _ in self._spans}
        self.numbers = {place.id: place.number for place, _, _ in self._spans}
        self.by_number = {place.number: place.id for place, _, _ in self._spans}
        self.codes = {place.id: place.code for place, _, _ in self._spans}
        self.names = {place.id: place.name for place, _, _ in self._spans}
        self.first_month = min((start for _, start, _ in self._spans), default=0)
        self._months: dict[int, dict[int, Place]] = {}
        self._expected: dict[tuple, dict[int, int]] = {}

    def valid(self, month: int) -> dict[int, Place]:
        """The places that exist in `month`, by id, in order of code."""
        if month not in self._months:
            self._months[month] = {
                place.id: place for place, start, end in self._spans if start <= month and (end is None or month <= end)
            }
        return self._months[month]

    def last_of(self, code: str) -> Place | None:
        """The place of that code in the last span it has; None where there is none."""
        return next((place for place, _, _ in reversed(self._spans) if place.code == code), None)

    @property
    def stores(self) -> list[int]:
        """The areas that hold roll-ups: the county first, then every town that ever was, in order of code."""
        towns = dict.fromkeys(place.id for place, _, _ in self._spans if place.level == Area.Level.TOWN)
        return [self.county_id, *towns]

    def store(self, area_id: int, month: int) -> int | None:
        """The lowest area with roll-ups at or above the place in `month`; None where it does not exist then."""
        place = self.valid(month).get(area_id)
        if place is None:
            return None
        return place.parent if place.level == Area.Level.VILLAGE else place.id

    def towns(self, month: int) -> list[Place]:
        return [place for place in self.valid(month).values() if place.level == Area.Level.TOWN]

    def villages(self, town_id: int, month: int) -> list[Place]:
        return [place for place in self.valid(month).values() if place.parent == town_id]

    def ever_below(self, town_id: int) -> list[int]:
        """The villages a town has or had, in order of code."""
        return list(dict.fromkeys(place.id for place, _, _ in self._spans if place.parent == town_id))

    def expected(self, levels: Collection[str], month: int) -> dict[int, int]:
        """For each store, the bit set of the numbers of places at `levels` at or below it in `month`."""
        key = (frozenset(levels), month)
        if key not in self._expected:
            sets = dict.fromkeys(self.stores, 0)
            for place in self.valid(month).values():
                if place.level in key[0]:
                    bit = 1 << place.number
                    sets[self.county_id] |= bit
                    if place.level != Area.Level.COUNTY:
                        sets[self.store(place.id, month)] |= bit
            self._expected[key] = sets
        return self._expected[key]

    def at(self, codes: Collection[str]) -> dict[str, int]:
        """Ids of these area codes within the county."""
        return {code: area for area, code in self.codes.items() if code in set(codes)}


def pack(bits: int) -> str:
    """The numbers in a bit set, as the `missing` column keeps them: '3,17', '' for none."""
    numbers = []
    while bits:
        low = bits & -bits
        numbers.append(str(low.bit_length() - 1))
        bits ^= low
    return ",".join(numbers)


def unpack(text: str) -> int:
    """The bit set of a `missing` column."""
    bits = 0
    for number in text.split(",") if text else ():
        bits |= 1 << int(number)
    return bits


def count_by_level(county_id: int, month: int) -> dict[str, int]:
    """How many places of each level the county has in `month`; one query."""
    found = AreaSpan.objects.filter(area__county_id=county_id, from_month__lte=month).filter(
        Q(to_month__isnull=True) | Q(to_month__gte=month)
    )
    return dict(found.values_list("area__level").annotate(n=Count("pk")).order_by())
