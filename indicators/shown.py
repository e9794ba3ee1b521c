"""An indicator as pages show it: its official reading in one area at one month, its months before and its target."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bureau.fields import from_units
from bureau.models import Area
from bureau.places import Tree, count_by_level
from bureau.remember import Remembered
from indicators import breaks, frozen
from indicators.analysis.kinds import Comparator, Light, Window
from indicators.models import Indicator, Reading, Target
from indicators.models.plan import Standing
from indicators.queries import Earlier, ReadAt, Row, all_readings, by_reading, narrow_rows, rows

CUMULATIVE = (Window.YEAR.value, Window.PLAN.value)
_targets: Remembered[dict[int, list[Target]]] = Remembered(20)  # of so many places and releases
_places: Remembered[dict[int, str]] = Remembered(50)  # of so many months
PENDING = {Standing.MEMORY, Standing.REC}


@dataclass(frozen=True)
class Shown:
    """An indicator's official reading in one area at one month, with its months before and its target there."""

    reading: Reading
    series: Sequence[Row | Earlier]  # by month, the last is the month shown where it has one; see shown_indicators
    month: int
    target: Target | None
    window: str
    places: dict[int, str]
    area_code: str  # of the county or the town
    breaks: tuple[int, ...] = ()  # months from which the definition changed
    others: tuple[Shown, ...] = ()  # the readings that are not official
    mark: int | None = None  # what is composed of it may be remembered under (bureau/remember.py)

    @property
    def indicator(self) -> Indicator:
        """As the reading measures it, in its own unit."""
        return self.reading.measured

    @property
    def row(self) -> Row | None:
        last = self.series[-1] if self.series else None
        return last if isinstance(last, Row) and last.month == self.month else None

    @property
    def light(self) -> Light:
        return Light(self.row.light) if self.row else Light.NOT_COVERED if self.target else Light.NONE

    @property
    def summing(self) -> bool:
        """A flow judged by completion against schedule."""
        return self.window in CUMULATIVE and self.row is not None and self.row.denominator is None

    @property
    def pending(self) -> bool:
        """Does the indicator or its target rest on more than the plan's own words (待确认)?"""
        standing = {self.indicator.standing, self.target.standing if self.target else self.indicator.standing}
        return bool(standing & set(PENDING))

    @property
    def comparator(self) -> Comparator | None:
        return Comparator(self.target.comparator) if self.target else None

    @property
    def base(self) -> Decimal | None:
        """Where the bullet and the path begin: 0 for a flow, the fixed base of a level, else its first full month."""
        if self.summing or self.comparator in (Comparator.ABOUT, Comparator.DYNAMIC_ZERO):
            return Decimal(0)
        if self.target and self.target.base_value is not None:
            return self.target.base_value
        first = next((row for row in self.series if row.covered and row.value is not None), None)
        return from_units(first.value) if first else None


def shown_indicators(
    at: ReadAt, area: int | None = None, *, narrow: bool = False, only: Collection[int] | None = None
) -> list[Shown]:
    """Every indicator's official reading in the county (or one area) at the month shown; five queries, two of
    them for definitions, which are remembered.

    Its other readings come with it; one query more where a definition changed within the months. `narrow`: of the
    months before only what rows and small pictures are made of. `only`: of these indicators (ids).
    """
    code = at.county.code if area is None else Area.objects.values_list("code", flat=True).get(pk=area)
    area = area or at.county.pk
    every = [one for one in all_readings(at.mark) if only is None or one.indicator_id in only]
    readings = frozen.readings(
        at, [one for one in every if one.official], lambda ids: [one for one in every if one.pk in ids]
    )
    official = {one.pk for one in readings}
    beside: dict[int, list[Reading]] = defaultdict(list)
    for one in every:
        if one.pk not in official:
            beside[one.indicator_id].append(one)
    grouped = by_reading(narrow_rows(at, areas=[area]) if narrow else rows(at, areas=[area], indicators=only))
    targets = _targets.get(at.mark, (area, at.release.pk if at.release else None), lambda: _targets_of(at, area))
    places = _places.get(at.mark, (at.county.pk, at.month, get_language()), lambda: place_words(at))
    series = {one.pk: grouped.get((area, one.indicator_id, one.number), ()) for one in every}
    broken = breaks.of_many(series)

    def of(reading: Reading, others: Sequence[Reading] = ()) -> Shown:
        return Shown(
            reading=reading,
            series=series.get(reading.pk, ()),
            month=at.month or 0,
            target=target_in(targets.get(reading.pk, ()), at.month),
            window=reading.window,
            places=places,
            area_code=code,
            breaks=broken.get(reading.pk, ()),
            others=tuple(of(other) for other in others),
            mark=at.mark,
        )

    return [of(reading, beside[reading.indicator_id]) for reading in readings]


def _targets_of(at: ReadAt, area: int) -> dict[int, list[Target]]:
    """The area's targets by reading, earliest end first; of a release as it has them."""
    found: dict[int, list[Target]] = defaultdict(list)
    for target in frozen.targets(at, Target.objects.filter(area_id=area).order_by("end_month")):
        found[target.reading_id].append(target)
    return found


def target_in(targets: Sequence[Target], month: int | None) -> Target | None:
    """The target whose window holds the month, the earliest to end; else the last."""
    active = [target for target in targets if month is not None and target.start_month <= month <= target.end_month]
    return active[0] if active else (targets[-1] if targets else None)


def place_words(at: ReadAt, tree: Tree | None = None) -> dict[int, str]:
    """How many places go by which word: {9: '镇街', 133: '村', 142: '镇村', 143: '机构', 10: '县镇'}.

    Of the month shown; with a `tree`, of every month up to it, since villages come and go.
    """
    if at.month is None:
        return {}
    if tree is None:
        return _words(count_by_level(at.county.pk, at.month))
    words: dict[int, str] = {}
    for month in range(tree.first_month, at.month + 1):
        words |= _words(Counter(place.level for place in tree.valid(month).values()))
    return words


def _words(found: Mapping[str, int]) -> dict[int, str]:
    towns, villages = found.get(Area.Level.TOWN, 0), found.get(Area.Level.VILLAGE, 0)
    return {
        towns: _("镇街"),
        towns + 1: _("县镇"),
        villages: _("村"),
        towns + villages: _("镇村"),
        towns + villages + 1: _("机构"),
    }


def town_words(tree: Tree, town: int, month: int | None) -> dict[int, str]:
    """The same within one town, of every month up to `month`: {1: '本级', 16: '村', 17: '镇村'}."""
    words = {1: _("本级")}
    for one in range(tree.first_month, (month or 0) + 1):
        villages = len(tree.villages(town, one))
        words |= {villages: _("村"), villages + 1: _("镇村")}
    return words
