"""A person's own tokens for the read API (接口令牌): the list with the form for a new one, and revoking."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from bureau import clock
from bureau.authorization import Permission, requires
from bureau.models import ApiToken
from bureau.people import own
from bureau.people import tokens as rules
from bureau.people.rules import Refused
from bureau.tables_out import table_response

SHOWN = 50


class TokenForm(forms.Form):
    """What it is for, and how long it is good."""

    name = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=rules.NAME_LENGTH,
        help_text=gettext_lazy("哪个程序用它，例如“县大数据局指标看板”。"),
        error_messages={"required": gettext_lazy("请写明用途。")},
    )
    days = forms.TypedChoiceField(label=gettext_lazy("有效期"), coerce=int, initial=90)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [(days, _("%(n)d 天") % {"n": days}) for days in rules.LIVES]


@requires(Permission.READ_RELEASES)
def tokens(request: HttpRequest) -> HttpResponse:
    """My tokens; a new one's text is on the answer to its form, and nowhere after."""
    form, made = TokenForm(request.POST or None), ""
    if request.method == "POST" and not request.POST:
        form = TokenForm({})
    if request.method == "POST" and form.is_valid():
        try:
            _token, made = rules.make(by=request.user, **form.cleaned_data)
            form = TokenForm()
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form,
        "made": made,
        "rows": [_row(token) for token in request.user.api_tokens.all()[:SHOWN]],
        "csv_url": reverse("token_list_csv"),
        "docs_url": reverse("api:openapi-view"),
    }
    return render(request, "account/tokens.html", context, status=422 if form.errors else 200)


@require_safe
@requires(Permission.READ_RELEASES)
def token_list(request: HttpRequest, ending: str) -> HttpResponse:
    """All my tokens as a file: what they are for and how long, never what they say."""
    head = [_("用途"), _("生成时间"), _("有效至"), _("最近使用"), _("状态")]
    lines = [
        [row["name"], row["made"], token.expires_on, token.last_used_on, row["state"]]
        for token in request.user.api_tokens.all()
        for row in [_row(token)]
    ]
    return table_response(_("接口令牌"), head, lines, ending=ending, demonstration=False)


def _row(token: ApiToken) -> dict:
    over = token.expires_on < clock.real_day()
    return {
        "name": token.name,
        "made": own.stamp(token.created_at),
        "until": token.expires_on.isoformat(),
        "used": token.last_used_on.isoformat() if token.last_used_on else _("未用过"),
        "state": _("已作废") if token.revoked_at else _("已到期") if over else _("有效"),
        "revoke_url": "" if token.revoked_at or over else reverse("token_revoke", args=[token.pk]),
    }


@require_POST
@requires(Permission.READ_RELEASES)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of my tokens; another's is not there."""
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    rules.revoke(token, by=request.user)
    messages.success(request, _("已作废，用它的程序不能再读数据。"))
    return redirect("tokens")
