"""Finished forecasts, kept so that a page never waits twice for one: written by forecasts.py only, rebuildable."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.fields import ValueField


class KeptForecast(models.Model):
    """The forecast of one reading in one area from one month on, as released (`version`) or live (0).

    `digest` is that of the series and target it was made of: where those have moved on, it is made anew. `bands`: for
    each of analysis.forecast.BANDS its values month by month, in ten-thousandths, so that no float is kept.
    """

    class Method(models.TextChoices):
        DRAWN = "drawn", _("历月抽样")
        SEASONAL = "seasonal", _("季节朴素法")
        ETS = "ets", _("指数平滑")

    pk = models.CompositePrimaryKey("county", "area", "indicator", "reading", "month", "version")
    county = models.IntegerField()
    area = models.IntegerField()
    indicator = models.IntegerField()
    reading = models.SmallIntegerField()
    month = models.SmallIntegerField()
    version = models.SmallIntegerField()
    data_version = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    method = models.CharField(max_length=8, choices=Method)
    last_month = models.SmallIntegerField()
    bands = models.JSONField()
    chance = ValueField()  # of 1
    mase = ValueField(null=True)
    held = models.SmallIntegerField()
    tried = models.SmallIntegerField()
    widening = ValueField()
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.area} {self.indicator} {self.month}: {self.method}"
