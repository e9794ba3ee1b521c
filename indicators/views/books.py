"""The template of a form for several places and months (套表): chosen on one page, one workbook to fill."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from bureau import clock, months
from bureau.authorization import Permission, requires, scope
from bureau.context import installation_of
from bureau.exports import content_disposition
from bureau.formfields import MonthField
from bureau.language import localized
from bureau.models import Area, User
from bureau.places import Tree
from indicators.due import Dates
from indicators.entry import books, uploads
from indicators.entry.layout import Sheet
from indicators.entry.refusals import Refused
from indicators.entry.template import write_book
from indicators.models import ReportingForm
from indicators.views.marked import XLSX


class BookForm(forms.Form):
    """Which form, towns and months; within what the person fills whole sheets of."""

    form = forms.ModelChoiceField(
        ReportingForm.objects.none(), label=gettext_lazy("报表"), to_field_name="code", empty_label=None,
        error_messages={"required": gettext_lazy("请选报表。"), "invalid_choice": gettext_lazy("请选报表。")},
    )  # fmt: skip
    place = forms.ModelMultipleChoiceField(
        Area.objects.none(), label=gettext_lazy("镇（街道）"), to_field_name="code", required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("全县一张的报表不用选"),
        error_messages={"invalid_choice": gettext_lazy("请勾选镇（街道）。")},
    )  # fmt: skip
    first = MonthField(label=gettext_lazy("起月"))
    last = MonthField(label=gettext_lazy("止月"))

    def __init__(self, user: User, county: Area, last_month: int, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.county, self.tree, self.last_month = county, Tree(county.pk), last_month
        held = scope(user, Permission.ENTER)
        towns = Area.objects.filter(pk__in=held.areas, level=Area.Level.TOWN).order_by("number")
        own = ReportingForm.objects.filter(submitted_by=ReportingForm.SubmittedBy.COUNTY, section__in=held.sections)
        if towns:
            own |= ReportingForm.objects.filter(submitted_by=ReportingForm.SubmittedBy.TOWN)
        self.fields["form"].queryset = own.order_by("order", "code")
        self.fields["form"].label_from_instance = lambda one: f"{one.number} {localized(one)}"
        self.fields["place"].queryset = towns
        self.fields["place"].label_from_instance = self._named
        if len(towns) < 2:
            del self.fields["place"]
        self.towns = list(towns)

    def _named(self, area: Area) -> str:
        place = self.tree.valid(self.last_month).get(area.pk)
        return place.name if place else area.code

    def clean(self):
        cleaned = super().clean()
        first, last, form = cleaned.get("first"), cleaned.get("last"), cleaned.get("form")
        if first is not None and last is not None and first > last:
            self.add_error("last", _("止月早于起月。"))
        if last is not None and last > self.last_month:
            self.add_error("last", _("%(month)s还没有开始。") % {"month": months.label(last)})
        if form is not None:
            chosen = list(cleaned.get("place", self.towns))
            town_form = form.submitted_by == ReportingForm.SubmittedBy.TOWN
            if town_form and not chosen and "place" not in self.errors:
                self.add_error("place", _("请勾选镇（街道）。"))
            cleaned["places"] = chosen if town_form else [self.county]
        return cleaned


@require_safe
@requires(Permission.ENTER)
def book(request: HttpRequest) -> HttpResponse:
    """The page to choose on; with months in its address, the workbook. For who fills whole sheets."""
    installation = installation_of(request)
    if installation is None:
        raise Http404
    last_month = months.of(clock.today_in(installation))
    asked = "first" in request.GET
    data = {"data": request.GET} if asked else {"initial": _beginning(request, last_month)}
    chosen = BookForm(request.user, installation.county, last_month, **data)
    if not chosen.fields["form"].queryset:
        raise Http404
    if asked and chosen.is_valid():
        found = chosen.cleaned_data
        span = range(found["first"], found["last"] + 1)
        try:
            sheets = books.to_fill(found["form"], found["places"], span, Dates.of(installation), chosen.tree)
            if sheets:
                return _download(sheets, installation.demonstration)
            chosen.add_error(None, _("这些报表都已提交、审核或停止填报，没有要填的。"))
        except Refused as refused:
            chosen.add_error(None, str(refused))
    crumbs = [
        {"label": _("填报"), "url": reverse("desk")},
        {"label": _("导入文件"), "url": reverse("import_file")},
        {"label": _("多月、多地模板"), "url": ""},
    ]
    context = {"breadcrumb": crumbs, "form": chosen, "most": books.MOST_SHEETS}
    return render(request, "indicators/book.html", context, status=422 if asked else 200)


def _beginning(request: HttpRequest, last_month: int) -> dict:
    """What is ticked at first: the sheet one comes from, its year up to its month."""
    try:
        month = months.parse(request.GET.get("month", ""))
    except ValueError:
        month = last_month
    first = months.make(months.year(month), 1)
    return {"form": request.GET.get("form"), "place": request.GET.getlist("place"), "first": first, "last": month}


def _download(sheets: list[Sheet], demonstration: bool) -> HttpResponse:
    response = HttpResponse(write_book(sheets, uploads.template_key(), demonstration), content_type=XLSX)
    first, last = (months.iso(pick(sheet.month for sheet in sheets)) for pick in (min, max))
    places = list(dict.fromkeys(sheet.place_name for sheet in sheets))
    where = places[0] if len(places) == 1 else _("%(n)d个镇（街道）") % {"n": len(places)}
    span = first if first == last else f"{first}_{last}"
    response["Content-Disposition"] = content_disposition(f"{sheets[0].form_number}_{where}_{span}.xlsx")
    return response
