"""What a definition would change (会改变哪些数), shown before it is saved: the save itself is tried, and undone.

There is one way of evaluating; it runs in the transaction of the change, which then stands or is rolled back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.forms import BooleanField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from bureau import months
from bureau.fields import raw
from bureau.places import Tree
from indicators import wording
from indicators.models import Evaluation, Indicator, IndicatorVersion, Reading

MOST_SHOWN = 200
UNSHOWN = frozenset({"csrfmiddlewaretoken", "effect", "_edit"})
Key = tuple[int, int, int, int]  # indicator, reading, area, month


class Value(NamedTuple):
    """What stands there: the value in ten-thousandths, and the light."""

    units: int | None
    light: int


@dataclass(frozen=True)
class Effect:
    """Which live values a change moves: (old, new) of each, None where there is or was none; how many stay."""

    changed: Mapping[Key, tuple[Value | None, Value | None]]
    same: int

    @property
    def digest(self) -> str:
        """What is confirmed: these very changes."""
        return hashlib.sha256(repr(sorted(self.changed.items())).encode()).hexdigest()


class Foreseen(Exception):
    """Raised within the save to undo it, with what it would have changed."""

    def __init__(self, effect: Effect, row: Model) -> None:
        super().__init__()
        self.effect, self.row = effect, row


def standing(indicators: Collection[int] | None) -> dict[Key, Value]:
    """The live values of these indicators (all when None), in the county and its towns."""
    found = Evaluation.objects.all()
    if indicators is not None:
        found = found.filter(indicator__in=indicators)
    rows = found.values_list("indicator", "reading", "area", "month", raw("value"), "light")
    return {row[:4]: Value(*row[4:]) for row in rows}


def between(before: Mapping[Key, Value], after: Mapping[Key, Value]) -> Effect:
    """What differs of two states."""
    keys = before.keys() | after.keys()
    changed = {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}
    return Effect(changed, len(keys) - len(changed))


class ShowsEffect:
    """A settings table whose saves are shown first by what they would change; the person then confirms or goes back.

    `always_shown` also where nothing would change. Mixed in before the admin class.
    """

    always_shown = False

    def indicators_of(self, obj: Model) -> Collection[int] | None:
        """The indicators a row can move; None for all."""
        return None

    def changeform_view(self, request: HttpRequest, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        self._edited(request)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        except Foreseen as foreseen:
            return self._effect_page(request, object_id, foreseen)

    def _edited(self, request: HttpRequest) -> None:
        """Back from the page of effects: the form again as it was filled in."""
        request.edited = {}  # type: ignore[attr-defined]
        if request.method == "POST" and "_edit" in request.POST:
            request.edited = {name: request.POST[name] for name in request.POST if name not in UNSHOWN}  # type: ignore[attr-defined]
            request.method = "GET"

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any):
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        if not getattr(request, "edited", {}):
            return form
        edited = request.edited  # type: ignore[attr-defined]

        class Edited(form):
            def __init__(self, *args: Any, **options: Any) -> None:
                unticked = {name: False for name, field in self.base_fields.items() if isinstance(field, BooleanField)}
                initial = {**(options.get("initial") or {}), **unticked, **edited}
                super().__init__(*args, **options | {"initial": initial})

        return Edited

    def save_related(self, request: HttpRequest, form: Any, formsets: list, change: bool) -> None:
        indicators = self.indicators_of(form.instance)
        before = standing(indicators)
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        effect = between(before, standing(indicators))
        touched = not change or set(form.changed_data) - {"reason", "seen"}
        asks = bool(effect.changed) or (self.always_shown and touched)
        if asks and request.POST.get("effect") != effect.digest:
            raise Foreseen(effect, form.instance)

    def _effect_page(self, request: HttpRequest, object_id: str | None, foreseen: Foreseen) -> HttpResponse:
        fields = [(name, text) for name in request.POST if name not in UNSHOWN for text in request.POST.getlist(name)]
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "opts": self.opts,  # type: ignore[attr-defined]
            "title": _("保存前核对"),
            "object_id": unquote(object_id) if object_id else "",
            "fields": fields,
            "digest": foreseen.effect.digest,
            "again": "effect" in request.POST,
            "reason": request.POST.get("reason", ""),
            **told(foreseen),
        }
        return TemplateResponse(request, "admin/effect.html", context)


def told(foreseen: Foreseen) -> dict:
    """The effect in words, county first, month by month."""
    effect = foreseen.effect
    ids = {key[0] for key in effect.changed}
    indicators = Indicator.objects.in_bulk(ids)
    readings = {
        (one.indicator_id, one.number): one for one in Reading.objects.filter(indicator__in=ids).only(
            "indicator_id", "number", "name", "official"
        )
    }  # fmt: skip
    names = _place_names()
    order = sorted(effect.changed, key=lambda key: (indicators[key[0]].order, key[0], key[1], names[key[2]][0], key[3]))
    rows = []
    for key in order[:MOST_SHOWN]:
        indicator, reading = indicators[key[0]], readings[key[0], key[1]]
        old, new = effect.changed[key]
        rows.append(
            {
                "indicator": indicator.code if reading.official else f"{indicator.code} {reading.name}",
                "month": months.label(key[3]),
                "place": names[key[2]][1],
                "old": _value(old, indicator),
                "new": _value(new, indicator),
                "old_light": _light(old),
                "new_light": _light(new),
            }
        )
    lights = sum((old.light if old else 0) != (new.light if new else 0) for old, new in effect.changed.values())
    return {
        "rows": rows,
        "left_out": len(order) - len(rows),
        "counts": [
            {"count": len(order), "label": _("会变的数")},
            {"count": lights, "label": _("会变的灯")},
            {"count": effect.same, "label": _("不变的数")},
        ],
        "notes": [note for note in (_of_kind(foreseen.row), _("已发布的月份一律不变。")) if note],
    }


def _of_kind(row: Model) -> str:
    if not isinstance(row, IndicatorVersion):
        return ""
    month = months.label(row.from_month)
    if row.kind == IndicatorVersion.Kind.CHANGE:
        return _("变更：%(m)s起用新口径，图表和表格在这个月断开，断点前后不比较。") % {"m": month}
    return _("更正：%(m)s起各月按新口径重算。") % {"m": month} if row.kind == IndicatorVersion.Kind.CORRECTION else ""


def _place_names() -> dict[int, tuple[int, str]]:
    """Area → its place in the order, and its name; of every area with evaluations."""
    county = Evaluation.objects.values_list("county", flat=True).first()
    if county is None:
        return {}
    tree = Tree(county)
    return {area: (number, tree.names[area]) for number, area in enumerate(tree.stores)}


def _value(found: Value | None, indicator: Indicator) -> str:
    return wording.DASH if found is None else wording.number(found.units, indicator.decimals)


def _light(found: Value | None) -> dict:
    light = found.light if found else 0
    return {"light": light, "word": wording.light(light)}
