"""Work for the background worker: the forecasts of a month just released."""

from __future__ import annotations

from django_tasks import task

from indicators.forecasts import keep_of_release
from indicators.models import KeptForecast, PublishedMonth


@task()
def forecast_release(release: int) -> int:
    """Make and keep the forecasts of every indicator whose target is still running; how many."""
    return keep_of_release(PublishedMonth.objects.select_related("county").get(pk=release))


def queue_missing() -> bool:
    """Leave the worker the forecasts of the last release, where it has none: a release older than this table."""
    last = PublishedMonth.objects.order_by("-sequence").first()
    if last is None:
        return False
    made = {"county": last.county_id, "month": last.month, "version": last.version}
    if KeptForecast.objects.filter(**made).exists():
        return False
    forecast_release.enqueue(last.pk)
    return True
