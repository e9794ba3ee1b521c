"""The forms behind every settings page: a compulsory reason, and what tells whether somebody else was quicker."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import amend

TOO_SHORT = gettext_lazy("请写明理由，至少 5 个字。")


class ReasonField(forms.CharField):
    """理由: at least five characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("理由"),
            help_text=gettext_lazy("记入审计：为何这样改，依据什么，至少 5 个字"),
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages={"required": TOO_SHORT},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if len(text) < amend.REASON_LENGTH:
            raise ValidationError(TOO_SHORT, code="short")
        return text


class DeletionForm(forms.Form):
    """Why a setting goes."""

    reason = ReasonField()


class ReasonedForm(forms.ModelForm):
    """A setting with its reason. `seen` carries the digest of the row as it was when the form was opened."""

    reason = ReasonField()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.facts = getattr(self.instance, "facts_before", {})
        if "seen" in self.fields:
            self.fields["seen"].initial = amend.digest(self.facts)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        now = amend.digest(self.facts)
        if self.facts and cleaned.get("seen") != now:
            self.data = self.data.copy()
            self.data["seen"] = now
            self.add_error(None, ValidationError(self._conflict(), code="conflict"))
        return cleaned

    def _conflict(self) -> str:
        """Says what stands now where the form says something else."""
        changed = [name for name in self.changed_data if name in self.facts and name not in ("reason", "seen")]
        found = "；".join(
            _("%(field)s现为“%(value)s”") % {"field": self.fields[name].label, "value": self.facts[name] or _("空")}
            for name in changed
        )
        told = _("你打开这一页之后，别人改过这一条。你填的都还在，没有保存。")
        after = _("核对后再次点保存，即以你填的为准。")
        return told + (found + "。" if found else "") + after
