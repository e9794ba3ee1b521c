"""Where a person lands after signing in: the overview for readers, else his own account; ending his other sessions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bureau.authorization import Permission, can, grants_of
from bureau.models import Handover
from bureau.people import handover, own, papers, scopes, sittings


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """My account; readers go on to the overview unless they ask for it by ?stay."""
    if can(request.user, Permission.READ_RELEASES) and "stay" not in request.GET:
        return redirect("overview")
    handover.carry_out_of(request.user)
    held = grants_of(request.user)
    names = scopes.Names(held)
    given = Handover.objects.filter(giver=request.user).select_related("giver", "receiver")
    context = {
        "grants": [{"text": names.text(grant), "dates": scopes.dates(grant)} for grant in held],
        "session": own.session_facts(request),
        "acts": own.acts(request.user),
        "waiting": papers.to_sign(request.user),
        "may_have_tokens": can(request.user, Permission.READ_RELEASES),
        "given": [papers.handover_row(one) for one in given],
    }
    return render(request, "account/account.html", context)


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End every other copy of my session."""
    sittings.end_others(request)
    messages.success(request, _("其他登录都已结束，只有这一处还在。"))
    return redirect("/account/?stay")
