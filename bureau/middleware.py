"""Around every request: a limit on what is sent, headers that no view sets, and the end of sessions left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from bureau import audit, clock

GetResponse = Callable[[HttpRequest], HttpResponse]
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation gyroscope magnetometer "
        "microphone midi payment picture-in-picture publickey-credentials-get screen-wake-lock usb xr-spatial-tracking"
    ).split()
)
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
STAMP_EVERY = timedelta(minutes=1)  # a stamp is a write, and pages are mostly read


class BodyLimitMiddleware:
    """Refuses a body over BODY_MAX_BYTES with 413 before a byte of it is read or stored."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.BODY_MAX_BYTES:
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
        if request.path.startswith("/account/"):
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


class SessionLifeMiddleware:
    """Signs out who did nothing for SESSION_IDLE, and everyone after SESSION_ABSOLUTE.

    The request then goes on as an anonymous one, so that the one rule about signing in answers it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.check(request, clock.now())
        return self.get_response(request)

    def check(self, request: HttpRequest, now: datetime) -> None:
        """End the session, or stamp it where the last stamp is a minute old."""
        session = request.session
        signed_in = _moment(session.get(SIGNED_IN_AT)) or now
        seen = _moment(session.get(SEEN_AT)) or now
        if now - signed_in > settings.SESSION_ABSOLUTE or now - seen > settings.SESSION_IDLE:
            logout(request)
            messages.info(request, _("长时间没有操作，已自动退出，请重新登录。"))
            return
        if SIGNED_IN_AT not in session:
            session[SIGNED_IN_AT] = now.isoformat()
        if SEEN_AT not in session or now - seen >= STAMP_EVERY:
            session[SEEN_AT] = now.isoformat()


def client_address(request: HttpRequest) -> str:
    """The client's address; behind our proxy, the one it set in X-Forwarded-For. Never what a client claims.

    Empty where there is none (a socket without a proxy).
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(address))
    except ValueError:
        return ""


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
