"""The forms of tasks: a month's report, the reviewer's decision, a deliverable, an officer."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.formfields import WordsField
from bureau.language import localized, unit
from tasks.content import Content
from tasks.filekinds import ACCEPT
from tasks.models import Milestone, Progress, Project, Task
from tasks.rules import FEWEST_LETTERS

TEXT = 1000
WRONG_DAY = _("日期写法不对，应为 2017-06-30 这样。")


class DayField(forms.DateField):
    """A day, typed or picked, as yyyy-mm-dd."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    input_formats = ["%Y-%m-%d"]
    default_error_messages = {"invalid": WRONG_DAY}


def _words(label, rows: int = 3, **options) -> WordsField:
    return WordsField(label=label, required=False, max_length=TEXT, rows=rows, **options)


class ProgressForm(forms.Form):
    """A month's report of one task or project; what it must hold to be handed in is asked by the rules."""

    percent = forms.IntegerField(
        label=_("进度（%）"),
        min_value=0,
        max_value=100,
        error_messages={
            "required": _("请填进度，0 到 100。"),
            "invalid": _("进度填 0 到 100 的整数。"),
            "min_value": _("进度填 0 到 100 的整数。"),
            "max_value": _("进度填 0 到 100 的整数。"),
        },
    )
    done = _words(_("本月进展"), 4, help_text=_("提交时必填；没有进展也写明原因。"))
    problem = _words(_("存在问题"))
    next_step = _words(_("下月打算"))
    completed_on = DayField(label=_("完成日期"), required=False, help_text=_("进度 100% 时必填。"))
    explanation = _words(_("说明"), help_text=_("进度比上次低，或报完成时必填：原因、完成依据。"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, work: Task | Project, nodes: list[Milestone], *args, **options) -> None:
        super().__init__(*args, **options)
        self.nodes = nodes
        last = self.fields.pop("completed_on"), self.fields.pop("explanation")
        if isinstance(work, Project):
            stages = [("", "—"), (0, _("未开始")), *enumerate(work.stages, start=1)]
            self.fields["stages_done"] = forms.TypedChoiceField(
                label=_("已完成到哪个阶段"), choices=stages, coerce=int, empty_value=None, required=False,
                error_messages={"invalid_choice": _("没有这个阶段节点。")},
            )  # fmt: skip
            if work.quantity:
                self.fields["quantity"] = forms.IntegerField(
                    label=_("已建数量（%(u)s）") % {"u": unit(work.quantity_unit)},
                    help_text=_("应建 %(n)d %(u)s") % {"n": work.quantity, "u": unit(work.quantity_unit)},
                    min_value=0, max_value=1_000_000, required=False,
                    error_messages={"invalid": _("数量填整数。"), "min_value": _("数量不能小于 0。")},
                )  # fmt: skip
        for node in nodes:
            self.fields[f"node_{node.code}"] = DayField(
                label=_("节点“%(n)s”的实际日期") % {"n": localized(node)},
                help_text=_("计划 %(d)s；还没到就空着。") % {"d": node.due_on.isoformat()},
                required=False,
            )
        self.fields["completed_on"], self.fields["explanation"] = last

    def content(self) -> Content:
        """What was typed, once valid."""
        typed = self.cleaned_data
        days: dict[str, date | None] = {node.code: typed.get(f"node_{node.code}") for node in self.nodes}
        return Content(
            percent=typed["percent"],
            done=typed["done"],
            problem=typed["problem"],
            next_step=typed["next_step"],
            quantity=typed.get("quantity"),
            stages_done=typed.get("stages_done"),
            completed_on=typed["completed_on"],
            explanation=typed["explanation"],
            milestones={code: day.isoformat() for code, day in days.items() if day},
        )


def initial_of(report: Progress | None, prior: Progress | None) -> dict:
    """What the form opens with: what was saved, else where the last approved report left the work."""
    found = report or prior
    if found is None:
        return {"percent": 0, "version": 0}
    held = {"percent": found.percent, "stages_done": found.stages_done, "quantity": found.quantity}
    if report is None:
        return held | {"version": 0}
    words_typed = {name: getattr(report, name) for name in ("done", "problem", "next_step", "explanation")}
    nodes = {f"node_{code}": day for code, day in report.milestones.items()}
    return held | words_typed | nodes | {"completed_on": report.completed_on, "version": report.version}


class DecisionForm(forms.Form):
    """The reviewer's decision on a report."""

    decision = forms.ChoiceField(
        choices=[("approve", _("通过")), ("return", _("退回修改"))],
        error_messages={"required": _("请选“通过”或“退回修改”。"), "invalid_choice": _("请选“通过”或“退回修改”。")},
    )
    reason = forms.CharField(label=_("原因"), max_length=500, required=False)
    seen = forms.IntegerField(min_value=0, required=False)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == "return" and len(cleaned.get("reason", "").strip()) < FEWEST_LETTERS:
            self.add_error("reason", _("退回须写明原因，至少 5 个字。"))
        return cleaned


class TakeBackForm(forms.Form):
    """Why an approval, or a deliverable, is taken back."""

    reason = forms.CharField(
        label=_("撤销的原因"),
        min_length=FEWEST_LETTERS,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明理由。"), "min_length": _("理由至少 5 个字。")},
    )


class DeliverableForm(forms.Form):
    """A deliverable as handed in."""

    on = DayField(label=_("交付日期"), error_messages={"required": _("请填交付日期。")})
    document = forms.CharField(label=_("文件名称"), max_length=120, error_messages={"required": _("请写文件名称。")})
    number = forms.CharField(label=_("文号"), max_length=60, required=False)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)


class ClosePhaseForm(forms.Form):
    """The day a phase is closed, and what there is to say of it."""

    on = DayField(label=_("关闭日期"), error_messages={"required": _("请填关闭日期。")})
    note = forms.CharField(
        label=_("关闭说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class EvidenceForm(forms.Form):
    """One file of evidence; what it may be is tasks/filekinds.py's."""

    file = forms.FileField(
        label=_("文件"),
        max_length=255,
        allow_empty_file=True,  # refused by the same rule as any other file
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": _("请选择一个文件。"), "max_length": _("文件名太长，请改短后再传。")},
    )


class OfficerForm(forms.Form):
    """Who answers for a task: one of the people of its lead section, or nobody yet."""

    officer = forms.ChoiceField(label=_("责任人"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, people: list[tuple[str, str]], *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["officer"].choices = [("", _("未定")), *people]
