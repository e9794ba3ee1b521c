"""Furniture of the reading pages: month and version picker, strips above the page, the note of the release shown."""

from __future__ import annotations

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import kept, months
from bureau.authorization import Permission, can
from bureau.context import installation_of
from indicators.models import PublishedMonth
from indicators.queries import LIVE, ReadAt, read_at

NOT_KEPT = ("month", "version", "page")  # of a query when another month is chosen


def reading(request: HttpRequest) -> ReadAt:
    """What this request asks to see (?month=&version=); Http404 for what is not there, or before a plan is loaded.

    The page's picker, strips and release note are left on the request, from which bureau.context gives them to the
    template.
    """
    installation = installation_of(request)
    if installation is None:
        raise Http404
    at = read_at(installation, request.user, request.GET.get("month"), request.GET.get("version"))
    if at.release is not None:
        kept.shows_release(request)
    request.reading = {  # type: ignore[attr-defined]
        "picker": picker(at, request),
        "release": release_note(at),
        "strips": strips(at, request),
    }
    return at


def _url(request: HttpRequest, month: int | None = None, version: int | str | None = None) -> str:
    """This page at another month or version, its filters kept; without a month, at the last released."""
    if not hasattr(request, "_filters"):
        query = request.GET.copy()
        for name in NOT_KEPT:
            query.pop(name, None)
        request._filters = query.urlencode()  # type: ignore[attr-defined]
    named = {"month": None if month is None else months.iso(month), "version": version}
    parts = [request._filters, *(f"{name}={value}" for name, value in named.items() if value is not None)]  # type: ignore[attr-defined]
    return request.path + ("?" + "&".join(filter(None, parts)) if any(parts) else "")


def picker(at: ReadAt, request: HttpRequest) -> dict | None:
    """Months released, newest first, the neighbours of the one shown, and the versions of the one shown."""
    live = can(request.user, Permission.READ_LIVE)
    if at.month is None or not (at.releases or live):
        return None
    in_order = [release.month for release in at.releases]
    older = next((month for month in in_order if month < at.month), None)
    newer = next((month for month in reversed(in_order) if month > at.month), None)
    return {
        "month_label": months.label(at.month) + (_("（未发布）") if at.live else ""),
        "prev_url": _url(request, older) if older is not None else "",
        "next_url": _url(request, newer) if newer is not None else "",
        "options": [
            {"url": _url(request, month), "label": months.label(month), "current": month == at.month and not at.live}
            for month in in_order
        ],
        "versions": _versions(at, request, live),
    }


def _versions(at: ReadAt, request: HttpRequest, live: bool) -> list[dict]:
    found = []
    if len(at.versions_here) > 1:
        found = [
            {
                "url": _url(request, one.month, one.version),
                "label": _("第 %(v)d 版 · %(d)s · 更正 %(n)d 项") % _version_words(one),
                "current": at.release is not None and one.pk == at.release.pk,
            }
            for one in at.versions_here
        ]
    if live:
        found.append({"url": _url(request, None, LIVE), "label": _("未发布的实时数"), "current": at.live})
    return found


def _version_words(release: PublishedMonth) -> dict:
    return {"v": release.version, "d": release.business_date.isoformat(), "n": len(release.corrections)}


def strips(at: ReadAt, request: HttpRequest) -> list[dict]:
    """What stands above a page that does not show the last month released in its last version."""
    newest = at.releases[0] if at.releases else None
    back = {"url": _url(request), "url_label": _("看最近发布的月份")} if newest else {"url": "", "url_label": ""}
    if at.live:
        text = _("%(m)s审核通过、尚未发布的数，随审核变动；领导小组看到的是已发布的月份")
        month = months.label(at.month) if at.month is not None else ""
        return [{"kind": "live", "title": _("未发布"), "text": text % {"m": month}, **back}]
    if at.release is None or newest is None or at.month is None:
        return []
    found = []
    words = {"m": months.label(at.month), "last": months.label(newest.month)}
    if at.month != newest.month:
        text = _("现在看的是 %(m)s，最近发布的是 %(last)s") % words
        found.append({"kind": "older", "title": _("历史月份"), "text": text, **back})
    last = at.versions_here[0] if at.versions_here else at.release
    title = _("第 %(v)d 版") % {"v": at.release.version}
    if last.version != at.release.version:
        found.append(
            {
                "kind": "version",
                "title": title,
                "text": _("%(m)s已有第 %(v)d 版，这一版保留备查") % {"m": words["m"], "v": last.version},
                "url": _url(request, at.month),
                "url_label": _("看最新一版"),
            }
        )
    elif at.release.version > 1:
        found.append(
            {
                "kind": "version",
                "title": title,
                "text": _("%(m)s发布后重新发布过，列出更正 %(n)d 项")
                % {"m": words["m"], "n": len(at.release.corrections)},
                "url": reverse("releases"),
                "url_label": _("更正清单"),
            }
        )
    return found


def link(at: ReadAt, name: str, *args: str, **filters: str) -> str:
    """The address of another reading page at the same month and version, with filters of its own."""
    query = QueryDict(at.query.removeprefix("?"), mutable=True)
    for key, value in filters.items():
        query[key] = value
    return reverse(name, args=args) + (f"?{query.urlencode()}" if query else "")


def is_demonstration(at: ReadAt, request: HttpRequest) -> bool:
    """Are the figures shown invented? A release remembers; live figures are what the installation says."""
    if at.release is not None:
        return at.release.demonstration
    installation = installation_of(request)
    return bool(installation and installation.demonstration)


def release_note(at: ReadAt) -> dict | None:
    """Month, version and date of the release shown, as page head and footer print them."""
    if at.release is None or at.month is None:
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
        "text": _("镇（街道）填报、科室审核之后，由办公室在“发布”里发布；发布后这里才有数。"),
        "url": reverse("plan"),
        "url_label": _("先看方案"),
    }
