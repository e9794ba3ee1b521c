"""The clearing lists (清零清单), their CSV, and the promise for one place of an indicator; thin."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from bureau import clock, months
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.kept import kept
from bureau.language import localized
from bureau.models import Area
from bureau.places import Place, Tree
from bureau.tables_out import table_response
from indicators import clearing as rules
from indicators import pages, queries
from indicators.models import Indicator
from indicators.queries import ReadAt
from indicators.shown import shown_indicators
from tasks import access, promises
from tasks import clearing_page as page
from tasks.forms import DayField, TakeBackForm
from tasks.models import ClearingPromise
from tasks.rules import FEWEST_LETTERS
from tasks.views.acting import acted

WRITERS = (Permission.ENTER, Permission.REVIEW, Permission.REPORT_TASKS, Permission.PUBLISH)


class PromiseForm(forms.Form):
    """By when a place will be done, who answers for it, why it is not done yet."""

    on = DayField(label=gettext_lazy("承诺日期"), error_messages={"required": gettext_lazy("请填承诺日期。")})
    owner = forms.CharField(
        label=gettext_lazy("责任人"), max_length=40, error_messages={"required": gettext_lazy("请写责任人。")}
    )
    reason = forms.CharField(
        label=gettext_lazy("未完成的原因"), max_length=200, min_length=FEWEST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请写明理由。"), "min_length": gettext_lazy("理由至少 5 个字。")},
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)


class WithdrawForm(TakeBackForm):
    """Why a promise is taken back."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)


def _lists(request: HttpRequest, at: ReadAt) -> page.Lists:
    """?indicator= narrows to one; Http404 for one that is none of them."""
    found = rules.clearings(shown_indicators(at)) if at.month is not None else []
    wanted = request.GET.get("indicator", "")
    if wanted:
        found = [one for one in found if one.shown.indicator.code == wanted]
        if not found:
            raise Http404
    return page.read(at, Tree(at.county.pk), found, request.user)


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def clearing(request: HttpRequest) -> HttpResponse:
    """Every target that knows no exception, with what is left of it."""
    at = pages.reading(request)
    lists, today = _lists(request, at), clock.today_in(installation_of(request))
    groups = page.groups(lists, request.user, today)
    late = sum(group["late"] for group in groups)
    return render(
        request,
        "tasks/clearing.html",
        {
            "breadcrumb": [
                {"label": _("指标"), "url": pages.link(at, "indicator_list")},
                {"label": _("清零清单"), "url": ""},
            ],
            "headline": page.headline(lists) if lists.found else [{"text": _("清零清单"), "tone": ""}],
            "late_text": _("%(n)d 项承诺已过期") % {"n": late} if late else "",
            "groups": groups,
            "csv_url": pages.link(at, "clearing_csv"),
            "empty": pages.empty(at) or {"title": _("没有审定数"), "text": _("所需的填报项还没有审核。")},
        },
    )


@require_safe
@requires(Permission.READ_RELEASES)
def clearing_csv(request: HttpRequest, ending: str) -> HttpResponse:
    """Every place that has something left, a line each."""
    at = pages.reading(request)
    month = months.iso(at.month) if at.month is not None else ""
    rows = page.csv_rows(_lists(request, at), request.user, clock.today_in(installation_of(request)), month)
    mark = pages.is_demonstration(at, request)
    return table_response(f"{_('清零清单')}-{month}", page.HEAD, rows, ending=ending, demonstration=mark)


@requires(*WRITERS)
def promise(request: HttpRequest, code: str, area: str) -> HttpResponse:
    """Say by when a place will be done, or take that back."""
    indicator, place, tree, today = _where(request, code, area)
    where = Area.objects.get(pk=place.id)
    standing = promises.standing_at(indicator, where)
    taking_back = request.POST.get("action") == "take_back"
    form = PromiseForm(
        request.POST if request.method == "POST" and not taking_back else None, initial=_initial(standing)
    )
    undo = WithdrawForm(
        request.POST if taking_back else None, initial={"seen": promises.mark(standing)}, auto_id="undo_%s"
    )
    status = 200
    if request.method == "POST":
        chosen = undo if taking_back else form
        done, status = acted(chosen, lambda: _write(request, indicator, where, chosen.cleaned_data, taking_back))
        if done:
            return done
    return render(
        request,
        "tasks/promise.html",
        {
            "breadcrumb": [
                {"label": _("清零清单"), "url": reverse("clearing")},
                {"label": f"{indicator.code} {place.label}", "url": ""},
            ],
            "title": _("%(p)s：%(i)s") % {"p": place.label, "i": localized(indicator)},
            "form": form,
            "undo": undo if standing else None,
            "standing": _told(standing),
            "villages": _villages(indicator, place, tree, months.of(today)),
            "back_url": reverse("clearing"),
        },
        status=status,
    )


def _where(request: HttpRequest, code: str, area: str) -> tuple[Indicator, Place, Tree, date]:
    """The indicator and the place of an address; Http404 where they are not there or not in the writer's scope."""
    here = installation_of(request)
    if here is None:
        raise Http404
    indicator, tree, today = queries.indicator_by_code(code), Tree(here.county_id), clock.today_in(here)
    place = next((one for one in tree.valid(months.of(today)).values() if one.code == area), None)
    if place is None or not access.may_promise(request.user, indicator.section_id, page.town_of(place)):
        raise Http404
    if not rules.is_clearing(indicator, here.county_id):
        raise Http404
    return indicator, place, tree, today


def _initial(standing: ClearingPromise | None) -> dict:
    if standing is None:
        return {"seen": ""}
    return {
        "on": standing.promised_on,
        "owner": standing.owner,
        "reason": standing.reason,
        "seen": promises.mark(standing),
    }


def _told(standing: ClearingPromise | None) -> str:
    if standing is None:
        return ""
    return _("现承诺 %(d)s，责任人 %(o)s；%(by)s登记") % {
        "d": standing.promised_on.isoformat(),
        "o": standing.owner,
        "by": standing.by,
    }


def _villages(indicator: Indicator, place: Place, tree: Tree, month: int) -> list[dict]:
    """The villages of a town, each with its own promise."""
    if place.level != Area.Level.TOWN:
        return []
    below = tree.villages(place.id, month)
    kept = ClearingPromise.objects.filter(indicator=indicator, area__in=[one.id for one in below])
    days = dict(kept.values_list("area", "promised_on"))
    return [
        {
            "name": one.label,
            "url": reverse("clearing_promise", args=[indicator.code, one.code]),
            "promised_on": days[one.id].isoformat() if one.id in days else "",
        }
        for one in below
    ]


def _write(request: HttpRequest, indicator: Indicator, area: Area, typed: dict, taking_back: bool) -> HttpResponse:
    if taking_back:
        promises.withdraw(indicator, area, by=request.user, why=typed["reason"], seen=typed["seen"])
        messages.success(request, _("已撤销承诺。"))
    else:
        promises.promise(
            indicator, area, on=typed["on"], owner=typed["owner"], reason=typed["reason"], by=request.user,
            seen=typed["seen"],
        )  # fmt: skip
        messages.success(request, _("已登记承诺。"))
    return redirect("clearing")
