"""The holiday calendar of a year (节假日): shown, downloaded as CSV, replaced by a CSV with a reason."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from bureau import clock, holidays
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.reasons import ReasonField
from bureau.tables_out import table_response

MOST_BYTES = 64 * 1024


class YearForm(forms.Form):
    """A year's calendar and why it changes."""

    file = forms.FileField(
        label=gettext_lazy("当年节假日（CSV）"),
        help_text=gettext_lazy("先下载当年的表，改好再传；整年替换"),
        error_messages={"required": gettext_lazy("请选择一个 CSV 文件。")},
    )
    reason = ReasonField()

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件不能超过 64 kB。"))
        return file


@requires(Permission.MANAGE_SETTINGS)
def workdays(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """The year's days that are not what their weekday says; POST replaces them."""
    year = clock.today_in(installation_of(request)).year if year is None else year
    if not holidays.FIRST_YEAR <= year <= holidays.LAST_YEAR:
        raise Http404
    form = YearForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            days = holidays.parse(form.cleaned_data["file"].read(), year)
            changed = holidays.replace(year, days, by=request.user, reason=form.cleaned_data["reason"])
        except holidays.Refused as refused:
            for line in str(refused).splitlines():
                form.add_error("file", line)
        else:
            told = _("%(y)d 年的节假日改了 %(n)d 天。") % {"y": year, "n": changed}
            messages.success(request, told if changed else _("与现有日历一致，无变化。"))
            return redirect("workdays", year)
    days = holidays.days_of(year)
    return render(
        request,
        "calendar/workdays.html",
        {
            "breadcrumb": [
                {"label": _("设置"), "url": reverse("admin:index")},
                {"label": _("节假日"), "url": reverse("admin:bureau_specialday_changelist")},
                {"label": str(year), "url": ""},
            ],
            "title": _("%(y)d 年节假日") % {"y": year},
            "facts": _facts(days),
            "rows": [
                {
                    "day": one.day.isoformat(),
                    "weekday": date_format(one.day, "D"),
                    "kind": _("上班") if one.working else _("放假"),
                    "name": one.name,
                }
                for one in days
            ],
            "years": [
                {"label": str(one), "url": reverse("workdays", args=[one]), "current": one == year}
                for one in range(year - 2, year + 3)
            ],
            "csv_url": reverse("workdays_csv", args=[year]),
            "form": form,
        },
        status=422 if form.errors else 200,
    )


def _facts(days: list[holidays.Day]) -> list[dict]:
    """What a look at the year should tell: nothing entered, or no weekend worked, as before it is announced."""
    worked = sum(one.working for one in days)
    if not days:
        return [{"text": _("这一年还没有录入，只按周末休息计算"), "tone": "amber"}]
    facts = [{"text": _("放假 %(n)d 天、调休上班 %(m)d 天") % {"n": len(days) - worked, "m": worked}, "tone": ""}]
    if not worked:
        facts.append({"text": _("没有调休上班日：放假安排公布后请核对"), "tone": "amber"})
    return facts


@require_safe
@requires(Permission.MANAGE_SETTINGS)
def workdays_csv(request: HttpRequest, year: int, ending: str) -> HttpResponse:
    if not holidays.FIRST_YEAR <= year <= holidays.LAST_YEAR:
        raise Http404
    head, *days = holidays.csv_rows(year)
    return table_response(f"{_('节假日')}-{year}", head, days, ending=ending, demonstration=False)
