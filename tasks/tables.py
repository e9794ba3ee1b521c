"""The list of tasks and key projects as a django-tables2 table: sorted and paged, 25 a page."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bureau.templatetags.marks import light_class, light_mark


class WorkTable(tables.Table):
    """Rows of tasks.queries.listed()."""

    code = tables.Column(verbose_name=_("编号"))
    name = tables.Column(verbose_name=_("任务或项目"))
    clause_number = tables.Column(verbose_name=_("依据"))
    lead_name = tables.Column(verbose_name=_("责任"))
    starts_on = tables.DateColumn(verbose_name=_("开始"), format="Y-m-d")
    due_on = tables.DateColumn(verbose_name=_("应完成"), format="Y-m-d")
    percent = tables.Column(verbose_name=_("进度"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    status_order = tables.Column(verbose_name=_("状态"))

    class Meta:
        orderable = True
        attrs = {"class": "stacked"}

    def render_code(self, value):
        return format_html('<a href="{}">{}</a>', reverse("task", args=[value]), value)

    def render_name(self, value, record):
        if record["pending"]:
            return format_html('{} <span class="chip">{}</span>', value, _("待确认"))
        return value

    def render_clause_number(self, value):
        return format_html('<a class="plain" href="{}">{}</a>', reverse("clause", args=[value]), value)

    def render_percent(self, value):
        return f"{value}%"

    def render_status_order(self, record):
        return format_html(
            '<span class="light {}">{}{}</span>',
            light_class(record["light"]),
            light_mark(record["light"]),
            record["word"],
        )
