"""The plan's own outline into its tables: the plan, clauses, domains, revision notes and dated parameters."""

from __future__ import annotations

from collections.abc import Iterator

from bureau.models import Area
from indicators import deadlines, models
from indicators.loading.loader import Loader, Wanted
from indicators.loading.rows import Rows
from indicators.plandata import PlanData
from indicators.plandata.outline import Clause


def load_plan_row(loader: Loader, data: PlanData, county: Area) -> models.Plan:
    """The plan itself."""
    code = data.plan.code
    return loader.sync(models.Plan, [Wanted(code, {"code": code}, _plan_values(data, county))])[code]


def _plan_values(data: PlanData, county: Area) -> dict:
    outline = data.plan
    return {
        "county": county,
        "title": outline.title,
        "title_en": outline.title_en,
        "issuer": outline.issuer,
        "meeting": outline.meeting,
        "issued_on": outline.issued,
        "first_month": outline.first_month,
        "last_month": outline.last_month,
        "population": outline.population,
    }


def load_outline(loader: Loader, data: PlanData, rows: Rows) -> None:
    """Clauses level by level (a clause points at its parent), then domains, revision notes and parameters."""
    waiting = list(enumerate(data.clauses, start=1))
    while waiting:
        ready = [(order, c) for order, c in waiting if c.parent is None or c.parent in rows.clauses]
        rows.clauses |= loader.sync(models.Clause, (_clause(rows, order, clause) for order, clause in ready))
        rest = [pair for pair in waiting if pair not in ready]
        if len(rest) == len(waiting):
            break
        waiting = rest
    rows.domains = loader.sync(
        models.Domain,
        (
            Wanted(
                domain.code,
                {"plan": rows.plan, "code": domain.code},
                {"name": domain.name, "name_en": domain.name_en, "clause": rows.clauses[domain.clause], "order": order},
            )
            for order, domain in enumerate(data.plan.domains, start=1)
        ),
    )
    loader.sync(
        models.PlanRevisionNote,
        (
            Wanted(
                str(note.number),
                {"plan": rows.plan, "number": str(note.number)},
                {"kind": note.kind, "title": note.title, "summary": note.summary},
                many={"clauses": [rows.clauses[note.clause]]},
            )
            for note in data.plan.revisions
        ),
    )
    loader.sync(models.Parameter, _parameters(data, rows))


def _clause(rows: Rows, order: int, clause: Clause) -> Wanted:
    facts = [
        {"key": fact.key, "value": str(fact.value), "unit": fact.unit, "wording": fact.wording}
        | {"indicators": list(fact.indicators), "parameters": list(fact.parameters)}
        for fact in clause.facts
    ]
    return Wanted(
        clause.number,
        {"plan": rows.plan, "number": clause.number},
        {
            "parent": rows.clauses.get(clause.parent or ""),
            "order": order,
            "title": clause.title,
            "title_en": clause.title_en,
            "summary": clause.summary,
            "facts": facts,
        },
    )


def _parameters(data: PlanData, rows: Rows) -> Iterator[Wanted]:
    for parameter in data.parameters:
        for row in parameter.values:
            yield Wanted(
                f"{parameter.code}/{row.valid_from}/{row.series}",
                {"code": parameter.code, "series": row.series, "valid_from": row.valid_from},
                {
                    "name": parameter.name,
                    "in_use": row.in_use,
                    "unit": parameter.unit,
                    "value": row.value,
                    "refers_to": f"{row.year}年" if row.year else "",
                    "source": row.source,
                    "clause": rows.clauses[parameter.clause],
                    "standing": row.standing.value,
                },
            )


def load_deadlines(loader: Loader, rows: Rows) -> None:
    """The days on which forms are due unless the office says otherwise, from the plan's first month on."""
    rule = deadlines.DEFAULT
    days = {f"{step.value}_day": rule.day(step) for step in deadlines.STEPS}
    wanted = Wanted(
        "default",
        {"from_month": rows.plan.first_month},
        {**days, "at": rule.at, "open_workdays": rule.open_workdays},
    )
    loader.sync(models.DeadlineRule, [wanted])
