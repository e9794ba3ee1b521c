"""Settings of what is computed and aimed at: indicators, readings, definition versions, targets, parameters."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import months
from bureau.admin import told as place
from bureau.administration import ReadOnlyAdmin, SettingsAdmin, month_column, number_column
from bureau.authorization import Permission, can
from bureau.models import Area
from indicators.administration import usage
from indicators.administration.beginning import BeginningForm, begin
from indicators.administration.effects import ShowsEffect
from indicators.administration.forms import IndicatorForm, ParameterForm, ReadingForm, TargetForm, VersionForm
from indicators.administration.items import CatalogueAdmin
from indicators.models import (
    Clause,
    Indicator,
    IndicatorVersion,
    Parameter,
    Reading,
    Target,
    TargetRevision,
)

DECISION = ("official", "decided_on", "decided_by", "document")


class ChoosingClauses:
    """Clauses are chosen by number and title."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and db_field.remote_field is not None and db_field.remote_field.model is Clause:
            field.label_from_instance = lambda clause: f"{clause.number} {clause.title}"
            field.label = _("依据条款")
        return field


@admin.register(Indicator)
class IndicatorAdmin(ChoosingClauses, CatalogueAdmin):
    """指标. A new one is begun with its first reading, formulas and target on one page."""

    section_of = "section"
    form = IndicatorForm
    fieldsets = (
        (None, {"fields": ("code", "number", "name", "name_en", "core", "section", "domain", "clauses")}),
        (gettext_lazy("显示"), {"fields": ("unit", "decimals", "rising", "order")}),
        (gettext_lazy("缺口换算"), {"fields": ("counted_in", "shift_word", "join_word")}),
        (gettext_lazy("说明"), {"fields": ("why", "definition", "standing")}),
    )
    beginning = (
        (gettext_lazy("公式"), {"fields": BeginningForm.VERSION}),
        (gettext_lazy("全县目标（可不填）"), {"fields": BeginningForm.TARGET}),
    )
    list_display = ("code", "name", "core", "section", "unit")
    list_filter = ("core", "section")
    list_select_related = ("section",)
    search_fields = ("code", "name")
    search_help_text = gettext_lazy("代码或名称")

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = BeginningForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        if obj is None:
            return [*found[:-1], *self.beginning, found[-1]]
        return [*found, (_("读法、口径和目标"), {"fields": ["hanging_on_it"]})]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["hanging_on_it"] if obj else [])]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.widget.attrs["size"] = 8
        field.help_text = _("按住 Ctrl 可选几条")
        return field

    def save_related(self, request, form, formsets, change):
        if not change:
            form.save_m2m()
            begin(form.instance, form)
        super().save_related(request, form, formsets, change)

    @admin.display(description=gettext_lazy("另页修改"))
    def hanging_on_it(self, indicator: Indicator) -> str:
        """Links to the readings, versions and targets, each a page of its own."""
        rows = [
            *indicator.readings.all(),
            *IndicatorVersion.objects.filter(reading__indicator=indicator).select_related("reading__indicator"),
            *Target.objects.filter(reading__indicator=indicator).select_related("reading__indicator"),
        ]
        found = [
            (
                reverse(f"admin:indicators_{one._meta.model_name}_change", args=[one.pk]),
                one._meta.verbose_name,
                str(one),
            )
            for one in rows
        ]
        return format_html_join("", '<p><a href="{}">{}：{}</a></p>', found)


@admin.register(Reading)
class ReadingAdmin(CatalogueAdmin):
    """读法. Which one is official is the office's to record, with the decision."""

    section_of = "indicator__section"
    form = ReadingForm
    fixed = ("indicator", "number", "code")
    fieldsets = (
        (None, {"fields": ("indicator", "number", "code", "name", "unit", "potential")}),
        (gettext_lazy("正式读法的决定"), {"fields": DECISION}),
    )
    list_display = ("indicator", "name", "official", "decided_on", "decided_by")
    list_filter = ("official", "indicator__section")
    list_select_related = ("indicator",)
    search_fields = ("indicator__code", "indicator__name", "name")

    def get_readonly_fields(self, request, obj=None):
        own = super().get_readonly_fields(request, obj)
        return own if can(request.user, Permission.MANAGE_SETTINGS) else [*own, *DECISION]

    def save_model(self, request, obj, form, change):
        """The one that was official steps back in the same act."""
        if getattr(obj, "takes_over", False):
            Reading.objects.filter(indicator=obj.indicator_id, official=True).exclude(pk=obj.pk).update(official=False)
        super().save_model(request, obj, form, change)


@admin.register(IndicatorVersion)
class IndicatorVersionAdmin(ShowsEffect, CatalogueAdmin):
    """指标口径版本. One that computed anything is not changed: a new one begins from a month."""

    always_shown = True
    section_of = "reading__indicator__section"
    form = VersionForm
    fixed = ("reading",)
    fields = ("reading", "from_month", "kind", "numerator", "denominator", "value", "scale", "window")
    list_display = (
        "reading",
        month_column("from_month", gettext_lazy("起始月")),
        "kind",
        "numerator",
        "denominator",
        "in_force",
    )
    list_filter = ("kind", "reading__indicator__section")
    list_select_related = ("reading__indicator",)
    search_fields = ("reading__indicator__code", "reading__indicator__name", "numerator", "denominator")

    def indicators_of(self, obj):
        return [obj.reading.indicator_id]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or not usage.version_used(obj))

    def save_model(self, request, obj, form, change):
        """A correction from a month that has a version takes its place; the old one stays for its releases."""
        standing = IndicatorVersion.objects.current().filter(reading=obj.reading_id, from_month=obj.from_month)
        replaced = standing.exclude(pk=obj.pk).first()
        if replaced is None:
            super().save_model(request, obj, form, change)
            return
        replaced.superseded_by = replaced  # leaves the place free for the moment of writing
        replaced.save(update_fields=["superseded_by"])
        super().save_model(request, obj, form, change)
        replaced.superseded_by = obj
        replaced.save(update_fields=["superseded_by"])

    @admin.display(description=gettext_lazy("现行"), boolean=False)
    def in_force(self, version: IndicatorVersion) -> str:
        return _("已更正") if version.superseded_by_id else _("是")


@admin.register(Target)
class TargetAdmin(ShowsEffect, ChoosingClauses, CatalogueAdmin):
    """目标. Every change leaves a line in the target's history."""

    section_of = "reading__indicator__section"
    form = TargetForm
    fixed = ("reading", "area")
    fieldsets = (
        (None, {"fields": ("reading", "area", "start_month", "end_month", "comparator", "value", "tolerance")}),
        (
            gettext_lazy("路径和亮灯"),
            {"fields": ("path", "points", "yearly_check", "thresholds", "behind", "far_behind", "limit_days")},
        ),
        (gettext_lazy("起点"), {"fields": ("base_value", "base_month")}),
        (gettext_lazy("依据"), {"fields": ("clause", "standing", "note")}),
    )
    list_display = ("reading", "whose", "span", "comparator", number_column("value", gettext_lazy("目标值")))
    list_filter = ("reading__indicator__section", "comparator")
    list_select_related = ("reading__indicator", "area")
    search_fields = ("reading__indicator__code", "reading__indicator__name")

    def indicators_of(self, obj):
        return [obj.reading.indicator_id]

    def get_queryset(self, request) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("area__spans")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "area" and field is not None:
            field.queryset = Area.objects.exclude(level=Area.Level.VILLAGE).prefetch_related("spans")
            field.label_from_instance = place
        return field

    @admin.display(description=gettext_lazy("地方"))
    def whose(self, target: Target) -> str:
        return place(target.area)

    @admin.display(description=gettext_lazy("目标期"), ordering="end_month")
    def span(self, target: Target) -> str:
        return f"{months.iso(target.start_month)}—{months.iso(target.end_month)}"


@admin.register(TargetRevision)
class TargetRevisionAdmin(ReadOnlyAdmin):
    """目标修订: written by what changes a target, never by hand."""

    needs = Permission.MANAGE_CATALOGUE
    fields = ("indicator", "kind", "old", "new", "reason", "document", "on", "by")
    list_display = ("indicator", "old", "new", "reason", "on", "by")
    list_select_related = ("indicator", "by")


@admin.register(Parameter)
class ParameterAdmin(ShowsEffect, ChoosingClauses, SettingsAdmin):
    """参数, each value with the day from which it holds."""

    form = ParameterForm
    fixed = ("code",)
    fields = (
        "code",
        "name",
        "series",
        "unit",
        "value",
        "valid_from",
        "in_use",
        "refers_to",
        "source",
        "clause",
        "standing",
    )
    list_display = (
        "code",
        "name",
        "series",
        number_column("value", gettext_lazy("值")),
        "unit",
        "valid_from",
        "in_use",
    )
    list_filter = ("code", "in_use")
    search_fields = ("code", "name")
