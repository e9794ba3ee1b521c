"""Phases, tasks and key projects of the plan's sections four and five, tied to clauses and indicators."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.fields import ValueField
from bureau.models import Section
from indicators.models import Clause, Domain, Indicator, Plan
from indicators.models.plan import Standing


class State(models.TextChoices):
    """Where a task or project stands; late is computed from the clock, never stored."""

    NOT_BEGUN = "not_begun", _("未开始")
    UNDER_WAY = "under_way", _("推进中")
    COMPLETED = "completed", _("已完成")


class Phase(models.Model):
    """One of the plan's three phases (阶段)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="phases", verbose_name=_("方案"))
    code = models.SlugField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=20)
    name_en = models.CharField(_("英文名"), max_length=60, blank=True)
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="phases", verbose_name=_("条款"))
    order = models.PositiveSmallIntegerField(_("顺序"))

    class Meta:
        verbose_name = verbose_name_plural = _("阶段")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="phase_code_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="phase_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class Deliverable(models.Model):
    """A paper a phase must bring forth (阶段成果)."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="deliverables", verbose_name=_("阶段"))
    code = models.SlugField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("阶段成果")
        ordering = ["phase", "order"]

    def __str__(self) -> str:
        return self.name


class Work(models.Model):
    """What tasks and projects share."""

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
    """A key project (重点建设项目) P01–P14; its completion feeds A16–A19 through Completion."""

    content = models.TextField(_("建设内容"), blank=True)
    completion_mark = models.CharField(_("完成标志"), max_length=160, blank=True)
    budget = ValueField(_("投资（万元）"), null=True, blank=True)
    quantity = models.PositiveIntegerField(_("应建数量"), null=True, blank=True)
    quantity_unit = models.CharField(_("数量单位"), max_length=8, blank=True)
    stages = models.JSONField(_("阶段节点"), default=list, blank=True)

    class Meta(Work.Meta):
        verbose_name = verbose_name_plural = _("重点项目")
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="project_percent_in_range"),
            models.CheckConstraint(
                condition=Q(state="completed", completed_on__isnull=False)
                | (~Q(state="completed") & Q(completed_on__isnull=True)),
                name="project_completed_has_a_date",
            ),
        ]
