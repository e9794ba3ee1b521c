"""Supervision slips (督办单): numbered, grounded, owned, dated; every step of theirs and every extension asked for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import Area, Section
from indicators.models import Indicator
from tasks.models.constraints import at_most_one, exactly_one
from tasks.models.decisions import Decision
from tasks.models.work import Milestone, Project, Task


class Slip(models.Model):
    """One thing that is pressed (督办事项). `number` counts within the `year` in which it was raised (立项).

    Its colour follows from the day and the time limit, never stored. `key` names what a rule raised it for, so that the
    rule raises it once: empty where people raised it. What it rests on (indicator, work, milestone) may be none at all.
    """

    class Origin(models.TextChoices):
        LEADING_GROUP = "leading", _("领导小组交办")
        SECTION = "section", _("科室立项")
        DECISION = "decision", _("会议议定")
        LIGHT = "light", _("连续严重滞后")
        MILESTONE = "milestone", _("节点逾期")
        REPORT = "report", _("未报进度月报")

    class State(models.TextChoices):
        RAISED = "raised", _("立项")
        ASSIGNED = "assigned", _("交办")
        ACCEPTED = "accepted", _("承办")
        ANSWERED = "answered", _("反馈")
        RETURNED = "returned", _("退回重办")
        CONCLUDED = "concluded", _("审结")
        STRUCK_OFF = "struck_off", _("销号")
        DROPPED = "dropped", _("不予督办")

    county = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("县"))
    year = models.PositiveSmallIntegerField(_("年份"))
    number = models.PositiveSmallIntegerField(_("序号"))
    origin = models.CharField(_("来源"), max_length=10, choices=Origin)
    key = models.CharField(_("规则键"), max_length=60, blank=True)
    subject = models.CharField(_("督办事项"), max_length=120)
    basis = models.CharField(_("立项依据"), max_length=300)
    problem = models.CharField(_("存在问题"), max_length=500, blank=True)
    requirement = models.CharField(_("工作要求"), max_length=500)
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="slips", verbose_name=_("责任科室")
    )
    town = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="slips", verbose_name=_("责任镇（街道）")
    )
    supporting = models.ManyToManyField(
        Section, blank=True, related_name="supporting_slips", verbose_name=_("配合单位")
    )
    officer = models.CharField(_("责任人"), max_length=40, blank=True)
    due_on = models.DateField(_("办结时限"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.RAISED)
    raised_on = models.DateField(_("立项日期"))
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("立项人")
    )
    assigned_on = models.DateField(_("交办日期"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签发人")
    )
    accepted_on = models.DateField(_("签收日期"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办人")
    )
    answered_on = models.DateField(_("反馈日期"), null=True, blank=True)
    answer = models.TextField(_("反馈情况"), blank=True)
    verdict = models.CharField(_("审结意见"), max_length=300, blank=True)
    concluded_on = models.DateField(_("审结日期"), null=True, blank=True)
    struck_off_on = models.DateField(_("销号日期"), null=True, blank=True)
    month = models.SmallIntegerField(_("数据月份"), null=True, blank=True)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="slips", verbose_name=_("议定事项")
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="slips", verbose_name=_("指标")
    )
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="slips", verbose_name=_("任务"))
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="slips", verbose_name=_("重点项目")
    )
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="slips", verbose_name=_("节点")
    )
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = verbose_name_plural = _("督办单")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="slip_number_once_a_year"),
            models.UniqueConstraint(fields=["county", "key"], condition=~Q(key=""), name="slip_of_a_rule_once"),
            models.CheckConstraint(condition=exactly_one("section", "town"), name="slip_has_one_owner"),
            models.CheckConstraint(condition=at_most_one("task", "project"), name="slip_of_one_work"),
            models.CheckConstraint(
                condition=~Q(origin="decision") | Q(decision__isnull=False), name="slip_of_a_decision_names_it"
            ),
            models.CheckConstraint(
                condition=Q(key="", origin__in=("leading", "section", "decision"))
                | (~Q(key="") & Q(origin__in=("light", "milestone", "report"))),
                name="slip_of_a_rule_has_its_key",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("raised", "dropped")) | Q(assigned_on__isnull=False, signed_by__isnull=False),
                name="slip_assigned_on_a_day_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("answered", "concluded", "struck_off"))
                | (Q(answered_on__isnull=False) & ~Q(answer="")),
                name="slip_answered_with_words",
            ),
            models.CheckConstraint(
                condition=Q(state="struck_off", struck_off_on__isnull=False)
                | (~Q(state="struck_off") & Q(struck_off_on__isnull=True)),
                name="slip_struck_off_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="slip_by_state")]

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def owner(self) -> Section | Area:
        """The section or town that answers for it."""
        found = self.section or self.town
        assert found is not None  # the database holds it so
        return found

    @property
    def work(self) -> Task | Project | None:
        return self.task or self.project


class SlipStep(models.Model):
    """One step of a slip: who, what, when, and the words of it (requirement, answer, reason, verdict)."""

    slip = models.ForeignKey(Slip, models.CASCADE, related_name="steps")
    act = models.CharField(_("事项"), max_length=20)
    to_state = models.CharField(_("状态"), max_length=10)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("督办过程")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.act} → {self.to_state}"


class Extension(models.Model):
    """A later day asked for (延期申请), before the old one is over, with the reason; granted or refused by another."""

    class State(models.TextChoices):
        ASKED = "asked", _("待批")
        GRANTED = "granted", _("已同意")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    slip = models.ForeignKey(
        Slip, models.CASCADE, null=True, blank=True, related_name="extensions", verbose_name=_("督办单")
    )
    task = models.ForeignKey(
        Task, models.CASCADE, null=True, blank=True, related_name="extensions", verbose_name=_("任务")
    )
    project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="extensions", verbose_name=_("重点项目")
    )
    from_on = models.DateField(_("原期限"))
    wanted_on = models.DateField(_("申请延至"))
    reason = models.CharField(_("理由"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审批人")
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    note = models.CharField(_("审批意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("延期申请")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=exactly_one("slip", "task", "project"), name="extension_of_one"),
            models.CheckConstraint(condition=Q(wanted_on__gt=F("from_on")), name="extension_to_a_later_day"),
            models.CheckConstraint(
                condition=Q(state__in=("asked", "withdrawn"), decided_by__isnull=True)
                | Q(state__in=("granted", "refused"), decided_by__isnull=False),
                name="extension_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="extension_granted_by_another"
            ),
        ] + [
            models.UniqueConstraint(
                fields=[name], condition=Q(state="asked", **{f"{name}__isnull": False}), name=f"extension_{name}_once"
            )
            for name in ("slip", "task", "project")
        ]

    def __str__(self) -> str:
        return f"{self.from_on} → {self.wanted_on}"
