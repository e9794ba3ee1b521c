"""The list of supervision slips as a django-tables2 table: sorted and paged, 25 a page."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bureau.templatetags.marks import light_class, light_mark
from tasks.slip_page import steps

NOWRAP = {"th": {"class": "nowrap"}, "td": {"class": "nowrap"}}


class SlipTable(tables.Table):
    """Rows of tasks.slip_list.read()."""

    number = tables.Column(verbose_name=_("编号"), attrs=NOWRAP, order_by="order")
    subject = tables.Column(verbose_name=_("事项"))
    owner = tables.Column(verbose_name=_("承办"))
    assigned_on = tables.DateColumn(verbose_name=_("交办"), format="Y-m-d", attrs=NOWRAP, orderable=False, default="")
    due_on = tables.DateColumn(verbose_name=_("时限"), format="Y-m-d", attrs=NOWRAP)
    word = tables.Column(verbose_name=_("状态"), order_by="urgency")
    steps = tables.Column(verbose_name=_("办理环节"), empty_values=(), orderable=False)

    class Meta:
        orderable = True
        attrs = {"class": "stacked slips"}

    def render_number(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("slip", args=[record["pk"]]), value)

    def render_subject(self, value, record):
        return format_html(
            '<span><a class="plain strong" href="{}">{}</a><br><span class="note">{}</span></span>',
            reverse("slip", args=[record["pk"]]),
            value,
            record["basis"],
        )

    def render_word(self, value, record):
        mark = record["mark"]
        return format_html('<span class="light {}">{}{}</span>', light_class(mark), light_mark(mark), value)

    def render_steps(self, record):
        return steps(record["state"], record["colour"])
