"""Tasks and key projects of the plan's sections four and five, tied to clauses and indicators, and their milestones."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.fields import ValueField
from bureau.models import Section
from indicators.models import Clause, Domain, Indicator
from indicators.models.plan import Standing
from tasks.models.constraints import exactly_one
from tasks.models.phases import Phase

ONE_WORK = exactly_one("task", "project")


class State(models.TextChoices):
    """Where a task or project stands; late is computed from the clock, never stored."""

    NOT_BEGUN = "not_begun", _("未开始")
    UNDER_WAY = "under_way", _("推进中")
    COMPLETED = "completed", _("已完成")


class Work(models.Model):
    """What tasks and projects share. State, percent and completion follow from the approved monthly reports."""

    code = models.CharField(_("编号"), max_length=8, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=160, blank=True)
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="%(class)ss", verbose_name=_("依据条款"))
    domain = models.ForeignKey(Domain, models.PROTECT, null=True, blank=True, verbose_name=_("任务领域"))
    lead = models.ForeignKey(Section, models.PROTECT, related_name="leading_%(class)ss", verbose_name=_("责任科室"))
    supporting = models.ManyToManyField(
        Section, blank=True, related_name="supporting_%(class)ss", verbose_name=_("配合单位")
    )
    indicators = models.ManyToManyField(Indicator, blank=True, related_name="%(class)ss", verbose_name=_("关联指标"))
    starts_on = models.DateField(_("开始"))
    due_on = models.DateField(_("应完成"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.NOT_BEGUN)
    percent = models.PositiveSmallIntegerField(_("进度%"), default=0)
    completed_on = models.DateField(_("完成日期"), null=True, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任人")
    )
    standing = models.CharField(_("依据状态"), max_length=10, choices=Standing, default=Standing.PLAN)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Task(Work):
    """A task (任务) T01–T32."""

    phase = models.ForeignKey(Phase, models.PROTECT, related_name="tasks", verbose_name=_("阶段"))
    deliverable = models.CharField(_("成果或衡量"), max_length=160, blank=True)
    weight = ValueField(_("权重"), default=1)

    class Meta(Work.Meta):
        verbose_name = verbose_name_plural = _("任务")
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="task_percent_in_range"),
            models.CheckConstraint(
                condition=Q(state="completed", completed_on__isnull=False)
                | (~Q(state="completed") & Q(completed_on__isnull=True)),
                name="task_completed_has_a_date",
            ),
        ]


class Project(Work):
    """A key project (重点建设项目) P01–P14; its completion feeds A16–A19 through Completion.

    `quantity_from` names the indicator whose numerator and denominator are its quantity (P06: A20), typed nowhere else.
    """

    content = models.TextField(_("建设内容"), blank=True)
    completion_mark = models.CharField(_("完成标志"), max_length=160, blank=True)
    budget = ValueField(_("投资（万元）"), null=True, blank=True)
    quantity = models.PositiveIntegerField(_("应建数量"), null=True, blank=True)
    quantity_unit = models.CharField(_("数量单位"), max_length=8, blank=True)
    quantity_from = models.CharField(_("数量取自指标"), max_length=8, blank=True)
    quantity_done = models.PositiveIntegerField(_("已建数量"), null=True, blank=True)
    stages = models.JSONField(_("阶段节点"), default=list, blank=True)
    stages_done = models.PositiveSmallIntegerField(_("已过阶段数"), default=0)

    class Meta(Work.Meta):
        verbose_name = verbose_name_plural = _("重点项目")
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="project_percent_in_range"),
            models.CheckConstraint(
                condition=Q(state="completed", completed_on__isnull=False)
                | (~Q(state="completed") & Q(completed_on__isnull=True)),
                name="project_completed_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity_from=""), name="project_quantity_has_one_source"
            ),
        ]


class Milestone(models.Model):
    """A node (节点) of a task or project: planned day and the day it was reached, as an approved report says."""

    code = models.CharField(_("编号"), max_length=12, unique=True)
    task = models.ForeignKey(
        Task, models.CASCADE, null=True, blank=True, related_name="milestones", verbose_name=_("任务")
    )
    project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="milestones", verbose_name=_("重点项目")
    )
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=160, blank=True)
    due_on = models.DateField(_("计划日期"))
    done_on = models.DateField(_("实际日期"), null=True, blank=True)
    report = models.ForeignKey(
        "tasks.Progress", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("月报")
    )
    standing = models.CharField(_("依据状态"), max_length=10, choices=Standing, default=Standing.REC)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("节点")
        ordering = ["due_on", "order"]
        constraints = [models.CheckConstraint(condition=ONE_WORK, name="milestone_of_one_work")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class MilestoneMove(models.Model):
    """A milestone's planned day moved (节点调整), with the reason; the first of them tells the old plan."""

    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="moves", verbose_name=_("节点"))
    from_on = models.DateField(_("原计划日期"))
    to_on = models.DateField(_("新计划日期"))
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("节点调整")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(from_on=F("to_on")), name="milestone_moves_somewhere")]

    def __str__(self) -> str:
        return f"{self.from_on} → {self.to_on}"
