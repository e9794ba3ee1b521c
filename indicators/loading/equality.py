"""What takes part in the comparison of equality, with its weight, and the tiles of the map, into their tables."""

from __future__ import annotations

from bureau import clock
from bureau.models import Area
from indicators import models
from indicators.loading.loader import Loader, Wanted
from indicators.loading.rows import Rows
from indicators.plandata import PlanData


def load_equality(loader: Loader, data: PlanData, rows: Rows) -> None:
    """Roles by indicator, tiles by town; what is not loaded (an indicator taken away) is passed over."""
    loader.sync(
        models.EqualityRole,
        (
            Wanted(
                role.indicator,
                {"indicator": rows.indicators[role.indicator]},
                {
                    "kind": role.kind,
                    "pair": role.pair,
                    "pair_en": role.pair_en,
                    "weight": role.weight,
                    "source": role.source if role.weight else "",
                    "standing": role.standing.value,
                },
            )
            for role in data.equality.roles
            if role.indicator in rows.indicators
        ),
        changed=lambda row, _change: models.EqualityRole.objects.filter(pk=row.pk).update(amended_at=clock.now()),
    )
    towns = {area.code: area for area in Area.objects.filter(county=rows.county, level=Area.Level.TOWN)}
    loader.sync(
        models.Tile,
        (
            Wanted(tile.area, {"area": towns[tile.area]}, {"row": tile.row, "column": tile.column})
            for tile in data.equality.tiles
            if tile.area in towns
        ),
    )
