"""What every page needs around its content: navigation by permission, the 演示数据 strip, the business date."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from bureau import installation
from bureau.authorization import Permission, can, roles_of


def _entries() -> list[tuple[str, str, str, Permission]]:
    return [
        ("overview", _("总览"), "home", Permission.READ_RELEASES),
        ("task_list", _("任务与项目"), "list-checks", Permission.READ_RELEASES),
        ("plan", _("方案"), "book-open", Permission.READ_RELEASES),
        ("desk", _("填报"), "pencil", Permission.READ_SUBMISSIONS),
        ("review_list", _("审核"), "check-check", Permission.REVIEW),
        ("releases", _("发布"), "send", Permission.READ_RELEASES),
        ("report_list", _("报告"), "file-text", Permission.READ_REPORTS),
    ]


def page(request: HttpRequest) -> dict:
    """Context processor for all pages; costs one query (the installation, kept on the request)."""
    here = installation_of(request)
    user = getattr(request, "user", None)
    navigation = []
    if user is not None and user.is_authenticated:
        for name, label, icon, permission in _entries():
            if not can(user, permission):
                continue
            try:
                url = reverse(name)
            except NoReverseMatch:
                continue
            here_below = (url, "/entry/") if name == "desk" else url
            current = request.path == url or (url != "/" and request.path.startswith(here_below))
            navigation.append({"url": url, "label": label, "icon": icon, "current": current, "badge": ""})
    return {
        "nav": navigation,
        "demonstration": bool(here and here.demonstration),
        "business_date": here.business_date if here else None,
        "roles": sorted(roles_of(user)) if user is not None and user.is_authenticated else [],
    }


def installation_of(request: HttpRequest):
    """The installation, read once a request."""
    if not hasattr(request, "_installation"):
        request._installation = installation.current()
    return request._installation
