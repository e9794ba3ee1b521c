"""The documents built of releases: kept once built, so that what went out stays as it was."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.models import StoredFile
from indicators.models import PublishedMonth


class Document(models.Model):
    """A document of a release, one a kind; its bytes are the stored file's."""

    class Kind(models.TextChoices):
        WORD = "word", _("评估报告")
        EXCEL = "excel", _("数据附表")

    release = models.ForeignKey(PublishedMonth, models.PROTECT, related_name="documents", verbose_name=_("发布"))
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("文件"))

    class Meta:
        verbose_name = verbose_name_plural = _("文档")
        constraints = [models.UniqueConstraint(fields=["release", "kind"], name="document_once_a_release")]

    def __str__(self) -> str:
        return self.file.name
