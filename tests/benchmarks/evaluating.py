"""A county evaluated exactly, and beside it the same in plain floats on arrays (floats.py); then a thousand counties.

43 readings with a target in each of 10 areas, 36 months: 15,480 rows judged. Figures are generated, a new county each
round, so that nothing is remembered from the round before; no database but for the plan's definitions. Processor time,
for the machine may be shared. The thousand come in a stream and what is traced of memory is looked at on the way.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from copy import copy
from decimal import Decimal
from functools import partial
from types import SimpleNamespace

import frame

ROUNDS = 9
STREAM = (100, 1_000)
AREAS, MONTHS, VILLAGES = 10, 36, 14
PLACES = AREAS + (AREAS - 1) * VILLAGES
SHARE_MISSING = 0.01


def main() -> None:
    stream = [int(argument) for argument in sys.argv[1:]] or STREAM
    frame.setup()
    import floats

    from bureau.models import Installation
    from indicators import definitions as definitions_module
    from indicators import evaluate

    county = Installation.objects.get().county_id
    definitions = definitions_module.load(county)
    tree = SimpleNamespace(county_id=county)
    versions = tuple(v for v in definitions.versions if (v.reading_id, county) in definitions.targets)
    _everywhere(definitions, county)

    def exact(panel) -> list[tuple]:
        return evaluate.compute(tree, definitions, versions, SimpleNamespace(build=lambda refs: panel))

    spent: dict[str, list[float]] = {"exact": [], "floats": []}
    for seed in range(ROUNDS + 1):
        panel = _panel(definitions, versions, random.Random(seed))
        figures = floats.world(panel, PLACES)
        gc.collect()
        found, told = {}, {}
        for name, way in (
            ("exact", partial(exact, panel)),
            ("floats", partial(floats.compute, definitions, versions, figures)),
        ):
            begun = time.process_time()
            found[name] = way()
            told[name] = time.process_time() - begun
        if seed:
            for name, seconds in told.items():
                spent[name].append(seconds)
        else:
            _agree(found["exact"], found["floats"])
    medians = {name: statistics.median(seconds) * 1000 for name, seconds in spent.items()}
    size = f"{len(versions)} readings × {MONTHS} months × {AREAS} areas, {len(found['exact']):,} rows"
    print(f"\n## evaluating a county: {size}")
    print("| way | processor ms, median |\n|---|---|")
    for name, milliseconds in medians.items():
        print(f"| {name} | {milliseconds:.0f} |")
    print(f"| ratio | {medians['exact'] / medians['floats']:.2f} |")
    _stream(lambda seed: exact(_panel(definitions, versions, random.Random(seed))), sorted(stream))


def _everywhere(definitions, county: int) -> None:
    """The county's targets for its towns too; a town asks of a flow its own part."""
    for (reading, area), targets in list(definitions.targets.items()):
        for town in range(1, AREAS):
            own = []
            for target in targets:
                one = copy(target)
                one.area_id, one.pk = county + town, target.pk * AREAS + town
                if target.value is not None and target.value > 1_000:
                    one.value = (target.value * (town + 4) / Decimal(81)).quantize(Decimal("0.0001"))
                own.append(one)
            definitions.targets[reading, area + town] = tuple(own)


def _panel(definitions, versions, chance: random.Random):
    """A county's items over its areas × months, generated; some places are missing in some months."""
    import numpy as np

    from bureau.fields import UNITS
    from indicators.analysis.kinds import ItemKind
    from indicators.analysis.panel import Panel
    from indicators.analysis.windows import ItemSeries
    from indicators.definitions import parameter_in

    county = next(iter(definitions.targets))[1]
    first, shape = definitions.plan_start, (AREAS, MONTHS)
    generator = np.random.default_rng(chance.getrandbits(32))
    everywhere = [(1 << PLACES) - 1] + [((1 << VILLAGES) - 1) << (town * VILLAGES) for town in range(AREAS - 1)]
    items, parameters = {}, {}
    for ref in sorted({ref for version in versions for ref in version.refs}, key=str):
        if ref.letter == "W":
            values = (parameter_in(definitions.parameters[ref.code], first + n) for n in range(MONTHS))
            parameters[ref.code] = [None if v is None else (v.numerator, v.denominator) for v in values]
            continue
        item = definitions.items.get(ref.code)
        kind = item.kind if item else ItemKind.STOCK
        monthly = generator.integers(20, 400, shape)
        if kind == ItemKind.STOCK:
            monthly = generator.integers(2_000, 9_000, (AREAS, 1)) + np.cumsum(monthly // 10, axis=1)
        elif kind == ItemKind.YTD:
            for year in range(0, MONTHS, 12):
                monthly[:, year : year + 12] = np.cumsum(monthly[:, year : year + 12], axis=1)
        expected, missing = np.zeros(shape, dtype=object), np.zeros(shape, dtype=object)
        expected[:] = [[bits] * MONTHS for bits in everywhere]
        for area, month in zip(*np.nonzero(generator.random(shape) < SHARE_MISSING), strict=True):
            missing[area, month] = everywhere[area] & chance.getrandbits(PLACES)
        present = generator.random(shape) >= SHARE_MISSING / 4
        items[ref] = ItemSeries(
            kind, np.where(present, monthly * UNITS, 0), present, np.where(present, missing, expected), expected
        )
    return Panel(tuple(range(county, county + AREAS)), first, MONTHS, first, items, parameters)


def _agree(exact: list[tuple], plain: list[tuple]) -> None:
    """Both ways say the same of each area, reading and month, but for what floats cannot tell at a threshold."""
    by_key = {row[:4]: row for row in plain}
    if len(by_key) != len(exact):
        raise SystemExit(f"{len(exact)} rows beside {len(by_key)}")
    differing = 0
    for _, *row in exact:
        other = by_key[tuple(row[:4])]
        for one, two in zip(row[4:], other[4:], strict=True):
            missing = two is None or two != two
            if isinstance(one, str):
                differing += one != two
            elif (one is None) != missing or (one is not None and abs(one - two) > 1 + abs(one) * 1e-9):
                raise SystemExit(f"not the same:\n{row}\n{other}")
    print(f"{len(exact):,} rows are the same, {differing} rules decided otherwise at a threshold by floats")


def _stream(evaluated: Callable[[int], list[tuple]], stops: list[int]) -> None:
    """Counties one after the other, none kept; beside the process' memory what Python holds once a county is done."""
    rows = 0
    begun = time.process_time()
    for number in range(1, stops[-1] + 1):
        rows += len(evaluated(number))
        if number in stops:
            tracemalloc.start()
            evaluated(0)
            held, peak = (size / 2**20 for size in tracemalloc.get_traced_memory())
            tracemalloc.stop()
            print(f"{number:,} counties, {rows:,} rows: {time.process_time() - begun:.0f} s, ", end="")
            print(f"process {_resident():.0f} MB at most so far; ", end="")
            print(f"one more county takes {peak:.1f} MB and leaves {held:.1f}", flush=True)


def _resident() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
