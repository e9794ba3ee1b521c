"""What takes part in the comparison of equality (均等化) and with what weight, where towns lie on the map, and the
values of parts of a place (城、乡、各类人) as they were when a month was released.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.fields import DERIVED_CAP, ValueField
from bureau.models import Area
from indicators.models.catalogue import Indicator
from indicators.models.plan import Standing


class EqualityRole(models.Model):
    """How an indicator counts towards equality: between whom it is compared, and its weight in 实现度."""

    class Kind(models.TextChoices):
        NONE = "none", _("不比较")
        PLACES = "places", _("镇街间、城乡间比较")
        PAIR = "pair", _("两类人比较（分子、分母各为一类人的比率）")

    indicator = models.OneToOneField(Indicator, models.CASCADE, related_name="equality_role", verbose_name=_("指标"))
    kind = models.CharField(_("比较方式"), max_length=8, choices=Kind, default=Kind.NONE)
    pair = models.CharField(_("两类人"), max_length=40, blank=True, help_text=_("先分子后分母，写作 职工 / 居民"))
    pair_en = models.CharField(_("两类人（英文）"), max_length=60, blank=True)
    weight = ValueField(_("实现度权重"), default=Decimal(0), help_text=_("0 为不计入实现度"))
    source = models.CharField(_("权重来源"), max_length=160, blank=True)
    standing = models.CharField(_("依据状态"), max_length=10, choices=Standing, default=Standing.REC)
    amended_at = models.DateTimeField(null=True, editable=False)  # when it last changed: indicators/frozen.py

    class Meta:
        verbose_name = verbose_name_plural = _("均等化比较与权重")
        ordering = ["indicator__order", "indicator__code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gte=0),
                name="equality_weight_not_negative",
                violation_error_message=_("权重不能是负数。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind="pair") | Q(pair__contains="/"),
                name="equality_pair_is_named",
                violation_error_message=_("两类人比较须写明是哪两类人，例如 职工 / 居民。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.indicator)


class Tile(models.Model):
    """Where a town lies on the schematic map (示意图): row 1 in the north, column 1 in the west."""

    area = models.OneToOneField(Area, models.CASCADE, related_name="+", verbose_name=_("镇（街道）"))
    row = models.PositiveSmallIntegerField(_("行（自北向南）"))
    column = models.PositiveSmallIntegerField(_("列（自西向东）"))

    class Meta:
        verbose_name = verbose_name_plural = _("示意图位置")
        ordering = ["row", "column"]
        constraints = [
            models.UniqueConstraint(
                fields=["row", "column"],
                name="tile_place_once",
                violation_error_message=_("这一格已有别的镇（街道）。"),
            ),
            models.CheckConstraint(
                condition=Q(row__range=(1, 6), column__range=(1, 6)),
                name="tile_within_six_by_six",
                violation_error_message=_("行和列须在 1 到 6 之间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.row}-{self.column}"


class PublishedSplit(models.Model):
    """An indicator's value in a part of a place, frozen with a release of `month`; indicators/splits.py makes it.

    `part`: 'urban' and 'rural' of the county and of each town, by what its villages are in that month; else the code of
    a category of the county. Composite key in reading order, no foreign keys, as in results.py.
    """

    pk = models.CompositePrimaryKey("county", "indicator", "reading", "month", "area", "part", "version")
    county = models.IntegerField()
    indicator = models.IntegerField()
    reading = models.SmallIntegerField()
    month = models.SmallIntegerField()
    area = models.IntegerField()
    part = models.CharField(max_length=30)
    numerator = ValueField(null=True, cap=DERIVED_CAP)
    denominator = ValueField(null=True, cap=DERIVED_CAP)
    value = ValueField(null=True, cap=DERIVED_CAP)
    reported = models.SmallIntegerField()
    expected = models.SmallIntegerField()
    version = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.area} {self.indicator} {self.part} {self.month}: {self.value}"
