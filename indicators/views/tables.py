"""Tables of pages that had no file of their own, each as CSV and as a workbook; thin.

Each asks the same rights and narrows to the same scope as the page it belongs to, by the page's own functions.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock, months
from bureau.authorization import Permission, requires, scope
from bureau.context import installation_of
from bureau.places import Tree
from bureau.tables_out import table_response
from indicators import access, area_page, matrix_page, pages, queries, review_pages, span_pages, trace_page
from indicators import table_rows as rows
from indicators.trace import Trace
from indicators.views import history, spans, targets


@require_safe
@requires(Permission.READ_RELEASES)
def area_list_table(request: HttpRequest, ending: str) -> HttpResponse:
    """The towns of the month with their key indicators."""
    at = pages.reading(request)
    tree = Tree(at.county.pk)
    readings = queries.official_readings(core=True, at=at)
    found = queries.by_reading(queries.rows(at, areas=tree.stores, month=at.month)) if at.month is not None else {}
    head, lines = rows.towns(at, tree, area_page.key_indicators(found, readings, at), found)
    mark = pages.is_demonstration(at, request)
    return table_response(_named(_("镇街主要指标"), at.month), head, lines, ending=ending, demonstration=mark)


@require_safe
@requires(Permission.READ_RELEASES)
def matrix_table(request: HttpRequest, ending: str) -> HttpResponse:
    """?domain= narrows the columns, as on the page."""
    at = pages.reading(request)
    if at.month is None:
        raise Http404
    found = matrix_page.gather(at, matrix_page.Chosen(domain=request.GET.get("domain", "")))
    head, lines = rows.matrix(found)
    mark = pages.is_demonstration(at, request)
    return table_response(_named(_("镇街指标矩阵"), at.month), head, lines, ending=ending, demonstration=mark)


@require_safe
@requires(Permission.READ_RELEASES)
def area_table(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """One town's indicators beside the county's."""
    at = pages.reading(request)
    tree = Tree(at.county.pk)
    town = area_page.town_of(tree, code, at.month)
    if town is None:
        raise Http404
    lines = rows.town(area_page.pairs(at, tree, town.id))
    mark = pages.is_demonstration(at, request)
    return table_response(_named(town.label, at.month), rows.town_head(), lines, ending=ending, demonstration=mark)


@require_safe
@requires(Permission.READ_RELEASES)
def villages_table(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """What each village of a town reported in the month, and what not."""
    at = pages.reading(request)
    tree = Tree(at.county.pk)
    town = area_page.town_of(tree, code, at.month)
    if town is None:
        raise Http404
    names = ("name", "reported", "word", "note")
    lines = [[line[name] for name in names] for line in area_page.villages(at, tree, town.id)]
    head = [_("村（社区）"), _("报送"), _("状态"), _("未报")]
    name = _named(_("%(t)s村（社区）") % {"t": town.label}, at.month)
    return table_response(name, head, lines, ending=ending, demonstration=pages.is_demonstration(at, request))


@require_safe
@requires(Permission.READ_RELEASES)
def trace_table(request: HttpRequest, code: str, area: str, ending: str) -> HttpResponse:
    """Where a value comes from, line by line."""
    at = pages.reading(request)
    found = Trace(at, request.user, code, area)
    head, lines = rows.traced(trace_page.formula(found), trace_page.sources(found))
    name = f"{code}-{area}-{months.iso(found.month)}"
    return table_response(name, head, lines, ending=ending, demonstration=pages.is_demonstration(at, request))


@require_safe
@requires(Permission.READ_RELEASES)
def target_list_table(request: HttpRequest, ending: str) -> HttpResponse:
    found = targets.known_on(request)
    head, lines = rows.targets(found.county, found.here)
    return _here(request, f"{_('目标')}-{found.on.isoformat()}", head, lines, ending)


@require_safe
@requires(Permission.READ_RELEASES)
def target_revisions_table(request: HttpRequest, ending: str) -> HttpResponse:
    found = targets.known_on(request)
    head, lines = rows.revisions(found.ledger, found.names)
    return _here(request, f"{_('目标修订')}-{found.on.isoformat()}", head, lines, ending)


@require_safe
@requires(Permission.READ_SUBMISSIONS)
def span_list_table(request: HttpRequest, ending: str) -> HttpResponse:
    installation = installation_of(request)
    if installation is None:
        raise Http404
    found = list(access.visible_spans(request.user)[: spans.MOST_LISTED])
    head, lines = rows.spans(span_pages.rows(found, Tree(installation.county_id)), found)
    return _here(request, _today(request, _("补录合计")), head, lines, ending)


@require_safe
@requires(Permission.REVIEW)
def review_list_table(request: HttpRequest, ending: str) -> HttpResponse:
    """What waits for the section, as the page lists it."""
    found = review_pages.waiting_groups(request.user, scope(request.user, Permission.REVIEW).sections)
    head, lines = rows.waiting(found["groups"])
    return _here(request, _today(request, _("待审报表")), head, lines, ending)


@require_safe
def figure_history_table(request: HttpRequest, item: str, area: str, month: str, ending: str) -> HttpResponse:
    """Who may see the page may have its table, nobody else: history.asked answers 403 and 404."""
    found = history.asked(request, item, area, month)
    revisions, _older = history.revised(found)
    head, lines = rows.history(revisions)
    return _here(request, f"{found.item.code}-{found.place.code}-{months.iso(found.month)}", head, lines, ending)


def _named(name: str, month: int | None) -> str:
    return f"{name}-{months.iso(month) if month is not None else ''}"


def _today(request: HttpRequest, name: str) -> str:
    return f"{name}-{clock.today_in(installation_of(request)).isoformat()}"


def _here(request: HttpRequest, name: str, head: rows.Cells, lines: list[rows.Cells], ending: str) -> HttpResponse:
    """A table of what stands now; marked where the installation is a demonstration."""
    here = installation_of(request)
    return table_response(name, head, lines, ending=ending, demonstration=bool(here and here.demonstration))
