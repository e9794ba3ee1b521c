"""What every page needs around its content: navigation by permission, the 演示数据 strip, the business date."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from bureau import installation
from bureau.authorization import Permission, can, roles_of


def _entries() -> list[tuple[str, str, str, tuple[Permission, ...]]]:
    """URL name, label, icon, and the permissions of which one opens it; a name without an address is left out."""
    p = Permission
    return [
        ("overview", _("总览"), "home", (p.READ_RELEASES,)),
        ("indicator_list", _("指标"), "chart-column", (p.READ_RELEASES,)),
        ("area_list", _("镇街"), "map-pin", (p.READ_RELEASES,)),
        ("task_list", _("任务与项目"), "list-checks", (p.READ_RELEASES,)),
        ("plan", _("方案"), "book-open", (p.READ_RELEASES,)),
        ("desk", _("填报"), "pencil", (p.READ_SUBMISSIONS,)),
        ("review_list", _("审核"), "check-check", (p.REVIEW,)),
        ("releases", _("发布"), "send", (p.READ_RELEASES,)),
        ("report_list", _("报告"), "file-text", (p.READ_REPORTS,)),
        ("account_list", _("账号"), "circle-user", (p.MANAGE_ACCOUNTS, p.MANAGE_GRANTS)),
        ("audit", _("审计"), "eye", (p.READ_AUDIT,)),
        ("admin:index", _("设置"), "scale", (p.MANAGE_SETTINGS, p.MANAGE_CATALOGUE)),
    ]


def page(request: HttpRequest) -> dict:
    """Context processor for all pages; costs one query (the installation, kept on the request)."""
    here = installation_of(request)
    user = getattr(request, "user", None)
    navigation = []
    if user is not None and user.is_authenticated:
        for name, label, icon, permissions in _entries():
            if not any(can(user, permission) for permission in permissions):
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
