"""The forms of supervision slips (督办单): one that is raised or put otherwise, and one for each further act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.formfields import WordsField
from bureau.language import localized
from bureau.models import Area, Section
from bureau.places import Place
from indicators.models import Indicator
from tasks.forms import DayField
from tasks.models import Milestone, Project, Slip, Task
from tasks.slips.moves import Act
from tasks.slips.supervision import Wanted

SECTION, TOWN = "s:", "t:"
TEXT = 500


def _words(label: Any, *, most: int = TEXT, missing: Any = "", **more: Any) -> WordsField:
    return WordsField(label=label, max_length=most, error_messages={"required": missing}, **more)


class SlipForm(forms.Form):
    """A slip as it is raised; whose slips he may raise says what owners there are to choose from."""

    subject = _words(_("督办事项"), most=120, rows=2, missing=_("请写明督办事项。"))
    basis = _words(_("立项依据"), most=300, rows=2, missing=_("请写明立项依据。"))
    problem = _words(_("存在问题"), required=False)
    requirement = _words(_("工作要求"), missing=_("请写明工作要求。"))
    owner = forms.ChoiceField(
        label=_("责任单位"),
        error_messages={"required": _("请选责任单位。"), "invalid_choice": _("没有这个责任单位。")},
    )
    officer = forms.CharField(label=_("责任人"), max_length=40, required=False)
    supporting = forms.MultipleChoiceField(
        label=_("配合单位"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("没有这个配合单位。")},
    )  # fmt: skip
    due_on = DayField(label=_("办结时限"), error_messages={"required": _("请填办结时限。")})
    indicator = forms.ModelChoiceField(
        label=_("指标"), queryset=Indicator.objects.none(), to_field_name="code", required=False, empty_label=_("无")
    )

    def __init__(
        self, sections: Sequence[Section], owners: Sequence[Section], towns: Sequence[Place], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.sections, self.towns = {one.code: one for one in sections}, {one.code: one for one in towns}
        self.fields["owner"].choices = [
            ("", _("请选择")),
            (_("科室"), [(SECTION + one.code, localized(one)) for one in owners]),
            *([(_("镇（街道）"), [(TOWN + one.code, one.label) for one in towns])] if towns else []),
        ]
        self.fields["supporting"].choices = [(one.code, localized(one)) for one in sections]
        self.fields["indicator"].queryset = Indicator.objects.all()
        self.fields["indicator"].label_from_instance = lambda one: f"{one.code} {localized(one)}"

    def wanted(self, *, month: int | None, work: Task | Project | None, milestone: Milestone | None) -> Wanted:
        """What was typed, once valid, with what the slip rests on besides."""
        typed = self.cleaned_data
        kind, code = typed["owner"][: len(SECTION)], typed["owner"][len(SECTION) :]
        return Wanted(
            subject=typed["subject"],
            basis=typed["basis"],
            requirement=typed["requirement"],
            owner=self.sections[code] if kind == SECTION else Area.objects.get(pk=self.towns[code].id),
            due_on=typed["due_on"],
            problem=typed["problem"],
            supporting=[self.sections[one] for one in typed["supporting"]],
            officer=typed["officer"],
            month=month,
            indicator=typed["indicator"],
            work=work,
            milestone=milestone,
        )


class Seen(forms.Form):
    """An act without words; `seen` is the version the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ChangingForm(SlipForm):
    """A slip put otherwise, with the reason."""

    why = _words(_("更改的原因"), most=300, rows=2, missing=_("请写明理由。"))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class Why(Seen):
    """An act that needs a reason."""

    why = _words(_("理由"), most=300, rows=2, missing=_("请写明理由，至少 5 个字。"))


class SendingBack(Why):
    """What is wanting, and until when it is done again."""

    until = DayField(
        label=_("重办的时限"), required=False, help_text=_("不填就仍是原时限；须晚于今天和原时限。")
    )  # fmt: skip


class Concluding(Seen):
    """What was found."""

    verdict = _words(_("审结意见"), most=300, rows=2, missing=_("请写明审结意见，至少 5 个字。"))


class Answering(Seen):
    """What was done; the files that prove it are attached before, by themselves (20 MB)."""

    text = _words(
        _("办理情况"), most=2000, rows=6, missing=_("请写明办理情况，至少 10 个字。"),
        help_text=_("做了什么，结果如何，还差什么；至少 10 个字。佐证材料先附上，反馈以后不能再改。"),
    )  # fmt: skip


class Extending(forms.Form):
    """A later day, and why."""

    until = DayField(label=_("申请延至"), error_messages={"required": _("请填申请延至的日期。")})
    reason = _words(_("理由"), most=300, rows=2, missing=_("请写明理由，至少 5 个字。"))


class Deciding(forms.Form):
    """A later day granted or not."""

    grant = forms.ChoiceField(
        label=_("批复"), choices=[("yes", _("同意延期")), ("no", _("不同意"))], widget=forms.RadioSelect,
        error_messages={"required": _("请选“同意延期”或“不同意”。")},
    )  # fmt: skip
    note = _words(_("批复意见"), most=300, required=False, rows=2, help_text=_("不同意时必填，至少 5 个字。"))


FORMS: dict[Act, type[forms.Form]] = {
    Act.ASSIGN: Seen,
    Act.DROP: Why,
    Act.ACCEPT: Seen,
    Act.ANSWER: Answering,
    Act.SEND_BACK: SendingBack,
    Act.CONCLUDE: Concluding,
    Act.STRIKE_OFF: Seen,
    Act.REOPEN: Why,
    Act.ASK_EXTENSION: Extending,
    Act.DECIDE_EXTENSION: Deciding,
    Act.WITHDRAW_EXTENSION: forms.Form,
}


def initial_of(slip: Slip) -> dict[str, Any]:
    """What the form of a standing slip opens with."""
    return {
        "subject": slip.subject,
        "basis": slip.basis,
        "problem": slip.problem,
        "requirement": slip.requirement,
        "owner": (SECTION if slip.section else TOWN) + slip.owner.code,
        "officer": slip.officer,
        "supporting": [one.code for one in slip.supporting.all()],
        "due_on": slip.due_on,
        "indicator": slip.indicator.code if slip.indicator else "",
        "seen": slip.version,
    }


class FilterForm(forms.Form):
    """The choices of the list; sent by GET, so that what is asked for stands in the address."""

    state = forms.ChoiceField(label=_("状态"), required=False)
    unit = forms.ChoiceField(label=_("责任单位"), required=False)
    colour = forms.ChoiceField(label=_("颜色"), required=False)

    def __init__(self, choices: dict[str, list[tuple[str, Any]]], chosen: dict[str, str]) -> None:
        super().__init__(chosen)
        for name, values in choices.items():
            self.fields[name].choices = [("", _("全部")), *values]
