"""What a meeting decided on a month's figures (议定事项): numbered, owned, dated, kept for ever."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import Area, Section
from indicators.models import Clause, Indicator
from tasks.models.constraints import at_most_one, exactly_one
from tasks.models.work import Project, Task

ONE_OWNER = exactly_one("section", "town")


class Decision(models.Model):
    """One thing decided: what, who answers for it, by when. `number` counts within the `year` of the decision.

    `month` is that of the figures that lay before the meeting. Late is computed from the clock, never stored. What is
    carried out within a task or project names it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("未办结")
        DONE = "done", _("已办结")

    county = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("县"))
    year = models.PositiveSmallIntegerField(_("年份"))
    number = models.PositiveSmallIntegerField(_("序号"))
    month = models.SmallIntegerField(_("数据月份"))
    decided_on = models.DateField(_("议定日期"))
    text = models.CharField(_("议定事项"), max_length=300)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("责任科室")
    )
    town = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("责任镇（街道）")
    )
    due_on = models.DateField(_("办结期限"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("指标")
    )
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("条款")
    )
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("任务")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("重点项目")
    )
    state = models.CharField(_("状态"), max_length=6, choices=State, default=State.OPEN)
    done_on = models.DateField(_("办结日期"), null=True, blank=True)
    done_note = models.CharField(_("办结情况"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("议定事项")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="decision_number_once_a_year"),
            models.CheckConstraint(condition=ONE_OWNER, name="decision_has_one_owner"),
            models.CheckConstraint(condition=at_most_one("task", "project"), name="decision_of_one_work"),
            models.CheckConstraint(
                condition=Q(state="open", done_on__isnull=True, done_note="")
                | (Q(state="done", done_on__isnull=False) & ~Q(done_note="")),
                name="decision_done_on_a_day_with_a_note",
            ),
        ]

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
