"""Tables of pages of tasks as files: a work's nodes and reports, papers of the phases, periods of assessment; thin."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock, months
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.language import localized
from bureau.tables_out import table_response
from tasks import access, evidence_pages, moving, presenters
from tasks.assessment import access as assessment_access
from tasks.assessment import page, words
from tasks.models import Deliverable
from tasks.views.assessments import here_or_404


@require_safe
@requires(Permission.READ_RELEASES)
def phases_table(request: HttpRequest, ending: str) -> HttpResponse:
    """A line a paper (阶段成果): of which phase, handed in when, as which document."""
    today = clock.today_in(installation_of(request))
    head = [
        _("阶段"), _("开始"), _("结束"), _("编号"), _("成果"), _("状态"), _("交付日期"), _("文件"), _("文号"),
        _("说明"),
        _("登记人"), _("任务"),
    ]  # fmt: skip
    lines = [
        [
            localized(one.phase), one.phase.starts_on, one.phase.ends_on, one.code, localized(one), _state(one, today),
            one.delivered_on, one.document, one.number, one.note, str(one.by) if one.by and one.delivered_on else "",
            " ".join(task.code for task in one.tasks.all()),
        ]
        for one in Deliverable.objects.select_related("phase", "by").prefetch_related("tasks").order_by("phase", "pk")
    ]  # fmt: skip
    return _file(request, f"{_('阶段与成果')}-{today.isoformat()}", head, lines, ending)


@require_safe
@requires(Permission.READ_RELEASES)
def nodes_table(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """A line a milestone: the first plan, the present one, when it was reached, how early or late."""
    work = access.work_or_404(code)
    found = list(work.milestones.all())
    first = moving.first_days([node.pk for node in found])
    told = presenters.nodes(found, clock.today_in(installation_of(request)), first)
    head = [_("编号"), _("节点"), _("原计划"), _("计划"), _("实际"), _("早晚"), _("状态")]
    lines = [
        [
            node.code, row["name"], first.get(node.pk, node.due_on), node.due_on, node.done_on, row["slip"],
            row["word"],
        ]
        for node, row in zip(found, told, strict=True)
    ]  # fmt: skip
    return _file(request, f"{work.code} {_('节点')}", head, lines, ending)


@require_safe
@requires(Permission.READ_RELEASES)
def work_reports_table(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """A line a month's approved report, the newest first, as the page lists them; of files their names."""
    work = access.work_or_404(code)
    reports = presenters.approved(work)
    files = evidence_pages.of_reports(reports)
    head = [
        _("月份"), _("进度（%）"), _("本月进展"), _("存在问题"), _("下月打算"), _("说明"), _("附件"), _("审核人"),
        _("审核日期"),
    ]  # fmt: skip
    lines = [
        [
            months.iso(one.month), one.percent, one.done, one.problem, one.next_step, one.explanation,
            "；".join(file["name"] for file in files.get(one.pk, ())), str(one.approved_by or ""), one.approved_on,
        ]
        for one in reports
    ]  # fmt: skip
    return _file(request, f"{work.code} {_('进度月报')}", head, lines, ending)


def _state(one: Deliverable, today) -> str:
    if one.delivered_on:
        return _("已交付")
    return _("逾期未交") if today > one.phase.ends_on else _("未交")


@require_safe
@requires(Permission.READ_RELEASES)
def assessment_list_table(request: HttpRequest, ending: str) -> HttpResponse:
    """Every period this person may see, the last first."""
    here = here_or_404(request)
    head = [_("考核期"), _("办法"), _("状态"), _("定稿或拟稿"), _("依据的发布")]
    lines = [
        [words.title(one), localized(one.scheme), str(one.get_state_display()), page.signed(one), page.release(one)]
        for one in assessment_access.visible(request.user, here.county_id).defer("result")
    ]
    return table_response(_("考核"), head, lines, ending=ending, demonstration=here.demonstration)


def _file(request: HttpRequest, name: str, head: list, lines: list, ending: str) -> HttpResponse:
    here = installation_of(request)
    return table_response(name, head, lines, ending=ending, demonstration=bool(here and here.demonstration))
