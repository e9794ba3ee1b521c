"""The list of tasks and key projects as a django-tables2 table: sorted and paged, 25 a page."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bureau import months
from bureau.templatetags.marks import light_class, light_mark

DESK = {"th": {"class": "desk-only"}, "td": {"class": "desk-only nowrap"}}
NOWRAP = {"th": {"class": "nowrap"}, "td": {"class": "nowrap"}}


class WorkTable(tables.Table):
    """Rows of tasks.listing.read(); `month` is the one reports are due for."""

    code = tables.Column(verbose_name=_("编号"), attrs=DESK)
    name = tables.Column(verbose_name=_("任务或项目"))
    clause_number = tables.Column(verbose_name=_("依据"), attrs=DESK)
    lead_name = tables.Column(verbose_name=_("责任"))
    due_on = tables.Column(verbose_name=_("应完成"), attrs=NOWRAP)
    node_day = tables.Column(verbose_name=_("下一节点"), empty_values=())
    percent = tables.Column(verbose_name=_("进度"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    report_word = tables.Column(verbose_name=_("月报"), empty_values=())
    status_order = tables.Column(verbose_name=_("状态"))

    class Meta:
        orderable = True
        attrs = {"class": "stacked work-list"}

    def __init__(self, *args, month: int, **options) -> None:
        super().__init__(*args, **options)
        self.month = month
        self.columns["report_word"].column.verbose_name = _now("%(m)s月报") % {"m": months.short_label(month)}

    def render_code(self, value):
        return format_html('<a href="{}">{}</a>', reverse("task", args=[value]), value)

    def render_name(self, value, record):
        where, code = reverse("task", args=[record["code"]]), record["code"]
        link = format_html(
            '<a class="plain" href="{}"><span class="phone-only">{}\u00a0</span>{}</a>', where, code, value
        )
        if record["pending"]:
            return format_html('{} <span class="chip">{}</span>', link, _("待确认"))
        return link

    def render_clause_number(self, value):
        return format_html('<a class="plain" href="{}">{}</a>', reverse("clause", args=[value]), value)

    def render_lead_name(self, value, record):
        return f"{value} · {record['officer_name']}" if record["officer_name"] else value

    def render_due_on(self, value):
        return value.isoformat()

    def render_node_day(self, record):
        if record["node"] is None:
            return ""
        return format_html(
            '<span>{} <span class="note">{}</span></span>', record["node"]["due_on"].isoformat(), record["node"]["name"]
        )

    def render_percent(self, value):
        return f"{value}%"

    def render_report_word(self, value, record):
        if not value:
            return ""
        shown = format_html(
            '<span class="light {}">{}{}</span>',
            light_class(record["report_light"]),
            light_mark(record["report_light"]),
            value,
        )
        if not record["mine"]:
            return shown
        where = reverse("progress", args=[record["code"], months.iso(self.month)])
        return format_html('<a class="plain" href="{}">{}</a>', where, shown)

    def render_status_order(self, record):
        shown = format_html(
            '<span class="light {}">{}{}</span>',
            light_class(record["light"]),
            light_mark(record["light"]),
            record["word"],
        )
        return (
            format_html('<span>{} <span class="note">{}</span></span>', shown, record["why"])
            if record["why"]
            else shown
        )
