"""Tokens for programs that read (接口令牌): of each only its SHA-256 is kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.models.people import User


class ApiToken(models.Model):
    """Lets a program read in its owner's name, never more than he may himself; rules: bureau/people/tokens.py."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("账号"))
    name = models.CharField(_("用途"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("生成时间"))
    expires_on = models.DateField(_("有效至"))
    last_used_on = models.DateField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
