"""Accounts, duties and grants. What a role may do is code (bureau/authorization.py); who holds it, where, is data."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Lower
from django.utils.translation import gettext_lazy as _

from bureau.models.areas import Area, Section


class User(AbstractUser):
    """One person, one account; no personal data beyond name and unit.

    `sitting` names the one session in which he is signed in; a session that bears another name is over.
    """

    display_name = models.CharField(_("姓名"), max_length=40, blank=True)
    unit = models.CharField(_("单位"), max_length=60, blank=True)
    expires_on = models.DateField(_("账号到期日"), null=True, blank=True)
    must_change_password = models.BooleanField(_("首次登录须改密码"), default=False)
    is_demonstration = models.BooleanField(_("演示账号"), default=False)
    password_changed_at = models.DateTimeField(_("改密码时间"), null=True, blank=True)
    one_time_until = models.DateTimeField(_("一次性密码有效至"), null=True, blank=True)
    last_address = models.GenericIPAddressField(_("上次登录地址"), null=True, blank=True)
    sitting = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("账号")
        constraints = [models.UniqueConstraint(Lower("username"), name="user_name_once_in_any_case")]

    def __str__(self) -> str:
        return self.display_name or self.username


class Role(models.TextChoices):
    """The roles; each grant names one."""

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


ADMINISTRATORS = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)


class Duty(models.Model):
    """What an account is for (三权分立): business, or exactly one of the three administrators' offices, for ever.

    One row a user, named "<user>:<kind>"; each grant must point at the one its user and role demand, which the
    database checks. So no path, not even raw SQL or two transactions at once, joins what is to stay apart.
    """

    class Kind(models.TextChoices):
        BUSINESS = "business", _("业务")
        SYSTEM_ADMINISTRATOR = "system_administrator", _("系统管理员")
        SECURITY_ADMINISTRATOR = "security_administrator", _("安全管理员")
        AUDITOR = "auditor", _("审计员")

    key = models.CharField(max_length=48, primary_key=True)
    user = models.OneToOneField(User, models.CASCADE, related_name="duty", verbose_name=_("账号"))
    kind = models.CharField(_("类别"), max_length=24, choices=Kind)

    class Meta:
        verbose_name = verbose_name_plural = _("账号类别")
        constraints = [
            models.CheckConstraint(
                condition=Q(key=Concat(Cast("user_id", models.CharField()), Value(":"), "kind")),
                name="duty_is_named_by_user_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["business", "system_administrator", "security_administrator", "auditor"]),
                name="duty_is_of_a_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"

    @classmethod
    def kind_of(cls, role: str) -> str:
        """The kind of duty a role belongs to."""
        return role if role in ADMINISTRATORS else cls.Kind.BUSINESS

    @classmethod
    def of(cls, user_id: int, role: str) -> str:
        """The key of the duty a grant of this role needs, made where the user has none yet.

        IntegrityError where the user holds another kind of duty.
        """
        kind = cls.kind_of(role)
        key = f"{user_id}:{kind}"
        cls.objects.get_or_create(key=key, defaults={"user_id": user_id, "kind": kind})
        return key


class GrantQuerySet(models.QuerySet):
    def bulk_create(self, objs: Iterable[Grant], *args, **kwargs) -> list[Grant]:
        """As Django's, with each grant's duty filled in."""
        objs = list(objs)
        for grant in objs:
            grant.duty_id = Duty.of(grant.user_id, grant.role)
        return super().bulk_create(objs, *args, **kwargs)


class Grant(models.Model):
    """A role held by a user over a scope: a place, a section, or the whole county when both are empty."""

    Role = Role

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("账号"))
    duty = models.ForeignKey(Duty, models.CASCADE, related_name="grants", editable=False)
    role = models.CharField(_("角色"), max_length=24, choices=Role)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地方"))
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("科室")
    )
    from_date = models.DateField(_("起"), null=True, blank=True)
    to_date = models.DateField(_("止"), null=True, blank=True)

    objects = GrantQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=Q(
                    duty=Concat(
                        Cast("user_id", models.CharField()),
                        Value(":"),
                        Case(
                            When(
                                role__in=["system_administrator", "security_administrator", "auditor"], then=F("role")
                            ),
                            default=Value("business"),
                        ),
                    )
                ),
                name="grant_is_of_the_users_duty",
            ),
        ]

    def __str__(self) -> str:
        scope = self.area or self.section
        return f"{self.get_role_display()}（{scope}）" if scope else str(self.get_role_display())

    def save(self, *args, **kwargs) -> None:
        """As Django's, with the duty filled in."""
        self.duty_id = Duty.of(self.user_id, self.role)
        super().save(*args, **kwargs)


class UsedPassword(models.Model):
    """The hash of a password an account had, so that the last ones are not used again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="used_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.at:%Y-%m-%d}"
