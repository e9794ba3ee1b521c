"""Where a working page's address leads: the month as text, the sheet within the reader's scope, its crumbs."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import clock, months
from bureau.context import installation_of
from indicators import access
from indicators.entry import sheets
from indicators.entry.layout import Sheet
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


def sheet_of(reach: access.Reach) -> tuple[Sheet, sheets.Names]:
    """The rows of the sheet within reach, and the names to write back by; Http404 where there are none."""
    sheet, names = sheets.build(reach.form, reach.place, reach.month, reach.tree, within=reach.read)
    if not sheet.rows:
        raise Http404
    return sheet, names


def writable(reach: access.Reach) -> frozenset[str] | None:
    """The codes of the rows the user may type in, None for all."""
    return None if reach.enter is None else frozenset(reach.tree.codes[pk] for pk in reach.enter)


def owner(request: HttpRequest, reach: access.Reach) -> str:
    """What the signed part of a page belongs to."""
    return f"{' '.join(reach.args)} {request.user.pk}"


def crumbs(reach: access.Reach, last: str) -> list[dict]:
    return [
        {"label": _("填报"), "url": reverse("desk")},
        {"label": reach.form.number, "url": reverse("entry", args=reach.args)},
        {"label": last, "url": ""},
    ]
