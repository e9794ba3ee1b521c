"""The forms of assessment: a period to draft, points by hand, a veto, why something is taken back, freezing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau import months
from bureau.formfields import PlainNumberField
from bureau.language import localized
from tasks.assessment import words
from tasks.models import Criterion, Scheme
from tasks.rules import FEWEST_LETTERS

LENGTHS = (12, 6, 3)
TEXT = 300
REQUIRED = {"required": _("请写明理由。"), "min_length": _("理由至少 5 个字。")}


def _reason(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, min_length=FEWEST_LETTERS, max_length=TEXT, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}), error_messages=REQUIRED,
    )  # fmt: skip


def stretches(first_year: int, last: int) -> list[tuple[int, int]]:
    """The years, half-years and quarters that have begun, the last first."""
    found = [
        (first, first + length - 1)
        for year in range(first_year, months.year(last) + 1)
        for length in LENGTHS
        for first in range(months.make(year, 1), months.make(year, 13 - length) + 1, length)
        if first <= last
    ]
    return sorted(found, key=lambda one: (-one[1], one[0]))


class BeginForm(forms.Form):
    """Which scheme for which period."""

    scheme = forms.ModelChoiceField(
        label=_("考核方案"), queryset=Scheme.objects.none(), to_field_name="code", empty_label=_("请选择"),
        error_messages={"required": _("请选考核方案。"), "invalid_choice": _("没有这个考核方案。")},
    )  # fmt: skip
    period = forms.ChoiceField(
        label=_("考核期"),
        error_messages={"required": _("请选考核期。"), "invalid_choice": _("没有这个考核期。")},
    )
    reason = _reason(_("重新考核的理由"), required=False, help_text=_("这个考核期已定稿过的才填"))

    def __init__(self, county: int, first_year: int, last: int, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["scheme"].queryset = Scheme.objects.filter(county=county, in_use=True)
        self.fields["scheme"].label_from_instance = localized
        self.fields["period"].choices = [("", _("请选择"))] + [
            (f"{months.iso(first)}_{months.iso(end)}", words.period(first, end))
            for first, end in stretches(first_year, last)
        ]

    def span(self) -> tuple[int, int]:
        """First and last month, once valid."""
        first, last = self.cleaned_data["period"].split("_")
        return months.parse(first), months.parse(last)


def _criteria(field: forms.ModelChoiceField, found: Sequence[Criterion]) -> None:
    field.queryset = Criterion.objects.filter(pk__in=[one.pk for one in found])
    field.label_from_instance = localized


class GiveForm(forms.Form):
    """Points by hand, with what they are about and why."""

    points = PlainNumberField(
        label=_("分数"), min_value=-5, max_value=5, max_digits=4, decimal_places=2, help_text=_("扣分写负数，如 -0.5"),
        error_messages={
            "required": _("请填分数。"), "invalid": _("分数填 -5 到 5 的数。"),
            "min_value": _("分数填 -5 到 5 的数。"), "max_value": _("分数填 -5 到 5 的数。"),
            "max_decimal_places": _("分数最多两位小数。"), "max_digits": _("分数填 -5 到 5 的数。"),
        },
    )  # fmt: skip
    about = forms.ModelChoiceField(
        label=_("有关考核项"), queryset=Criterion.objects.none(), to_field_name="code", required=False,
        empty_label=_("无"), error_messages={"invalid_choice": _("没有这个考核项。")},
    )  # fmt: skip
    reason = _reason(_("理由"), help_text=_("所有人可见"))

    def __init__(self, criteria: Sequence[Criterion], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _criteria(self.fields["about"], [one for one in criteria if one.kind != Criterion.Kind.MANUAL])


class VetoForm(forms.Form):
    """For what an owner is refused every grade, and why."""

    criterion = forms.ModelChoiceField(
        label=_("一票否决项"), queryset=Criterion.objects.none(), to_field_name="code", empty_label=_("请选择"),
        error_messages={"required": _("请选一票否决项。"), "invalid_choice": _("没有这个考核项。")},
    )  # fmt: skip
    reason = _reason(_("理由"), help_text=_("所有人可见"))

    def __init__(self, criteria: Sequence[Criterion], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _criteria(self.fields["criterion"], [one for one in criteria if one.veto])


class WhyForm(forms.Form):
    """Why something is taken back; `pk` says what, where there are several."""

    why = _reason(_("撤销的原因"))
    pk = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)


class FreezeForm(forms.Form):
    """That the result as it was looked at is frozen."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
