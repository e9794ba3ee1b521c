"""What every page needs around its content: navigation by permission, the 演示数据 strip, the business date."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from bureau.authorization import Permission, can, roles_of
from bureau.installation import of_request as installation_of

P = Permission
PHONE_ENTRIES = 5
EARLY_ENTRIES = 6  # those after it go behind 更多 where the screen is narrow
# The pages that show a month as released: links between them keep ?month=&version=.
READING = {
    "overview", "indicator_list", "indicator", "trace", "area_list", "area", "task_list", "task", "plan", "clause",
    "equality", "matrix", "section_list", "section", "meeting", "zero", "clearing",
}  # fmt: skip
BELOW = {"task_list": ("/slips/",)}  # pages of an entry that stand beside it
BELOW_THE_DESK = ("/entry/", "/import/", "/timeliness/", "/reopenings/", "/burden/")
# The five entries of the phone's bar, by the first permission held; who has fewer sees what he has.
ON_THE_PHONE: tuple[tuple[Permission, tuple[str, ...]], ...] = (
    (P.REVIEW, ("overview", "indicator_list", "task_list", "desk", "review_list")),
    (P.ENTER, ("overview", "indicator_list", "task_list", "plan", "desk")),
    (P.CHECK_TOWN, ("overview", "indicator_list", "task_list", "plan", "desk")),
    (P.PUBLISH, ("overview", "indicator_list", "task_list", "releases", "admin:index")),
    (P.READ_RELEASES, ("overview", "indicator_list", "area_list", "task_list", "report_list")),
)


def _entries() -> list[tuple[str, str, str, tuple[Permission, ...]]]:
    """URL name, label, icon, and the permissions of which one opens it; a name without an address is left out."""
    return [
        ("overview", _("总览"), "home", (P.READ_RELEASES,)),
        ("indicator_list", _("指标"), "chart-column", (P.READ_RELEASES,)),
        ("area_list", _("镇街"), "map-pin", (P.READ_RELEASES,)),
        ("equality", _("均等化"), "scale", (P.READ_RELEASES,)),
        ("task_list", _("任务与项目"), "list-checks", (P.READ_RELEASES,)),
        ("plan", _("方案"), "book-open", (P.READ_RELEASES,)),
        ("desk", _("填报"), "pencil", (P.READ_SUBMISSIONS, P.PUBLISH, P.READ_TIMELINESS)),
        ("review_list", _("审核"), "check-check", (P.REVIEW,)),
        ("releases", _("发布"), "send", (P.READ_RELEASES,)),
        ("report_list", _("报告"), "file-text", (P.READ_REPORTS,)),
        ("account_list", _("账号"), "users", (P.MANAGE_ACCOUNTS, P.MANAGE_GRANTS)),
        ("audit", _("审计"), "shield-check", (P.READ_AUDIT,)),
        ("admin:index", _("设置"), "settings", (P.MANAGE_SETTINGS, P.MANAGE_CATALOGUE)),
    ]


# What the installation was when it was last read, for the error pages that ask the database nothing.
_last_seen = {"demonstration": False, "business_date": None}


def page(request: HttpRequest) -> dict:
    """Context processor for all pages; costs one query (the installation, kept on the request)."""
    here = installation_of(request)
    seen = {"demonstration": bool(here and here.demonstration), "business_date": here.business_date if here else None}
    _last_seen.update(seen)
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    entries = navigation(request) if signed_in else []
    for entry in entries[EARLY_ENTRIES:]:
        entry["late"] = True
    return {
        "home_url": entries[0]["url"].partition("?")[0] if entries else reverse("account") if signed_in else "/",
        "nav": entries,
        "nav_more": entries[EARLY_ENTRIES:],
        "nav_more_current": any(entry["current"] for entry in entries[EARLY_ENTRIES:]),
        "phone_nav": _for_the_phone(user, entries) if signed_in else [],
        **seen,
        "roles": sorted(roles_of(user)) if signed_in else [],
        "languages": _languages(),
        "this_page": request.get_full_path(),
    } | getattr(request, "reading", {})


def as_last_seen() -> dict:
    """Whether figures are invented, and the business date, as this process last read them; no query."""
    return dict(_last_seen)


def navigation(request: HttpRequest) -> list[dict]:
    """The entries this person may open, in their fixed order; those of reading pages keep the month being read."""
    found = []
    keep = kept_query(request)
    for name, label, icon, permissions in _entries():
        if not any(can(request.user, permission) for permission in permissions):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        here_below = (url, *BELOW_THE_DESK) if name == "desk" else (url, *BELOW.get(name, ()))
        current = request.path == url or (url != "/" and request.path.startswith(here_below))
        query = keep if name in READING else ""
        found.append({"name": name, "url": url + query, "label": label, "icon": icon, "current": current, "badge": ""})
    return found


def kept_query(request: HttpRequest) -> str:
    """?month=&version= of a reading page as it was asked for; empty elsewhere and where none was asked for."""
    match = request.resolver_match
    if match is None or match.view_name not in READING:
        return ""
    asked = [(key, request.GET[key]) for key in ("month", "version") if request.GET.get(key)]
    return f"?{urlencode(asked)}" if asked else ""


def _for_the_phone(user, entries: list[dict]) -> list[dict]:
    names = next((names for permission, names in ON_THE_PHONE if can(user, permission)), ())
    chosen = [entry for entry in entries if entry["name"] in names]
    others = [entry for entry in entries if entry["name"] not in names]
    chosen += others[: PHONE_ENTRIES - len(chosen)]
    return [entry for entry in entries if entry in chosen]


def _languages() -> list[dict]:
    """The languages of the switch, each under its own name."""
    return [
        {"code": code, "name": get_language_info(code)["name_local"], "current": code == get_language()}
        for code, _name in settings.LANGUAGES
    ]
