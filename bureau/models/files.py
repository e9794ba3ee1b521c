"""Files kept by their SHA-256 under FILES_ROOT, one row a keeping: whose it is and who may see it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.models.areas import Area, Section


class StoredFile(models.Model):
    """A kept file: an imported workbook's original, a built document, later an attachment."""

    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveIntegerField(_("大小"))
    purpose = models.CharField(_("用途"), max_length=20)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("保存人")
    )
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地方"))
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("科室")
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("文件")

    def __str__(self) -> str:
        return self.name
