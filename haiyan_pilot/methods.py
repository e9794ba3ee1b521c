"""One rule for every address: pages are read by GET and HEAD, forms sent by POST, and nothing else is answered."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

ALLOWED = ["GET", "HEAD", "POST"]


class MethodsMiddleware:
    """405 for PUT, PATCH, DELETE, OPTIONS, TRACE and whatever else, before anything is looked up or asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ALLOWED:
            return HttpResponseNotAllowed(ALLOWED)
        return self.get_response(request)
