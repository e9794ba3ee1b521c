"""Settings of the work: phases, tasks and projects as the plan words them. Progress is reported elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from bureau.administration import SettingsAdmin
from bureau.language import localized
from bureau.reasons import ReasonedForm
from indicators.administration import rules
from tasks.assessment import administration
from tasks.models import Milestone, Phase, Project, Task

__all__ = ["administration"]


def work_codes() -> list[str]:
    """Codes that formulas may name: P01, T04."""
    return [*Task.objects.values_list("code", flat=True), *Project.objects.values_list("code", flat=True)]


rules.work_codes.append(work_codes)


class DatedForm(ReasonedForm):
    """What runs from a day to a day."""

    first, last = "starts_on", "ends_on"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get(self.first), cleaned.get(self.last)
        if start and end and end <= start:
            self.add_error(self.last, _("完成日期须晚于开始日期。"))
        return cleaned


class WorkForm(DatedForm):
    """A work due too late is set right by its form; a later day is asked for and granted (tasks/extending.py)."""

    last = "due_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "due_on" in self.fields:
            url = reverse("task_extension", args=[self.instance.code])
            words = _("这里只改早；改晚由责任科室申请延期")
            self.fields["due_on"].help_text = format_html('<a href="{}">{}</a>', url, words)

    def clean_due_on(self) -> date:
        due_on, before = self.cleaned_data["due_on"], self.instance.due_on
        if due_on > before:
            raise ValidationError(_("原为 %(d)s，改晚须申请延期，由另一人批准。") % {"d": before.isoformat()})
        if due_on < before and (later := self._node_after(due_on)):
            words = _("节点“%(n)s”定在 %(d)s，须先调整到这一天以前。")
            raise ValidationError(words % {"n": localized(later), "d": later.due_on.isoformat()})
        return due_on

    def _node_after(self, day: date) -> Milestone | None:
        """The last milestone planned for after this day: none may stand later than its work is due."""
        return self.instance.milestones.filter(due_on__gt=day, done_on__isnull=True).order_by("due_on").last()


class PlanAdmin(SettingsAdmin):
    """What the plan says is neither added nor taken away here."""

    may_add = may_delete = False
    form = DatedForm


class WorkAdmin(PlanAdmin):
    form = WorkForm

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.widget.attrs["size"] = 8
        field.help_text = _("按住 Ctrl 可选几条")
        return field


@admin.register(Phase)
class PhaseAdmin(PlanAdmin):
    fields = ("code", "name", "name_en", "starts_on", "ends_on")
    list_display = ("name", "starts_on", "ends_on")


@admin.register(Task)
class TaskAdmin(WorkAdmin):
    fields = (
        "code", "name", "name_en", "lead", "supporting", "starts_on", "due_on", "deliverable", "weight", "indicators",
    )  # fmt: skip
    list_display = ("code", "name", "lead", "due_on")
    list_filter = ("lead",)
    list_select_related = ("lead",)
    search_fields = ("code", "name")


@admin.register(Project)
class ProjectAdmin(WorkAdmin):
    fields = (
        "code", "name", "name_en", "lead", "supporting", "starts_on", "due_on", "content", "completion_mark", "budget",
        "indicators",
    )  # fmt: skip
    list_display = ("code", "name", "lead", "due_on")
    list_filter = ("lead",)
    list_select_related = ("lead",)
    search_fields = ("code", "name")
