"""Papers that two people sign before rights move: a grant asked for (授权申请), and work handed over (移交)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models.areas import Area, Section
from bureau.models.people import Grant, Role, User


class GrantRequest(models.Model):
    """A grant the security administrator proposes and the system administrator signs or refuses."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待会签")
        SIGNED = "signed", _("已生效")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    user = models.ForeignKey(User, models.CASCADE, related_name="grant_requests", verbose_name=_("账号"))
    role = models.CharField(_("角色"), max_length=24, choices=Role)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地方"))
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("科室")
    )
    from_date = models.DateField(_("起"), null=True, blank=True)
    to_date = models.DateField(_("止"), null=True, blank=True)
    reason = models.TextField(_("理由"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("会签人"))
    decided_at = models.DateTimeField(_("会签时间"), null=True)
    decision_reason = models.TextField(_("会签意见"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("授权申请")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(proposed_by=F("user")), name="grant_request_by_another"),
            models.CheckConstraint(
                condition=~Q(state="signed")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("user"))),
                name="grant_request_signed_by_a_third",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, state="proposed")
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="grant_request_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Handover(models.Model):
    """Work passing from one person to another on a date: his grants, drafts and responsibilities.

    The giver and the receiver sign; for a giver who has left, the security administrator signs in his place. Where the
    receiver does not hold the grants yet, the security administrator confirms. `passed` says what moved on the date.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待签")
        SIGNED = "signed", _("已签，待移交日")
        DONE = "done", _("已移交")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    giver = models.ForeignKey(User, models.PROTECT, related_name="handovers_given", verbose_name=_("移交人"))
    receiver = models.ForeignKey(User, models.PROTECT, related_name="handovers_received", verbose_name=_("接手人"))
    on = models.DateField(_("移交日"))
    note = models.TextField(_("说明"), blank=True)
    grants = models.ManyToManyField(Grant, related_name="+", verbose_name=_("授权"))
    absent = models.BooleanField(_("移交人不在岗"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("发起人"))
    started_at = models.DateTimeField(_("发起时间"))
    giver_signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    giver_signed_at = models.DateTimeField(null=True)
    receiver_signed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    passed = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("移交")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="handover_between_two"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "refused", "withdrawn"])
                | Q(giver_signed_at__isnull=False, receiver_signed_at__isnull=False),
                name="handover_signed_by_both",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | (~Q(confirmed_by=F("giver")) & ~Q(confirmed_by=F("receiver"))),
                name="handover_confirmed_by_a_third",
            ),
            models.UniqueConstraint(
                fields=["giver"], condition=Q(state__in=["open", "signed"]), name="handover_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver} {self.on}"
