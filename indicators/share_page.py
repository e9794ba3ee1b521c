"""The page on which a county's target is divided among the towns: the form, the preview, what stands; finished text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import months
from bureau.fields import to_units
from bureau.formfields import MonthField, PlainNumberField
from bureau.language import localized
from bureau.reasons import ReasonField
from indicators import sharing, wording
from indicators.analysis.exact import round_05up_fraction
from indicators.models import Plan, Target
from indicators.sharing import BASIS_WORDS, Basis, Divisible, Division

OF_A_MONTH = (Basis.POPULATION, Basis.LAST_YEAR, Basis.POTENTIAL)


class ShareForm(forms.Form):
    """By what, as of which month, and for a division by hand a number a town; `seen` comes with the preview."""

    basis = forms.ChoiceField(label=gettext_lazy("分解依据"), widget=forms.RadioSelect)
    month = MonthField(
        label=gettext_lazy("依据的月份"),
        required=False,
        help_text=gettext_lazy("按人口、潜力：该月末的数；按上年完成数：该年全年。写作 2016-12"),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, found: Divisible, plan: Plan, *args: Any, deciding: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.found = found
        bases = found.bases(plan)
        self.fields["basis"].choices = [(one.value, BASIS_WORDS[one]) for one in bases]
        self.fields["basis"].initial = bases[0].value
        if not set(bases) & set(OF_A_MONTH):
            del self.fields["month"]
        if Basis.HAND in bases:
            for town in found.towns:
                self.fields[f"town_{town.id}"] = PlainNumberField(
                    label=town.label, required=False, min_value=0, max_digits=15, decimal_places=found.decimals
                )
        if deciding:
            self.fields["reason"] = ReasonField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        needs = cleaned.get("basis") in {one.value for one in OF_A_MONTH}
        if needs and cleaned.get("month") is None and "month" not in self.errors:
            self.add_error("month", _("请写明按哪个月的数分解。"))
        return cleaned

    @property
    def by_hand(self) -> dict[int, Decimal]:
        """Town id → what was typed for it."""
        typed = {town.id: self.cleaned_data.get(f"town_{town.id}") for town in self.found.towns}
        return {town: value for town, value in typed.items() if value is not None}

    @property
    def of_towns(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("town_")]

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields one after another, without those of the towns."""
        return [field for field in self.visible_fields() if not field.name.startswith("town_")]


def initial(target: Target, standing: Mapping[int, Target], last_month: int | None) -> dict[str, Any]:
    """What the form begins with: the shares that stand, the last month released."""
    typed = {f"town_{area}": one.value for area, one in standing.items()}
    return {**typed, "month": last_month if last_month is not None else target.start_month}


def previewed(division: Division, standing: Mapping[int, Target], reason: str) -> dict[str, Any]:
    """What the form says beside a preview: its basis, the proposed numbers for changing by hand, its stamp."""
    numbers = {f"town_{town}": f"{value.normalize():f}" for town, value in division.values.items() if value is not None}
    month = {} if division.month is None else {"month": months.iso(division.month)}
    stamp = sharing.stamp(division, standing)
    return {**numbers, **month, "basis": division.basis.value, "seen": stamp, "reason": reason}


def facts(found: Divisible) -> list[dict]:
    """What is divided: value, months, reading, by whom it is owned."""
    target, indicator = found.target, found.target.reading.measured
    return [
        {"label": _("全县目标"), "value": wording.target(target, indicator)},
        {"label": _("目标期"), "value": f"{months.label(target.start_month)}—{months.label(target.end_month)}"},
        {"label": _("读法"), "value": target.reading.name},
        {"label": _("路径"), "value": target.get_path_display()},
        {"label": _("责任科室"), "value": localized(indicator.section)},
    ]


def explanation(found: Divisible) -> str:
    """In one sentence what dividing means for this target."""
    if found.why_not:
        return found.why_not
    if found.adds_up:
        return _("各镇（街道）的分解数须正好合计为全县目标；容差和路径节点按同一比例分到各镇。")
    return _("比率、不下降和动态归零的目标不分解，各镇（街道）同用全县的目标。")


def table(found: Divisible, standing: Mapping[int, Target], division: Division | None) -> dict:
    """A line a town: weight and its share, what is proposed, what stands, the difference; then the county."""
    weights = division.weights if division else {}
    whole = sum((max(Fraction(0), weight) for weight in weights.values()), Fraction(0))
    lines = []
    for town in found.towns:
        now = standing[town.id].value if town.id in standing else None
        wanted = division.values[town.id] if division else None
        lines.append(
            {
                "name": town.label,
                "weight": _fraction(weights.get(town.id)),
                "part": f"{_fraction(max(Fraction(0), weights[town.id]) / whole * 100, 2)}%" if whole else "",
                "wanted": _number(wanted, found),
                "now": _number(now, found) if town.id in standing else _("未分解"),
                "change": _change(now, wanted, found) if division else "",
                "note": standing[town.id].note if town.id in standing else "",
            }
        )
    now_all = [one.value for one in standing.values() if one.value is not None]
    total = {
        "name": _("合计") if found.adds_up else _("全县"),
        "weight": _fraction(sum(weights.values(), Fraction(0))) if weights else "",
        "part": "100%" if whole else "",
        "wanted": _number(division.total if found.adds_up else found.target.value, found) if division else "",
        "now": _number(sum(now_all, Decimal(0)), found) if now_all and found.adds_up else "",
        "change": "",
        "note": _("全县目标 %(t)s") % {"t": _number(found.target.value, found)},
    }
    return {"lines": lines, "total": total, "weighed": bool(weights), "proposed": division is not None}


def rows(found: Divisible, standing: Mapping[int, Target]) -> tuple[list[object], list[list[object]]]:
    """The shares that stand, as files have them: a line a town, the county's target last."""
    head: list[object] = [_("代码"), _("镇（街道）"), _("现行"), _("依据")]
    lines: list[list[object]] = []
    for town in found.towns:
        one = standing.get(town.id)
        value = one.value.normalize() if one is not None and one.value is not None else None
        lines.append([town.code, town.label, value, one.note if one is not None else ""])
    whole = found.target.value
    return head, [*lines, ["", _("全县目标"), None if whole is None else whole.normalize(), ""]]


def _number(value: Decimal | None, found: Divisible) -> str:
    return wording.DASH if value is None else wording.number(to_units(value), found.decimals)


def _fraction(value: Fraction | None, decimals: int = 0) -> str:
    """A weight as it is printed; a town's people are whole, a potential may have decimals."""
    if value is None:
        return ""
    units = round_05up_fraction(value.numerator, value.denominator)
    return wording.number(units, decimals if decimals or units % 10_000 == 0 else 2)


def _change(now: Decimal | None, wanted: Decimal | None, found: Divisible) -> str:
    if now is None or wanted is None:
        return _("新增") if now is None else ""
    return wording.signed(to_units(wanted - now), found.decimals)


def problem(found: Divisible, standing: Mapping[int, Target]) -> str:
    """What no longer fits since the towns were given their shares."""
    return sharing.out_of_step(found.target, list(standing.values()), found.adds_up)
