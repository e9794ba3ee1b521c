"""What this installation is: its county, when it went live, the business date, and the counter of data versions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.models.areas import Area


class Installation(models.Model):
    """One row. In real use the business date is empty and the clock is the day itself."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    county = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("县"))
    go_live_month = models.SmallIntegerField(_("上线月"), null=True, blank=True)
    business_date = models.DateField(_("业务日期"), null=True, blank=True)
    demonstration = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("系统设置")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one")]

    def __str__(self) -> str:
        return str(self.county)


class DataVersion(models.Model):
    """A counter per county, raised last in any transaction that changes what a page could show."""

    county = models.OneToOneField(Area, models.CASCADE, primary_key=True, related_name="data_version")
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Changes(models.Model):
    """One row: how many acts on record changed what pages may show (bureau/kept.py); raised with the audit record.

    `every` counts them all; `settled` leaves out entry and review, which no page of a release shows.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    every = models.BigIntegerField(default=0)
    settled = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="changes_have_one_row")]

    def __str__(self) -> str:
        return f"{self.every}/{self.settled}"
