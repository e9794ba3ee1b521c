"""The plan of a task changed: a milestone moved, a later day asked for and decided."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.authorization import Permission, requires
from bureau.language import localized
from tasks import access, extending, extension_page, moving
from tasks.models import Extension, Project, Task
from tasks.plan_forms import AskForm, GrantForm, MoveForm
from tasks.views.acting import acted


@requires(Permission.REVIEW)
def move_node(request: HttpRequest, code: str, node: str) -> HttpResponse:
    """Plan a milestone for another day; the lead section's reviewer does, with a reason."""
    work = access.work_or_404(code)
    found = next((one for one in work.milestones.all() if one.code == node), None)
    if found is None or not access.may_review(request.user, work):
        raise Http404
    form = MoveForm(request.POST if request.method == "POST" else None, initial={"seen": found.due_on})
    status = 200
    if request.method == "POST":

        def act() -> HttpResponse:
            typed = form.cleaned_data
            moving.move(found, to=typed["to"], reason=typed["reason"], by=request.user, seen=typed["seen"])
            messages.success(request, _("节点已调整。"))
            return redirect("task", work.code)

        done, status = acted(form, act)
        if done:
            return done
    moves = found.moves.select_related("by").order_by("-pk")
    return render(
        request,
        "tasks/move_node.html",
        {
            "breadcrumb": _crumbs(work, _("调整节点")),
            "title": localized(found),
            "work": f"{work.code} {localized(work)}",
            "due_text": _("计划 %(d)s") % {"d": found.due_on.isoformat()},
            "work_due_text": _("整项工作应于 %(d)s 完成") % {"d": work.due_on.isoformat()},
            "done": found.done_on is not None,
            "form": form,
            "moves": [
                {
                    "from_on": one.from_on.isoformat(),
                    "to_on": one.to_on.isoformat(),
                    "reason": one.reason,
                    "who": f"{one.by} · {timezone.localtime(one.at).strftime('%Y-%m-%d')}",
                }
                for one in moves
            ],
            "back_url": reverse("task", args=[work.code]),
        },
        status=status,
    )


@requires(Permission.REPORT_TASKS, Permission.REVIEW, Permission.PUBLISH)
def extension(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a later day, take that back, grant or refuse it; each as far as this person may."""
    work = access.work_or_404(code)
    may_ask, may_decide = access.may_report(request.user, work), extending.may_decide(request.user, work)
    if not (may_ask or may_decide):
        raise Http404
    found = list(extending.of_work(work))
    waiting = next((one for one in found if one.state == Extension.State.ASKED), None)
    sent = request.POST.get("action", "") if request.method == "POST" else ""
    asking = AskForm(request.POST if sent == "ask" else None, auto_id="ask_%s")
    deciding = GrantForm(request.POST if sent == "decide" else None, auto_id="decide_%s")
    status = 200
    if request.method == "POST":
        if sent not in ("ask", "withdraw", "decide"):
            messages.error(request, _("没有可办的事项，什么都没有改。"))
            return redirect(request.path)
        if not (may_decide if sent == "decide" else may_ask):
            raise PermissionDenied
        if sent != "ask" and waiting is None:
            messages.error(request, _("没有待批的延期申请。"))
            return redirect(request.path)
        form: Form = deciding if sent == "decide" else asking if sent == "ask" else Form(request.POST)
        done, status = acted(form, lambda: _act(request, work, waiting, sent, form))
        if done:
            return done
    own = waiting is not None and waiting.asked_by_id == request.user.pk
    return render(
        request,
        "tasks/extension.html",
        {
            "breadcrumb": _crumbs(work, _("延期")),
            "title": f"{work.code} {localized(work)}",
            "due_text": _("应于 %(d)s 完成") % {"d": work.due_on.isoformat()},
            "slip_text": moving.slipped_text(moving.first_due(found), work.due_on),
            "asking": asking if may_ask and waiting is None else None,
            "can_withdraw": may_ask and waiting is not None,
            "deciding": deciding if may_decide and waiting is not None and not own else None,
            "lines": extension_page.lines(reversed(found)),
            "back_url": reverse("task", args=[work.code]),
        },
        status=status,
    )


def _act(request: HttpRequest, work: Task | Project, waiting: Extension | None, sent: str, form: Form) -> HttpResponse:
    typed, by = form.cleaned_data, request.user
    if sent == "ask":
        extending.ask(work, to=typed["to"], reason=typed["reason"], by=by)
        messages.success(request, _("已提出延期申请，等待审批。"))
    elif waiting is not None and sent == "withdraw":
        extending.withdraw(waiting, by=by)
        messages.success(request, _("已撤回延期申请。"))
    elif waiting is not None:
        granted = typed["decision"] == "grant"
        extending.decide(waiting, granted=granted, note=typed["note"], by=by)
        messages.success(request, _("已同意延期。") if granted else _("已不同意延期。"))
    return redirect("task_extension", work.code)


def _crumbs(work: Task | Project, label: str) -> list[dict]:
    return [
        {"label": _("任务与项目"), "url": reverse("task_list")},
        {"label": work.code, "url": reverse("task", args=[work.code])},
        {"label": label, "url": ""},
    ]
