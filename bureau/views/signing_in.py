"""Signing in, and changing one's own password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import password_validation, views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bureau.people import front, passwords, sittings
from bureau.people.forms import OwnPasswordForm, SignInForm

WRONG_OLD, MOST_WRONG = "wrong_old_password", 5


class SignInView(views.LoginView):
    """The sign-in page; 422 with one and the same sentence for whatever is wrong."""

    template_name = "account/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"facts": front.facts()}

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


def password_change(request: HttpRequest) -> HttpResponse:
    """One's own password; five wrong old ones end the session, so that an unattended one is no way to guess it."""
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        passwords.change(request.user, form.cleaned_data["new_password1"])
        sittings.keep_through_change(request, request.user)
        messages.success(request, _("密码已改，其他登录都已结束。"))
        return redirect("account")
    if form.has_error("old_password", "password_incorrect"):
        request.session[WRONG_OLD] = request.session.get(WRONG_OLD, 0) + 1
        if request.session[WRONG_OLD] >= MOST_WRONG:
            sittings.cut(request, "guessing")
            messages.error(request, _("原密码连错 5 次，已退出登录。"))
            return redirect("login")
    rules = [validator.get_help_text() for validator in password_validation.get_default_password_validators()]
    context = {"form": form, "rules": rules, "why": passwords.must_change(request.user)}
    return render(request, "account/password_change.html", context, status=422 if form.errors else 200)
