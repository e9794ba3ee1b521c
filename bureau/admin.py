"""Settings of the ground floor: places and their names, sections, this installation; the audit trail to read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.forms.models import BaseInlineFormSet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import amend, clock, installation, spans
from bureau.administration import ReadOnlyAdmin, SettingsAdmin, SettingsInline, month_column
from bureau.authorization import Permission
from bureau.models import Area, AreaAlias, AreaSpan, AreaSuccession, AuditEvent, Installation, Section, SpecialDay
from bureau.names import plain_name
from bureau.reasons import ReasonedForm


class AreaForm(ReasonedForm):
    """A place's identity; its county and number are given to it."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        code, level = cleaned.get("code"), cleaned.get("level")
        if code and level and (problem := spans.code_problem(code, level)):
            self.add_error("code", problem)
        if level == Area.Level.COUNTY:
            self.add_error("level", _("本系统只有一个县，不能新增。"))
        return cleaned

    def save(self, commit: bool = True) -> Area:
        if self.instance.pk is None:
            county = installation.county()
            self.instance.county = county
            self.instance.number = (county.places.aggregate(last=Max("number"))["last"] or 0) + 1
        return super().save(commit)


class SpanFormSet(BaseInlineFormSet):
    """The stretches of one place: none without a name, none over another."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [one for one in self.forms if one.cleaned_data and not one.cleaned_data.get("DELETE")]
        for one in kept:
            self._check(one)
        if not kept:
            raise ValidationError(_("至少要有一段名称和起始月。"))
        if spans.overlap((one.cleaned_data["from_month"], one.cleaned_data["to_month"]) for one in kept):
            raise ValidationError(_("各时段不得重叠：前一段须先写截止月，后一段从下月起。"))

    def _check(self, form: forms.ModelForm) -> None:
        area, found = self.instance, form.cleaned_data
        if not area.code or not area.level:
            return
        parent = found["parent"].code if found["parent"] else None
        problems = spans.span_problems(
            area.code, area.level, parent=parent, start=found["from_month"], end=found["to_month"]
        )
        for where, problem in problems:
            form.add_error("parent" if where == "parent" else "to_month", problem)
        if found["kind"] not in spans.KINDS[area.level]:
            form.add_error("kind", _("类别与层级不符。"))


class SpanInline(SettingsInline):
    model = AreaSpan
    fk_name = "area"
    formset = SpanFormSet
    fields = ("name", "kind", "urban", "parent", "from_month", "to_month")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """A place lies under the county or a town; told by name."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "parent" and field is not None:
            field.queryset = Area.objects.exclude(level=Area.Level.VILLAGE).prefetch_related("spans")
            field.label_from_instance = told
        return field


def told(area: Area) -> str:
    """'330424102 百步镇': a place in a list of choices."""
    names = [span.name for span in sorted(area.spans.all(), key=lambda span: span.from_month)]
    return f"{area.code} {names[-1]}" if names else area.code


@admin.register(Area)
class AreaAdmin(SettingsAdmin):
    """区划: identity, with the names and parents it had."""

    form = AreaForm
    inlines = [SpanInline]
    fields = ("code", "level")
    fixed = ("code", "level")
    list_display = ("code", "now_called", "level", "number")
    list_filter = ("level",)
    search_fields = ("code", "spans__name")
    search_help_text = gettext_lazy("代码或名称")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("spans")

    @admin.display(description=gettext_lazy("现名"))
    def now_called(self, area: Area) -> str:
        return told(area).partition(" ")[2]


class AliasForm(ReasonedForm):
    """A spelling, kept as it is compared; once in the county, and once in a town."""

    def clean_text(self) -> str:
        text = plain_name(self.cleaned_data["text"])
        if not text:
            raise ValidationError(_("请写一个名称。"))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        text = cleaned.get("text") or self.instance.text
        within = cleaned.get("within", self.instance.within)
        others = AreaAlias.objects.filter(text=text, within=within).exclude(pk=self.instance.pk)
        if text and others.exists():
            self.add_error("text" if "text" in self.fields else None, _("这个写法已有；要改指别处，改那一条。"))
        return cleaned


@admin.register(AreaAlias)
class AreaAliasAdmin(SettingsAdmin):
    """区划别名: how else places are written in old files; those importing such a file add theirs."""

    form = AliasForm
    fixed = ("text", "within")
    fields = ("text", "within", "area")
    list_display = ("text", "within_told", "area_told", "by", "at")
    list_select_related = ("by",)
    search_fields = ("text", "area__code", "area__spans__name")
    search_help_text = gettext_lazy("写法、代码或名称")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("area__spans", "within__spans")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            towns = db_field.name == "within"
            places = Area.objects.filter(level=Area.Level.TOWN) if towns else Area.objects.all()
            field.queryset = places.prefetch_related("spans")
            field.label_from_instance = told
        return field

    def save_model(self, request, obj, form, change):
        obj.county, obj.by, obj.at = installation.county(), request.user, clock.now()
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("区划"))
    def area_told(self, alias: AreaAlias) -> str:
        return told(alias.area)

    @admin.display(description=gettext_lazy("限于上级"))
    def within_told(self, alias: AreaAlias) -> str:
        return told(alias.within) if alias.within else ""


@admin.register(AreaSuccession)
class AreaSuccessionAdmin(SettingsAdmin):
    """区划承继: which place took over from which."""

    list_display = ("old", "new", month_column("month", gettext_lazy("变更月")))
    list_select_related = ("old", "new")
    fields = ("old", "new", "month")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            field.queryset = Area.objects.exclude(level=Area.Level.COUNTY).prefetch_related("spans")
            field.label_from_instance = told
        return field


class SectionForm(ReasonedForm):
    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not (code.isascii() and code.isalpha() and code.islower() and 2 <= len(code) <= 8):
            raise ValidationError(_("代码用 2 至 8 个小写字母，例如 jyj。"))
        return code


@admin.register(Section)
class SectionAdmin(SettingsAdmin):
    """科室 and the other offices that own forms, indicators and tasks."""

    form = SectionForm
    fields = ("code", "name", "name_en", "order", "standing")
    list_display = ("name", "code", "order")


@admin.register(SpecialDay)
class SpecialDayAdmin(SettingsAdmin):
    """节假日: one day; a whole year comes by CSV (/workdays/)."""

    fields = ("day", "working", "name")
    fixed = ("day",)
    list_display = ("day", "working", "name")
    list_filter = ("working",)
    search_fields = ("name", "day")
    ordering = ("-day",)

    def changelist_view(self, request, extra_context=None):
        """With the way to a whole year."""
        tools = [{"url": reverse("workdays_now"), "label": _("按年看、下载、替换")}]
        return super().changelist_view(request, {"more_tools": tools, **(extra_context or {})})


class InstallationForm(ReasonedForm):
    """What must hold together: a business date is the demonstration's, real use has the day itself."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("business_date") and not cleaned.get("demonstration"):
            self.add_error("business_date", _("业务日期只用于演示；实际使用时留空，以当天为准。"))
        if "demonstration" in self.changed_data and not cleaned.get("demonstration"):
            why = amend.why_kept(self.instance)
            if why:
                self.add_error("demonstration", why)
        return cleaned


@admin.register(Installation)
class InstallationAdmin(SettingsAdmin):
    """本机设置: one row, which is neither added nor deleted."""

    form = InstallationForm
    may_add = may_delete = False
    fields = ("county", "go_live_month", "business_date", "demonstration")
    fixed = ("county",)
    list_display = (
        "county",
        month_column("go_live_month", gettext_lazy("上线月")),
        "business_date",
        "demonstration",
    )


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """审计记录, for the auditor; the page to search, export and verify is /audit/."""

    needs = Permission.READ_AUDIT
    list_display = ("sequence", "at", "by", "act", "object", "succeeded")
    list_filter = ("succeeded",)
    list_select_related = ("by",)
    ordering = ("-sequence",)
    search_fields = ("act", "object")
