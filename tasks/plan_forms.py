"""The forms that change a plan: a milestone moved, a later day asked for, that request decided."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.forms import DayField
from tasks.rules import FEWEST_LETTERS

TEXT = 300


def _reason(label) -> forms.CharField:
    return forms.CharField(
        label=label,
        min_length=FEWEST_LETTERS,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明理由。"), "min_length": _("理由至少 5 个字。")},
    )


class MoveForm(forms.Form):
    """The new day of a milestone, and why."""

    to = DayField(label=_("新的日期"), error_messages={"required": _("请填新的日期。")})
    reason = _reason(_("调整的理由"))
    seen = DayField(widget=forms.HiddenInput)


class AskForm(forms.Form):
    """The later day asked for, and why."""

    to = DayField(label=_("申请延至"), error_messages={"required": _("请填申请延至的日期。")})
    reason = _reason(_("延期的理由"))


class GrantForm(forms.Form):
    """The decision on a request; refusing needs its reason."""

    WRONG = _("请选“同意”或“不同意”。")
    decision = forms.ChoiceField(
        label=_("审批意见"),
        choices=[("grant", _("同意延期")), ("refuse", _("不同意"))],
        widget=forms.RadioSelect,
        error_messages={"required": WRONG, "invalid_choice": WRONG},
    )
    note = forms.CharField(
        label=_("说明（不同意时必填）"), max_length=TEXT, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == "refuse" and len(cleaned.get("note", "").strip()) < FEWEST_LETTERS:
            self.add_error("note", _("不同意须写明原因，至少 5 个字。"))
        return cleaned
