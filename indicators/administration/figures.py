"""Figures and releases to look at, never to change here.

Tables with composite keys (审定数, roll-ups, evaluations) cannot be shown by Django's admin; their pages show them.
"""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from bureau.administration import ReadOnlyAdmin, month_column, number_column
from bureau.authorization import Permission
from bureau.models import Area
from indicators.models import DataItem, PublishedMonth, Revision


class FigureAdmin(ReadOnlyAdmin):
    """Whoever reads the live figures of all towns everywhere."""

    needs = Permission.READ_LIVE


@admin.register(PublishedMonth)
class PublishedMonthAdmin(FigureAdmin):
    """发布: month, version, who, when, and the digest of what was frozen."""

    fields = ("month_told", "version", "sequence", "at", "business_date", "by", "reason", "demonstration", "sha256")
    readonly_fields = ("month_told",)
    list_display = ("month_told", "version", "at", "by", "reason", "demonstration")
    list_select_related = ("by",)
    month_told = staticmethod(month_column("month", _("月份")))


@admin.register(Revision)
class RevisionAdmin(FigureAdmin):
    """修订: every change of an approved value."""

    fields = ("month_told", "place", "item_code", "number", "old", "new", "source", "entered_by", "at")
    readonly_fields = ("month_told", "place", "item_code", "old", "new")
    list_display = ("pk", "month_told", "place", "item_code", "old", "new", "entered_by", "source", "at")
    list_select_related = ("entered_by",)
    month_told = staticmethod(month_column("month", _("月份")))
    old = staticmethod(number_column("old_value", _("原值")))
    new = staticmethod(number_column("new_value", _("新值")))

    def get_queryset(self, request) -> models.QuerySet:
        """With the codes of place and item: the table keeps plain numbers."""
        place = Area.objects.filter(pk=OuterRef("area")).values("code")
        item = DataItem.objects.filter(pk=OuterRef("item")).values("code")
        found = super().get_queryset(request)
        return found.annotate(place_code=Subquery(place[:1]), code_of_item=Subquery(item[:1]))

    @admin.display(description=_("区划代码"))
    def place(self, revision: Revision) -> str:
        return revision.place_code

    @admin.display(description=_("填报项"))
    def item_code(self, revision: Revision) -> str:
        return revision.code_of_item
