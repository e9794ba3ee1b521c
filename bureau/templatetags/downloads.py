"""The links by which a table is taken away, the same at every table."""

from __future__ import annotations

from django import template

from bureau.tables_out import CSV, XLSX

register = template.Library()


@register.inclusion_tag("partials/table_links.html")
def table_links(url: str, label: str = "") -> dict[str, str]:
    """`{% table_links csv_url %}`: the table at `url` as CSV and as a workbook; `label` where a page has several."""
    route, mark, query = url.partition("?")
    return {"csv_url": url, "xlsx_url": f"{route.removesuffix(CSV)}{XLSX}{mark}{query}", "label": label}
