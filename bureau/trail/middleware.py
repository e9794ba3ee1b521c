"""Puts on record what signed-in people were refused (403, 404) and what they took away as a file."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse

from bureau import audit, clock
from bureau.models import AuditEvent
from bureau.trail.lines import one_line

log = logging.getLogger(__name__)
REFUSED = (403, 404)
ONCE_IN = timedelta(minutes=10)  # one record a person and address name: a crawler fills no pages
PATH_MOST = 200
RECORDED_BY_ITSELF = frozenset({"audit_export"})


class TrailMiddleware:
    """Looks at each answer to a signed-in person; addresses that lead nowhere at all are nobody's secret."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.resolver_match is not None and request.user.is_authenticated:
            if response.status_code in REFUSED:
                self.refused(request, response.status_code)
            elif response.status_code == 200 and _is_download(request, response):
                self.taken(request)
        return response

    def refused(self, request: HttpRequest, status: int) -> None:
        """Once in ten minutes for one person and one address name. The answer stands even if this cannot be kept."""
        name = request.resolver_match.view_name
        try:
            with transaction.atomic():
                mine = AuditEvent.objects.filter(by=request.user.pk, act="access.refused", object=name)
                if not mine.filter(at__gte=clock.now() - ONCE_IN).exists():
                    audit.record(
                        "access.refused",
                        by=request.user,
                        object=name,
                        detail={"path": _path(request), "method": request.method, "status": status},
                        succeeded=False,
                    )
        except DatabaseError:
            log.exception("a refused request could not be put on record")

    def taken(self, request: HttpRequest) -> None:
        """No record, no file."""
        with transaction.atomic():
            audit.record(
                "file.download", by=request.user, object=request.resolver_match.view_name, detail=_what(request)
            )


def _is_download(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method == "GET"
        and response.headers.get("Content-Disposition", "").startswith("attachment")
        and request.resolver_match.view_name not in RECORDED_BY_ITSELF
    )


def _what(request: HttpRequest) -> dict[str, str]:
    query = one_line(request.META.get("QUERY_STRING", ""), PATH_MOST)
    return {"path": _path(request)} | ({"query": query} if query else {})


def _path(request: HttpRequest) -> str:
    return one_line(request.path, PATH_MOST)
