"""The overview, the list of documents, and their downloads; thin: ask permission, read, compose, render."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import clock
from bureau.authorization import Permission, can, requires
from bureau.models import User
from indicators import pages
from indicators.shown import shown_indicators
from reports import overview as compose
from tasks.queries import brief


def home(user: User) -> str:
    """Where a person starts: leaders and readers at the overview, the others where their work is."""
    return "overview" if can(user, Permission.READ_RELEASES) else "password_change"


@requires(Permission.READ_RELEASES)
def overview(request: HttpRequest) -> HttpResponse:
    at = pages.reading(request)
    shown = shown_indicators(at) if at.month is not None else []
    core = [one for one in shown if one.indicator.core]
    today = clock.today()
    strip = compose.phase_strip(today, at.month)
    return render(
        request,
        "reports/overview.html",
        {
            "headline": compose.headline(core) if core else [{"text": _("还没有发布过月份"), "tone": ""}],
            "counts": compose.counts(core) if core else [],
            "phases": strip,
            "attention": compose.attention(core, at.query),
            "groups": compose.groups(core, at.query),
            "monitored": compose.groups([one for one in shown if not one.indicator.core], at.query),
            "tasks_brief": brief(today),
            "tasks_url": reverse("task_list"),
            "picker": pages.picker(at, request.path),
            "release": pages.release_note(at),
            "empty": pages.empty(at),
            "footer_links": [{"url": reverse("report_list"), "label": _("导出报告")}],
        },
    )
