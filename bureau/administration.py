"""Tables in the settings area (设置): bureau.authorization answers every permission, every save is recorded.

A table is registered with a subclass of SettingsAdmin (people may change it, with a reason) or ReadOnlyAdmin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import BaseInlineFormSet, DateInput, Media, ModelForm, Textarea, TextInput
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bureau import amend, months
from bureau.authorization import Permission, Scope, can, scope
from bureau.fields import ValueField
from bureau.formfields import MonthField, PlainNumberField
from bureau.models import AuditEvent, Section
from bureau.reasons import DeletionForm, ReasonedForm
from bureau.settings_tables import TakenAway


class Asking:
    """Permissions of a ModelAdmin or inline: one permission of ours, and where it holds.

    `section_of` is the lookup that leads from a row to its section: who holds the permission for some sections sees and
    changes those rows only. Without it, such a person sees every row where `shared`, and changes none.
    """

    needs: Permission = Permission.MANAGE_SETTINGS
    section_of: str = ""
    shared = False
    may_add = may_change = may_delete = True

    def held(self, request: HttpRequest) -> Scope:
        return scope(request.user, self.needs)

    def reaches(self, request: HttpRequest, obj: models.Model | None) -> bool:
        """Is the row within reach to be changed (or the table, where none is named)?"""
        held = self.held(request)
        if held.everywhere:
            return True
        if not held.sections or not self.section_of:
            return False
        if obj is None or obj.pk is None:
            return True
        return type(obj)._default_manager.filter(pk=obj.pk, **{f"{self.section_of}__in": held.sections}).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        held = self.held(request)
        return held.everywhere or bool(held.sections and (self.section_of or self.shared))

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        if not self.has_module_permission(request):
            return False
        return obj is None or self.shared or self.reaches(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_add and self.reaches(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_change and self.reaches(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_delete and self.reaches(request, obj)

    def within_reach(self, request: HttpRequest, rows: models.QuerySet) -> models.QuerySet:
        """The rows the user may see."""
        held = self.held(request)
        if held.everywhere or (held.sections and self.shared):
            return rows
        if not held.sections or not self.section_of:
            return rows.none()
        mine = rows.model._default_manager.filter(**{f"{self.section_of}__in": held.sections})
        return rows.filter(pk__in=mine.values("pk"))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Months as 2017-07, exact numbers, native dates; no pop-up buttons beside a choice."""
        if db_field.name in amend.MONTHS and isinstance(db_field, models.SmallIntegerField):
            kwargs |= {"form_class": MonthField, "widget": TextInput}
        elif isinstance(db_field, ValueField):
            kwargs["form_class"] = PlainNumberField
        elif isinstance(db_field, models.DateField):
            kwargs["widget"] = DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        elif isinstance(db_field, models.TextField):
            kwargs["widget"] = Textarea(attrs={"rows": 4})
        found = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if found is not None and isinstance(found.widget, RelatedFieldWidgetWrapper):
            found.widget = found.widget.widget
        return found

    def get_field_queryset(self, db, db_field, request):
        """Only what the user reaches may be chosen."""
        target = db_field.remote_field.model
        found = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        held = self.held(request)
        if held.everywhere:
            return found
        rows = target._default_manager.all() if found is None else found
        if target is Section:
            return rows.filter(pk__in=held.sections)
        other = self.admin_site._registry.get(target)  # type: ignore[attr-defined]
        return other.within_reach(request, rows) if other is not None and other.section_of else found


class SettingsInline(Asking, admin.TabularInline):
    """Rows edited together with their parent: whoever may change the parent may change them."""

    extra = 1

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs):
        """Each field says what it is: its heading stands at the top of the column only."""
        formset = super().get_formset(request, obj, **kwargs)
        for field in formset.form.base_fields.values():
            field.widget.attrs["aria-label"] = str(field.label)
        return formset

    def reaches(self, request: HttpRequest, obj: models.Model | None) -> bool:
        held = self.held(request)
        return held.everywhere or bool(held.sections and self.section_of)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return bool(self.held(request))


class SettingsAdmin(Asking, TakenAway, admin.ModelAdmin):
    """A table people change: reason, lock, digest against somebody else's change, audit record, what follows."""

    actions = None
    form = ReasonedForm
    list_per_page = 100
    show_full_result_count = False
    save_on_top = False
    fixed: tuple[str, ...] = ("code",)  # not changed once the row exists

    @property
    def media(self) -> Media:
        """Forms need no script; inlines bring their own."""
        return Media()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return self.within_reach(request, super().get_queryset(request))

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None):
        names = {one.name for one in self.opts.get_fields()}
        fixed = [name for name in self.fixed if name in names] if obj is not None else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None):
        """The fields, then the reason; without the reason for who only looks."""
        changes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        own = [
            (name, {**options, "fields": [one for one in options["fields"] if one not in ("reason", "seen")]})
            for name, options in super().get_fieldsets(request, obj)
        ]
        return [*own, (_("理由"), {"fields": ["reason", "seen"], "classes": ["reason"]})] if changes else own

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None):
        """The row, with its facts as they stand before any form touches it."""
        obj = super().get_object(request, object_id, from_field)
        if obj is not None:
            obj.facts_before = amend.facts(obj, self.hanging(obj))
        return obj

    def hanging(self, obj: models.Model) -> list[models.Model]:
        """The rows edited together with it."""
        found: list[models.Model] = []
        for inline in self.inlines:
            name = inline.fk_name or next(
                one.name
                for one in inline.model._meta.fields
                if one.remote_field and one.remote_field.model is self.model
            )
            found += inline.model._default_manager.filter(**{name: obj.pk}).order_by("pk")
        return found

    def get_changelist_instance(self, request: HttpRequest):
        """A number no column holds is a wrong filter, not a failure."""
        try:
            return super().get_changelist_instance(request)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from None

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        own = {"title": self.opts.verbose_name_plural, "csv_url": self.table_url(request)}
        return super().changelist_view(request, own | (extra_context or {}))

    def changeform_view(self, request: HttpRequest, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        words = _("新增%(name)s") if object_id is None else "%(name)s"
        extra_context = {"title": words % {"name": self.opts.verbose_name}, **(extra_context or {})}
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        if "_saveasnew" in request.POST:  # no page offers it; the stock view would turn a change into an addition
            request.POST = request.POST.copy()
            del request.POST["_saveasnew"]
        with transaction.atomic():
            amend.lock()
            response = super().changeform_view(request, object_id, form_url, extra_context)
        if isinstance(response, TemplateResponse):
            form = response.context_data["adminform"].form
            response.status_code = 409 if form.has_error("__all__", "conflict") else 422
        return response

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list[BaseInlineFormSet], change: bool):
        super().save_related(request, form, formsets, change)
        row = self.model._default_manager.get(pk=form.instance.pk)
        before = form.instance.facts_before if change else {}
        after = amend.facts(row, self.hanging(row))
        if before == after:
            return
        reason = form.cleaned_data["reason"]
        act = "change" if change else "add"
        amend.settle(amend.Amendment(row, act, before, after, request.user, reason, form.cleaned_data))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        """The stock confirmation with a reason; what is used is not deleted but explained."""
        with transaction.atomic():
            if request.method == "POST":
                amend.lock()
            obj = self.get_object(request, unquote(object_id))
            if not self.has_delete_permission(request, obj):
                raise PermissionDenied
            if obj is None:
                raise Http404
            kept = amend.why_kept(obj)
            form = DeletionForm(request.POST if request.method == "POST" else None)
            context = {"reason_form": form, "kept": kept, "title": _("不能删除") if kept else _("删除")}
            if request.method != "POST" or (not kept and form.is_valid()):
                request.reason = form.cleaned_data["reason"] if form.is_bound else ""
                response = super().delete_view(request, object_id, context)
                if request.method == "POST" and isinstance(response, TemplateResponse):
                    response.status_code = 409  # what is protected
                return response
            response = self.render_delete_form(request, self._deletion_context(request, obj, context))
            response.status_code = 409 if kept else 422
            return response

    def _deletion_context(self, request: HttpRequest, obj: models.Model, extra: dict) -> dict:
        deleted, counts, lacking, protected = self.get_deleted_objects([obj], request)
        return {
            **self.admin_site.each_context(request),
            "object_name": str(self.opts.verbose_name),
            "object": obj,
            "deleted_objects": deleted,
            "model_count": dict(counts).items(),
            "perms_lacking": lacking,
            "protected": protected,
            "opts": self.opts,
            "app_label": self.opts.app_label,
            **extra,
        }

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        before = amend.facts(obj, self.hanging(obj))
        name = type(obj)._default_manager.get(pk=obj.pk)
        obj.delete()
        amend.settle(amend.Amendment(name, "delete", before, {}, request.user, request.reason))

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        """Who changed this setting, when, what and why, from the audit trail."""
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            raise Http404
        events = AuditEvent.objects.filter(act__startswith="setting.", object__startswith=amend.name_of(obj))
        context = {
            **self.admin_site.each_context(request),
            "title": _("修改记录"),
            "subtitle": str(obj),
            "object": obj,
            "opts": self.opts,
            "module_name": str(self.opts.verbose_name_plural),
            "events": [self._told(event) for event in events.select_related("by").order_by("-sequence")[:200]],
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    def _told(self, event: AuditEvent) -> dict:
        labels = {one.name: str(getattr(one, "verbose_name", one.name)) for one in self.opts.get_fields()}
        return {
            "at": localtime(event.at).strftime("%Y-%m-%d %H:%M"),
            "by": str(event.by or "—"),
            "reason": event.reason,
            "changes": [
                {"label": labels.get(name, name), "old": old or "—", "new": new or "—"}
                for name, (old, new) in event.detail.items()
            ],
        }

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts, object_id: str) -> HttpResponse:
        """Out of reach and not there read alike."""
        raise Http404

    def log_addition(self, request, obj, message) -> None: ...

    def log_change(self, request, obj, message) -> None: ...

    def log_deletion(self, request, obj, object_repr) -> None: ...

    def log_deletions(self, request, queryset) -> None: ...


class ReadOnlyAdmin(SettingsAdmin):
    """A table nobody changes here: shown to who may see all of it."""

    may_add = may_change = may_delete = False
    fixed = ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can(request.user, self.needs) and self.held(request).everywhere


def month_column(name: str, label: Any) -> Callable[[models.Model], str]:
    """A list column that prints a stored month as 2017-07."""

    @admin.display(description=label, ordering=name)
    def shown(row: models.Model) -> str:
        value = getattr(row, name)
        return "" if value is None else months.iso(value)

    return shown


def number_column(name: str, label: Any) -> Callable[[models.Model], str]:
    """A list column that prints a value without the zeros that say nothing."""

    @admin.display(description=label, ordering=name)
    def shown(row: models.Model) -> str:
        value = getattr(row, name)
        return "" if value is None else f"{value.normalize():f}"

    def exported(row: models.Model) -> Any:
        value = getattr(row, name)
        return None if value is None else value.normalize()

    shown.exported = exported  # type: ignore[attr-defined]
    return shown
