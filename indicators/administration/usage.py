"""What has been used already: entered, approved, evaluated or released; such rows are kept and not changed in place."""

from __future__ import annotations

from django.db.models import Max, Min, Q
from django.utils.translation import gettext as _

from bureau.amend import keeps
from bureau.models import Area, AreaSpan, Section
from indicators.analysis.formula import FormulaError, parse
from indicators.entry import layout
from indicators.entry.relations import items_of
from indicators.entry.soft import items_named
from indicators.models import (
    BalanceRule,
    Breakdown,
    Category,
    DataItem,
    Entry,
    Evaluation,
    Figure,
    FormItem,
    Indicator,
    IndicatorVersion,
    LoadedRow,
    Parameter,
    PublishedEvaluation,
    PublishedRollUp,
    Reading,
    ReportingForm,
    RollUp,
    SoftRule,
    SpanTotal,
    Target,
)


def item_entered(item: DataItem) -> bool:
    """Was the item ever typed, approved or released?"""
    return (
        Entry.objects.filter(item=item).exists()
        or Figure.objects.filter(item=item.pk).exists()
        or PublishedRollUp.objects.filter(item=item.pk).exists()
        or SpanTotal.objects.filter(item=item).exists()
    )


def months_entered(item: DataItem) -> tuple[int, int] | None:
    """The first and last month with anything typed for the item."""
    found = Entry.objects.filter(item=item).aggregate(first=Min("submission__month"), last=Max("submission__month"))
    return None if found["first"] is None else (found["first"], found["last"])


def column_entered(column: FormItem) -> bool:
    """Was anything typed or approved in this column at its level?"""
    areas = Area.objects.filter(level=column.level).values("pk")
    typed = Entry.objects.filter(item=column.item_id, area__level=column.level).exists()
    return typed or Figure.objects.filter(item=column.item_id, area__in=areas).exists()


def breakdown_entered(breakdown: Breakdown) -> bool:
    """Was any item with this breakdown ever typed or approved?"""
    items = DataItem.objects.filter(breakdown=breakdown).values("pk")
    return Entry.objects.filter(item__in=items).exists() or Figure.objects.filter(item__in=items).exists()


def version_used(version: IndicatorVersion) -> bool:
    """Did this definition make any evaluation, live or released?"""
    return (
        PublishedEvaluation.objects.filter(definition=version.pk).exists()
        or Evaluation.objects.filter(definition=version.pk).exists()
        or version.superseded_by_id is not None
    )


def naming(code: str) -> str:
    """The first formula in force, balance rule or soft rule that names this code; empty where none does."""
    for version in IndicatorVersion.objects.current().select_related("reading__indicator"):
        for text in (version.numerator, version.denominator, version.value):
            if text and code in _codes(text):
                return str(version.reading.indicator)
    for rule in (*BalanceRule.objects.all(), *SoftRule.objects.all()):
        if code in _rule_codes(rule):
            return str(rule)
    return ""


def _codes(text: str) -> set[str]:
    try:
        return {ref.code for ref in parse(text).refs}
    except FormulaError:
        return set()


def _rule_codes(rule: BalanceRule | SoftRule) -> frozenset[str]:
    try:
        if isinstance(rule, SoftRule):
            return items_named(layout.SoftRule(rule.code, rule.kind, rule.text))  # type: ignore[arg-type]
        return items_of(rule.text)
    except ValueError:
        return frozenset()


@keeps(Area, Section, Breakdown, DataItem, ReportingForm)
def keep_what_the_files_name(row: Area | Section | Breakdown | DataItem | ReportingForm) -> str:
    """Other rows of the plan's files point at it; the next loadplan would look for it."""
    if LoadedRow.objects.filter(model=row._meta.label_lower, key=row.code).exists():
        return _("这一条来自方案数据文件，不能删除；不再用的，写停用月或截止月，或改名称。")
    return ""


@keeps(DataItem)
def keep_item(item: DataItem) -> str:
    if item_entered(item):
        return _("这一项已有填报数。不再填报的，请写停用月。")
    if named := naming(item.code):
        return _("“%(where)s”的公式用到这一项；先改公式。") % {"where": named}
    return ""


@keeps(Parameter)
def keep_parameter(parameter: Parameter) -> str:
    last = not Parameter.objects.filter(code=parameter.code).exclude(pk=parameter.pk).exists()
    if last and (named := naming(parameter.code)):
        return _("“%(where)s”的公式用到这个参数；先改公式。") % {"where": named}
    return ""


@keeps(Breakdown)
def keep_breakdown(breakdown: Breakdown) -> str:
    return _("已有填报项用这个分组。") if DataItem.objects.filter(breakdown=breakdown).exists() else ""


@keeps(Category)
def keep_category(category: Category) -> str:
    return keep_breakdown(category.breakdown)


@keeps(ReportingForm)
def keep_form(form: ReportingForm) -> str:
    if form.submissions.exists():
        return _("这张报表已有报送，不能删除。")
    if any(column_entered(column) for column in form.form_items.all()):
        return _("这张报表的列已有填报数，不能删除。")
    return ""


@keeps(Indicator)
def keep_indicator(indicator: Indicator) -> str:
    used = Q(indicator=indicator.pk)
    if PublishedEvaluation.objects.filter(used).exists():
        return _("这个指标在已发布的月份里，不能删除；发布过的数不能变。")
    if Evaluation.objects.filter(used).exists():
        return _("这个指标已有计算结果，不能删除。")
    return ""


@keeps(Reading)
def keep_reading(reading: Reading) -> str:
    if reading.official:
        return _("这是正式读法；先把另一个读法定为正式。")
    used = Q(indicator=reading.indicator_id, reading=reading.number)
    if PublishedEvaluation.objects.filter(used).exists() or Evaluation.objects.filter(used).exists():
        return _("这个读法已有计算结果，不能删除。")
    return ""


@keeps(IndicatorVersion)
def keep_version(version: IndicatorVersion) -> str:
    if version_used(version):
        return _("这个口径版本已用于计算，不能删除；有错请新增一个版本，性质选更正。")
    return ""


@keeps(Target)
def keep_target(target: Target) -> str:
    if PublishedEvaluation.objects.filter(target=target.pk).exists():
        return _("这个目标在已发布的月份里，不能删除；要改就改目标值，写明理由。")
    return ""


@keeps(Target)
def keep_divided(target: Target) -> str:
    """The towns' shares hang on it."""
    shares = Target.objects.filter(reading=target.reading_id, end_month=target.end_month).exclude(area=target.area_id)
    if target.area.level == Area.Level.COUNTY and shares.exists():
        return _("这个目标已分解到镇（街道），不能删除；先删去各镇（街道）的目标。")
    return ""


@keeps(Area)
def keep_area(area: Area) -> str:
    if area.level == Area.Level.COUNTY:
        return _("县不能删除。")
    if AreaSpan.objects.filter(parent=area).exists():
        return _("这个地方有下级，不能删除。")
    stands = Figure.objects.filter(area=area.pk).exists() or RollUp.objects.filter(area=area.pk).exists()
    if stands or PublishedRollUp.objects.filter(area=area.pk).exists():
        return _("这个地方已有数，不能删除；撤并的，请写截止月。")
    return ""


@keeps(Section)
def keep_section(section: Section) -> str:
    if section.indicators.exists() or section.forms.exists():
        return _("这个科室还有指标或报表，不能删除。")
    return ""
