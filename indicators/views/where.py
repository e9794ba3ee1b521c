"""Where a working page's address leads: the month as text, the sheet within the reader's scope, its crumbs."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import clock, months
from bureau.context import installation_of
from indicators import access
from indicators.models import Submission


def month_or_404(text: str) -> int:
    try:
        return months.parse(text)
    except ValueError:
        raise Http404 from None


def reach_of(request: HttpRequest, form: str, place: str, month: str) -> access.Reach:
    """The sheet of these arguments for the person who asks; Http404 outside his scope."""
    last = months.of(clock.today_in(installation_of(request)))
    return access.reach(request.user, form, place, month_or_404(month), last)


def submission_of(reach: access.Reach) -> Submission:
    """The submission, or an unsaved empty one."""
    where = {"form": reach.form, "place": reach.place, "month": reach.month}
    found = Submission.objects.select_related("form", "place").filter(**where).first()
    return found or Submission(**where)


def crumbs(reach: access.Reach, last: str) -> list[dict]:
    return [
        {"label": _("填报"), "url": reverse("desk")},
        {"label": reach.form.number, "url": reverse("entry", args=reach.args)},
        {"label": last, "url": ""},
    ]
