"""Places and sections. An area is an identity with a code for ever; its name, parent and kind are dated spans."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Area(models.Model):
    """A county, town or village as an identity; `number` is its permanent number in the county (coverage bit sets)."""

    class Level(models.TextChoices):
        COUNTY = "county", _("县")
        TOWN = "town", _("镇（街道）")
        VILLAGE = "village", _("村（社区）")

    code = models.CharField(_("区划代码"), max_length=12, unique=True)
    level = models.CharField(_("层级"), max_length=8, choices=Level)
    county = models.ForeignKey("self", models.PROTECT, null=True, related_name="places", verbose_name=_("所属县"))
    number = models.PositiveSmallIntegerField(_("县内序号"))

    class Meta:
        verbose_name = verbose_name_plural = _("区划")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="area_number_unique_in_county"),
            models.CheckConstraint(
                condition=Q(level="county") | Q(county__isnull=False), name="area_below_county_has_one"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def home(self) -> int:
        """The id of the county it lies in; its own for a county."""
        return self.county_id or self.pk


class AreaSpan(models.Model):
    """What an area is called and where it belongs from one month to another (`to_month` included; null while open)."""

    class Kind(models.TextChoices):
        COUNTY = "county", _("县")
        STREET = "street", _("街道")
        TOWN = "town", _("镇")
        VILLAGE = "village", _("行政村")
        COMMUNITY = "community", _("社区")

    area = models.ForeignKey(Area, models.CASCADE, related_name="spans", verbose_name=_("区划"))
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    urban = models.BooleanField(_("城镇"), default=False)
    parent = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("上级"))
    from_month = models.SmallIntegerField(_("起始月"))
    to_month = models.SmallIntegerField(_("截止月"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("区划沿革")
        ordering = ["area__code", "from_month"]
        constraints = [
            models.UniqueConstraint(fields=["area", "from_month"], name="area_span_starts_once"),
            models.UniqueConstraint(fields=["area"], condition=Q(to_month__isnull=True), name="area_span_one_open"),
            models.CheckConstraint(
                condition=Q(to_month__isnull=True) | Q(to_month__gte=F("from_month")), name="area_span_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AreaSuccession(models.Model):
    """One place taking over from another in a month (撤并、更名改码)."""

    old = models.ForeignKey(Area, models.PROTECT, related_name="successors", verbose_name=_("原区划"))
    new = models.ForeignKey(Area, models.PROTECT, related_name="predecessors", verbose_name=_("新区划"))
    month = models.SmallIntegerField(_("变更月"))

    class Meta:
        verbose_name = verbose_name_plural = _("区划承继")
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="area_succession_once")]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class AreaAlias(models.Model):
    """Another spelling of a place's name (区划别名), as old files have it, kept as names.py compares it.

    `within` where it is written so below one town only.
    """

    county = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("所属县"))
    text = models.CharField(_("写法"), max_length=60)
    within = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("限于上级"),
        help_text=_("只在这个镇（街道）之内这样写；不限就留空"),
    )  # fmt: skip
    area = models.ForeignKey(Area, models.PROTECT, related_name="aliases", verbose_name=_("区划"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("认定人")
    )
    at = models.DateTimeField(_("认定时间"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("区划别名")
        ordering = ["text", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "text"], condition=Q(within__isnull=True), name="area_alias_once_in_county"
            ),
            models.UniqueConstraint(
                fields=["county", "within", "text"], condition=Q(within__isnull=False), name="area_alias_once_in_town"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Section(models.Model):
    """A section of the bureau, or another office of the county, that owns forms, indicators or tasks (责任科室)."""

    code = models.SlugField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    standing = models.CharField(_("依据状态"), max_length=10, default="memory")

    class Meta:
        verbose_name = verbose_name_plural = _("科室")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name
