"""Where a person lands after signing in: the overview for readers, else a page on who he is and what he holds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from bureau.authorization import Permission, can, grants_of


def account(request: HttpRequest) -> HttpResponse:
    """My account; readers go on to the overview unless they ask for it by ?stay."""
    if can(request.user, Permission.READ_RELEASES) and "stay" not in request.GET:
        return redirect(reverse("overview"))
    return render(request, "account/account.html", {"grants": [str(grant) for grant in grants_of(request.user)]})
