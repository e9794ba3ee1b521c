"""Publishing: the list of releases with their corrections, and the office's form to release a month."""

from __future__ import annotations

import contextlib
from collections import Counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.authorization import Permission, can, requires
from bureau.context import installation_of
from bureau.models import Installation
from indicators import wording
from indicators.analysis.kinds import Light
from indicators.desk import due_submissions
from indicators.entry.workflow import Refused
from indicators.forecast_jobs import forecast_release
from indicators.forms import PublishForm
from indicators.models import PublishedMonth, Submission
from indicators.publish import publish
from indicators.queries import last_live_month
from reports.jobs import build_documents, render_overviews
from tasks.jobs import raise_slips

SHOWN = 60


@requires(Permission.READ_RELEASES)
def releases(request: HttpRequest) -> HttpResponse:
    installation = installation_of(request)
    office = can(request.user, Permission.PUBLISH)
    form = PublishForm(request.POST or None)
    if request.method == "POST":
        if not office:
            raise PermissionDenied
        if form.is_valid():
            try:
                done = publish(
                    installation.county,
                    form.cleaned_data["month"],
                    by=request.user,
                    reason=form.cleaned_data["reason"],
                )
                raise_slips.enqueue()  # first: the overviews count them
                render_overviews.enqueue()
                build_documents.enqueue(done.pk)
                forecast_release.enqueue(done.pk)
                note = {"m": months.label(done.month), "v": done.version}
                messages.success(request, _("已发布 %(m)s第 %(v)d 版。") % note)
                return redirect("releases")
            except Refused as refused:
                form.add_error("reason", str(refused))
    found = listed(installation)
    return render(
        request,
        "reports/releases.html",
        {
            "candidate": _candidate(installation, found, request.GET.get("month")) if office and installation else None,
            "form": form,
            "releases": [_release(one) for one in found],
            "releases_csv": reverse("release_list_csv"),
            "corrections_csv": reverse("correction_list_csv"),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def listed(installation: Installation | None) -> list[PublishedMonth]:
    """The releases that are listed, the last first."""
    if installation is None:
        return []
    found = PublishedMonth.objects.filter(county=installation.county).defer("evidence").select_related("by")
    return list(found[:SHOWN])


def _candidate(installation, found: list[PublishedMonth], asked: str | None) -> dict | None:
    """The month to release next: the one asked for, else the last with approved figures."""
    month = last_live_month(installation.county_id)
    with contextlib.suppress(ValueError):
        month = months.parse(asked) if asked else month
    if month is None:
        return None
    version = max((one.version for one in found if one.month == month), default=0) + 1
    states = Counter(Submission.objects.filter(month=month).values_list("state", flat=True))
    approved = states[Submission.State.APPROVED]
    waiting = sum(states.values()) - approved
    absent = due_submissions(installation.county_id, month) - sum(states.values())
    return {
        "month": months.iso(month),
        "month_label": months.label(month),
        "version": version,
        "can_publish": approved > 0,
        "blocked_text": "" if approved else _("这个月还没有审核过的数"),
        "reason_required": version > 1,
        "reason_label": _("再次发布的理由") if version > 1 else _("说明（可不填）"),
        "checks": [
            {"light": int(Light.ON_COURSE), "text": _("已审核 %(n)d 份") % {"n": approved}},
            {
                "light": int(Light.BEHIND if waiting else Light.ON_COURSE),
                "text": _("已填未审核 %(n)d 份") % {"n": waiting},
            },
            {"light": int(Light.BEHIND if absent else Light.ON_COURSE), "text": _("未填报 %(n)d 份") % {"n": absent}},
        ],
    }


def _release(one: PublishedMonth) -> dict:
    return {
        "url": f"{reverse('overview')}?month={months.iso(one.month)}&version={one.version}",
        "month_label": months.label(one.month),
        "version": one.version,
        "published_on": one.business_date.isoformat(),
        "by": str(one.by),
        "reason": one.reason,
        "corrections": [
            {"text": wording.correction(line), "steps": wording.corrections_of(line)} for line in one.corrections
        ],
        "word_url": reverse("report_word", args=[months.iso(one.month), one.version]),
        "excel_url": reverse("report_annex", args=[months.iso(one.month), one.version]),
    }
