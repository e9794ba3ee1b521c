"""Who may do what, where: permissions and roles as code, grants as data, one answer for all views. Unknown: no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest

from bureau import clock
from bureau.models import Grant, User

Role = Grant.Role


class Permission(StrEnum):
    """What can be asked for; the scope comes with the grant."""

    READ_RELEASES = "read_releases"  # overview, indicators, plan, tasks of a released month
    READ_LIVE = "read_live"  # approved figures of all towns not yet released: not for a town, nor for a section's clerk
    READ_SUBMISSIONS = "read_submissions"  # what is typed on a form at a place
    READ_TIMELINESS = "read_timeliness"  # which form of which place came in time (填报进度)
    ENTER = "enter"
    CHECK_TOWN = "check_town"  # a town's own check before the section's review
    REVIEW = "review"
    PUBLISH = "publish"
    READ_REPORTS = "read_reports"
    WRITE_REPORTS = "write_reports"  # parts of reports: one's own section's, the office's all
    FINISH_REPORTS = "finish_reports"  # begin a report, choose its data, submit it for review, revise it
    FINALISE_REPORTS = "finalise_reports"  # make a report final (定稿), or return it
    REPORT_TASKS = "report_tasks"  # monthly progress of a section's tasks and projects
    DECIDE = "decide"  # what a meeting decided (议定事项)
    SUPERVISE = "supervise"  # raise, assign, conclude, strike off slips (督办); a reviewer: his section's
    ANSWER_SLIPS = "answer_slips"  # sign for and answer the slips of one's own section or town
    ASSESS = "assess"  # the scheme of assessment (考核), its drafts, manual points, freezing a period
    MANAGE_SETTINGS = "manage_settings"  # areas, calendar, parameters, readings
    MANAGE_CATALOGUE = "manage_catalogue"  # items, forms, indicators, formulas, targets; a reviewer: his section's
    READ_AUDIT = "read_audit"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_GRANTS = "manage_grants"


P = Permission
_READER = frozenset({P.READ_RELEASES, P.READ_REPORTS})
_WORKER = _READER | {P.READ_SUBMISSIONS, P.READ_TIMELINESS}

ROLES: dict[str, frozenset[Permission]] = {
    Role.VILLAGE_ASSISTANT: frozenset({P.READ_RELEASES, P.READ_SUBMISSIONS, P.ENTER}),
    Role.TOWN_CLERK: _WORKER | {P.ENTER, P.ANSWER_SLIPS},
    Role.TOWN_CHECKER: _WORKER | {P.CHECK_TOWN},
    Role.SECTION_CLERK: _WORKER | {P.ENTER, P.REPORT_TASKS, P.ANSWER_SLIPS, P.WRITE_REPORTS},
    Role.REVIEWER: _WORKER | {P.READ_LIVE, P.REVIEW, P.MANAGE_CATALOGUE, P.SUPERVISE, P.WRITE_REPORTS},
    Role.LEADER: _READER | {P.READ_TIMELINESS, P.DECIDE, P.SUPERVISE, P.FINALISE_REPORTS},
    Role.OFFICE: _READER | {
        P.READ_LIVE, P.READ_TIMELINESS, P.PUBLISH, P.DECIDE, P.SUPERVISE, P.ASSESS, P.MANAGE_SETTINGS,
        P.MANAGE_CATALOGUE, P.WRITE_REPORTS, P.FINISH_REPORTS, P.FINALISE_REPORTS,
    },
    Role.SYSTEM_ADMINISTRATOR: frozenset({P.MANAGE_ACCOUNTS}),
    Role.SECURITY_ADMINISTRATOR: frozenset({P.MANAGE_GRANTS}),
    Role.AUDITOR: frozenset({P.READ_AUDIT}),
}  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """Where a permission holds: everywhere, in some places (area ids), or for some sections (section ids)."""

    everywhere: bool = False
    areas: frozenset[int] = field(default_factory=frozenset)
    sections: frozenset[int] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.areas) or bool(self.sections)


def grants_of(user: User) -> list[Grant]:
    """The user's grants in force today; read once per request (kept on the user object)."""
    if not user.is_authenticated or not user.is_active:
        return []
    kept = getattr(user, "_grants_in_force", None)
    if kept is None:
        kept = list(user.grants.filter(_in_force()).order_by("pk"))
        user._grants_in_force = kept
    return kept


def _in_force() -> Q:
    today = clock.real_day()
    begun = Q(from_date__isnull=True) | Q(from_date__lte=today)
    return begun & (Q(to_date__isnull=True) | Q(to_date__gte=today))


def holders(*permissions: Permission) -> list[User]:
    """Who may sign in and holds any of these, by unit and name, each with his grants read; one query."""
    roles = [role for role, held in ROLES.items() if held & set(permissions)]
    found: dict[int, User] = {}
    grants = Grant.objects.filter(_in_force(), user__is_active=True).select_related("user").order_by("pk")
    for grant in grants:
        user = found.setdefault(grant.user_id, grant.user)
        user._grants_in_force = [*getattr(user, "_grants_in_force", []), grant]
    able = [user for user in found.values() if any(grant.role in roles for grant in user._grants_in_force)]
    return sorted(able, key=lambda user: (user.unit, user.display_name, user.username))


def roles_of(user: User) -> frozenset[str]:
    return frozenset(grant.role for grant in grants_of(user))


def can(user: User, permission: Permission) -> bool:
    """Does any grant in force carry the permission, whatever its scope? A superuser is no exception."""
    return any(permission in ROLES.get(grant.role, ()) for grant in grants_of(user))


def scope(user: User, permission: Permission) -> Scope:
    """Where the user holds the permission."""
    areas, sections, everywhere = set(), set(), False
    for grant in grants_of(user):
        if permission not in ROLES.get(grant.role, ()):
            continue
        if grant.area_id:
            areas.add(grant.area_id)
        elif grant.section_id:
            sections.add(grant.section_id)
        else:
            everywhere = True
    return Scope(everywhere, frozenset(areas), frozenset(sections))


def requires(*permissions: Permission) -> Callable:
    """Decorate a view: 403 without any of them. The view itself narrows to the scope and answers 404 outside it."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs):
            if not any(can(request.user, permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission, guarded.permissions = permissions[0], permissions
        return guarded

    return decorate
