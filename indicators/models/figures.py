"""Three stages of a figure, three tables: Entry (typed), Figure (approved), PublishedMonth (released)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.fields import ValueField
from bureau.models import Area, AuditEvent, Section, StoredFile
from indicators.models.catalogue import DataItem


class CellState(models.IntegerChoices):
    """What a filled cell says; an unfilled one (未填) has no row at all."""

    VALUE = 0, _("有值")
    NOT_APPLICABLE = 1, _("不适用")
    ESTIMATE = 2, _("暂估")
    CARRIED = 3, _("沿用上月")


VALUE_OR_NOT_APPLICABLE = Q(state=CellState.NOT_APPLICABLE, value__isnull=True) | (
    ~Q(state=CellState.NOT_APPLICABLE) & Q(value__isnull=False)
)


class ReportingForm(models.Model):
    """A reporting form (报表): one owner section, rows at the levels of its items, submitted at one level."""

    class SubmittedBy(models.TextChoices):
        TOWN = "town", _("镇（街道）")
        COUNTY = "county", _("县级科室")

    code = models.SlugField(_("代码"), max_length=12, unique=True)
    number = models.CharField(_("表号"), max_length=12)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    section = models.ForeignKey(Section, models.PROTECT, related_name="forms", verbose_name=_("责任科室"))
    submitted_by = models.CharField(_("填报层级"), max_length=8, choices=SubmittedBy)
    notes = models.TextField(_("填表说明"), blank=True)
    town_check = models.BooleanField(
        _("须经镇（街道）初审"), default=False, help_text=_("提交后先由镇（街道）初审人核对，再由科室审核。")
    )
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("报表")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class FormItem(models.Model):
    """An item on a form, entered in the rows of one level; an item stands once per level over all forms."""

    form = models.ForeignKey(ReportingForm, models.CASCADE, related_name="form_items", verbose_name=_("报表"))
    item = models.ForeignKey(DataItem, models.PROTECT, related_name="form_items", verbose_name=_("填报项"))
    level = models.CharField(_("行层级"), max_length=8, choices=Area.Level)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("报表列")
        ordering = ["form", "order"]
        constraints = [models.UniqueConstraint(fields=["item", "level"], name="item_once_per_level")]

    def __str__(self) -> str:
        return f"{self.form.number} {self.item.code} {self.get_level_display()}"


class Submission(models.Model):
    """Form × submitting place × month with all its rows. No row at all is 未填报.

    `handed_in_at`, by the business clock, is when it was first handed in and not taken back before anybody looked: what
    being on time is judged by. `submitted_at` is the real moment of the last time.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审核")
        TOWN_CHECKED = "town_checked", _("已初审")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("已审核")

    form = models.ForeignKey(ReportingForm, models.PROTECT, related_name="submissions", verbose_name=_("报表"))
    place = models.ForeignKey(Area, models.PROTECT, related_name="submissions", verbose_name=_("填报单位"))
    month = models.SmallIntegerField(_("月份"))
    state = models.CharField(_("状态"), max_length=14, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(_("版本"), default=0)
    approved_version = models.PositiveIntegerField(_("审定版本"), default=0)
    reason = models.TextField(_("最近理由"), blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    handed_in_at = models.DateTimeField(_("首次提交"), null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("报送")
        ordering = ["-month", "form", "place"]
        constraints = [models.UniqueConstraint(fields=["form", "place", "month"], name="submission_once")]
        indexes = [models.Index(fields=["state", "month"], name="submission_by_state")]

    def __str__(self) -> str:
        return f"{self.form.code} {self.place.code} {self.month}"

    @property
    def is_open(self) -> bool:
        """May cells be changed now?"""
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    @property
    def awaits_town_check(self) -> bool:
        """Is it handed in, and the town's own check (初审) still to come?"""
        by_town = self.form.submitted_by == ReportingForm.SubmittedBy.TOWN
        return self.state == self.State.SUBMITTED and by_town and self.form.town_check

    @property
    def state_word(self) -> str:
        """The state as pages name it; 待初审 where the town checks first."""
        return str(_("待初审")) if self.awaits_town_check else self.get_state_display()


class Entry(models.Model):
    """What people typed in one cell, corrections too; drafts live only here. `category` 0: no breakdown."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="entries", verbose_name=_("报送"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("地方"))
    item = models.ForeignKey(DataItem, models.PROTECT, related_name="+", verbose_name=_("填报项"))
    category = models.IntegerField(_("类别"), default=0)
    value = ValueField(_("值"), null=True)
    state = models.PositiveSmallIntegerField(_("单元格状态"), choices=CellState, default=CellState.VALUE)
    version = models.PositiveIntegerField(_("版本"), default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("填报人"))
    at = models.DateTimeField(_("填报时间"))
    source = models.CharField(_("来源"), max_length=10)
    note = models.TextField(_("说明"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("填报数")
        constraints = [
            models.UniqueConstraint(fields=["submission", "area", "item", "category"], name="entry_once_a_cell"),
            models.CheckConstraint(condition=VALUE_OR_NOT_APPLICABLE, name="entry_has_value_or_not_applicable"),
        ]

    def __str__(self) -> str:
        return f"{self.area.code} {self.item.code}: {self.value}"


class Adjustment(models.Model):
    """A line a reviewer added to a typed value (审核调整); the value itself is never overwritten.

    It counts while the cell still holds the value it was made upon (`typed`): unchanged through a return or a
    correction it stays, typed anew it falls away. Rows are only ever added, several on one value add up; one is undone
    by its opposite. A migration that alters the table installs indicators/guards.py again.
    """

    submission = models.BigIntegerField(db_index=True)
    area = models.IntegerField()
    item = models.IntegerField()
    category = models.IntegerField()
    typed = ValueField(_("填报数"))
    amount = ValueField(_("调整数"))
    reason = models.TextField(_("原因"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("调整人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("审核调整")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.area} {self.item}: {self.typed} {self.amount:+}"


class Figure(models.Model):
    """An approved value, and nothing else. `category` 0 where the item has no breakdown."""

    pk = models.CompositePrimaryKey("county", "area", "item", "category", "month")
    county = models.IntegerField()
    area = models.IntegerField()
    item = models.IntegerField()
    category = models.IntegerField()
    month = models.SmallIntegerField()
    value = ValueField(null=True)
    state = models.PositiveSmallIntegerField(choices=CellState)
    submission = models.BigIntegerField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = verbose_name_plural = _("审定数")
        indexes = [
            models.Index(fields=["county", "item", "month"], name="figure_by_item_month"),
            models.Index(fields=["submission"], name="figure_by_submission"),
        ]
        constraints = [
            models.CheckConstraint(condition=VALUE_OR_NOT_APPLICABLE, name="figure_has_value_or_not_applicable")
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.item} {self.month}: {self.value}"


class Revision(models.Model):
    """One change of an approved value, numbered per figure. A deleted value has no new state.

    Rows are only ever added: a migration that alters the table installs indicators/guards.py again.
    """

    county = models.IntegerField()
    area = models.IntegerField()
    item = models.IntegerField()
    category = models.IntegerField()
    month = models.SmallIntegerField()
    number = models.PositiveIntegerField(_("序号"))
    old_value = ValueField(null=True)
    old_state = models.PositiveSmallIntegerField(null=True)
    new_value = ValueField(null=True)
    new_state = models.PositiveSmallIntegerField(null=True)
    submission = models.BigIntegerField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    source = models.CharField(_("来源"), max_length=10)
    event = models.ForeignKey(AuditEvent, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("修订")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "area", "item", "category", "month", "number"], name="revision_numbered"
            )
        ]
        indexes = [models.Index(fields=["event"], name="revision_by_event")]

    def __str__(self) -> str:
        return f"{self.area} {self.item} {self.month} #{self.number}"


class Transition(models.Model):
    """One step of a submission: who, when, from what to what, why."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="transitions")
    act = models.CharField(_("事项"), max_length=20)
    to_state = models.CharField(_("状态"), max_length=14)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.act} → {self.to_state}"


class Upload(models.Model):
    """A workbook read but not yet confirmed: its original, what it would change, what is wrong with it."""

    class State(models.TextChoices):
        REFUSED = "refused", _("未导入")
        PREVIEW = "preview", _("待确认")
        CONFIRMED = "confirmed", _("已导入")

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="uploads")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State)
    base_version = models.PositiveIntegerField()
    changes = models.JSONField(default=list)
    converted = models.JSONField(default=list)
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.submission} {self.state}"


class Completion(models.Model):
    """From which month a project (P01) or task (T04) counts as completed; written by tasks/, read by formulas."""

    county = models.ForeignKey(Area, models.CASCADE, related_name="+")
    code = models.CharField(max_length=8)
    month = models.SmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="completion_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.month}"


class PublishedMonth(models.Model):
    """A release of a month (发布). `sequence` orders releases: a release sees the months as released before it."""

    county = models.ForeignKey(Area, models.PROTECT, related_name="+")
    month = models.SmallIntegerField(_("月份"))
    version = models.PositiveSmallIntegerField(_("版本"))
    sequence = models.PositiveIntegerField(_("发布序号"))
    at = models.DateTimeField(_("发布时间"))
    business_date = models.DateField(_("发布日期"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("发布人"))
    reason = models.TextField(_("说明"), blank=True)
    data_version = models.BigIntegerField()
    demonstration = models.BooleanField(_("演示数据"), default=False)
    corrections = models.JSONField(_("更正清单"), default=list)
    evidence = models.JSONField(_("冻结的口径、目标、区划"), default=dict)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("发布")
        ordering = ["-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["county", "month", "version"], name="release_version_once"),
            models.UniqueConstraint(fields=["county", "sequence"], name="release_sequence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month} v{self.version}"
