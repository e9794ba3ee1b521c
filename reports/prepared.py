"""Renders the overview for everybody who reads releases, so that the first look at a new month costs nobody a wait."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import override

from bureau.authorization import Permission, holders
from bureau.models import User


def prepare_overviews() -> int:
    """Render and keep (bureau/kept.py) the overview of every reader in Chinese; how many were made."""
    readers = holders(Permission.READ_RELEASES)
    with override(settings.LANGUAGE_CODE):
        for reader in readers:
            _look(reader)
    return len(readers)


def _look(reader: User) -> None:
    request = HttpRequest()
    request.method, request.user = "GET", reader
    request.path = request.path_info = reverse("overview")
    request.LANGUAGE_CODE = settings.LANGUAGE_CODE  # type: ignore[attr-defined]
    request.resolver_match = resolve(request.path)
    request.resolver_match.func(request)
