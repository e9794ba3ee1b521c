"""补录合计: one total of a flow for several months before go-live, where no finer figures are to be had."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau import months
from bureau.fields import ValueField
from bureau.models import Area
from indicators.models.catalogue import DataItem
from indicators.models.figures import ReportingForm


class SpanTotal(models.Model):
    """The total of an item at an area from its first to its last month; never beside finer figures of the same.

    `form` and `place` say whose it is, as of a submission: the form that asks for the item, the town or county above
    the area. `category` 0: no breakdown.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审核")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("已审核")

    class Source(models.TextChoices):
        YEARBOOK = "yearbook", _("年报")
        LEDGER = "ledger", _("台账")
        SYSTEM = "system", _("业务系统")
        ESTIMATE = "estimate", _("估算")

    form = models.ForeignKey(ReportingForm, models.PROTECT, related_name="+", verbose_name=_("报表"))
    place = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("填报单位"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("地方"))
    item = models.ForeignKey(DataItem, models.PROTECT, related_name="+", verbose_name=_("填报项"))
    category = models.IntegerField(_("类别"), default=0)
    first_month = models.SmallIntegerField(_("起月"))
    last_month = models.SmallIntegerField(_("止月"))
    value = ValueField(_("合计"))
    source = models.CharField(_("数据来源"), max_length=10, choices=Source)
    note = models.TextField(_("依据"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(_("版本"), default=1)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("填报人"))
    entered_at = models.DateTimeField(_("填报时间"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("补录合计")
        ordering = ["-last_month", "item", "area", "category", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(first_month__lt=F("last_month")), name="span_total_of_several_months"),
            models.CheckConstraint(
                condition=~Q(state="approved") | (Q(approved_by__isnull=False) & ~Q(approved_by=F("entered_by"))),
                name="span_total_approved_by_another",
            ),
            models.UniqueConstraint(
                fields=["area", "item", "category", "first_month", "last_month"],
                condition=Q(state="approved"),
                name="span_total_approved_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} {self.area.code} {months.iso(self.first_month)}–{months.iso(self.last_month)}"

    @property
    def is_open(self) -> bool:
        """May it be changed now?"""
        return self.state in (self.State.DRAFT, self.State.RETURNED)


class SpanStep(models.Model):
    """One step of a span total: who, when, what it said then, why."""

    span = models.ForeignKey(SpanTotal, models.CASCADE, related_name="steps")
    act = models.CharField(_("事项"), max_length=20)
    to_state = models.CharField(_("状态"), max_length=10)
    value = ValueField(_("合计"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.act} → {self.to_state}"
