"""Derived tables: written by rollup.py, evaluate.py and publish.py only, rebuildable, never edited.

Composite keys in reading order, no surrogate ids, no foreign keys (docs/adr/0002).
"""

from __future__ import annotations

from django.db import models

from bureau.fields import DERIVED_CAP, ValueField


class RollUpColumns(models.Model):
    """A total over the places at or below an area, with how many reported and the numbers of those absent."""

    county = models.IntegerField()
    area = models.IntegerField()
    item = models.IntegerField()
    category = models.IntegerField()
    month = models.SmallIntegerField()
    total = ValueField(cap=DERIVED_CAP)
    reported = models.SmallIntegerField()
    expected = models.SmallIntegerField()
    missing = models.TextField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.area} {self.item} {self.month}: {self.total}"


class RollUp(RollUpColumns):
    """Live. `category` 0 is the total row, over places whose categories are all there."""

    pk = models.CompositePrimaryKey("county", "area", "item", "category", "month")


class PublishedRollUp(RollUpColumns):
    """Frozen with a release of `month`."""

    pk = models.CompositePrimaryKey("county", "area", "item", "category", "month", "version")
    version = models.SmallIntegerField()


class EvaluationColumns(models.Model):
    """One indicator in one area, reading and month. Numbers in the indicator's unit; completion and schedule in %."""

    county = models.IntegerField()
    area = models.IntegerField()
    indicator = models.IntegerField()
    reading = models.SmallIntegerField()
    month = models.SmallIntegerField()
    numerator = ValueField(null=True, cap=DERIVED_CAP)
    denominator = ValueField(null=True, cap=DERIVED_CAP)
    value = ValueField(null=True, cap=DERIVED_CAP)
    state = models.SmallIntegerField()
    reached = models.BooleanField(null=True)
    month_value = ValueField(null=True, cap=DERIVED_CAP)
    year_to_date = ValueField(null=True, cap=DERIVED_CAP)
    plan_to_date = ValueField(null=True, cap=DERIVED_CAP)
    completion = ValueField(null=True, cap=DERIVED_CAP)
    schedule = ValueField(null=True, cap=DERIVED_CAP)
    path_value = ValueField(null=True, cap=DERIVED_CAP)
    lag = ValueField(null=True, cap=DERIVED_CAP)
    remaining = ValueField(null=True, cap=DERIVED_CAP)
    required = ValueField(null=True, cap=DERIVED_CAP)
    pace3 = ValueField(null=True, cap=DERIVED_CAP)
    pace12 = ValueField(null=True, cap=DERIVED_CAP)
    pressure3 = ValueField(null=True, cap=DERIVED_CAP)
    pressure12 = ValueField(null=True, cap=DERIVED_CAP)
    reported = models.SmallIntegerField()
    expected = models.SmallIntegerField()
    light = models.SmallIntegerField()
    rule = models.CharField(max_length=24)
    target = models.IntegerField(null=True)
    target_value = ValueField(null=True, cap=DERIVED_CAP)
    definition = models.IntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.area} {self.indicator} {self.month}: {self.value}"


class Evaluation(EvaluationColumns):
    """Live. A row exists only where somebody reported an item of the formula there in that month."""

    pk = models.CompositePrimaryKey("county", "area", "indicator", "reading", "month")


class PublishedEvaluation(EvaluationColumns):
    """Frozen with a release of `month`."""

    pk = models.CompositePrimaryKey("county", "area", "indicator", "reading", "month", "version")
    version = models.SmallIntegerField()
