"""Who signed for the figures an indicator is made of: how many sheets and reviewers, when last; as of a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.utils import timezone

from bureau import months
from indicators.analysis.kinds import Window
from indicators.definitions import version_refs
from indicators.models import FormItem, IndicatorVersion, Transition
from reports.proof.source import YEAR, Source


class Signed(NamedTuple):
    """The last approval of one sheet (form × place × month)."""

    submission: int
    place: int
    by: int
    at: datetime


class Approvals:
    """Three queries, however many indicators are asked about."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @cached_property
    def versions(self) -> dict[int, IndicatorVersion]:
        """Every definition a row shown was computed by."""
        rows = (row for one in self.source.shown for shown in (one, *one.others) for row in shown.series)
        return IndicatorVersion.objects.in_bulk({row.definition for row in rows})

    @cached_property
    def _forms(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for code, form in FormItem.objects.values_list("item__code", "form_id"):
            found[code].add(form)
        return found

    @cached_property
    def _signed(self) -> dict[tuple[int, int], list[Signed]]:
        release = self.source.at.release
        steps = Transition.objects.filter(act__in=("approve", "take_back"), submission__month__lte=self.source.month)
        if release is not None:
            steps = steps.filter(at__lte=release.at)
        last: dict[int, tuple[tuple[int, int], Signed]] = {}
        names = (
            "submission_id",
            "submission__form_id",
            "submission__month",
            "submission__place_id",
            "by_id",
            "at",
            "act",
        )
        for submission, form, month, place, by, at, act in steps.order_by("pk").values_list(*names):
            last[submission] = ((form, month), Signed(submission, place, by, at))
            if act == "take_back":
                del last[submission]
        found: dict[tuple[int, int], list[Signed]] = defaultdict(list)
        for key, signed in last.values():
            found[key].append(signed)
        return found

    def items(self, version: IndicatorVersion) -> set[str]:
        """The codes of a definition's data items and parameters."""
        return {ref.code for ref in version_refs(version)}

    def span(self, window: str, month: int) -> tuple[int, int]:
        """The months a value of this window is made of."""
        plan = self.source.plan
        first = {
            Window.YEAR: months.make(months.year(month), 1),
            Window.PLAN: plan.first_month if plan is not None else month,
            Window.TRAILING12: month - YEAR + 1,
        }.get(Window(window), month)
        return first, month

    def told(self, version: IndicatorVersion, month: int, places: Collection[int] | None) -> str:
        """'9份报表，3人审核，最后2017-07-08'; empty where nobody signed. `places`: None for the whole county."""
        forms = {form for code in self.items(version) for form in self._forms.get(code, ())}
        first, last = self.span(version.window, month)
        signed = [
            one
            for form in forms
            for at in range(first, last + 1)
            for one in self._signed.get((form, at), ())
            if places is None or one.place in places
        ]
        if not signed:
            return ""
        people, day = len({one.by for one in signed}), timezone.localdate(max(one.at for one in signed))
        return f"{len(signed)}份报表，{people}人审核，最后{day.isoformat()}"
