"""The plan's schemes of assessment (考核方案) and their criteria into their tables."""

from __future__ import annotations

from collections.abc import Mapping

from indicators.loading import Loader, Rows, Wanted
from indicators.plandata import PlanData
from tasks.models import Criterion, Scheme, Task

SCHEME = (
    "name", "name_en", "of", "from_year", "excellent", "good", "passing", "least_share", "least_denominator",
)  # fmt: skip
CRITERION = (
    "name", "name_en", "kind", "weight", "full_from", "zero_below", "partial", "step", "late_share", "cap", "veto",
)  # fmt: skip


def load_assessment(loader: Loader, data: PlanData, rows: Rows, tasks: Mapping[str, Task]) -> None:
    """Schemes by code, criteria by scheme and code; what belongs to a scheme taken away is passed over."""
    schemes = loader.sync(
        Scheme,
        (
            Wanted(
                one.code,
                {"county": rows.county, "code": one.code},
                {name: getattr(one, name) for name in SCHEME} | {"standing": one.standing.value},
            )
            for one in data.schemes
        ),
    )
    loader.sync(
        Criterion,
        (
            Wanted(
                f"{scheme.code}.{one.code}",
                {"scheme": schemes[scheme.code], "code": one.code},
                {name: getattr(one, name) for name in CRITERION}
                | {"order": order, "clause": rows.clauses[one.clause], "standing": one.standing.value},
                many={
                    "indicators": rows.numbered(one.indicators),
                    "tasks": [tasks[code] for code in one.tasks if code in tasks],
                },
            )
            for scheme in data.schemes
            if scheme.code in schemes
            for order, one in enumerate(scheme.criteria, start=1)
        ),
    )
