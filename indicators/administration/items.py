"""Settings of what is typed: breakdowns, data items with their columns, balance and soft rules, forms."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.administration import SettingsAdmin, SettingsInline, month_column, number_column
from bureau.authorization import Permission
from indicators.administration.forms import (
    BreakdownForm,
    CategoryFormSet,
    ColumnForm,
    ColumnFormSet,
    ItemForm,
    ReportingFormForm,
    RuleForm,
    SoftRuleForm,
)
from indicators.models import BalanceRule, Breakdown, Category, DataItem, FormItem, ReportingForm, SoftRule


class CatalogueAdmin(SettingsAdmin):
    """What the office keeps for all sections, and a reviewer for his own."""

    needs = Permission.MANAGE_CATALOGUE


class CatalogueInline(SettingsInline):
    needs = Permission.MANAGE_CATALOGUE


class CategoryInline(CatalogueInline):
    model = Category
    formset = CategoryFormSet
    fields = ("code", "name", "name_en", "order")
    extra = 2


@admin.register(Breakdown)
class BreakdownAdmin(CatalogueAdmin):
    """分组: shared by all sections, so the office changes it and reviewers look at it."""

    shared = True
    form = BreakdownForm
    inlines = [CategoryInline]
    fields = ("code", "name", "name_en")
    list_display = ("name", "code")


class ColumnOfItem(CatalogueInline):
    """The forms an item stands on."""

    model = FormItem
    form = ColumnForm
    formset = ColumnFormSet
    section_of = "form__section"
    fields = ("form", "level", "order")


@admin.register(DataItem)
class DataItemAdmin(CatalogueAdmin):
    """填报项, with the columns in which it is typed."""

    section_of = "form_items__form__section"
    form = ItemForm
    inlines = [ColumnOfItem]
    fieldsets = (
        (None, {"fields": ("code", "name", "name_en", "unit", "kind", "decimals", "breakdown")}),
        (_("口径"), {"fields": ("definition", "source", "standing")}),
        (_("使用"), {"fields": ("from_month", "to_month", "order", "automatic", "counts_levels")}),
    )
    list_display = ("code", "name", "unit", "kind", "where", month_column("to_month", _("停用月")))
    list_filter = ("kind", "form_items__form")
    search_fields = ("code", "name")
    search_help_text = _("代码或名称")

    def get_queryset(self, request) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("form_items__form")

    @admin.display(description=_("报表"))
    def where(self, item: DataItem) -> str:
        return "、".join(dict.fromkeys(column.form.number for column in item.form_items.all()))


@admin.register(BalanceRule)
class BalanceRuleAdmin(CatalogueAdmin):
    """平衡规则 between the items of one row."""

    shared = True
    form = RuleForm
    fields = ("code", "text", "basis")
    list_display = ("code", "text", "basis")


@admin.register(SoftRule)
class SoftRuleAdmin(CatalogueAdmin):
    """核实规则: what is unusual for a cell and asks for a note."""

    shared = True
    form = SoftRuleForm
    fieldsets = (
        (None, {"fields": ("code", "kind", "text", "basis")}),
        (_("何时问"), {"fields": ("minimum", "least", "deviations", "history", "factor", "low", "high")}),
    )
    list_display = ("code", "kind", "text", number_column("deviations", _("允许倍数")), "basis")


class ColumnOfForm(CatalogueInline):
    """The items of a form."""

    model = FormItem
    form = ColumnForm
    formset = ColumnFormSet
    section_of = "form__section"
    fields = ("item", "level", "order")


@admin.register(ReportingForm)
class ReportingFormAdmin(CatalogueAdmin):
    """报表, with its columns."""

    section_of = "section"
    form = ReportingFormForm
    inlines = [ColumnOfForm]
    fields = ("code", "number", "name", "name_en", "section", "submitted_by", "notes", "order")
    list_display = ("number", "name", "section", "submitted_by")
    list_select_related = ("section",)
