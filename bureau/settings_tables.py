"""Every list of the settings area as a file: the rows the page's filters leave, all of them, with the columns it shows.

Values are typed as stored where a column is a plain field, and as the page prints them where it is worked out; a column
that prints a stored number says so by its `exported`.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau.context import installation_of
from bureau.tables_out import CSV, XLSX, table_response

MOST_ROWS = 20_000
OF_THE_PAGE = ("p", "all", "e")  # what of a list's address is not a filter


class TakenAway:
    """For a ModelAdmin: list.csv and list.xlsx beside its list, for whoever may see the list."""

    def get_urls(self) -> list[URLPattern]:
        view = require_safe(self.admin_site.admin_view(self.list_table))  # type: ignore[attr-defined]
        made = [path(f"list.{one}", view, {"ending": one}, name=self._name_of(one)) for one in (CSV, XLSX)]
        return [*made, *super().get_urls()]  # type: ignore[misc]

    def _name_of(self, ending: str) -> str:
        opts = self.opts  # type: ignore[attr-defined]
        return f"{opts.app_label}_{opts.model_name}_list_{ending}"

    def table_url(self, request: HttpRequest) -> str:
        """Where the list as it is filtered now is had as CSV."""
        query = request.GET.copy()
        for name in OF_THE_PAGE:
            query.pop(name, None)
        told = query.urlencode()
        return reverse(f"admin:{self._name_of(CSV)}") + (f"?{told}" if told else "")

    def list_table(self, request: HttpRequest, ending: str) -> HttpResponse:
        """The filtered rows; a filter that is none, or too many rows, lead back to the list, which says so."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        opts = self.opts  # type: ignore[attr-defined]
        back = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        try:
            shown = self.get_changelist_instance(request)  # type: ignore[attr-defined]
        except IncorrectLookupParameters:
            return redirect(f"{back}?e=1")
        if shown.result_count > MOST_ROWS:
            words = {"n": MOST_ROWS, "m": shown.result_count}
            messages.error(request, _("一次最多导出 %(n)d 行，现在有 %(m)d 行；请先筛选。") % words)
            return redirect(f"{back}?{request.GET.urlencode()}")
        names = [name for name in shown.list_display if name != "action_checkbox"]
        head = [str(label_for_field(name, self.model, self)) for name in names]  # type: ignore[attr-defined]
        lines = [[self._cell(name, row) for name in names] for row in shown.queryset]
        here = installation_of(request)
        mark = bool(here and here.demonstration)
        return table_response(str(opts.verbose_name_plural), head, lines, ending=ending, demonstration=mark)

    def _cell(self, name: Any, row: models.Model) -> object:
        try:
            field, made, value = lookup_field(name, row, self)
        except ObjectDoesNotExist:
            return ""
        if field is None:
            exported = getattr(made, "exported", None)
            return _plain(value if exported is None else exported(row))
        if field.flatchoices:
            return str(dict(field.flatchoices).get(value, value if value is not None else ""))
        if field.is_relation:
            return "" if (other := getattr(row, field.name)) is None else str(other)
        return _plain(value)


def _plain(value: object) -> object:
    """What a file holds of a value: numbers, days and moments as such, all else as text."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return localtime(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, Decimal | int | date) else str(value)
