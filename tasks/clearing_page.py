"""Composes the clearing lists (清零清单): per indicator what is left, place by place, with what was promised for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.authorization import Permission, Scope, scope
from bureau.fields import UNITS
from bureau.language import joined, localized
from bureau.language import unit as unit_word
from bureau.models import Area, User
from bureau.places import Place, Tree
from indicators import clearing, pages, wording
from indicators.analysis import sentences
from indicators.analysis.kinds import Light
from indicators.clearing import Clearing, Left
from indicators.queries import ReadAt
from tasks import access
from tasks.models import ClearingPromise


@dataclass
class Lists:
    """What the page is composed of, read once."""

    at: ReadAt
    tree: Tree
    found: list[Clearing]
    now: Mapping[int, list[Left]]  # indicator → its places or towns in the month shown
    before: Mapping[int, list[Left]]  # the same in the month released before
    promises: dict[tuple[int, int], ClearingPromise]  # by indicator and area


def read(at: ReadAt, tree: Tree, found: list[Clearing], user: User) -> Lists:
    """Live figures go down to every place for those who may read them there; what is released, to towns.

    Where people are counted nearly every village has some left: these go so deep only when one list is asked for.
    """
    alone = len(found) == 1
    deep = [one for one in found if (alone or one.counts_places) and can_go_deep(at, user, one)]
    flat = [one for one in found if one not in deep]
    month, earlier = at.month or 0, _released_before(at)
    now = dict(clearing.by_town(at, tree, flat, month)) | (clearing.by_place(tree, deep, month) if deep else {})
    before: dict[int, list[Left]] = {}
    if earlier is not None:
        before |= clearing.by_town(at, tree, flat, earlier)
        before |= clearing.by_place(tree, deep, earlier) if deep else {}
    kept = ClearingPromise.objects.filter(indicator__in=[one.shown.indicator.pk for one in found])
    promises = {(one.indicator_id, one.area_id): one for one in kept.select_related("by")}
    return Lists(at, tree, found, now, before, promises)


def can_go_deep(at: ReadAt, user: User, one: Clearing) -> bool:
    """Live figures of single places: for the office, and for the sections whose forms they stand on."""
    held: Scope = scope(user, Permission.READ_LIVE)
    return at.live and one.deep and (held.everywhere or bool(held.sections & one.sections))


def _released_before(at: ReadAt) -> int | None:
    """The last month released before the one shown."""
    return max((one.month for one in at.releases if at.month is not None and one.month < at.month), default=None)


def headline(lists: Lists) -> list[dict]:
    """How many of the targets are cleared, how many still have something left; of one alone, how much."""
    if len(lists.found) == 1:
        (one,) = lists.found
        name = localized(one.shown.indicator)
        return [{"text": _("%(name)s：%(rest)s") % {"name": name, "rest": _rest(one)}, "tone": ""}]
    cleared = sum(_cleared(one) for one in lists.found)
    rest = len(lists.found) - cleared
    text = _("%(n)d 项全覆盖目标中，%(c)d 项已清零，%(r)d 项还有剩余") % {
        "n": len(lists.found),
        "c": cleared,
        "r": rest,
    }
    return [{"text": text, "tone": ""}]


def _cleared(one: Clearing) -> bool:
    row = one.shown.row
    return row is not None and row.covered and (row.numerator or 0) >= (row.denominator or 0)


def _late(lists: Lists, one: Clearing, left: Left, today: date) -> bool:
    promise = lists.promises.get((one.shown.indicator.pk, left.area))
    return bool(left.left) and promise is not None and promise.promised_on < today


def groups(lists: Lists, user: User, today: date) -> list[dict]:
    """An indicator each in their order, the cleared ones last; folded but for those with a promise past its day.

    Where no promise is late, the first that has something left lies open.
    """
    order = sorted(lists.found, key=lambda one: (_cleared(one), one.shown.indicator.order))
    found = [_group(lists, one, user, today) for one in order]
    wanted = [group for group in found if group["late"]] or [group for group in found if group["rows"]][:1] or found[:1]
    return [group | {"open": group in wanted} for group in found]


def _group(lists: Lists, one: Clearing, user: User, today: date) -> dict:
    indicator, row = one.shown.indicator, one.shown.row
    places = lists.now.get(indicator.pk, [])
    left = sorted((place for place in places if place.left), key=lambda place: -place.left)
    rows, villages = [_row(lists, one, place, user, today) for place in left], _villages(lists, one, today)
    promised = sum(bool(line["promised_on"]) for line in (*rows, *villages))
    late = sum(line["late"] for line in (*rows, *villages))
    return {
        "code": indicator.code,
        "name": localized(indicator),
        "url": pages.link(lists.at, "indicator", indicator.code),
        "sentence": sentence(one),
        "light": int(one.shown.light),
        "light_word": wording.light(one.shown.light),
        "value": wording.with_unit(wording.value(row, indicator), indicator),
        "coverage": wording.coverage(row, one.shown.places),
        "short": bool(row and not row.covered),
        "owner": localized(indicator.section),
        "of_all": _of_all(one),
        "promised": _("已承诺 %(n)d 处") % {"n": promised} if promised else "",
        "late": late,
        "late_text": _("逾期 %(n)d 处") % {"n": late} if late else "",
        "deeper_url": pages.link(lists.at, "clearing", indicator=indicator.code)
        if len(lists.found) > 1 and not one.counts_places and can_go_deep(lists.at, user, one)
        else "",
        "rows": rows,
        "done": _done_since(lists, one),
        "unknown": _names(lists, (place.area for place in places if not place.whole and not place.left)),
        "villages": villages,
    }


def sentence(one: Clearing) -> str:
    """How much is left of all, counted in places, people or households."""
    row = one.shown.row
    assert row is not None  # clearings() chose it so
    total, done = (row.denominator or 0) // UNITS, (row.numerator or 0) // UNITS
    word = one.total[0].unit
    measure = sentences.measure(one.counts_places) if one.counts_places else (word, word)
    return sentences.left_over(total, done, sentences.achievement(one.done[0].name), *measure)


def _rest(one: Clearing) -> str:
    """'剩 4 个', '已清零'."""
    row = one.shown.row
    left = (row.denominator or 0) - (row.numerator or 0) if row else 0
    words = {"n": wording.number(max(0, left), 0), "u": unit_word(one.total[0].unit)}
    return _("剩 %(n)s %(u)s") % words if left > 0 else _("没有剩余")


def _of_all(one: Clearing) -> str:
    """'剩 4 / 133 个', as the folded line says it; '没有剩余'."""
    row = one.shown.row
    left = (row.denominator or 0) - (row.numerator or 0) if row else 0
    if row is None or left <= 0:
        return _rest(one)
    words = {"n": wording.number(left, 0), "t": wording.number(row.denominator, 0), "u": unit_word(one.total[0].unit)}
    return _("剩 %(n)s / %(t)s %(u)s") % words


def _row(lists: Lists, one: Clearing, left: Left, user: User, today: date) -> dict:
    indicator = one.shown.indicator
    place = lists.tree.valid(lists.at.month or 0)[left.area]
    promise = lists.promises.get((indicator.pk, left.area))
    late = _late(lists, one, left, today)
    return {
        "place": _place_name(lists.tree, place, lists.at.month or 0),
        "area": place.code,
        "left": wording.number(left.left, 0),
        "done": wording.number(left.done, 0),
        "total": wording.number(left.total, 0),
        "counts": (left.left // UNITS, left.done // UNITS, left.total // UNITS),
        "unit": unit_word(one.total[0].unit),
        "whole": left.whole,
        "owner": promise.owner if promise else "",
        "promised_on": promise.promised_on.isoformat() if promise else "",
        "late": late,
        "light": int(Light.FAR_BEHIND if late else Light.NONE),
        "word": _("逾期 %(n)d 天") % {"n": (today - promise.promised_on).days} if late and promise else "",
        "reason": promise.reason if promise else "",
        "edit_url": reverse("clearing_promise", args=[indicator.code, place.code])
        if access.may_promise(user, indicator.section_id, town_of(place))
        else "",
        "edit_label": _("更改") if promise else _("登记承诺"),
    }


def town_of(place: Place) -> int | None:
    """The town itself, or the one a village lies in; None for the county."""
    if place.level == Area.Level.VILLAGE:
        return place.parent
    return place.id if place.level == Area.Level.TOWN else None


def _place_name(tree: Tree, place: Place, month: int) -> str:
    """'百步镇 五丰村', '百步镇'."""
    if place.level != Area.Level.VILLAGE or place.parent is None:
        return place.label
    town = tree.valid(month).get(place.parent)
    return f"{town.label} {place.label}" if town else place.label


def _done_since(lists: Lists, one: Clearing) -> str:
    """The places that had something left in the release before and have nothing now (已销号)."""
    then = {place.area for place in lists.before.get(one.shown.indicator.pk, ()) if place.left}
    now = lists.now.get(one.shown.indicator.pk, ())
    return _names(lists, (place.area for place in now if place.whole and not place.left and place.area in then))


def _names(lists: Lists, areas: Iterable[int]) -> str:
    valid = lists.tree.valid(lists.at.month or 0)
    return joined([_place_name(lists.tree, valid[area], lists.at.month or 0) for area in areas if area in valid])


def _villages(lists: Lists, one: Clearing, today: date) -> list[dict]:
    """Where only towns are shown: what is promised for villages of those that have some left."""
    shown = {place.area for place in lists.now.get(one.shown.indicator.pk, ())}
    open_towns = {place.area for place in lists.now.get(one.shown.indicator.pk, ()) if place.left}
    valid, month = lists.tree.valid(lists.at.month or 0), lists.at.month or 0
    if any(valid[area].level == Area.Level.VILLAGE for area in shown if area in valid):
        return []
    return [
        {
            "place": _place_name(lists.tree, valid[area], month),
            "owner": promise.owner,
            "promised_on": promise.promised_on.isoformat(),
            "late": promise.promised_on < today,
            "reason": promise.reason,
        }
        for (indicator, area), promise in sorted(lists.promises.items())
        if indicator == one.shown.indicator.pk and area in valid and valid[area].parent in open_towns
    ]


HEAD = (
    "indicator", "name", "section", "month", "area", "place", "left", "done", "total", "owner", "promised_on", "reason",
)  # fmt: skip


def csv_rows(lists: Lists, user: User, today: date, month: str) -> Collection[list]:
    """Every place that has something left."""
    return [
        [
            group["code"], group["name"], group["owner"], month, row["area"], row["place"], *row["counts"],
            row["owner"], row["promised_on"], row["reason"],
        ]
        for group in groups(lists, user, today)
        for row in group["rows"]
    ]  # fmt: skip
