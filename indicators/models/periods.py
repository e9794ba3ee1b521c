"""When forms are due (报送期限), late periods opened again (补报), and what was reminded of."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau import months
from bureau.models import Area
from indicators.models.figures import ReportingForm

LAST_DAY = 28


class DeadlineRule(models.Model):
    """The days of the following month by which each step is done, for the months from `from_month` on."""

    from_month = models.SmallIntegerField(_("自哪个月的报表起"), unique=True)
    village_day = models.PositiveSmallIntegerField(_("村（社区）填报日"), default=3)
    town_day = models.PositiveSmallIntegerField(_("镇（街道）、科室填报日"), default=5)
    review_day = models.PositiveSmallIntegerField(_("科室审核日"), default=8)
    bulletin_day = models.PositiveSmallIntegerField(_("通报日"), default=15)
    at = models.TimeField(_("截止时刻"), default=time(17, 0))
    open_workdays = models.PositiveSmallIntegerField(
        _("逾期后仍可填报的工作日"), default=5, help_text=_("从镇（街道）填报日起算；过后停止填报，须申请补报。")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("报送期限")
        ordering = ["from_month"]
        constraints = [
            models.CheckConstraint(
                condition=Q(village_day__gte=1)
                & Q(town_day__gt=F("village_day"))
                & Q(review_day__gt=F("town_day"))
                & Q(bulletin_day__gt=F("review_day"))
                & Q(bulletin_day__lte=LAST_DAY),
                name="deadlines_follow_each_other",
            ),
            models.CheckConstraint(condition=Q(open_workdays__lte=20), name="deadlines_close_within_a_month"),
        ]

    def __str__(self) -> str:
        days = f"{self.village_day}/{self.town_day}/{self.review_day}/{self.bulletin_day}"
        return f"{months.iso(self.from_month)} {days}"


class Reopening(models.Model):
    """A closed sheet opened again (补报): asked for, decided by a second person, closing by itself."""

    class State(models.TextChoices):
        ASKED = "asked", _("待批")
        GRANTED = "granted", _("已批准")
        REFUSED = "refused", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    form = models.ForeignKey(ReportingForm, models.PROTECT, related_name="+", verbose_name=_("报表"))
    place = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("填报单位"))
    month = models.SmallIntegerField(_("月份"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED)
    reason = models.TextField(_("理由"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"))
    expires_on = models.DateField(_("开放到"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人")
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    decision_reason = models.TextField(_("意见"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("补报申请")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "refused"])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="reopening_decided_by_another",
            ),
            models.UniqueConstraint(
                fields=["form", "place", "month"], condition=Q(state="asked"), name="reopening_asked_once"
            ),
        ]
        indexes = [models.Index(fields=["form", "place", "month"], name="reopening_of_a_sheet")]

    def __str__(self) -> str:
        return f"{self.form.code} {self.place.code} {self.month}"


class Reminder(models.Model):
    """One message to one person on one day; the row is written before it is sent, so that it is never sent twice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("收件人"))
    on = models.DateField(_("日期"))
    lines = models.PositiveSmallIntegerField(_("事项数"))
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    problem = models.CharField(_("未发出的原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("催报")
        ordering = ["-on", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "on"], name="reminder_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user} {self.on}"
