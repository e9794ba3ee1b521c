"""Monthly progress (月报进度) of a task or project, and each step it went through."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks.models.work import ONE_WORK, Project, Task


class Progress(models.Model):
    """What a section reports of one task or project for one month; approved by somebody who wrote none of it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审核")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("已审核")

    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("任务")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("重点项目")
    )
    month = models.SmallIntegerField(_("月份"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    percent = models.PositiveSmallIntegerField(_("进度%"), default=0)
    done = models.TextField(_("本月进展"), blank=True)
    problem = models.TextField(_("存在问题"), blank=True)
    next_step = models.TextField(_("下月打算"), blank=True)
    quantity = models.PositiveIntegerField(_("已建数量"), null=True, blank=True)
    stages_done = models.PositiveSmallIntegerField(_("已过阶段数"), null=True, blank=True)
    completed_on = models.DateField(_("完成日期"), null=True, blank=True)
    explanation = models.TextField(_("说明"), blank=True)
    milestones = models.JSONField(_("已到节点"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=0)
    reason = models.TextField(_("最近理由"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("填报人"))
    at = models.DateTimeField(_("填报时间"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_on = models.DateField(_("提交日期"), null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_on = models.DateField(_("审核日期"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("月报进度")
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(condition=ONE_WORK, name="progress_of_one_work"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="progress_percent_in_range"),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(percent=100, completed_on__isnull=False)
                | Q(percent__lt=100, completed_on__isnull=True),
                name="progress_completed_has_a_date",
            ),
            models.UniqueConstraint(fields=["task", "month"], condition=Q(task__isnull=False), name="task_month_once"),
            models.UniqueConstraint(
                fields=["project", "month"], condition=Q(project__isnull=False), name="project_month_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "month"], name="progress_by_state")]

    def __str__(self) -> str:
        return f"{self.work.code} {self.month}"

    @property
    def work(self) -> Task | Project:
        found = self.task or self.project
        assert found is not None  # the database holds it so
        return found

    @property
    def is_open(self) -> bool:
        """May it be changed now?"""
        return self.state in (self.State.DRAFT, self.State.RETURNED)


class Step(models.Model):
    """One step of a report: who, what, when, why; what was handed in is kept as it then read."""

    report = models.ForeignKey(Progress, models.CASCADE, related_name="steps")
    act = models.CharField(_("事项"), max_length=20)
    to_state = models.CharField(_("状态"), max_length=10)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    content = models.JSONField(_("内容"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("办理过程")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.act} → {self.to_state}"
