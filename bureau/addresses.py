"""Where a request comes from: the one address that sign-ins, locks and the audit trail go by."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


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
