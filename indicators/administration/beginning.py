"""A new indicator on one page: itself, its first reading, the formulas from a month on, and the county's target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau import clock, installation
from bureau.formfields import MonthField, PlainNumberField
from indicators.administration import rules
from indicators.administration.forms import IndicatorForm
from indicators.models import Indicator, IndicatorVersion, Reading, Target

_OF_TARGET = {"value": "target_value"}  # the definition has a field of that name too
_ALONE = {"points": [], "yearly_check": False, "note": "", "tolerance": None}


class BeginningForm(IndicatorForm):
    """The indicator's own fields, and below them what it needs to be computed and judged."""

    VERSION = ("from_month", "numerator", "denominator", "value", "scale", "window")
    TARGET = ("start_month", "end_month", "comparator", "target_value", "tolerance", "path", "clause")

    from_month = MonthField(label=_("起始月"))
    numerator = forms.CharField(label=_("分子"), max_length=500, help_text=_("用填报项代码写，例如 D01 - D02"))
    denominator = forms.CharField(label=_("分母"), max_length=500, required=False)
    value = forms.CharField(
        label=_("值"), max_length=500, required=False, help_text=_("一般留空：分子 ÷ 分母 × 倍数；只能用 N、M 和数字")
    )
    scale = PlainNumberField(label=_("倍数"), initial=1, min_value=0, help_text=_("百分比填 100"))
    window = forms.ChoiceField(label=_("窗口"), choices=IndicatorVersion.WindowKind.choices)

    start_month = MonthField(label=_("窗口首月"), required=False)
    end_month = MonthField(label=_("目标月"), required=False)
    comparator = forms.ChoiceField(label=_("比较"), choices=[("", "—"), *Target.ComparatorKind.choices], required=False)
    target_value = PlainNumberField(label=_("目标值"), required=False, decimal_places=4)
    tolerance = PlainNumberField(label=_("容差"), required=False, decimal_places=4)
    path = forms.ChoiceField(
        label=_("路径"),
        choices=[pair for pair in Target.Path.choices if pair[0] != Target.Path.STEPS],
        required=False,
        initial=Target.Path.LINEAR,
    )
    clause = forms.ModelChoiceField(label=_("依据条款"), queryset=None, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].queryset = Indicator.clauses.rel.model.objects.all()
        self.fields["clause"].label_from_instance = lambda clause: f"{clause.number} {clause.title}"

    @property
    def has_target(self) -> bool:
        return any(
            self.cleaned_data.get(name) not in (None, "") for name in ("comparator", "target_value", "end_month")
        )

    def problems(self, cleaned: Mapping[str, Any]) -> Iterator[rules.Problem]:
        yield from super().problems(cleaned)
        yield from rules.formula_problems(cleaned)
        if not self.has_target:
            return
        missing = [name for name in ("start_month", "end_month", "comparator", "clause") if not cleaned.get(name)]
        if missing:
            yield from ((name, str(_("写目标时这一项必填。"))) for name in missing)
            return
        target = {**target_of(cleaned), "standing": cleaned["standing"]}
        for field, problem in rules.target_problems(target, ()):
            yield _OF_TARGET.get(field, field), problem
        if not rules.within_plan(target["start_month"], target["end_month"]):
            yield "end_month", str(_("目标期须在试点期内。"))


def target_of(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The target's own fields of what was typed."""
    names = ("start_month", "end_month", "comparator", "tolerance", "path", "clause")
    return {**_ALONE, **{name: cleaned[name] for name in names}, "value": cleaned["target_value"]}


def begin(indicator: Indicator, form: BeginningForm) -> Reading:
    """The first reading (正式口径) of a new indicator, with its formulas and, where one was typed, its target."""
    typed = form.cleaned_data
    now = clock.now()
    reading = Reading.objects.create(
        indicator=indicator, number=1, code="main", name=str(_("正式口径")), official=True, amended_at=now
    )
    IndicatorVersion.objects.create(
        reading=reading,
        reason=typed["reason"],
        **{name: typed[name] for name in BeginningForm.VERSION},
    )
    if form.has_target:
        county = installation.county()
        Target.objects.create(
            reading=reading, area=county, standing=typed["standing"], amended_at=now, **target_of(typed)
        )
    return reading
