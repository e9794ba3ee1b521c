"""Files that prove what was reported (佐证材料): of a monthly report, a phase's paper or a step of a slip."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.models import StoredFile
from tasks.models.constraints import exactly_one
from tasks.models.phases import Deliverable
from tasks.models.progress import Progress
from tasks.models.supervision import Slip


class Evidence(models.Model):
    """A kept file and what it belongs to. Taken away again only while its owner is open; the trail tells of both."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("文件"))
    report = models.ForeignKey(
        Progress, models.CASCADE, null=True, blank=True, related_name="evidence", verbose_name=_("月报进度")
    )
    deliverable = models.ForeignKey(
        Deliverable, models.CASCADE, null=True, blank=True, related_name="evidence", verbose_name=_("阶段成果")
    )
    slip = models.ForeignKey(
        Slip, models.CASCADE, null=True, blank=True, related_name="evidence", verbose_name=_("督办单")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("佐证材料")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=exactly_one("report", "deliverable", "slip"), name="evidence_of_one")
        ]

    def __str__(self) -> str:
        return self.file.name
