"""A report (报告) and its editions (版本): a draft is written, reviewed, made final, and final it stays for ever.

A draft that comes to nothing is discarded (作废): it leaves the list, and what was written in it stays as it was.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import Area
from indicators.models import PublishedMonth


class Report(models.Model):
    """One kind of report on one month."""

    class Kind(models.TextChoices):
        BULLETIN = "bulletin", _("月度通报")
        PHASE = "phase", _("阶段报告")
        EVALUATION = "evaluation", _("评估总结报告")

    county = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("县"))
    kind = models.CharField(_("种类"), max_length=12, choices=Kind)
    month = models.SmallIntegerField(_("月份"))

    class Meta:
        verbose_name = verbose_name_plural = _("报告")
        ordering = ["-month", "kind"]
        constraints = [models.UniqueConstraint(fields=["county", "kind", "month"], name="report_once_a_month")]

    def __str__(self) -> str:
        return f"{self.kind} {self.month}"


class Edition(models.Model):
    """One edition of a report, made of one release.

    `figures` holds the digest of the figures printed beside each part, as the edition's release has them. Final, it
    keeps the whole manuscript and the 核数表 as JSON with the SHA-256 of both, and those of its files; the database
    refuses any change of it (reports/guards.py).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("起草")
        REVIEW = "review", _("送审")
        FINAL = "final", _("定稿")
        DISCARDED = "discarded", _("草稿作废")

    report = models.ForeignKey(Report, models.PROTECT, related_name="editions", verbose_name=_("报告"))
    number = models.PositiveSmallIntegerField(_("版次"))
    release = models.ForeignKey(PublishedMonth, models.PROTECT, related_name="+", verbose_name=_("发布"))
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)  # raised by each act but the writing of a part
    figures = models.JSONField(default=dict)
    demonstration = models.BooleanField(_("演示数据"), default=False)
    document_number = models.CharField(_("发文字号"), max_length=40, blank=True)
    issue = models.CharField(_("期号"), max_length=20, blank=True)
    recipients = models.CharField(_("主送机关"), max_length=300, blank=True)
    copies = models.JSONField(_("抄报抄送"), default=list, blank=True)
    signed_on = models.DateField(_("成文日期"), null=True, blank=True)
    reason = models.CharField(_("修订原因"), max_length=500, blank=True)
    returned = models.CharField(_("退回原因"), max_length=500, blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("起草人"))
    begun_at = models.DateTimeField(_("起草时间"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("送审人")
    )
    submitted_at = models.DateTimeField(_("送审时间"), null=True, blank=True)
    finalised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("定稿人")
    )
    finalised_at = models.DateTimeField(_("定稿时间"), null=True, blank=True)
    finalised_on = models.DateField(_("定稿日期"), null=True, blank=True)
    discarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("作废人")
    )
    discarded_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    discarded_why = models.CharField(_("作废原因"), max_length=500, blank=True)
    manuscript = models.TextField(blank=True)
    proof = models.TextField(blank=True)
    digest = models.CharField(_("内容摘要"), max_length=64, blank=True)
    files = models.JSONField(default=dict, blank=True)  # kind → {name, sha256, size}

    class Meta:
        verbose_name = verbose_name_plural = _("报告版本")
        ordering = ["-report__month", "report__kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="edition_numbered_once"),
            models.UniqueConstraint(
                fields=["report"], condition=Q(state__in=["draft", "review"]), name="edition_one_open"
            ),
            models.UniqueConstraint(
                fields=["document_number"],
                condition=~Q(document_number="") & ~Q(state="discarded"),
                name="edition_document_number_once",
            ),
            models.CheckConstraint(
                condition=Q(state="discarded", discarded_by__isnull=False, discarded_at__isnull=False)
                & ~Q(discarded_why="")
                | ~Q(state="discarded") & Q(discarded_by__isnull=True, discarded_at__isnull=True, discarded_why=""),
                name="edition_discarded_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="final")
                | Q(finalised_by__isnull=False, finalised_on__isnull=False, signed_on__isnull=False)
                & ~Q(document_number="")
                & ~Q(manuscript="")
                & ~Q(digest=""),
                name="edition_final_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(finalised_by__isnull=True)
                | Q(submitted_by__isnull=False) & ~Q(finalised_by=F("submitted_by")),
                name="edition_final_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.number}"

    @property
    def discarded(self) -> bool:
        return self.state == self.State.DISCARDED

    @property
    def final(self) -> bool:
        return self.state == self.State.FINAL
