"""What lies on a person's desk (工作台): what he is to do now, then the rest of his forms of the month.

The dates are the installation's (indicators/due.py); months before go-live are 补录 and never overdue. Forms are found
in indicators/desk_forms.py, all else in indicators/desk_rest.py. Higher floors add what they ask of a person by
`register`, from their AppConfig.ready().
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.utils.translation import gettext as _

from bureau import months
from bureau.authorization import Permission, can
from bureau.models import Installation, User
from bureau.places import Tree
from indicators import desk_forms, desk_rest
from indicators.analysis.kinds import Light
from indicators.deadlines import Step
from indicators.desk_rest import due_submissions
from indicators.due import Dates, due_month
from indicators.entry import periods
from indicators.models import Reopening

__all__ = ["counts", "due_month", "due_submissions", "due_text", "groups", "overdue", "picker", "register"]

Find = Callable[[User, Installation, int], dict | None]
_registered: dict[str, Find] = {}


def register(name: str, find: Find) -> None:
    """`find(user, installation, month)` gives a group {id, title, rows} as the desk shows it, or None."""
    _registered[name] = find


def due_text(installation: Installation, month: int, step: Step = Step.TOWN) -> str:
    """When the month's forms are due, how long that is from now, and why it was moved."""
    return Dates.of(installation).text(month, step)


def overdue(installation: Installation, month: int) -> bool:
    """Is what sections and towns hand in for the month past its deadline? Never before go-live (补录)."""
    return Dates.of(installation).overdue(month)


def falls_due_today(installation: Installation, month: int) -> bool:
    """Will what is not handed in for the month be overdue before the day is over, though it is not yet?"""
    dates = Dates.of(installation)
    return dates.due(month)[Step.TOWN].day == dates.today and not dates.overdue(month)


def groups(user: User, installation: Installation, month: int) -> list[dict]:
    """[{id, title, note, rows, todo, light}]: first what the person is to do, then the rest; empty ones left out."""
    held, tree, dates = desk_forms.Held.by(user), Tree(installation.county_id), Dates.of(installation)
    standing = periods.standing(dates) if _meets_reopenings(user) else []
    by_kind: dict[str, list[dict]] = {}
    for row in desk_forms.rows(held, tree, month, read_periods(dates, month, standing)) if held.read else []:
        by_kind.setdefault(row["kind"], []).append(row)
    to_decide, others = desk_rest.reopenings(user, standing, tree, dates)
    publishes = can(user, Permission.PUBLISH)
    watches = publishes or (can(user, Permission.READ_TIMELINESS) and not held.read)
    months_due = desk_rest.releases(tree, month, dates, publishes=publishes) if watches else []
    found = [
        _group("returned", _("退回要改的"), by_kind.get("returned", []), todo=True, light=Light.BEHIND),
        _group("overdue", _("逾期未交的"), by_kind.get("overdue", []), todo=True, light=Light.FAR_BEHIND),
        _group("enter", _("要填报的"), by_kind.get("enter", []), todo=True, light=Light.BEHIND),
        _group("check", _("要初审的"), by_kind.get("check", []), todo=True, light=Light.ON_COURSE),
        _group("review", _("要审核的"), by_kind.get("review", []), todo=True, light=Light.ON_COURSE),
        _group("reopen", _("要批的补报"), to_decide, todo=True, light=Light.BEHIND),
        _group("sign", _("待签的移交"), desk_rest.handovers(user), todo=True, light=Light.BEHIND),
        *(one for find in _registered.values() if (one := find(user, installation, month))),
        _group("late", _("还没有交的地方"), by_kind.get("late", [])),
        _group("reopened", _("补报"), others),
        _group("publish", _("发布准备"), months_due),
        _group("rest", _("其余报表"), by_kind.get("rest", [])),
    ]
    return [one for one in found if one["rows"]]


def _meets_reopenings(user: User) -> bool:
    return any(can(user, one) for one in (Permission.ENTER, Permission.REVIEW, Permission.PUBLISH))


def read_periods(dates: Dates, month: int, standing: list[Reopening]) -> desk_forms.Periods:
    """Which months looked at are closed, which of their sheets are open again, and for which that is asked."""
    looked_at = desk_forms.months_looked_at(dates, month)
    closed = periods.closed_months(dates, dates.installation.county_id, looked_at)
    sheets = {one.pk: (one.form_id, one.place_id, one.month) for one in standing}
    reopened = frozenset(sheets[one.pk] for one in periods.in_force(standing, dates))
    asked = {sheets[one.pk]: one.pk for one in standing if one.state == Reopening.State.ASKED}
    return desk_forms.Periods(dates, closed, reopened, asked)


def _group(name: str, title: str, rows: list[dict], *, todo: bool = False, light: Light = Light.NONE) -> dict:
    worst = Light.FAR_BEHIND if any(row["light"] == int(Light.FAR_BEHIND) for row in rows) else light
    forms = bool(rows) and "filled" in rows[0]
    return {"id": name, "title": title, "rows": rows, "todo": todo, "light": int(worst), "forms": forms}


def counts(found: Iterable[dict]) -> list[dict]:
    """The line of counts over what is to do: each leads to its group."""
    return [
        {"count": len(one["rows"]), "label": one["title"], "light": one["light"], "url": f"#{one['id']}"}
        for one in found
        if one["todo"]
    ]


def picker(path: str, month: int, today: date) -> dict:
    """Any month of the plan up to the present one."""
    first, last = months.make(2015, 1), months.of(today)

    def url(wanted: int) -> str:
        return f"{path}?month={months.iso(wanted)}" if first <= wanted <= last else ""

    return {
        "month_label": months.label(month),
        "prev_url": url(month - 1),
        "next_url": url(month + 1),
        "options": [
            {"url": url(one), "label": months.label(one), "current": one == month}
            for one in range(last, max(first, last - 36) - 1, -1)
        ],
    }
