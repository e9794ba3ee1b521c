"""Work for the background worker: the forecasts of a month just released."""

from __future__ import annotations

from django_tasks import task

from indicators.forecasts import keep_of_release
from indicators.models import PublishedMonth


@task()
def forecast_release(release: int) -> int:
    """Make and keep the forecasts of every indicator whose target is still running; how many."""
    return keep_of_release(PublishedMonth.objects.select_related("county").get(pk=release))
