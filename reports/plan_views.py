"""The clause ledger (条款账本): every numbered clause with its indicators, work and data, and back; thin."""

from __future__ import annotations

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.kept import kept
from bureau.language import localized, unit
from bureau.tables_out import table_response
from indicators import calculators, pages
from indicators.models import Clause, Parameter, PlanRevisionNote, Reading, TargetRevision
from indicators.presenters import indicator_row
from indicators.queries import ReadAt
from indicators.shown import shown_indicators
from reports import clause_rows
from reports import plan_page as compose
from tasks.queries import work
from tasks.slips.counted import clauses_of_open


def _ledger(at: ReadAt) -> list[compose.Entry]:
    """The clauses as a tree with what hangs on them."""
    clauses = list(Clause.objects.select_related("plan").order_by("order"))
    undecided = Reading.objects.filter(official=True, decided_on__isnull=True)
    undecided = undecided.annotate(readings=Count("indicator__readings")).filter(readings__gt=1)
    open_ones = frozenset(undecided.values_list("indicator_id", flat=True))
    return compose.entries(clauses, shown_indicators(at), work(), open_ones, clauses_of_open(at.county.pk))


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def plan(request: HttpRequest) -> HttpResponse:
    """The clause ledger; ?lack= shows only what lacks an indicator, a task, data, or a decision."""
    at = pages.reading(request)
    today = clock.today_in(installation_of(request))
    roots = _ledger(at)
    asked = compose.requirements(roots)
    lack = request.GET.get("lack", "")
    lack = lack if lack in compose.LACKS else ""
    here = pages.link(at, "plan")
    found = roots[0].clause.plan if roots else None
    return render(
        request,
        "indicators/plan.html",
        {
            "headline": compose.headline(asked),
            "plan": found,
            "plan_title": localized(found, "title") if found else "",
            "contents": compose.contents(roots),
            "bars": compose.covers(asked),
            "gaps": compose.gaps(asked, here, lack),
            "lack": lack,
            "all_url": here,
            "csv_url": pages.link(at, "plan_csv"),
            "parts": compose.parts(roots, at.query, today, lack),
            "revisions": compose.revisions(*_notes(), at.query),
        },
    )


def _notes() -> tuple[list[PlanRevisionNote], list[TargetRevision]]:
    """The plan's revision notes and what they changed in targets."""
    notes = list(PlanRevisionNote.objects.prefetch_related("clauses"))
    return notes, list(TargetRevision.objects.filter(key__isnull=False).select_related("indicator"))


HEAD = ("clause", "title", "state", "coverage", "indicators", "tasks", "late_tasks", "open_slips", "note")


@require_safe
@requires(Permission.READ_RELEASES)
def plan_csv(request: HttpRequest, ending: str) -> HttpResponse:
    """The ledger as a table: one line a clause that has something to it."""
    at = pages.reading(request)
    today = clock.today_in(installation_of(request))
    lines = [
        (
            one["number"], one["title"], one["state"], one["coverage"],
            " ".join(item["code"] for item in one["indicators"]), " ".join(item["code"] for item in one["work"]),
            one["late_work"], one["slips"], one["note"],
        )
        for part in compose.parts(_ledger(at), at.query, today)
        for one in part["lines"]
    ]  # fmt: skip
    mark = pages.is_demonstration(at, request)
    return table_response(_("方案"), HEAD, lines, ending=ending, demonstration=mark)


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def clause(request: HttpRequest, number: str) -> HttpResponse:
    """One clause: its numbers, indicators, work, parameters, revision notes, and the clauses around it."""
    at = pages.reading(request)
    today = clock.today_in(installation_of(request))
    everything, place = _found(at, number)
    entry = everything[place]
    parameters = list(Parameter.objects.filter(clause=entry.clause, in_use=True))
    names = _names(everything, parameters)
    parent = next((one for one in everything if entry in one.children), None)
    notes, changes = _notes()
    own = [note for note in notes if entry.clause in note.clauses.all()]
    return render(
        request,
        "indicators/clause.html",
        {
            "breadcrumb": [
                {"label": _("方案"), "url": pages.link(at, "plan")},
                *([_step(at, parent)] if parent else []),
                {"label": entry.clause.number, "url": ""},
            ],
            "clause": compose.line(entry, at.query, today, asks=bool(entry.shown or entry.work or not entry.children)),
            "facts": compose.facts(entry.clause, names),
            "indicators": [indicator_row(one, at.query) for one in entry.shown],
            "csv_url": pages.link(at, "clause_csv", entry.clause.number),
            "calculators": calculators.of_parameters(one.code for one in parameters),
            "parameters": [
                {
                    "code": one.code,
                    "name": one.name,
                    "value": f"{one.value.normalize():,f}",
                    "unit": unit(one.unit),
                    "from": one.valid_from.isoformat(),
                    "source": one.source,
                }
                for one in parameters
            ],
            "revisions": compose.revisions(own, changes, at.query),
            "children": [_step(at, one) for one in entry.children],
            "before": _step(at, everything[place - 1]) if place else None,
            "after": _step(at, everything[place + 1]) if place + 1 < len(everything) else None,
        },
    )


def _step(at: ReadAt, entry: compose.Entry) -> dict:
    return {
        "label": f"{entry.clause.number} {localized(entry.clause, 'title')}",
        "url": pages.link(at, "clause", entry.clause.number),
    }


def _found(at: ReadAt, number: str) -> tuple[list[compose.Entry], int]:
    """Every clause in order, and the place of the one asked for; 404 where there is none."""
    everything = [one for root in _ledger(at) for one in compose.everything(root)]
    place = next((index for index, one in enumerate(everything) if one.clause.number == number), None)
    if place is None:
        raise Http404
    return everything, place


def _names(everything: list[compose.Entry], parameters: list[Parameter]) -> dict[str, str]:
    names = {one.indicator.code: localized(one.indicator) for above in everything for one in above.shown}
    return names | {one.code: one.name for one in parameters}


@require_safe
@requires(Permission.READ_RELEASES)
def clause_table(request: HttpRequest, number: str, ending: str) -> HttpResponse:
    """What hangs on a clause, a line each: its numbers, indicators with their data items, work, parameters."""
    at = pages.reading(request)
    everything, place = _found(at, number)
    entry = everything[place]
    parameters = list(Parameter.objects.filter(clause=entry.clause, in_use=True))
    told = clause_rows.Told(
        facts=compose.facts(entry.clause, _names(everything, parameters)),
        items=clause_rows.items_of(entry.shown),
        parameters=parameters,
    )
    head, lines = clause_rows.rows(entry, told, clock.today_in(installation_of(request)))
    mark = pages.is_demonstration(at, request)
    return table_response(_("条款 %(n)s") % {"n": number}, head, lines, ending=ending, demonstration=mark)
