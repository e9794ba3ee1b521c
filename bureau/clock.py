"""The one clock. Deadlines, days left, phases, overdue and lights ask it; audit and log stamps keep the real time."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from bureau.models import Installation


def now() -> datetime:
    """The real moment, aware; for stamps."""
    return timezone.now()


def today() -> date:
    """The business date (业务日期) where the installation sets one, else the day in Asia/Shanghai."""
    from bureau.installation import current

    return today_in(current())


def today_in(installation: Installation | None) -> date:
    """The same for an installation row already read."""
    if installation is not None and installation.business_date is not None:
        return installation.business_date
    return timezone.localdate()


def moment_in(installation: Installation | None) -> datetime:
    """Now by the business clock, in Asia/Shanghai: the time of day is the real one; deadlines are held against it."""
    here = timezone.localtime()
    if installation is None or installation.business_date is None:
        return here
    day = installation.business_date
    return here.replace(year=day.year, month=day.month, day=day.day)


def real_day() -> date:
    """The day it really is in Asia/Shanghai, whatever the business date; for what binds accounts and grants."""
    return timezone.localdate()
