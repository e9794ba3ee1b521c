"""The plan's three phases (阶段) and the papers each must leave behind (阶段成果)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Clause, Plan


class Phase(models.Model):
    """One of the plan's three phases (阶段); closed by somebody on a day, once all its papers are there (关口)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="phases", verbose_name=_("方案"))
    code = models.SlugField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=20)
    name_en = models.CharField(_("英文名"), max_length=60, blank=True)
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="phases", verbose_name=_("条款"))
    order = models.PositiveSmallIntegerField(_("顺序"))
    closed_on = models.DateField(_("关闭日期"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("关闭人")
    )
    closing_note = models.CharField(_("关闭说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("阶段")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="phase_code_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="phase_in_order"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closed_by__isnull=True)
                | Q(closed_on__isnull=False, closed_by__isnull=False),
                name="phase_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Deliverable(models.Model):
    """A paper a phase must bring forth (阶段成果); handed in on a day, under a title and perhaps a number (文号)."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="deliverables", verbose_name=_("阶段"))
    code = models.SlugField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    tasks = models.ManyToManyField("tasks.Task", blank=True, related_name="deliverables", verbose_name=_("任务"))
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    delivered_on = models.DateField(_("交付日期"), null=True, blank=True)
    document = models.CharField(_("文件名称"), max_length=120, blank=True)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记人")
    )
    at = models.DateTimeField(_("登记时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("阶段成果")
        ordering = ["phase", "order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_on__isnull=True, document="") | (Q(delivered_on__isnull=False) & ~Q(document="")),
                name="deliverable_day_has_a_document",
            )
        ]

    def __str__(self) -> str:
        return self.name
