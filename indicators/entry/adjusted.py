"""What reviewers added to typed values (审核调整), by the value it was made upon: it falls with that value.

Every reader of a submission's content asks here: the digest a reviewer approves by, the approval, the sheet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import BigIntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from bureau.fields import raw
from indicators.models import Adjustment

SOURCE = "adjustment"  # of the revision that carries one
BATCH = 400


def added() -> Coalesce:
    """What is to be added to each entry of a query, in ten-thousandths: for annotate(), without another query."""
    upon = {name: OuterRef(name) for name in ("area", "item", "category")}
    lines = Adjustment.objects.filter(submission=OuterRef("submission_id"), typed=OuterRef("value"), **upon)
    total = lines.order_by().values("submission").annotate(total=Sum(raw("amount"))).values("total")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), 0)


Upon = tuple[int, int, int, int, int | None]
"""Submission, area, item, category, and the typed value in ten-thousandths."""


def amounts(submissions: Sequence[int]) -> dict[Upon, int]:
    """What is to be added to each typed value, in ten-thousandths; lines on one value add up."""
    found: dict[Upon, int] = defaultdict(int)
    for start in range(0, len(submissions), BATCH):
        rows = Adjustment.objects.filter(submission__in=submissions[start : start + BATCH])
        rows = rows.annotate(upon=raw("typed"), units=raw("amount")).order_by()
        for *upon, units in rows.values_list("submission", "area", "item", "category", "upon", "units"):
            found[tuple(upon)] += units
    return {upon: units for upon, units in found.items() if units}


def carry(wanted: dict[tuple, tuple], county: int, month_of: Mapping[int, int]) -> None:
    """Put the adjusted values into `wanted` (approval's entries: key → units, state, submission, person, source)."""
    for (submission, area, item, category, typed), amount in amounts(list(month_of)).items():
        key = (county, area, item, category, month_of[submission])
        units, state, of, person, _source = wanted.get(key, (None,) * 5)
        if of == submission and units == typed and units is not None:
            wanted[key] = (units + amount, state, of, person, SOURCE)
