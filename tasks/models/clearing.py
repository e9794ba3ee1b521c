"""When what is left of a target that knows no exception will be done (清零承诺), as those who must do it say."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.models import Area
from indicators.models import Indicator


class ClearingPromise(models.Model):
    """The day by which a place will have nothing left of an indicator, who answers for it and why it is not done yet.

    One row a place and indicator: the last that was promised. What stood before is in the audit trail.
    """

    county = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("县"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="promises", verbose_name=_("指标"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="promises", verbose_name=_("地方"))
    promised_on = models.DateField(_("承诺日期"))
    owner = models.CharField(_("责任人"), max_length=40)
    reason = models.CharField(_("未完成的原因"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("清零承诺")
        ordering = ["indicator", "area"]
        constraints = [models.UniqueConstraint(fields=["indicator", "area"], name="promise_once_a_place")]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.area.code}"
