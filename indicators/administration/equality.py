"""Settings of equality (均等化): what is compared, the weights of 实现度, the schematic map. The office keeps them."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from bureau.administration import SettingsAdmin
from bureau.models import Area
from indicators.models import EqualityRole, Tile


@admin.register(EqualityRole)
class EqualityRoleAdmin(SettingsAdmin):
    """均等化比较与权重, one row an indicator; never deleted (不比较, weight 0 instead): releases keep theirs."""

    may_delete = False
    fixed = ("indicator",)
    fields = ("indicator", "kind", "pair", "pair_en", "weight", "source", "standing")
    list_display = ("indicator", "kind", "weight", "standing")
    list_select_related = ("indicator",)


@admin.register(Tile)
class TileAdmin(SettingsAdmin):
    """示意图位置, one row a town."""

    fixed = ("area",)
    fields = ("area", "row", "column")
    list_display = ("name", "row", "column")

    def get_field_queryset(self, db, db_field, request):
        """Towns only."""
        found = super().get_field_queryset(db, db_field, request)
        return (found or Area.objects).filter(level=Area.Level.TOWN) if db_field.name == "area" else found

    @admin.display(description=_("镇（街道）"))
    def name(self, tile: Tile) -> str:
        return tile.area.spans.order_by("-from_month").values_list("name", flat=True).first() or tile.area.code
