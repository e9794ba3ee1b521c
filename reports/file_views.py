"""An edition's documents: fetched where they are there, else built by the worker while the page tells how far it is."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from bureau.addresses import client_address
from bureau.authorization import Permission, requires
from bureau.exports import content_disposition
from bureau.files import content_of
from reports import edition_files, edition_jobs, edition_page
from reports.edition_views import edition_of
from reports.models import Build, Edition

State = Build.State


@require_safe
@requires(Permission.READ_REPORTS)
def edition_file(request: HttpRequest, kind: str, month: str, number: int, what: str) -> HttpResponse:
    """The document as it stands; where there is none that says what the edition says, it is built first."""
    found = edition_of(request, kind, month, str(number))
    if what not in edition_files.TYPES or found.discarded:
        raise Http404
    document = edition_files.standing(found, what)
    if document is None:
        edition_jobs.ask(found, what, by=request.user, address=client_address(request) or "")
        document = edition_files.standing(found, what)
    if document is None:
        return redirect(edition_page.build_url(found, what))
    response = HttpResponse(content_of(document.file), content_type=edition_files.TYPES[what])
    response["Content-Disposition"] = content_disposition(document.file.name)
    return response


@requires(Permission.READ_REPORTS)
def edition_build(request: HttpRequest, kind: str, month: str, number: int, what: str) -> HttpResponse:
    """How far the building is; asked again by the page itself, which is led on when it is done."""
    found = edition_of(request, kind, month, str(number))
    if found.discarded:
        raise Http404
    build = get_object_or_404(Build, edition=found, kind=what)
    if request.method == "POST":
        return _again(request, found, build)
    if build.state == State.DONE:
        url = edition_page.url(found) if what == Build.Kind.FINAL else edition_page.file_url(found, what)
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    context = _told(build) | {
        "breadcrumb": edition_page.crumbs(found, _("制作文件")),
        "url": edition_page.build_url(found, what),
        "back_url": edition_page.url(found),
        "facts": [edition_page.title(found), build.get_kind_display()],
    }
    name = "course" if request.htmx else "build"
    return render(request, f"reports/edition_{name}.html", context)


def _again(request: HttpRequest, found: Edition, build: Build) -> HttpResponse:
    address = client_address(request) or ""
    if build.state == State.WORK:
        edition_jobs.again(build, address=address)
    elif build.kind == Build.Kind.FINAL:  # signed anew, on its own page
        return redirect(edition_page.url(found, "edition_issue"))
    else:
        edition_jobs.ask(found, build.kind, by=request.user, address=address)
    return redirect(edition_page.build_url(found, build.kind))


def _told(build: Build) -> dict:
    """Where a build stands, as a heading and a sentence."""
    found = {"title": _("正在制作"), "text": "", "goes_on": False, "again": "", "wrong": False}
    if build.kind == Build.Kind.FINAL:
        found["title"] = _("正在定稿")
    if build.state == State.FAILED:
        return found | {"title": _("没有做成"), "text": build.told, "wrong": True, "again": _("重新办理")}
    course = edition_jobs.course(build)
    if course.broken_off:
        text = _("后台中断，没有留下半份文件。可以重新开始；服务重启后也会自动再做一次。")
        return found | {"title": _("中断"), "text": text, "wrong": True, "again": _("重新开始")}
    if course.at_work is None:
        found |= {"text": _("排队，等前面的做完。"), "goes_on": True}
        text = _("后台一分钟还没有开始，可能没有运行；请联系系统管理员。")
        return found | ({"text": text, "wrong": True, "again": _("重新排队")} if course.late else {})
    return found | {"text": _steps().get(course.at_work.step, ""), "goes_on": True}


def _steps() -> dict[str, str]:
    return {
        "compose": _("按发布数据组稿"),
        "word": _("制作 Word"),
        "excel": _("制作附表"),
        "pdf": _("制作 PDF"),
        "keep": _("一次保存，全部保存或一个不留"),
    }
