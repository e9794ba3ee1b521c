"""Targets: the list as known on a date, and the page that divides one among the towns (目标分解)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.authorization import Permission, requires, scope
from bureau.context import installation_of
from bureau.language import localized
from bureau.models import Area
from bureau.places import Tree
from bureau.tables_out import table_response
from indicators import access, definitions, known, sharing
from indicators import share_page as page
from indicators import target_page as listing
from indicators.entry.refusals import Conflict, Refused
from indicators.models import Plan, PublishedMonth, Reading, Target

ACTIONS = ("preview", "save")


@dataclass(frozen=True)
class KnownOn:
    """The county's targets as they were known on a day, and what the list says beside them."""

    on: date
    now: bool
    ledger: known.Ledger
    county: known.Ledger  # the county's own targets alone
    here: listing.Standing
    names: Mapping[int, str]
    form: listing.OnForm
    indicator: str


def known_on(request: HttpRequest) -> KnownOn:
    """Of ?on=, today by default; of one indicator with ?indicator=, Http404 for one there is not."""
    installation = installation_of(request)
    if installation is None:
        raise Http404
    today = clock.today_in(installation)
    form = listing.OnForm({"on": request.GET.get("on") or today.isoformat()}, label_suffix="")
    on = form.cleaned_data["on"] if form.is_valid() else today
    readings = {one.pk: one for one in Reading.objects.select_related("indicator")}
    code = request.GET.get("indicator", "")
    wanted = {one.indicator_id for one in readings.values() if one.indicator.code == code} if code else None
    if code and not wanted:
        raise Http404
    names = Tree(installation.county_id).names
    ledger = known.targets_known(on, indicators=wanted, areas=None)
    county = [one for one in ledger.targets if one.area == installation.county_id]
    now = on >= today
    here = listing.Standing(
        readings,
        Target.objects.filter(area__level=Area.Level.TOWN) if now else (),
        _dividable(request, county, readings) if now else (),
    )
    own = known.Ledger(on, tuple(county), ledger.revisions, ledger.notes)
    return KnownOn(on, now, ledger, own, here, names, form, code)


@require_safe
@requires(Permission.READ_RELEASES)
def target_list(request: HttpRequest) -> HttpResponse:
    """The county's targets as they were known on a day."""
    known_then = known_on(request)
    found = listing.rows(known_then.county, known_then.here)
    query = urlencode({"on": known_then.on.isoformat(), **_of(known_then.indicator)})
    return render(
        request,
        "indicators/target_list.html",
        {
            "headline": [{"text": _("全县目标 %(n)d 个") % {"n": len(found)}, "tone": ""}],
            "on": known_then.on.isoformat(),
            "now": known_then.now,
            "form": known_then.form,
            "indicator": known_then.indicator,
            "csv_url": f"{reverse('target_list_csv')}?{query}",
            "revisions_csv": f"{reverse('target_revisions_csv')}?{query}",
            "all_url": reverse("target_list"),
            "rows": found,
            "history": listing.history(known_then.ledger, known_then.names),
            "notes": listing.notes(known_then.ledger),
        },
        status=200 if known_then.form.is_valid() else 422,
    )


def _of(indicator: str) -> dict[str, str]:
    return {"indicator": indicator} if indicator else {}


def _dividable(request: HttpRequest, county: list[known.Known], readings: dict[int, Reading]) -> set[int]:
    """As access.shareable_targets says, of targets already read."""
    held = scope(request.user, Permission.MANAGE_CATALOGUE)
    return {
        one.of
        for one in county
        if held.everywhere or (one.reading in readings and readings[one.reading].indicator.section_id in held.sections)
    }


@requires(Permission.MANAGE_CATALOGUE)
def target_shares(request: HttpRequest, pk: int) -> HttpResponse:
    """One target of the county; POST previews a division, then saves it."""
    installation = installation_of(request)
    target = access.shareable_targets(request.user).filter(pk=pk).first()
    if installation is None or target is None:
        raise Http404
    tree, plan = Tree(installation.county_id), Plan.objects.get(county=installation.county_id)
    found = sharing.divisible(target, tree, definitions.load(installation.county_id))
    standing = sharing.current(target, found.towns)
    division, status, deciding = None, 200, False
    released = PublishedMonth.objects.filter(county=installation.county_id).aggregate(last=Max("month"))["last"]
    first = page.initial(target, standing, released)
    form = page.ShareForm(found, plan, initial=first)
    if request.method == "POST":
        action, status = request.POST.get("action", "preview"), 422
        if action not in ACTIONS:
            raise SuspiciousOperation("no such act")
        form = page.ShareForm(found, plan, request.POST, deciding=action == "save")
        try:
            division = _proposed(form, target, tree)
            if action == "save" and division is not None and form.is_valid():
                said = form.cleaned_data
                sharing.share([division], by=request.user, reason=said["reason"], seen=said["seen"] or "none")
                messages.success(request, _("已分解到 %(n)d 个镇（街道），并已重算。") % {"n": len(found.towns)})
                return redirect("target_shares", pk)
            if division is not None:
                deciding, shown = True, page.previewed(division, standing, request.POST.get("reason", ""))
                if action == "preview":
                    form, status = page.ShareForm(found, plan, initial=shown, deciding=True), 200
                else:  # only the reason is missing
                    form = page.ShareForm(found, plan, shown, deciding=True)
        except Refused as refused:
            division, deciding = None, False
            form.add_error(None, str(refused))
            status = 409 if isinstance(refused, Conflict) else 422
    return render(
        request,
        "indicators/target_shares.html",
        {
            "breadcrumb": _crumbs(target),
            "title": _("%(name)s：目标分解") % {"name": localized(target.reading.indicator)},
            "facts": page.facts(found),
            "explanation": page.explanation(found),
            "why_not": found.why_not,
            "adds_up": found.adds_up,
            "problem": page.problem(found, standing),
            "form": form,
            "deciding": deciding,
            "table": page.table(found, standing, division) if division or standing else None,
            "told": sharing.told(division) if division else "",
            "csv_url": reverse("target_shares_csv", args=[pk]) if standing and not deciding else "",
        },
        status=status,
    )


def _crumbs(target: Target) -> list[dict]:
    code = target.reading.indicator.code
    return [
        {"label": _("目标"), "url": reverse("target_list")},
        {"label": code, "url": reverse("indicator", args=[code])},
        {"label": _("目标分解"), "url": ""},
    ]


@require_safe
@requires(Permission.MANAGE_CATALOGUE)
def target_shares_table(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The division that stands; what is only previewed is nowhere kept."""
    installation = installation_of(request)
    target = access.shareable_targets(request.user).filter(pk=pk).first()
    if installation is None or target is None:
        raise Http404
    found = sharing.divisible(target, Tree(installation.county_id), definitions.load(installation.county_id))
    head, lines = page.rows(found, sharing.current(target, found.towns))
    name = _("%(name)s：目标分解") % {"name": localized(target.reading.indicator)}
    return table_response(name, head, lines, ending=ending, demonstration=installation.demonstration)


def _proposed(form: page.ShareForm, target: Target, tree: Tree) -> sharing.Division | None:
    """What the form asks for; None where the form itself is wrong. A reason that is missing is told later."""
    form.is_valid()
    if set(form.errors) - {"reason"}:
        return None
    asked = form.cleaned_data
    return sharing.propose(
        target, tree, basis=sharing.Basis(asked["basis"]), month=asked.get("month"), values=form.by_hand
    )
