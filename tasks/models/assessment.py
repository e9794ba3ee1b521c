"""Assessment (考核): schemes and their criteria as data, the periods assessed, what was added or taken away by hand.

A frozen period keeps every line it was made of, with the figures; nothing of it is ever written again.
"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.fields import ValueField
from bureau.models import Area, Section
from indicators.models import Clause, Indicator, PublishedMonth
from indicators.models.plan import Standing
from tasks.models.constraints import exactly_one
from tasks.models.work import Task

MOST_BY_HAND = Decimal(5)


class Scheme(models.Model):
    """How sections or towns are assessed from a year on: its criteria, the grades, what it takes to be ranked."""

    class Of(models.TextChoices):
        SECTIONS = "sections", _("科室")
        TOWNS = "towns", _("镇（街道）")

    county = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("县"))
    code = models.SlugField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    of = models.CharField(_("考核对象"), max_length=10, choices=Of)
    from_year = models.PositiveSmallIntegerField(_("自哪年起"))
    in_use = models.BooleanField(_("在用"), default=True)
    excellent = ValueField(_("优秀起点"), default=Decimal(90))
    good = ValueField(_("良好起点"), default=Decimal(80))
    passing = ValueField(_("合格起点"), default=Decimal(60))
    least_share = ValueField(
        _("定等次的最低计分权重（%）"), default=Decimal(50), help_text=_("有数据的权重不足这个比例，只列得分，不定等次")
    )
    least_denominator = models.PositiveIntegerField(
        _("排名的最小分母"), default=30, help_text=_("比率的分母不足这个数，全部不排名")
    )
    standing = models.CharField(_("依据状态"), max_length=10, choices=Standing, default=Standing.REC)

    class Meta:
        verbose_name = verbose_name_plural = _("考核方案")
        ordering = ["of", "code"]
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="scheme_code_once"),
            models.CheckConstraint(
                condition=Q(passing__gte=0, passing__lt=F("good")) & Q(good__lt=F("excellent")),
                name="scheme_grades_in_order",
                violation_error_message=_("等次起点须由高到低：优秀、良好、合格。"),
            ),
            models.CheckConstraint(
                condition=Q(least_share__gte=0, least_share__lte=100),
                name="scheme_least_share_in_range",
                violation_error_message=_("最低计分权重在 0 和 100 之间。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Criterion(models.Model):
    """One criterion (考核项) of a scheme. Weights are relative: what is scored always adds up to 100.

    `full_from` and `zero_below` are percent done: from the first on all points, below the second none; between them by
    `partial`. `late_share` is what something late still counts. `cap`: the most points beyond the weight; of what is
    added or taken by hand, the most in either direction. Without indicators or tasks of its own it takes all core
    indicators, all work, of the owner.
    """

    class Kind(models.TextChoices):
        INDICATORS = "indicators", _("指标完成")
        LIGHTS = "lights", _("逐月状态")
        WORK = "work", _("任务与节点按时")
        REPORTS = "reports", _("进度月报按时")
        FORMS = "forms", _("报表按时")
        SLIPS = "slips", _("督办按时办结")
        MANUAL = "manual", _("加减分")

    class Partial(models.TextChoices):
        SHARE = "share", _("按完成率得分")
        STEP = "step", _("每差 1 个百分点扣分")
        NONE = "none", _("不足不得分")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="criteria", verbose_name=_("考核方案"))
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    code = models.SlugField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    kind = models.CharField(_("计分方式"), max_length=12, choices=Kind)
    weight = ValueField(_("权重"), default=Decimal(0))
    full_from = ValueField(_("满分起点（%）"), default=Decimal(100))
    zero_below = ValueField(_("低于不得分（%）"), default=Decimal(0))
    partial = models.CharField(_("其间"), max_length=8, choices=Partial, default=Partial.SHARE)
    step = ValueField(
        _("每差 1 个百分点扣（权重的 %）"), default=Decimal(0), help_text=_("只用于“每差 1 个百分点扣分”")
    )
    late_share = ValueField(_("迟办按几成计（%）"), default=Decimal(50), help_text=_("迟报、迟办、退回、滞后的按此计"))
    cap = ValueField(_("加分上限"), default=Decimal(0), help_text=_("超额部分最多加几分；加减分项：合计最多加减几分"))
    veto = models.BooleanField(_("一票否决项"), default=False)
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="criteria", verbose_name=_("依据条款"))
    indicators = models.ManyToManyField(Indicator, blank=True, related_name="criteria", verbose_name=_("只计这些指标"))
    tasks = models.ManyToManyField(Task, blank=True, related_name="criteria", verbose_name=_("只计这些任务"))
    standing = models.CharField(_("依据状态"), max_length=10, choices=Standing, default=Standing.REC)

    class Meta:
        verbose_name = verbose_name_plural = _("考核项")
        ordering = ["scheme", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="criterion_code_once"),
            models.UniqueConstraint(
                fields=["scheme"],
                condition=Q(kind="manual"),
                name="criterion_by_hand_once",
                violation_error_message=_("一个方案只有一个加减分项。"),
            ),
            models.CheckConstraint(
                condition=Q(kind="manual", weight=0) | (~Q(kind="manual") & Q(weight__gt=0)),
                name="criterion_weighs",
                violation_error_message=_("权重须大于 0；加减分项的权重是 0。"),
            ),
            models.CheckConstraint(
                condition=Q(zero_below__gte=0, zero_below__lte=F("full_from")) & Q(full_from__gt=0),
                name="criterion_steps_in_order",
                violation_error_message=_("不得分的界线不能高于满分起点。"),
            ),
            models.CheckConstraint(
                condition=Q(late_share__gte=0, late_share__lte=100) & Q(step__gte=0) & Q(cap__gte=0, cap__lte=5),
                name="criterion_in_range",
                violation_error_message=_("迟办所计的比例在 0 和 100 之间，扣分不为负，加分上限在 0 和 5 之间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme.code} {self.name}"


class Assessment(models.Model):
    """A scheme applied to some months. A draft is computed whenever it is looked at; frozen, it stands for ever.

    A mistake found after freezing is mended by another version, with the reason. `release` is what its figures rest on.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        FROZEN = "frozen", _("已定稿")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="assessments", verbose_name=_("考核方案"))
    first_month = models.SmallIntegerField(_("首月"))
    last_month = models.SmallIntegerField(_("末月"))
    version = models.PositiveSmallIntegerField(_("版次"), default=1)
    reason = models.CharField(_("重新考核的理由"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=6, choices=State, default=State.DRAFT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("拟稿人"))
    at = models.DateTimeField(_("拟稿时间"))
    release = models.ForeignKey(
        PublishedMonth, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所依据的发布")
    )
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("定稿人")
    )
    frozen_at = models.DateTimeField(_("定稿时间"), null=True, blank=True)
    frozen_on = models.DateField(_("定稿日期"), null=True, blank=True)
    result = models.JSONField(_("结果"), default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("考核")
        ordering = ["-last_month", "-first_month", "scheme", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "first_month", "last_month", "version"], name="assessment_version_once"
            ),
            models.UniqueConstraint(
                fields=["scheme", "first_month", "last_month"], condition=Q(state="draft"), name="assessment_one_draft"
            ),
            models.CheckConstraint(condition=Q(last_month__gte=F("first_month")), name="assessment_months_in_order"),
            models.CheckConstraint(
                condition=Q(state="draft", frozen_by__isnull=True, release__isnull=True)
                | Q(state="frozen", frozen_by__isnull=False, frozen_at__isnull=False, release__isnull=False),
                name="assessment_frozen_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(frozen_by__isnull=True) | ~Q(frozen_by=F("by")), name="assessment_frozen_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme.code} {self.first_month}–{self.last_month} v{self.version}"

    @property
    def frozen(self) -> bool:
        return self.state == self.State.FROZEN


class Owned(models.Model):
    """Something of one assessed section or town."""

    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("科室")
    )
    town = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("镇（街道）")
    )

    class Meta:
        abstract = True


class AssessmentLine(Owned):
    """One criterion of one owner as frozen. `weight` is its part of 100, 0 where it was not scored; `why` says so.

    `explained`: what it was made of, item by item with the figures.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="lines", verbose_name=_("考核"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="lines", verbose_name=_("考核项"))
    weight = ValueField(_("折合权重"))
    points = ValueField(_("得分"))
    lost = ValueField(_("失分"))
    why = models.CharField(_("不计分的原因"), max_length=12, blank=True)
    explained = models.JSONField(_("说明"), default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("考核明细")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=exactly_one("section", "town"), name="assessment_line_of_one_owner"),
            models.CheckConstraint(condition=Q(lost__gte=0), name="assessment_line_loses_nothing_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"


class ManualPoint(Owned):
    """Points added or taken by hand (加减分), with the reason, for every reader to see."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="by_hand", verbose_name=_("考核"))
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("有关考核项")
    )
    points = ValueField(_("分数"))
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("加减分")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=exactly_one("section", "town"), name="manual_point_of_one_owner"),
            models.CheckConstraint(
                condition=Q(points__gte=-MOST_BY_HAND, points__lte=MOST_BY_HAND) & ~Q(points=0),
                name="manual_point_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points}"


class Veto(Owned):
    """A section or town refused every grade for one thing (一票否决), by a person and with the reason."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="vetoes", verbose_name=_("考核"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+", verbose_name=_("一票否决项"))
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("一票否决")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=exactly_one("section", "town"), name="veto_of_one_owner"),
            models.UniqueConstraint(
                fields=["assessment", "section"], condition=Q(section__isnull=False), name="veto_of_a_section_once"
            ),
            models.UniqueConstraint(
                fields=["assessment", "town"], condition=Q(town__isnull=False), name="veto_of_a_town_once"
            ),
        ]

    def __str__(self) -> str:
        return self.reason
