"""Around every request: a limit on what is sent, headers that no view sets, and the end of sessions left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from bureau import api, audit, clock
from bureau.addresses import client_address
from bureau.people import passwords, sittings
from bureau.people.sittings import SEEN_AT, SIGNED_IN_AT

GetResponse = Callable[[HttpRequest], HttpResponse]
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation gyroscope magnetometer "
        "microphone midi payment picture-in-picture publickey-credentials-get screen-wake-lock usb xr-spatial-tracking"
    ).split()
)
WITHOUT_PASSWORD_CHANGE = frozenset({"password_change", "login", "logout", "language", "healthz"})
API_PAGE = "api:openapi-view"  # opened by a person, who is led to sign in
STAMP_EVERY = timedelta(minutes=1)  # a stamp is a write, and pages are mostly read


class BodyLimitMiddleware:
    """Refuses a body over BODY_MAX_BYTES (evidence: its own limit) with 413 before a byte of it is read or stored."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        evidence = request.path.startswith(settings.EVIDENCE_PATH)
        limit = settings.EVIDENCE_BODY_MAX_BYTES if evidence else settings.BODY_MAX_BYTES
        if length.isdecimal() and int(length) > limit:
            raise RequestDataTooBig(f"a body of {length} bytes")
        return self.get_response(request)


class HeadersMiddleware:
    """Permissions-Policy everywhere; Cache-Control where a view set none: kept by the reader alone, asked for again.

    Account pages are not kept at all.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path.startswith(("/account/", "/accounts/")):
            add_never_cache_headers(response)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class AuditContextMiddleware:
    """Audit records of this request carry the client's address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.coming_from(client_address(request)):
            return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Everything needs signing in but what says otherwise; a script's request is answered 401, not led to a page."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        if is_program(request):
            return api.refusal(HTTPStatus.UNAUTHORIZED)
        ended = settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty()
        if ended and not getattr(request, "was_told", False):
            messages.info(request, _("登录已结束，请重新登录。"))
        if is_script(request):
            return signed_out(request)
        return super().handle_no_permission(request, view_func)


class SessionLifeMiddleware:
    """Signs out whose session is over, with the reason, and lets who must change his password do nothing else first.

    The request then goes on as an anonymous one, so that the one rule about signing in answers it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not api.by_token(request):
            self.check(request, clock.now())
        return self.get_response(request)

    def check(self, request: HttpRequest, now: datetime) -> None:
        """End the session, or stamp it where the last stamp is a minute old."""
        why, text = sittings.over(request, now)
        if why:
            sittings.cut(request, why)
            messages.info(request, text)
            request.was_told = True
            return
        session = request.session
        if SEEN_AT not in session or now - sittings.moment(session[SEEN_AT]) >= STAMP_EVERY:
            session.stamp({SIGNED_IN_AT: session.get(SIGNED_IN_AT, now.isoformat()), SEEN_AT: now.isoformat()})

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        """Lead who must change his password to that page, whatever he asked for."""
        if not request.user.is_authenticated or request.resolver_match.url_name in WITHOUT_PASSWORD_CHANGE:
            return None
        if not passwords.must_change(request.user):
            return None
        if is_script(request) or is_program(request):
            return JsonResponse(
                {"error": "password", "message": passwords.must_change(request.user)}, status=HTTPStatus.FORBIDDEN
            )
        return redirect("password_change")


def is_script(request: HttpRequest) -> bool:
    """Is this asked by a script of a page (htmx, fetch for JSON), which would swallow a redirect into a fragment?"""
    wanted = request.headers.get("Accept", "")
    return "HX-Request" in request.headers or ("application/json" in wanted and "text/html" not in wanted)


def is_program(request: HttpRequest) -> bool:
    """Is this asked of the API, where an answer is data and never a page?"""
    return api.is_api(request) and request.resolver_match.view_name != API_PAGE


def signed_out(request: HttpRequest) -> HttpResponse:
    """401 for a script: what to say, and where to sign in; what was typed stays on the page."""
    message = _("登录已结束，填写的内容还在这一页。请在新窗口登录后再试一次。")
    url = reverse("login")
    if "HX-Request" in request.headers:
        text = render_to_string("people/signed_out.html", {"message": message, "url": url}, request)
        return HttpResponse(text, status=HTTPStatus.UNAUTHORIZED)
    return JsonResponse({"error": "signed_out", "message": message, "login": url}, status=HTTPStatus.UNAUTHORIZED)
