"""A long form (长表) or template that concerns several submissions: what it would change, kept until confirmed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.models import StoredFile
from indicators.models.figures import ReportingForm


class Import(models.Model):
    """One file sent for several submissions: its original, what is wrong with it, and how far it has come.

    A long one is read and written by the background worker (indicators/jobs.py): READING or WRITING from when it was
    handed over until it is done, FAILED when it could not be read.
    """

    class State(models.TextChoices):
        READING = "reading", _("正在检查")
        WRITING = "writing", _("正在写入")
        FAILED = "failed", _("没有读成")
        REFUSED = "refused", _("未导入")
        PREVIEW = "preview", _("待确认")
        CONFIRMED = "confirmed", _("已导入")

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State)
    kind = models.CharField(max_length=10, default="longform")  # the source of its figures: longform, workbook
    refused = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    converted_count = models.PositiveIntegerField(default=0)
    converted = models.JSONField(default=list)
    handed_over_at = models.DateTimeField(null=True)  # to the worker
    begun_at = models.DateTimeField(null=True)  # by the worker, since it was handed over last
    begun = models.PositiveSmallIntegerField(default=0)  # how often, since a person asked for it last
    told = models.TextField(default="")  # why it was not read or written
    clashes = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.file_id} {self.state}"


class ImportPart(models.Model):
    """What the file would do to one submission; cells that would stay the same are only counted."""

    record = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    form = models.ForeignKey(ReportingForm, models.PROTECT, related_name="+")
    place = models.ForeignKey("bureau.Area", models.PROTECT, related_name="+")
    month = models.SmallIntegerField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    same = models.PositiveIntegerField()
    changes = models.JSONField(default=list)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "form", "place", "month"], name="import_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.place_id} {self.month}"


class OldFile(models.Model):
    """An old file (旧表) on its way to an import: what its sender said of its layout, its headings, its names so far.

    `signature` is that of its headings: who brings the like again is proposed the same `columns`.
    """

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()
    layout = models.JSONField(default=dict)
    signature = models.CharField(max_length=64, blank=True, db_index=True)
    columns = models.JSONField(default=dict)
    names = models.JSONField(default=list)
    record = models.ForeignKey(Import, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["by", "file"], name="old_file_once")]

    def __str__(self) -> str:
        return f"{self.file_id}"
