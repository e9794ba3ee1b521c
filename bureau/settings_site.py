"""The settings area (设置): Django's admin as a site of ours; signing in happens at our own page.

What a table of it asks and records lies in administration.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from bureau.administration import Asking

REMOVED_PAGES = ("login", "logout", "password_change", "password_change_done", "view_on_site")


class SettingsSite(admin.AdminSite):
    """The one admin site. Who may open it is whoever may see one of its tables; signing in happens at our own page."""

    site_title = site_header = gettext_lazy("设置")
    index_title = gettext_lazy("设置")
    site_url = "/"
    enable_nav_sidebar = False
    empty_value_display = "—"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._actions.clear()
        self.steps: list[tuple[str, Any, Any, type[models.Model]]] = []
        """What one does in turn for something new: URL name, label, note, table; a higher floor writes it in."""

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        """Refuses what does not ask bureau.authorization."""
        if admin_class is None or not issubclass(admin_class, Asking):
            raise TypeError(f"{model_or_iterable} is registered with a class that asks nobody for permission")
        super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return any(one.has_module_permission(request) for one in self._registry.values())

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """403 for whom the settings are not; nobody is sent to a second sign-in page."""

        def inner(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not self.has_permission(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return csrf_protect(inner if cacheable else never_cache(inner))

    def get_urls(self) -> list[URLPattern]:
        """The stock pages but those of signing in and out; '/settings/login/' leads to our own."""
        kept = [one for one in super().get_urls() if getattr(one, "name", None) not in REMOVED_PAGES]
        for one in kept:
            if hasattr(getattr(one, "callback", None), "login_url"):
                del one.callback.login_url  # or who is not signed in would be sent to the page left out
        return [path("login/", to_our_login, name="login"), *kept]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """Tables in the order in which they were registered, those only to look at last."""
        place = {model: order for order, model in enumerate(self._registry)}
        found = list(self._build_app_dict(request, app_label).values())
        for app in found:
            app["models"].sort(key=lambda one: (one["view_only"], place[one["model"]]))
        return sorted(found, key=lambda app: place[app["models"][0]["model"]])

    def index(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        steps = [
            {"url": reverse(f"admin:{name}"), "label": label, "note": note}
            for name, label, note, model in self.steps
            if self._registry[model].has_add_permission(request)
        ]
        return super().index(request, {"steps": steps, **(extra_context or {})})

    def get_log_entries(self, request: HttpRequest):
        """Django's own log is not kept: the audit trail is."""
        from django.contrib.admin.models import LogEntry

        return LogEntry.objects.none()


@login_not_required
def to_our_login(request: HttpRequest) -> HttpResponse:
    """The one sign-in page, coming back here."""
    return redirect(f"{settings.LOGIN_URL}?next=/settings/")
