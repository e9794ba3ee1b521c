"""The parts of an edition that people write (各科室撰写的部分), and every text that was ever saved of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.models import Section
from reports.models.editions import Edition


class PartText(models.Model):
    """What stands in one part of an edition, by whom it is written, and beside which figures.

    `seen` is the digest of the figures the text was written beside (Edition.figures); `moved` tells that the edition's
    figures are others now and nobody has looked at the text since.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="parts", verbose_name=_("版本"))
    key = models.CharField(_("部分"), max_length=40)
    section = models.ForeignKey(Section, models.PROTECT, related_name="+", verbose_name=_("撰写科室"))
    text = models.TextField(_("文字"), blank=True)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("撰写人")
    )
    at = models.DateTimeField(_("撰写时间"), null=True)
    seen = models.CharField(max_length=64, blank=True)
    moved = models.BooleanField(_("数据已变"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("报告文字")
        ordering = ["edition", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="part_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.key}"


class PartRevision(models.Model):
    """A text as it was saved once; never changed."""

    part = models.ForeignKey(PartText, models.CASCADE, related_name="revisions", verbose_name=_("部分"))
    version = models.PositiveIntegerField(_("版本"))
    text = models.TextField(_("文字"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("撰写人"))
    at = models.DateTimeField(_("撰写时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("报告文字的历次保存")
        ordering = ["part", "-version"]
        constraints = [models.UniqueConstraint(fields=["part", "version"], name="part_revision_once")]

    def __str__(self) -> str:
        return f"{self.part_id} {self.version}"
