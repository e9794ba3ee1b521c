"""The plan as data: its clauses, domains and revision notes. Another plan can be loaded without code."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.models import Area


class Standing(models.TextChoices):
    """On what a loaded statement rests; everything but the plan and an official source is shown as 待确认."""

    PLAN = "plan", _("方案原文")
    OFFICIAL = "official", _("正式口径")
    MEMORY = "memory", _("待确认")
    REC = "rec", _("建议，待确认")


class Plan(models.Model):
    """The implementation plan (实施方案)."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    county = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("县"))
    title = models.CharField(_("标题"), max_length=200)
    title_en = models.CharField(_("英文标题"), max_length=200, blank=True)
    issuer = models.CharField(_("印发单位"), max_length=80)
    meeting = models.CharField(_("议定会议"), max_length=120, blank=True)
    issued_on = models.DateField(_("印发日期"))
    first_month = models.SmallIntegerField(_("试点首月"))
    last_month = models.SmallIntegerField(_("试点末月"))
    population = models.CharField(
        _("人口填报项"), max_length=8, blank=True, help_text=_("按人口分解目标时用的填报项，例如 D50")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("方案")

    def __str__(self) -> str:
        return self.title


class Clause(models.Model):
    """One numbered part of the plan, described in our own words; `facts` lists the numbers stated there."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="clauses", verbose_name=_("方案"))
    number = models.CharField(_("条款号"), max_length=20)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    order = models.PositiveSmallIntegerField(_("顺序"))
    title = models.CharField(_("短题"), max_length=80)
    title_en = models.CharField(_("英文短题"), max_length=120, blank=True)
    summary = models.TextField(_("摘要"), blank=True)
    facts = models.JSONField(_("数字"), default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("条款")
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="clause_number_once")]

    def __str__(self) -> str:
        return self.number


class Domain(models.Model):
    """One of the five task domains of the plan's section four (五项任务)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="domains", verbose_name=_("方案"))
    code = models.CharField(_("代码"), max_length=4)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="domains", verbose_name=_("条款"))
    order = models.PositiveSmallIntegerField(_("顺序"))

    class Meta:
        verbose_name = verbose_name_plural = _("任务领域")
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="domain_code_once")]

    def __str__(self) -> str:
        return self.name


class PlanRevisionNote(models.Model):
    """What the plan's own revision notes (修改说明) changed or deleted, in our own words."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="revision_notes", verbose_name=_("方案"))
    number = models.CharField(_("序号"), max_length=8)
    kind = models.CharField(_("类别"), max_length=12)
    title = models.CharField(_("短题"), max_length=80)
    summary = models.TextField(_("摘要"))
    clauses = models.ManyToManyField(Clause, blank=True, related_name="revision_notes", verbose_name=_("涉及条款"))

    class Meta:
        verbose_name = verbose_name_plural = _("修改说明")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="revision_note_once")]

    def __str__(self) -> str:
        return self.title


class LoadedRow(models.Model):
    """What loadplan last wrote for a natural key, as a SHA-256, so that it never overwrites what a person edited."""

    model = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "key"], name="loaded_row_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
