"""The building of an edition's documents by the background worker: what was asked for, how far it has come."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.models.editions import Edition


class Build(models.Model):
    """One job of an edition, one a kind: a document, or making it final with all of them (reports/jobs.py).

    At WORK from when it was handed over until it is DONE, or FAILED and told why. `wanted` is what a finalisation
    sets; `asked_by` is in whose name it is done.
    """

    class Kind(models.TextChoices):
        WORD = "word", _("Word")
        EXCEL = "excel", _("Excel")
        PDF = "pdf", _("PDF")
        FINAL = "final", _("定稿")

    class State(models.TextChoices):
        WORK = "work", _("正在制作")
        DONE = "done", _("已做好")
        FAILED = "failed", _("没有做成")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="builds")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.WORK)
    wanted = models.JSONField(default=dict, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handed_over_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)  # by the worker, since it was handed over last
    begun = models.PositiveSmallIntegerField(default=0)  # how often, since a person asked for it last
    told = models.TextField(blank=True)  # why it failed

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "kind"], name="build_once_a_kind")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.kind} {self.state}"
