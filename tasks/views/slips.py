"""Supervision slips (督办单): the list of all, its CSV, and raising one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from bureau import clock, months
from bureau.authorization import Permission, can, requires
from bureau.context import installation_of
from bureau.kept import kept
from bureau.models import Section
from bureau.places import Tree
from bureau.tables_out import table_response
from indicators import pages
from tasks.models import Slip
from tasks.slips import access as slip_access
from tasks.slips import supervision
from tasks.slips.forms import FilterForm, SlipForm
from tasks.slips.grounds import Ground, ground_of
from tasks.slips.listing import OPEN, Filters, Listing, read, told
from tasks.slips.number import number_of
from tasks.slips.page import MARKS, colour_words
from tasks.slips.table import SlipTable
from tasks.views.acting import acted

PER_PAGE = 25


def _read(request: HttpRequest) -> tuple[Listing, Filters, list[dict]]:
    """Everything this person sees, what is asked for, and the rows that are."""
    here = installation_of(request)
    if here is None:
        raise Http404
    found = read(here.county_id, request.user, clock.today_in(here))
    asked = Filters.of(request.GET, found.owners())
    return found, asked, [row for row in found.rows if asked.matches(row)]


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def slip_list(request: HttpRequest) -> HttpResponse:
    found, asked, rows = _read(request)
    table = SlipTable(rows, today=found.today, empty_text=_("没有你能看到的督办单。"))
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    words = colour_words()
    choices = {
        "state": [(OPEN, _("在办")), *Slip.State.choices],
        "unit": list(found.owners().items()),
        "colour": [(str(shade), word) for shade, word in words.items()],
    }
    chosen = {"state": asked.state, "unit": asked.unit, "colour": asked.colour}
    return render(
        request,
        "tasks/slip_list.html",
        {
            "breadcrumb": [{"label": _("任务与项目"), "url": reverse("task_list")}, {"label": _("督办单"), "url": ""}],
            "headline": found.headline(),
            "counts": [
                {"count": count, "label": word, "light": MARKS[shade], "url": asked.url(request.path, colour=shade)}
                for shade, word in words.items()
                if (count := sum(row["colour"] == shade for row in found.rows))
            ],
            "table": table,
            "filter_form": FilterForm(choices, chosen),
            "hidden": asked.kept,
            "shown_text": _("列出 %(n)d 件，共 %(m)d 件") % {"n": len(rows), "m": len(found.rows)},
            "reset_url": request.path if asked.narrowing else "",
            "csv_url": asked.url(reverse("slip_csv")),
            "new_url": reverse("slip_new") if can(request.user, Permission.SUPERVISE) else "",
            "units": found.units,
        },
    )


@require_safe
@requires(Permission.READ_RELEASES)
def slip_csv(request: HttpRequest, ending: str) -> HttpResponse:
    """The rows of the list as filtered."""
    found, _asked, rows = _read(request)
    head = [
        _("编号"), _("来源"), _("督办事项"), _("立项依据"), _("工作要求"), _("责任单位"), _("立项日期"),
        _("交办日期"), _("办结时限"), _("反馈日期"), _("销号日期"), _("办理环节"), _("状态"),
    ]  # fmt: skip
    name = _("督办单_%(d)s.csv") % {"d": found.today.isoformat()}
    lines = [told(row, found.today) for row in rows]
    mark = installation_of(request).demonstration
    return table_response(name.removesuffix(".csv"), head, lines, ending=ending, demonstration=mark)


def slip_form(request: HttpRequest, kind: type[SlipForm], data, **options) -> SlipForm:
    """The form of a slip with the units this person may press."""
    here = installation_of(request)
    sections, month = list(Section.objects.all()), months.of(clock.today_in(here))
    everywhere = slip_access.Reach.of(request.user).presses.everywhere
    towns = Tree(here.county_id).towns(month) if everywhere else []
    return kind(sections, slip_access.owners(request.user, sections), towns, data, **options)


@requires(Permission.SUPERVISE)
def slip_new(request: HttpRequest) -> HttpResponse:
    """Raise a slip; ?indicator=&month=, ?decision=, ?task= or ?milestone= say on what ground."""
    at = pages.reading(request)
    today = clock.today_in(installation_of(request))
    ground = ground_of(request.GET, at, request.user, today)
    form = slip_form(request, SlipForm, request.POST if request.method == "POST" else None, initial=ground.initial)
    status = 200
    if request.method == "POST":
        done, status = acted(form, lambda: _raise(request, ground, form))
        if done:
            return done
    return render(
        request,
        "tasks/slip_new.html",
        {
            "breadcrumb": [
                {"label": _("督办单"), "url": reverse("slip_list")},
                {"label": _("新立督办"), "url": ""},
            ],
            "about": ground.about,
            "origin": str(ground.origin.label),
            "form": form,
            "back_url": ground.back_url,
        },
        status=status,
    )


def _raise(request: HttpRequest, ground: Ground, form: SlipForm) -> HttpResponse:
    wanted = form.wanted(month=ground.month, work=ground.work, milestone=ground.milestone)
    made = supervision.raise_slip(wanted, by=request.user, origin=ground.origin, decision=ground.decision)
    messages.success(request, _("已立项：%(n)s。签发交办以后，责任单位才看到。") % {"n": number_of(made)})
    return redirect("slip", made.pk)
