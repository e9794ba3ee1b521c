"""Settings of the plan's own texts: they may be reworded, not taken away."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from bureau.administration import SettingsAdmin, month_column
from indicators.models import Clause, Domain, Plan, PlanRevisionNote


class PlanTextAdmin(SettingsAdmin):
    """A text of the plan: its number and place stand, the wording may be mended."""

    may_add = may_delete = False
    fixed = ("code", "plan", "number", "county", "parent")


@admin.register(Plan)
class PlanAdmin(PlanTextAdmin):
    fields = (
        "code", "county", "title", "title_en", "issuer", "meeting", "issued_on", "first_month", "last_month",
        "population",
    )  # fmt: skip
    list_display = (
        "title",
        "issued_on",
        month_column("first_month", _("试点首月")),
        month_column("last_month", _("试点末月")),
    )


@admin.register(Clause)
class ClauseAdmin(PlanTextAdmin):
    fields = ("plan", "number", "parent", "title", "title_en", "summary")
    list_display = ("number", "title")
    search_fields = ("number", "title", "summary")


@admin.register(Domain)
class DomainAdmin(PlanTextAdmin):
    fields = ("plan", "code", "name", "name_en", "clause", "order")
    list_display = ("code", "name")


@admin.register(PlanRevisionNote)
class PlanRevisionNoteAdmin(PlanTextAdmin):
    fields = ("plan", "number", "kind", "title", "summary")
    list_display = ("number", "title", "kind")
