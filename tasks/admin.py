"""Settings of the work: phases, tasks and projects as the plan words them. Progress is reported elsewhere."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.administration import SettingsAdmin
from bureau.reasons import ReasonedForm
from indicators.administration import rules
from tasks.assessment import administration
from tasks.models import Phase, Project, Task

__all__ = ["administration"]


def work_codes() -> list[str]:
    """Codes that formulas may name: P01, T04."""
    return [*Task.objects.values_list("code", flat=True), *Project.objects.values_list("code", flat=True)]


rules.work_codes.append(work_codes)


class DatedForm(ReasonedForm):
    """What runs from a day to a day."""

    first, last = "starts_on", "ends_on"
    WRONG = gettext_lazy("完成日期须晚于开始日期。")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get(self.first), cleaned.get(self.last)
        if start and end and end <= start:
            self.add_error(self.last, self.WRONG)
        return cleaned


class WorkForm(DatedForm):
    """When a work is due is not changed by its form: a later day is asked for and granted (tasks/extending.py)."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start = cleaned.get(self.first)
        if start and self.instance.due_on <= start:
            self.add_error(self.first, self.WRONG)
        return cleaned


class PlanAdmin(SettingsAdmin):
    """What the plan says is neither added nor taken away here."""

    may_add = may_delete = False
    form = DatedForm


class WorkAdmin(PlanAdmin):
    form = WorkForm
    readonly_fields = ("due_day",)

    @admin.display(description=gettext_lazy("应完成"))
    def due_day(self, work: Task | Project) -> SafeString:
        """The day, and where it is changed with a reason by two people, milestones and slippage with it."""
        url = reverse("task_extension", args=[work.code])
        return format_html('{} <a href="{}">{}</a>', work.due_on.isoformat(), url, _("改期由责任科室申请延期"))

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
        "code", "name", "name_en", "lead", "supporting", "starts_on", "due_day", "deliverable", "weight", "indicators",
    )  # fmt: skip
    list_display = ("code", "name", "lead", "due_on")
    list_filter = ("lead",)
    list_select_related = ("lead",)
    search_fields = ("code", "name")


@admin.register(Project)
class ProjectAdmin(WorkAdmin):
    fields = (
        "code", "name", "name_en", "lead", "supporting", "starts_on", "due_day", "content", "completion_mark", "budget",
        "indicators",
    )  # fmt: skip
    list_display = ("code", "name", "lead", "due_on")
    list_filter = ("lead",)
    list_select_related = ("lead",)
    search_fields = ("code", "name")
