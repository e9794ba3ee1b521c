"""Furniture of the reading pages: the month picker and the note of which release is shown."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from bureau import months
from bureau.context import installation_of
from indicators.queries import ReadAt, read_at


def reading(request: HttpRequest) -> ReadAt:
    """What this request asks to see (?month=&version=); Http404 for what is not there, or before a plan is loaded."""
    installation = installation_of(request)
    if installation is None:
        raise Http404
    return read_at(installation, request.user, request.GET.get("month"), request.GET.get("version"))


def picker(at: ReadAt, path: str) -> dict | None:
    """The month picker: months released, newest first, with the neighbours of the one shown."""
    if at.month is None or not at.releases:
        return None
    in_order = [release.month for release in at.releases]
    older = next((month for month in in_order if month < at.month), None)
    newer = next((month for month in reversed(in_order) if month > at.month), None)

    def url(month: int | None) -> str:
        return f"{path}?month={months.iso(month)}" if month is not None else ""

    return {
        "month_label": months.label(at.month) + (_("（未发布）") if at.live else ""),
        "prev_url": url(older),
        "next_url": url(newer),
        "options": [
            {"url": url(month), "label": months.label(month), "current": month == at.month and not at.live}
            for month in in_order
        ],
    }


def release_note(at: ReadAt) -> dict | None:
    """Month, version and date of the release shown, as page head and footer print them."""
    if at.release is None:
        return None
    return {
        "month_label": months.label(at.month),
        "version": at.release.version,
        "published_on": at.release.business_date.isoformat(),
        "corrections": len(at.release.corrections),
    }


def empty(at: ReadAt) -> dict | None:
    """What to say where no month has been released yet."""
    if at.month is not None:
        return None
    return {
        "title": _("还没有发布过月份"),
        "text": _("镇（街道）填报、科室审核之后，由办公室在“发布”里发布。"),
        "url": "",
        "url_label": "",
    }
