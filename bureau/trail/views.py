"""The auditor's pages (审计): the list with filters, one record, the export, the verification; they change nothing."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bureau import audit, clock
from bureau.authorization import Permission, requires
from bureau.exports import content_disposition
from bureau.models import AuditEvent
from bureau.tables_out import CSV, XLSX, table_response
from bureau.trail import export, queries, shown
from bureau.trail.acts import kind_label, label
from bureau.trail.forms import FilterForm, number
from bureau.trail.verify import verify
from bureau.trail.words import problems, sentence

ANCHORS_SHOWN = 20
REACHED, FAR_BEHIND = 1, 4  # marks: good, bad


@require_safe
@never_cache
@requires(Permission.READ_AUDIT)
def audit_list(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    valid = form.is_valid()
    page = (
        queries.page(form.wanted(), before=number(request.GET.get("before")), after=number(request.GET.get("after")))
        if valid
        else queries.Page((), None, None)
    )
    filters = _filters(request)
    return render(
        request,
        "audit/audit.html",
        {
            "form": form,
            "narrow": bool(filters),
            "rows": [
                {**shown.row(event), "url": reverse("audit_event", args=[event.sequence])} for event in page.events
            ],
            "total": queries.last_number(),
            "older_url": _address(request, before=page.older) if page.older is not None else "",
            "newer_url": _address(request, after=page.newer) if page.newer is not None else "",
            "newest_url": f"{request.path}{'?' + filters if filters else ''}",
            "csv_url": f"{reverse('audit_export')}{'?' + filters if filters else ''}",
        },
        status=200 if valid else 422,
    )


def _filters(request: HttpRequest) -> str:
    """The filters of the address that say something, without the place in the list."""
    given = request.GET.copy()
    for name in list(given):
        if name not in FilterForm.base_fields or not given[name]:
            del given[name]
    return given.urlencode()


def _address(request: HttpRequest, **place: int) -> str:
    (name, value) = next(iter(place.items()))
    filters = _filters(request)
    return f"{request.path}?{filters + '&' if filters else ''}{name}={value}"


@require_safe
@never_cache
@requires(Permission.READ_AUDIT)
def audit_event(request: HttpRequest, sequence: int) -> HttpResponse:
    event = AuditEvent.objects.select_related("by").filter(sequence=min(sequence, 2**63 - 1)).first()
    if event is None:
        raise Http404
    neighbours = AuditEvent.objects.filter(sequence__in=(sequence - 1, sequence + 1)).values_list("sequence", flat=True)
    title = _("第 %(n)d 条：%(act)s") % {"n": event.sequence, "act": label(event.act)}
    return render(
        request,
        "audit/event.html",
        {
            "breadcrumb": [{"label": _("审计"), "url": reverse("audit")}, {"label": f"#{event.sequence}", "url": ""}],
            "title": title,
            "succeeded": event.succeeded,
            "result": shown.result(event),
            "pairs": _pairs(event),
            "changes": shown.changes(event),
            "changes_more": max(0, event.revisions - shown.CHANGES_MOST),
            "facts": shown.facts(event),
            "older_url": _neighbour(sequence - 1, neighbours),
            "newer_url": _neighbour(sequence + 1, neighbours),
        },
    )


def _neighbour(sequence: int, there: object) -> str:
    return reverse("audit_event", args=[sequence]) if sequence in set(there) else ""


def _pairs(event: AuditEvent) -> list[tuple[str, str]]:
    pairs = [
        (_("时间"), shown.moment_exactly(event.at)),
        (_("人员"), shown.person(event.by)),
        (_("单位"), (event.by.unit if event.by else "") or "—"),
        (_("类别"), kind_label(event.act) or "—"),
        (_("事项代码"), event.act),
        (_("对象"), shown.one_line(event.object) or "—"),
        (_("理由"), shown.lines(event.reason) or "—"),
        (_("来源地址"), event.address or "—"),
    ]
    if event.revisions:
        pairs += [(_("修改数"), str(event.revisions)), (_("修改摘要"), event.revisions_digest)]
    return [*pairs, (_("链码"), event.code)]


@require_safe
@never_cache
@requires(Permission.READ_AUDIT)
def audit_export(request: HttpRequest, ending: str = CSV) -> HttpResponse:
    """All records under the filters, newest first, up to this export's own, which is the first line.

    A workbook holds no more than export.MOST of them, and says so; the CSV is streamed and has them all.
    """
    form = FilterForm(request.GET)
    if not form.is_valid():
        return audit_list(request)
    with transaction.atomic():
        own = audit.record("audit.export", by=request.user, detail={"filters": _filters(request)})
    found = queries.events(form.wanted()).filter(sequence__lte=own.sequence).order_by("-sequence")
    name = _("审计记录") + f"-{clock.real_day().isoformat()}-{own.sequence}"
    if ending == XLSX:
        above = [[_("只列最新的 %(n)d 条，全部见 CSV") % {"n": export.MOST}]] if found.count() > export.MOST else []
        rows = export.rows(found[: export.MOST])
        return table_response(name, export.columns(), rows, ending=ending, demonstration=False, above=above)
    response = StreamingHttpResponse(
        export.lines(found.iterator(chunk_size=2000)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition(f"{name}.csv")
    return response


@require_safe
@never_cache
@requires(Permission.READ_AUDIT)
def audit_verify(request: HttpRequest) -> HttpResponse:
    found = verify()
    oldest = AuditEvent.objects.order_by("sequence").values_list("at", flat=True).first()
    return render(
        request,
        "audit/verify.html",
        {
            "breadcrumb": [{"label": _("审计"), "url": reverse("audit")}, {"label": _("校验"), "url": ""}],
            "holds": found.holds,
            "light": REACHED if found.holds else FAR_BEHIND,
            "sentence": sentence(found),
            "problems": problems(found),
            "pairs": [
                (_("记录数"), f"{found.count:,}"),
                (_("最后一条"), f"#{found.count}" if found.count else "—"),
                (_("链码"), found.code or "—"),
                (_("校验时间"), shown.moment(found.at)),
                (_("最早一条"), shown.moment(oldest) if oldest else "—"),
                (_("保存期限"), _("至少 %(n)d 天；本系统不删除审计记录") % {"n": settings.AUDIT_KEEP_DAYS}),
            ],
            "anchors": [
                {"at": shown.moment(one.at), "sequence": one.sequence, "code": one.code}
                for one in reversed(found.anchors[-ANCHORS_SHOWN:])
            ],
            "anchors_more": max(0, len(found.anchors) - ANCHORS_SHOWN),
            "anchor_late": bool(found.anchors) and clock.now() - found.anchors[-1].at > timedelta(days=2),
        },
    )
