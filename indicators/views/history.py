"""The history of one figure (数的来历): every change of an approved value, who, when, from what to what, why."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import months
from bureau.authorization import Permission, can
from bureau.models import Area
from bureau.places import Tree
from indicators import history
from indicators.entry_pages import timeline
from indicators.models import Category, DataItem, Submission


@dataclass(frozen=True)
class Asked:
    """A figure that this person may read the history of."""

    item: DataItem
    place: Area
    month: int
    category: Category | None
    name: str  # what the place is called in the month

    @property
    def kind(self) -> int:
        return self.category.pk if self.category else 0


def asked(request: HttpRequest, item: str, area: str, month: str) -> Asked:
    """403 for who reads no typed and no live figures; 404 for a figure outside his scope as for one that is not."""
    if not any(can(request.user, one) for one in (Permission.READ_SUBMISSIONS, Permission.READ_LIVE)):
        raise PermissionDenied
    found = DataItem.objects.select_related("breakdown").filter(code=item).first()
    place = Area.objects.filter(code=area).first()
    number = _month(month)
    if found is None or place is None or not history.may_read(request.user, found, place, number):
        raise Http404
    category = _category(found, request.GET.get("category", ""))
    tree = Tree(place.home)
    valid = tree.valid(number).get(place.pk)
    if valid is None or (found.breakdown_id and category is None):
        raise Http404
    return Asked(found, place, number, category, valid.name)


def revised(one: Asked) -> tuple[list[dict], int]:
    """Its changes in words, newest first, and how many older ones were a demonstration's."""
    return history.rows(history.revisions_of(one.place, one.item, one.kind, one.month))


@require_safe
def figure_history(request: HttpRequest, item: str, area: str, month: str) -> HttpResponse:
    """Every change of one figure, for who may read it."""
    one = asked(request, item, area, month)
    found, place, number, category, kind = one.item, one.place, one.month, one.category, one.kind
    revisions = history.revisions_of(place, found, kind, number)
    rows, older = revised(one)
    now = history.standing(place, found, kind, number)
    submission = history.submission_of(request.user, revisions)
    note = history.note_of(submission, place, found, kind) if submission else ""
    return render(
        request,
        "indicators/figure_history.html",
        {
            "breadcrumb": _crumbs(request, found),
            "title": _("%(place)s %(month)s：%(item)s")
            % {"place": one.name, "month": months.label(number), "item": found.name},
            "facts": [
                f"{found.code}{' · ' + category.name if category else ''} · {found.unit}",
                _("现在：%(v)s") % {"v": history.told(*now)} if now else _("现在没有审定数"),
                _("改动 %(n)d 次") % {"n": len(rows)},
            ],
            "revisions": rows,
            "csv_url": _csv_url(request, one),
            "older_note": _("此前 %(n)d 次是演示数据的记录，已随演示数据移除。") % {"n": older} if older else "",
            "note": _("填报说明：%(note)s") % {"note": note} if note else "",
            "submission": _source(submission) if submission else None,
            "events": timeline(submission) if submission else [],
        },
    )


def _csv_url(request: HttpRequest, one: Asked) -> str:
    query = f"?category={one.category.code}" if one.category else ""
    return reverse("figure_history_csv", args=[one.item.code, one.place.code, months.iso(one.month)]) + query


def _source(submission: Submission) -> dict:
    """The link to the sheet the figure came from."""
    args = [submission.form.code, submission.place.code, months.iso(submission.month)]
    return {"url": reverse("entry", args=args), "label": _("打开报送：%(form)s") % {"form": submission.form.name}}


def _month(text: str) -> int:
    try:
        return months.parse(text)
    except ValueError:
        raise Http404 from None


def _category(item: DataItem, code: str) -> Category | None:
    """The category asked for; Http404 for one the item does not have."""
    if not code:
        return None
    categories = Category.objects.filter(breakdown=item.breakdown_id) if item.breakdown_id else ()
    found = next((one for one in categories if one.code == code), None)
    if found is None:
        raise Http404
    return found


def _crumbs(request: HttpRequest, item: DataItem) -> list[dict]:
    first = {"label": _("填报"), "url": reverse("desk")} if can(request.user, Permission.READ_SUBMISSIONS) else None
    return [*([first] if first else []), {"label": _("数的来历"), "url": ""}, {"label": item.code, "url": ""}]
