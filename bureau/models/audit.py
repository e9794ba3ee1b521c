"""The audit trail (留痕): one keyed, chained record per act. Rows are only ever added, by bureau/audit.py.

The database refuses anything else (bureau/trail/guards.py): a migration that alters these tables installs them again.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.trail.canonical import CanonicalJSONField


class AuditHead(models.Model):
    """The one row that is locked before a record is added: the number and code of the last record."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    code = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_has_one_head")]

    def __str__(self) -> str:
        return f"#{self.sequence}"


class AuditEvent(models.Model):
    """One act: who, when, what, on what, why; with the count and SHA-256 of the revisions it made."""

    sequence = models.BigIntegerField(_("序号"), unique=True)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("人员")
    )
    act = models.CharField(_("事项"), max_length=40)
    object = models.CharField(_("对象"), max_length=120, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    detail = CanonicalJSONField(_("内容"), default=dict)
    address = models.GenericIPAddressField(_("来源地址"), null=True, blank=True)
    succeeded = models.BooleanField(_("成功"), default=True)
    revisions = models.PositiveIntegerField(_("修改数"), default=0)
    revisions_digest = models.CharField(_("修改摘要"), max_length=64, blank=True)
    code = models.CharField(_("链码"), max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("审计记录")
        ordering = ["sequence"]
        indexes = [
            models.Index(fields=["by", "sequence"], name="audit_by_person"),
            models.Index(fields=["act", "sequence"], name="audit_by_act"),
            models.Index(fields=["address", "sequence"], name="audit_by_address"),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["sequence"], condition=models.Q(succeeded=False), name="audit_refused"),
        ]

    def __str__(self) -> str:
        return f"#{self.sequence} {self.act}"
