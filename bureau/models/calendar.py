"""Days that are not what their weekday says: holidays on weekdays, and weekend days worked instead (调休)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SpecialDay(models.Model):
    """One day of the holiday calendar (节假日). A day without a row is a workday from Monday to Friday."""

    day = models.DateField(_("日期"), unique=True)
    working = models.BooleanField(_("上班"), default=False, help_text=_("勾选为调休上班日，不勾选为放假"))
    name = models.CharField(_("名称"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("节假日")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}".strip()
