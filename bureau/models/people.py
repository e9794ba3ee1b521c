"""Accounts and grants. What a role may do is code (bureau/authorization.py); who holds it, and where, is data."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from bureau.models.areas import Area, Section


class User(AbstractUser):
    """One person, one account; no personal data beyond name and unit."""

    display_name = models.CharField(_("姓名"), max_length=40, blank=True)
    unit = models.CharField(_("单位"), max_length=60, blank=True)
    expires_on = models.DateField(_("账号到期日"), null=True, blank=True)
    must_change_password = models.BooleanField(_("首次登录须改密码"), default=False)
    is_demonstration = models.BooleanField(_("演示账号"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("账号")

    def __str__(self) -> str:
        return self.display_name or self.username


class Grant(models.Model):
    """A role held by a user over a scope: a place, a section, or the whole county when both are empty."""

    class Role(models.TextChoices):
        VILLAGE_ASSISTANT = "village_assistant", _("村（社区）协理员")
        TOWN_CLERK = "town_clerk", _("镇（街道）填报人")
        TOWN_CHECKER = "town_checker", _("镇（街道）初审人")
        SECTION_CLERK = "section_clerk", _("科室填报人")
        REVIEWER = "reviewer", _("科室审核人")
        LEADER = "leader", _("领导小组")
        OFFICE = "office", _("办公室")
        SYSTEM_ADMINISTRATOR = "system_administrator", _("系统管理员")
        SECURITY_ADMINISTRATOR = "security_administrator", _("安全管理员")
        AUDITOR = "auditor", _("审计员")

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("账号"))
    role = models.CharField(_("角色"), max_length=24, choices=Role)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地方"))
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("科室")
    )
    from_date = models.DateField(_("起"), null=True, blank=True)
    to_date = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("授权")
        constraints = [
            models.UniqueConstraint(
                "user", "role", Coalesce("area_id", 0), Coalesce("section_id", 0), name="grant_once"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["village_assistant", "town_clerk", "town_checker"]) | Q(area__isnull=False),
                name="grant_of_a_place_names_it",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["section_clerk", "reviewer"]) | Q(section__isnull=False),
                name="grant_of_a_section_names_it",
            ),
        ]

    def __str__(self) -> str:
        scope = self.area or self.section
        return f"{self.get_role_display()}（{scope}）" if scope else str(self.get_role_display())
