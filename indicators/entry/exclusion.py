"""A total of a span (补录合计) and finer figures of the same item exclude each other, whoever comes first.

Reading only; asked under the county's lock by workflow.py and spans.py. Both answer with what stands in the way, in
words, empty where nothing does.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from bureau import months
from bureau.places import Tree
from indicators import spans
from indicators.models import DataItem, Entry, Figure, SpanTotal, Submission
from indicators.spans import Span

MOST_NAMED = 3


def against_finer(submissions: Sequence[Submission], tree: Tree | None = None) -> str:
    """The cells of these submissions for which an approved span total stands already."""
    if not submissions:
        return ""
    county, reached = submissions[0].place.home, {one.month for one in submissions}
    standing = [span for span in spans.approved(county) if any(span.first <= month <= span.last for month in reached)]
    if not standing:
        return ""
    tree = tree or Tree(county)
    typed = Entry.objects.filter(
        submission__in=[one.pk for one in submissions], item__in={span.item for span in standing}
    )
    rows = typed.order_by("submission__month", "area__code", "item_id", "category").values_list(
        "area_id", "item_id", "category", "submission__month"
    )
    found = [row for row in rows if covering(standing, tree, *row)]
    if not found:
        return ""
    return _("补录合计已包含这些月份：%(cells)s。先由科室撤销该合计的审核。") % {"cells": _named(found, tree)}


def covering(standing: Sequence[Span], tree: Tree, area: int, item: int, category: int, month: int) -> Span | None:
    """The approved total that stands for this figure already."""
    for span in standing:
        same = (span.item, span.category) == (item, category) and span.first <= month <= span.last
        if same and spans.within(tree, span.area, area, month):
            return span
    return None


def against_span(span: SpanTotal, tree: Tree) -> str:
    """The approved figures and the other approved totals within this one, or which contain it."""
    months_here = range(span.first_month, span.last_month + 1)
    figures = Figure.objects.filter(
        county=tree.county_id, item=span.item_id, category=span.category, month__in=months_here
    )
    rows = figures.order_by("month", "area").values_list("area", "item", "category", "month")
    finer = [row for row in rows if spans.within(tree, span.area_id, row[0], row[3])]
    if finer:
        return _("已有更细的审定数：%(cells)s。有月度数的，不能再补录合计。") % {"cells": _named(finer, tree)}
    for other in spans.approved(tree.county_id, [span.item_id]):
        shared = range(max(other.first, months_here.start), min(other.last + 1, months_here.stop))
        if other.category == span.category and any(
            spans.within(tree, span.area_id, other.area, month) or spans.within(tree, other.area, span.area_id, month)
            for month in shared
        ):
            words = {"place": tree.names.get(other.area, ""), "span": spans.span_text(other.first, other.last)}
            return _("与已审核的补录合计重叠：%(place)s %(span)s。") % words
    return ""


def _named(cells: Sequence[tuple[int, int, int, int]], tree: Tree) -> str:
    codes = dict(DataItem.objects.filter(pk__in={row[1] for row in cells}).values_list("pk", "code"))
    words = [
        f"{tree.names.get(area, '')} {codes[item]} {months.label(month)}" for area, item, _category, month in cells
    ]
    text = "、".join(dict.fromkeys(words[:MOST_NAMED]))
    return text if len(words) <= MOST_NAMED else _("%(some)s等 %(n)d 格") % {"some": text, "n": len(words)}
