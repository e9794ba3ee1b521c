"""Work for the background worker: the slips (督办) that rules raise once a month is released."""

from __future__ import annotations

from django_tasks import task

from bureau.installation import current
from tasks.slips.raising import raise_due


@task()
def raise_slips() -> int:
    """Raise what the rules find; how many."""
    here = current()
    return len(raise_due(here)) if here is not None else 0
