"""Which page works out what a clause or an indicator speaks of: the second subsidy, the contribution-base line."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.models import User
from indicators import contribution_base, doings, subsidy_scheme
from indicators.queries import ReadAt
from indicators.shown import Shown

OF_SUBSIDY = ("A13", "A14")  # measured by the clause of the subsidy
OF_BASE = ("A12a", "A12b")


def _subsidy() -> dict:
    return {"url": reverse("subsidy"), "label": _("二次补助计算"), "icon": "list-checks"}


def _base() -> dict:
    return {"url": reverse("contribution_base"), "label": _("缴费基数底线"), "icon": "list-checks"}


def of_parameters(codes: Iterable[str]) -> list[dict]:
    """For a clause with these parameters."""
    known = set(codes)
    found = [_subsidy()] if known & set(subsidy_scheme.THRESHOLDS) else []
    return [*found, *([_base()] if contribution_base.WAGE in known else [])]


def for_indicator(user: User, shown: Shown, at: ReadAt) -> dict | None:
    """On the page of an indicator; whoever reads that page reads these."""
    code = shown.indicator.code
    return _subsidy() if code in OF_SUBSIDY else _base() if code in OF_BASE else None


def register() -> None:
    """Called once, when the app is ready."""
    doings.register("calculators", for_indicator)
