"""The list of supervision slips as a django-tables2 table: sorted and paged, 25 a page."""

from __future__ import annotations

from datetime import date

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bureau.templatetags.marks import light_class, light_mark
from tasks.slips.number import number_of
from tasks.slips.page import MARKS, steps, word

NOWRAP = {"th": {"class": "nowrap"}, "td": {"class": "nowrap"}}


class SlipTable(tables.Table):
    """Rows of tasks.slip_list.read()."""

    slip = tables.Column(verbose_name=_("编号"), attrs=NOWRAP, order_by="order")
    subject = tables.Column(verbose_name=_("事项"))
    owner = tables.Column(verbose_name=_("承办"))
    assigned_on = tables.DateColumn(verbose_name=_("交办"), format="Y-m-d", attrs=NOWRAP, orderable=False, default="")
    due_on = tables.DateColumn(verbose_name=_("时限"), format="Y-m-d", attrs=NOWRAP)
    urgency = tables.Column(verbose_name=_("状态"))
    steps = tables.Column(verbose_name=_("办理环节"), empty_values=(), orderable=False)

    class Meta:
        orderable = True
        attrs = {"class": "stacked slips"}

    def __init__(self, *args, today: date, **options) -> None:
        super().__init__(*args, **options)
        self.today = today

    def render_slip(self, value):
        return format_html('<a href="{}">{}</a>', reverse("slip", args=[value.pk]), number_of(value))

    def render_subject(self, value, record):
        return format_html(
            '<span><a class="plain strong" href="{}">{}</a><br><span class="note">{}</span></span>',
            reverse("slip", args=[record["slip"].pk]),
            value,
            record["slip"].basis,
        )

    def render_urgency(self, record):
        mark = MARKS[record["colour"]]
        told = word(record["slip"], self.today)
        return format_html('<span class="light {}">{}{}</span>', light_class(mark), light_mark(mark), told)

    def render_steps(self, record):
        return steps(record["state"], record["colour"])
