"""An edition's way out: what it carries and which data it stands on; review, return, final, revision, discarding."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bureau import clock
from bureau.addresses import client_address
from bureau.authorization import Permission, requires
from reports import access, edition_jobs, edition_page, editions, issuing
from reports.edition_views import edition_of
from reports.forms import DescribeForm, FinaliseForm, RebaseForm, Seen, WhyForm
from reports.models import Build, Edition
from tasks.rules import Refused
from tasks.views.acting import acted

State = Edition.State
Act = Callable[[HttpRequest, Edition, Form], HttpResponse]


@requires(Permission.FINISH_REPORTS)
def edition_settings(request: HttpRequest, kind: str, month: str) -> HttpResponse:
    """Number, issue, whom it goes to; another release of the month."""
    found = edition_of(request, kind, month)
    if not access.may_finish(request.user) or found.state != State.DRAFT:
        raise Http404
    sent = request.POST.get("action", "")
    forms: dict[str, Form] = {
        "describe": DescribeForm(request.POST if sent == "describe" else None, initial=_described(found)),
        "rebase": RebaseForm(found, request.POST if sent == "rebase" else None, initial={"seen": found.version}),
    }
    done, status = _sent(request, found, forms, {"describe": _describe, "rebase": _rebase})
    if done:
        return done
    return render(
        request,
        "reports/edition_settings.html",
        {
            "breadcrumb": edition_page.crumbs(found, _("文号、主送和数据")),
            "title": edition_page.title(found),
            "describe": forms["describe"],
            "rebase": forms["rebase"] if forms["rebase"].fields["release"].queryset.exists() else None,
            "facts": edition_page.facts(found),
        },
        status=status,
    )


@requires(Permission.FINISH_REPORTS, Permission.FINALISE_REPORTS)
def edition_issue(request: HttpRequest, kind: str, month: str) -> HttpResponse:
    """Submit for review, return, make final, revise, discard: each for whom it is, in the state it is for."""
    found = edition_of(request, kind, month)
    forms = _forms(request, found)
    if request.method == "POST" and request.POST.get("action") in ACTS and request.POST["action"] not in forms:
        raise PermissionDenied
    done, status = _sent(request, found, forms, ACTS)
    if done:
        return done
    lacks = issuing.wanting(found) if found.state == State.DRAFT else None
    build = found.builds.filter(kind=Build.Kind.FINAL, state=Build.State.WORK).first()
    return render(
        request,
        "reports/edition_issue.html",
        {
            "breadcrumb": edition_page.crumbs(found, _("送审与定稿")),
            "title": edition_page.title(found),
            "state": edition_page.state(found),
            "facts": edition_page.facts(found),
            "returned": found.returned if found.state == State.DRAFT else "",
            "wanting": _wanting(found, lacks) if lacks else [],
            "own": found.state == State.REVIEW and found.submitted_by_id == request.user.pk,
            "building": edition_page.build_url(found, "final") if build else "",
            **forms,
        },
        status=status,
    )


def _forms(request: HttpRequest, found: Edition) -> dict[str, Form]:
    """Those of the forms that are this person's, in the state the edition is in."""
    sent, seen = request.POST.get("action", ""), {"seen": found.version}

    def form(kind: type[Form], name: str, **initial: object) -> Form:
        return kind(request.POST if sent == name else None, initial=seen | initial, auto_id=f"{name}_%s")

    office, decides = access.may_finish(request.user), access.may_finalise(request.user)
    if found.state == State.DRAFT:
        gives_up = {"discard": form(WhyForm, "discard")} if access.may_discard(request.user, found) else {}
        return ({"submit": form(Seen, "submit")} if office else {}) | gives_up
    if found.state == State.REVIEW and (office or decides):
        may = decides and found.submitted_by_id != request.user.pk
        final = form(FinaliseForm, "finalise", document_number=found.document_number, signed_on=clock.today())
        return {"return": form(WhyForm, "return")} | ({"finalise": final} if may else {})
    later = found.report.editions.filter(number__gt=found.number).exclude(state=State.DISCARDED)
    if found.final and office and not later.exists():
        return {"revise": form(WhyForm, "revise")}
    return {}


def _sent(
    request: HttpRequest, found: Edition, forms: dict[str, Form], acts: dict[str, Act]
) -> tuple[HttpResponse | None, int]:
    """What the form that was sent leads to; nothing where none was sent."""
    if request.method != "POST":
        return None, 200
    name = request.POST.get("action", "")
    if name not in forms:
        messages.error(request, _("没有可办的事项，什么都没有改。"))
        return redirect(edition_page.url(found)), 200
    return acted(forms[name], lambda: acts[name](request, found, forms[name]))


def _describe(request: HttpRequest, found: Edition, form: Form) -> HttpResponse:
    assert isinstance(form, DescribeForm)
    editions.describe(found, form.wanted(), by=request.user, seen=form.cleaned_data["seen"])
    messages.success(request, _("已保存。"))
    return redirect(edition_page.url(found))


def _rebase(request: HttpRequest, found: Edition, form: Form) -> HttpResponse:
    typed = form.cleaned_data
    editions.rebase(found, typed["release"], by=request.user, seen=typed["seen"])
    moved = found.parts.filter(moved=True).count()
    told = _("已换成第 %(v)d 版发布数据，文字都在。") % {"v": typed["release"].version}
    messages.success(request, told + (_("%(n)d 个部分数据已变，请复核。") % {"n": moved} if moved else ""))
    return redirect(edition_page.url(found))


def _submit(request: HttpRequest, found: Edition, form: Form) -> HttpResponse:
    issuing.submit(found, by=request.user, seen=form.cleaned_data["seen"])
    messages.success(request, _("已送审。"))
    return redirect(edition_page.url(found))


def _return(request: HttpRequest, found: Edition, form: Form) -> HttpResponse:
    issuing.return_(found, why=form.cleaned_data["why"], by=request.user, seen=form.cleaned_data["seen"])
    messages.success(request, _("已退回。"))
    return redirect(edition_page.url(found))


def _finalise(request: HttpRequest, found: Edition, form: Form) -> HttpResponse:
    """Refused at once where the rules say so; else the worker builds the files and makes it final with them."""
    typed = form.cleaned_data
    why_not = issuing.refusal(found, typed["document_number"].strip(), typed["signed_on"], request.user)
    if why_not:
        raise Refused(why_not)
    wanted = {
        "number": typed["document_number"].strip(),
        "signed_on": typed["signed_on"].isoformat(),
        "seen": typed["seen"],
    }
    edition_jobs.ask(found, Build.Kind.FINAL, by=request.user, wanted=wanted, address=client_address(request) or "")
    return redirect(edition_page.build_url(found, Build.Kind.FINAL))


def _revise(request: HttpRequest, found: Edition, form: Form) -> HttpResponse:
    made = editions.revise(found, why=form.cleaned_data["why"], by=request.user)
    messages.success(request, _("已另立第 %(n)d 版，原来的定稿不变。") % {"n": made.number})
    return redirect(edition_page.url(made))


def _discard(request: HttpRequest, found: Edition, form: Form) -> HttpResponse:
    issuing.discard(found, why=form.cleaned_data["why"], by=request.user, seen=form.cleaned_data["seen"])
    messages.success(request, _("已作废，写过的文字留在“作废的草稿”里。"))
    return redirect(edition_page.url(found))


ACTS: dict[str, Act] = {
    "submit": _submit,
    "return": _return,
    "finalise": _finalise,
    "revise": _revise,
    "discard": _discard,
}


def _described(found: Edition) -> dict:
    names = ("document_number", "issue", "recipients", "copies")
    return {name: getattr(found, name) for name in names} | {"seen": found.version}


def _wanting(found: Edition, lacks: issuing.Wanting) -> list[dict]:
    """What is still empty or not looked at again, by need, each with its address."""
    groups = (
        (_("必写，还没有写"), lacks.required),
        (_("数据已变，还没有复核"), lacks.moved),
        (_("可不写，空着"), lacks.optional),
    )
    return [
        {
            "title": title,
            "parts": [{"label": part.title, "url": edition_page.url(found, part=part.key)} for part in parts],
        }
        for title, parts in groups
        if parts
    ]
