"""The list of tasks and key projects as a django-tables2 table: sorted and paged, 25 a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bureau import months
from tasks.listing import told

DESK = {"th": {"class": "desk-only"}, "td": {"class": "desk-only nowrap"}}
NOWRAP = {"th": {"class": "nowrap"}, "td": {"class": "nowrap"}}


class WorkTable(tables.Table):
    """Rows of tasks.listing.read(); of the day `today`; `month` is the one reports are due for."""

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

    def __init__(self, *args, month: int, today: date, **options) -> None:
        super().__init__(*args, **options)
        self.month, self.today = month, today
        self.told: Mapping[str, dict] = {}
        self.columns["report_word"].column.verbose_name = _now("%(m)s月报") % {"m": months.short_label(month)}

    def page_rows(self) -> list[dict]:
        """The rows of this page as they were read, once the table is sorted and paged."""
        return [row.record for row in self.paginated_rows]

    def tell(self, told: Mapping[str, dict]) -> None:
        """By code, what is told of the rows of this page (listing.told_of())."""
        self.told = told

    def plain_rows(self) -> list[dict]:
        """The rows of this page as plain texts, so that those that are as before are not rendered again."""
        return [self._plain(self.told[row["code"]]) for row in self.page_rows() if row["code"] in self.told]

    def _plain(self, row: dict) -> dict:
        word, why = told(row, self.today)
        node, where = row["node"], reverse("task", args=[row["code"]])
        reported = row["report_word"] and row["mine"]
        return {
            "code": row["code"],
            "url": where,
            "name": row["name"],
            "pending": row["pending"],
            "clause": row["clause_number"],
            "clause_url": reverse("clause", args=[row["clause_number"]]),
            "lead": f"{row['lead_name']} · {row['officer_name']}" if row["officer_name"] else row["lead_name"],
            "due": row["due_on"].isoformat(),
            "node_day": row["node_day"],
            "node": node["name"] if node else "",
            "percent": f"{row['percent']}%",
            "report": row["report_word"],
            "report_light": int(row["report_light"]),
            "report_label": self.columns["report_word"].header,
            "report_url": reverse("progress", args=[row["code"], months.iso(self.month)]) if reported else "",
            "light": int(row["light"]),
            "word": word,
            "why": why,
        }
