"""Data items (what is typed), indicators (what is computed), targets (what is aimed at), with their dated versions."""

from __future__ import annotations

from copy import copy
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from bureau import months
from bureau.fields import DERIVED_CAP, ValueField
from bureau.models import Area, Section
from indicators.analysis.kinds import Comparator, ItemKind, PathKind, Window
from indicators.models.plan import Clause, Domain, Standing


class Breakdown(models.Model):
    """A breakdown (分组) an item may have; then only its categories are entered and the total is their sum."""

    code = models.SlugField(_("代码"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("分组")

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """One category of a breakdown; its id stands in figures, 0 stands for the total."""

    breakdown = models.ForeignKey(Breakdown, models.CASCADE, related_name="categories", verbose_name=_("分组"))
    code = models.SlugField(_("代码"), max_length=30)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("分组类别")
        ordering = ["breakdown", "order"]
        constraints = [models.UniqueConstraint(fields=["breakdown", "code"], name="category_code_once")]

    def __str__(self) -> str:
        return self.name


class DataItem(models.Model):
    """A data item (填报项). `automatic` ones are counted from the area list at `counts_levels`, never typed."""

    class Kind(models.TextChoices):
        FLOW = ItemKind.FLOW.value, _("当期发生数")
        STOCK = ItemKind.STOCK.value, _("期末数")
        YTD = ItemKind.YTD.value, _("本年累计数")

    code = models.CharField(_("代码"), max_length=8, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    unit = models.CharField(_("单位"), max_length=12)
    kind = models.CharField(_("类型"), max_length=6, choices=Kind)
    decimals = models.PositiveSmallIntegerField(_("小数位"), default=0)
    breakdown = models.ForeignKey(Breakdown, models.PROTECT, null=True, blank=True, verbose_name=_("分组"))
    automatic = models.BooleanField(_("按区划自动计数"), default=False)
    counts_levels = models.JSONField(_("计数层级"), default=list, blank=True)
    definition = models.TextField(_("口径"), blank=True)
    source = models.CharField(_("来源"), max_length=120, blank=True)
    standing = models.CharField(_("依据状态"), max_length=10, choices=Standing, default=Standing.REC)
    from_month = models.SmallIntegerField(_("启用月"), null=True, blank=True)
    to_month = models.SmallIntegerField(_("停用月"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("填报项")
        ordering = ["order", "code"]
        constraints = [models.CheckConstraint(condition=Q(decimals__lte=4), name="item_has_at_most_four_decimals")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class BalanceRule(models.Model):
    """A hard balance rule between items of one row, such as D23 <= D22; `basis` says which definition it rests on."""

    code = models.CharField(_("代码"), max_length=12, unique=True)
    text = models.CharField(_("规则"), max_length=120)
    basis = models.CharField(_("依据"), max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("平衡规则")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.text


class SoftRule(models.Model):
    """What is asked about (请核实) when it is unusual for its own cell; entry/soft.py says how each number is used."""

    class Kind(models.TextChoices):
        MONTH = "month", _("比上月")
        YEAR = "year", _("比去年同月")
        SHARE = "share", _("占比")

    code = models.CharField(_("代码"), max_length=12, unique=True)
    kind = models.CharField(_("类型"), max_length=6, choices=Kind)
    text = models.CharField(
        _("适用于"),
        max_length=120,
        help_text=_("填报项代码，或 flow、stock、ytd（当期、期末、本年累计数），以空格分开；占比写作 D23 / D22"),
    )
    minimum = ValueField(_("起问数"), default=Decimal(30), help_text=_("比它小的数不问；占比看总体"))
    least = ValueField(_("最小变动"), default=Decimal(20), help_text=_("变动不超过百分之几的不问；占比为百分点"))
    deviations = ValueField(
        _("允许倍数"),
        default=Decimal("3.5"),
        help_text=_("通常范围：自身历史的中位数 ± 这么多倍的稳健标准差"),
    )
    history = models.PositiveSmallIntegerField(
        _("最少历史"), default=6, help_text=_("历史少于这么多个月时，只按倍数判断")
    )
    factor = ValueField(
        _("倍数"), null=True, blank=True, default=Decimal(10),
        help_text=_("历史不足时，达到前数的这么多倍或只有其几分之一才问"),
    )  # fmt: skip
    low = ValueField(_("下限（百分之）"), null=True, blank=True, help_text=_("只用于占比；有上下限就不看历史"))
    high = ValueField(_("上限（百分之）"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = _("核实规则")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()} {self.text}"


class Parameter(models.Model):
    """A dated county-wide parameter (W01 …). It holds in a month when it began on or before the month's last day."""

    code = models.CharField(_("代码"), max_length=6)
    name = models.CharField(_("名称"), max_length=60)
    series = models.CharField(_("系列"), max_length=60, blank=True)
    in_use = models.BooleanField(_("采用"), default=True)
    unit = models.CharField(_("单位"), max_length=16)
    value = ValueField(_("值"))
    valid_from = models.DateField(_("自"))
    refers_to = models.CharField(_("所属期"), max_length=20, blank=True)
    source = models.CharField(_("来源"), max_length=160, blank=True)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="parameters")
    standing = models.CharField(_("依据状态"), max_length=10, choices=Standing, default=Standing.REC)

    class Meta:
        verbose_name = verbose_name_plural = _("参数")
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "series", "valid_from"], name="parameter_begins_once"),
            models.UniqueConstraint(
                fields=["code", "valid_from"], condition=Q(in_use=True), name="parameter_one_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


class Indicator(models.Model):
    """An indicator (指标) as stored: one measure. `number` groups measures of one catalogue line (B04a, B04b → B04)."""

    code = models.CharField(_("代码"), max_length=8, unique=True)
    number = models.CharField(_("编号"), max_length=8)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    core = models.BooleanField(_("核心指标"))
    domain = models.ForeignKey(Domain, models.PROTECT, null=True, blank=True, verbose_name=_("任务领域"))
    clauses = models.ManyToManyField(Clause, related_name="indicators", verbose_name=_("依据条款"))
    section = models.ForeignKey(Section, models.PROTECT, related_name="indicators", verbose_name=_("责任科室"))
    unit = models.CharField(_("单位"), max_length=16)
    decimals = models.PositiveSmallIntegerField(_("小数位"), default=0)
    rising = models.BooleanField(_("越高越好"), default=True)
    counted_in = models.CharField(
        _("换算单位"), max_length=8, blank=True, help_text=_("比例的缺口换算成什么数：人、户、个；不换算的不填")
    )
    shift_word = models.CharField(
        _("转入的说法"), max_length=12, blank=True, help_text=_("分母不变、分子增加，如 转接、登记")
    )
    join_word = models.CharField(
        _("新增的说法"), max_length=12, blank=True, help_text=_("分子分母同时增加，如 新增；由公式判断有没有这条路")
    )
    why = models.TextField(_("为何重要"), blank=True)
    definition = models.TextField(_("口径"), blank=True)
    standing = models.CharField(_("依据状态"), max_length=10, choices=Standing, default=Standing.PLAN)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("指标")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def its_clauses(self) -> list[Clause]:
        """Its clauses, as read with it where they were."""
        found = getattr(self, "clauses_read", None)
        return list(self.clauses.all()) if found is None else found


class Reading(models.Model):
    """One way to read an ambiguous target (两种读法). One is official, fixed by a recorded decision."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="readings", verbose_name=_("指标"))
    number = models.PositiveSmallIntegerField(_("序号"))
    code = models.SlugField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=60)
    official = models.BooleanField(_("正式读法"), default=False)
    unit = models.CharField(_("单位"), max_length=16, blank=True, help_text=_("与指标的单位相同就不填"))
    potential = models.CharField(
        _("潜力"), max_length=200, blank=True, help_text=_("按潜力分解目标的依据，用填报项代码写，例如 D22 - D23")
    )
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    decided_by = models.CharField(_("决定会议"), max_length=80, blank=True)
    document = models.CharField(_("决定文件"), max_length=120, blank=True)
    amended_at = models.DateTimeField(null=True, editable=False)  # came, or became official: indicators/frozen.py

    class Meta:
        verbose_name = verbose_name_plural = _("读法")
        ordering = ["indicator", "number"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="reading_number_once"),
            models.UniqueConstraint(fields=["indicator", "code"], name="reading_code_once"),
            models.UniqueConstraint(fields=["indicator"], condition=Q(official=True), name="reading_one_official"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.name}"

    @cached_property
    def measured(self) -> Indicator:
        """The indicator as this reading measures it: in the reading's own unit where it has one."""
        if not self.unit or self.unit == self.indicator.unit:
            return self.indicator
        own = copy(self.indicator)
        own.unit = self.unit
        return own


class VersionQuerySet(models.QuerySet):
    """Definition versions."""

    def current(self) -> VersionQuerySet:
        """Those that no correction from the same month has replaced."""
        return self.filter(superseded_by__isnull=True)


class IndicatorVersion(models.Model):
    """The formulas of a reading from a month on: numerator, denominator, value (default N / M × scale).

    A correction (更正) from a month that had a version already replaces it; the replaced one stays for the releases
    made with it.
    """

    class Kind(models.TextChoices):
        FIRST = "first", _("首版")
        CORRECTION = "correction", _("更正")  # recomputes live months
        CHANGE = "change", _("变更")  # draws a break

    class WindowKind(models.TextChoices):
        MONTH = Window.MONTH.value, _("当月")
        YEAR = Window.YEAR.value, _("本年累计")
        PLAN = Window.PLAN.value, _("试点以来累计")
        LEVEL = Window.LEVEL.value, _("期末")
        TRAILING12 = Window.TRAILING12.value, _("近12个月")

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="versions", verbose_name=_("读法"))
    from_month = models.SmallIntegerField(_("起始月"))
    kind = models.CharField(_("性质"), max_length=10, choices=Kind, default=Kind.FIRST)
    numerator = models.CharField(_("分子"), max_length=500)
    denominator = models.CharField(_("分母"), max_length=500, blank=True)
    value = models.CharField(_("值"), max_length=500, blank=True)
    scale = ValueField(_("倍数"), default=Decimal(1))
    window = models.CharField(_("窗口"), max_length=10, choices=WindowKind)
    reason = models.TextField(_("理由"), blank=True)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supersedes", verbose_name=_("更正为")
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("指标口径版本")
        ordering = ["reading", "from_month", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "from_month"],
                condition=Q(superseded_by__isnull=True),
                name="definition_begins_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reading} {months.iso(self.from_month)}"


class Target(models.Model):
    """What a reading should come to in an area by the end of a window of months; with the path to it."""

    class ComparatorKind(models.TextChoices):
        AT_LEAST = Comparator.AT_LEAST.value, _("不低于")
        AT_MOST = Comparator.AT_MOST.value, _("不高于")
        EQUAL = Comparator.EQUAL.value, _("等于")
        ABOUT = Comparator.ABOUT.value, _("左右")
        NOT_FALL = Comparator.NOT_FALL.value, _("不下降")
        DYNAMIC_ZERO = Comparator.DYNAMIC_ZERO.value, _("动态归零")

    class Path(models.TextChoices):
        LINEAR = PathKind.LINEAR.value, _("时序进度（线性）")
        SEASON = PathKind.SEASON.value, _("上年季节")
        STEPS = PathKind.STEPS.value, _("逐月或按给定节点")
        NONE = PathKind.NONE.value, _("无")

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="targets", verbose_name=_("读法"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("地方"))
    start_month = models.SmallIntegerField(_("窗口首月"))
    end_month = models.SmallIntegerField(_("目标月"))
    comparator = models.CharField(_("比较"), max_length=10, choices=ComparatorKind)
    value = ValueField(_("目标值"), null=True, blank=True)
    tolerance = ValueField(_("容差"), null=True, blank=True)
    path = models.CharField(_("路径"), max_length=8, choices=Path, default=Path.LINEAR)
    points = models.JSONField(_("路径节点"), default=list, blank=True)
    yearly_check = models.BooleanField(_("年末考核"), default=False)
    behind = ValueField(_("滞后起点（百分点）"), default=Decimal(5))
    far_behind = ValueField(_("严重滞后起点（百分点）"), default=Decimal(15))
    limit_days = models.PositiveSmallIntegerField(
        _("限期（天）"), default=30, help_text=_("只用于动态归零：发现后几天内须消除")
    )
    base_value = ValueField(_("起点值"), null=True, blank=True, cap=DERIVED_CAP)
    base_month = models.SmallIntegerField(_("起点月"), null=True, blank=True)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="targets")
    standing = models.CharField(_("依据状态"), max_length=10, choices=Standing, default=Standing.PLAN)
    note = models.TextField(_("说明"), blank=True)
    amended_at = models.DateTimeField(null=True, editable=False)  # came or changed: indicators/frozen.py

    class Meta:
        verbose_name = verbose_name_plural = _("目标")
        ordering = ["reading", "area", "end_month"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "area", "end_month"], name="target_once_a_window"),
            models.CheckConstraint(condition=Q(end_month__gte=F("start_month")), name="target_window_in_order"),
            models.CheckConstraint(
                condition=Q(base_value__isnull=True, base_month__isnull=True)
                | Q(base_value__isnull=False, base_month__isnull=False),
                name="target_base_has_value_and_month",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(comparator="not_fall"), name="target_has_a_value"
            ),
        ]

    def __str__(self) -> str:
        value = "" if self.value is None else f" {self.value.normalize():f}"
        return f"{self.reading} {months.iso(self.end_month)} {self.get_comparator_display()}{value}"


class TargetRevision(models.Model):
    """A change of a target, with its reason; the plan's own revision notes are the first of them."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, null=True, related_name="target_revisions")
    target = models.ForeignKey(Target, models.SET_NULL, null=True, blank=True, related_name="revisions")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地方"))
    of = models.IntegerField(null=True, blank=True, editable=False)  # the target's number, kept when it is gone
    before = models.JSONField(default=dict, editable=False)  # the whole aim as it was: indicators/known.py
    key = models.CharField(_("键"), max_length=40, unique=True, null=True, blank=True)
    kind = models.CharField(_("性质"), max_length=12)
    old = models.CharField(_("原"), max_length=160, blank=True)
    new = models.CharField(_("新"), max_length=160, blank=True)
    reason = models.TextField(_("理由"))
    document = models.CharField(_("文件"), max_length=160, blank=True)
    on = models.DateField(_("日期"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("目标修订")
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
