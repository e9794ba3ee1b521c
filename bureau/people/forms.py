"""The forms of signing in and of one's own password."""

from __future__ import annotations

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.people.turns import one_at_a_time


class AccountNameField(UsernameField):
    """An account's name whatever its case: accounts are kept in small letters."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).strip().lower()


class SignInForm(AuthenticationForm):
    """Account and password; says the same for an account that is absent, disabled, expired or given a wrong one."""

    username = AccountNameField(
        label=gettext_lazy("账号"),
        max_length=150,
        widget=forms.TextInput(attrs={"autofocus": True, "autocapitalize": "none", "autocomplete": "username"}),
        error_messages={"required": gettext_lazy("请填账号。")},
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("请填密码。")},
    )

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        if self.is_bound:  # after a refusal it is the password that is typed again
            del self.fields["username"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True

    def clean(self) -> dict:
        with one_at_a_time(self.cleaned_data.get("username", "")):
            return super().clean()

    def get_invalid_login_error(self) -> forms.ValidationError:
        """Counted by the name typed, whether or not there is such an account."""
        failed = AxesProxyHandler.get_failures(self.request, {"username": self.cleaned_data["username"]})
        left = max(settings.AXES_FAILURE_LIMIT - failed, 0)
        text = _("账号或密码不对。还可试 %(n)d 次；之后该账号锁定 %(m)d 分钟，不影响同事登录。")
        minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
        return forms.ValidationError(text % {"n": left, "m": minutes}, code="invalid_login")


class OwnPasswordForm(PasswordChangeForm):
    """The old password, and the new one twice."""

    error_messages = {
        "password_mismatch": gettext_lazy("两次填的新密码不一样。"),
        "password_incorrect": gettext_lazy("原密码不对。"),
    }

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        labels = {"old_password": _("原密码"), "new_password1": _("新密码"), "new_password2": _("再填一次新密码")}
        for name, label in labels.items():
            self.fields[name].label, self.fields[name].help_text = label, ""
            self.fields[name].error_messages["required"] = _("请填%(label)s。") % {"label": label}
