"""The clause ledger (条款账本): every numbered clause with its indicators and tasks, and back."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.authorization import Permission, requires
from indicators import pages
from indicators.models import Clause, Plan
from indicators.presenters import indicator_row
from indicators.shown import shown_indicators


@requires(Permission.READ_RELEASES)
def plan(request: HttpRequest) -> HttpResponse:
    """The clause ledger (条款账本)."""
    found = Plan.objects.first()
    clauses = list(Clause.objects.filter(plan=found).prefetch_related("indicators").order_by("order"))
    return render(
        request,
        "indicators/plan.html",
        {
            "plan_note": f"{found.issuer} · {found.issued_on.isoformat()} · {found.meeting}" if found else "",
            "clauses": _tree(clauses, None),
        },
    )


def _tree(clauses: list[Clause], parent: int | None) -> list[dict]:
    return [
        {
            "number": clause.number,
            "title": clause.title,
            "url": reverse("clause", args=[clause.number]),
            "summary": clause.summary,
            "state": "",
            "indicators": [
                {"code": one.code, "name": one.name, "url": reverse("indicator", args=[one.code])}
                for one in clause.indicators.all()
            ],
            "children": _tree(clauses, clause.pk),
        }
        for clause in clauses
        if clause.parent_id == parent
    ]


@requires(Permission.READ_RELEASES)
def clause(request: HttpRequest, number: str) -> HttpResponse:
    at = pages.reading(request)
    found = Clause.objects.filter(number=number).prefetch_related("tasks__lead", "projects__lead").first()
    if found is None:
        raise Http404
    here = set(found.indicators.values_list("pk", flat=True))
    rows = [indicator_row(one, at.query) for one in shown_indicators(at) if one.indicator.pk in here]
    work = [*found.tasks.all(), *found.projects.all()]
    return render(
        request,
        "indicators/clause.html",
        {
            "breadcrumb": [{"label": _("方案"), "url": reverse("plan")}, {"label": found.number, "url": ""}],
            "clause": {
                "number": found.number,
                "title": found.title,
                "summary": found.summary,
                "facts": [
                    {"label": fact.get("key", ""), "value": fact.get("value", ""), "unit": fact.get("unit", "")}
                    for fact in found.facts
                ],
            },
            "indicators": rows,
            "tasks": [
                {
                    "name": f"{one.code} {one.name}",
                    "url": reverse("task", args=[one.code]),
                    "note": one.lead.name,
                    "when": one.due_on.isoformat(),
                }
                for one in work
            ],
        },
    )
