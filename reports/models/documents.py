"""Documents: of a release, built of its figures alone; of an edition of a report, with what people wrote in it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import StoredFile
from indicators.models import PublishedMonth
from reports.models.editions import Edition


class Document(models.Model):
    """A kept document; its bytes are the stored file's.

    Of a release, or of an edition and then keyed by the `digest` of what it was built of: a draft's gives way to the
    next, a final edition's is `fixed` and never changes (reports/guards.py).
    """

    class Kind(models.TextChoices):
        WORD = "word", _("Word 文件")
        EXCEL = "excel", _("数据附表")
        PDF = "pdf", _("PDF 版")

    release = models.ForeignKey(PublishedMonth, models.PROTECT, related_name="documents", verbose_name=_("发布"))
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("版本")
    )
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("文件"))
    digest = models.CharField(_("内容摘要"), max_length=64, blank=True)
    fixed = models.BooleanField(_("定稿"), default=False)
    demonstration = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("文档")
        constraints = [
            models.UniqueConstraint(
                fields=["release", "kind"], condition=Q(edition__isnull=True), name="document_once_a_release"
            ),
            models.UniqueConstraint(
                fields=["edition", "kind"], condition=Q(edition__isnull=False), name="document_once_an_edition"
            ),
            models.CheckConstraint(
                condition=Q(edition__isnull=True, fixed=False) | Q(edition__isnull=False) & ~Q(digest=""),
                name="document_of_an_edition_has_a_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.file.name
