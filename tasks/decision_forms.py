"""The forms of decisions (议定事项): what is decided, that it is done, that it is not done after all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.formfields import WordsField
from bureau.language import localized
from bureau.models import Area, Section
from bureau.places import Tree
from indicators.models import Clause, Indicator
from tasks.decisions import Wanted
from tasks.forms import DayField
from tasks.models import Decision, Project, Task
from tasks.rules import FEWEST_LETTERS

SECTION, TOWN = "s:", "t:"
TEXT = 300


def _words(label: Any, *, missing: Any = "", **more: Any) -> WordsField:
    return WordsField(label=label, max_length=TEXT, error_messages={"required": missing}, **more)


class DecidingForm(forms.Form):
    """A decision as typed in at the meeting."""

    text = _words(_("议定事项"), missing=_("请写明议定事项。"))
    reason = _words(_("理由"), required=False, rows=2)
    owner = forms.ChoiceField(
        label=_("责任单位"),
        error_messages={"required": _("请选责任单位。"), "invalid_choice": _("没有这个责任单位。")},
    )
    due_on = DayField(label=_("办结期限"), error_messages={"required": _("请填办结期限。")})
    indicator = forms.ModelChoiceField(
        label=_("指标"), queryset=Indicator.objects.none(), to_field_name="code", required=False, empty_label=_("无")
    )
    clause = forms.ModelChoiceField(
        label=_("条款"), queryset=Clause.objects.none(), to_field_name="number", required=False, empty_label=_("无")
    )

    work = forms.ChoiceField(
        label=_("列入任务"), required=False, error_messages={"invalid_choice": _("没有这个任务或项目。")}
    )

    def __init__(self, tree: Tree, month: int, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sections = {one.code: one for one in Section.objects.all()}
        self.towns = {place.code: place for place in tree.towns(month)}
        self.fields["owner"].choices = [
            ("", _("请选择")),
            (_("科室"), [(SECTION + code, localized(one)) for code, one in self.sections.items()]),
            (_("镇（街道）"), [(TOWN + code, place.label) for code, place in self.towns.items()]),
        ]
        self.works = {one.code: one for model in (Task, Project) for one in model.objects.order_by("code")}
        self.fields["work"].choices = [
            ("", _("无")),
            *((code, f"{code} {localized(one)}") for code, one in self.works.items()),
        ]
        self.fields["indicator"].queryset = Indicator.objects.all()
        self.fields["indicator"].label_from_instance = lambda one: f"{one.code} {localized(one)}"
        self.fields["clause"].queryset = Clause.objects.all()
        self.fields["clause"].label_from_instance = lambda one: f"{one.number} {localized(one, 'title')}"

    def wanted(self) -> Wanted:
        """What was typed, once valid."""
        typed = self.cleaned_data
        kind, code = typed["owner"][: len(SECTION)], typed["owner"][len(SECTION) :]
        owner = self.sections[code] if kind == SECTION else Area.objects.get(pk=self.towns[code].id)
        work = self.works.get(typed["work"])
        return Wanted(typed["text"], owner, typed["due_on"], typed["reason"], typed["indicator"], typed["clause"], work)


class ChangingForm(DecidingForm):
    """An open decision put otherwise, with the reason."""

    why = _words(_("更改的原因"), rows=2, missing=_("请写明理由。"))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ClosingForm(forms.Form):
    """That a decision is done, when, and what was done."""

    on = DayField(label=_("办结日期"), error_messages={"required": _("请填办结日期。")})
    note = _words(_("办结情况"), missing=_("请写明办结情况，至少 5 个字。"))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReopeningForm(forms.Form):
    """Why a decision is not done after all."""

    why = forms.CharField(
        label=_("撤销的原因"), min_length=FEWEST_LETTERS, max_length=TEXT, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明理由。"), "min_length": _("理由至少 5 个字。")},
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def initial_of(decision: Decision) -> dict[str, Any]:
    """What the form of a standing decision opens with."""
    return {
        "text": decision.text,
        "reason": decision.reason,
        "owner": (SECTION if decision.section else TOWN) + decision.owner.code,
        "due_on": decision.due_on,
        "indicator": decision.indicator.code if decision.indicator else "",
        "clause": decision.clause.number if decision.clause else "",
        "work": decision.work.code if decision.work else "",
        "seen": decision.version,
    }
