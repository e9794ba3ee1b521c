"""The forms by which administrators keep accounts and grants, and a person hands over his work."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.language import localized
from bureau.models import Area, AreaSpan, Grant, Section, User
from bureau.people import granting, handover, scopes
from bureau.people.forms import AccountNameField
from bureau.people.rules import REASON_LENGTH

_NAME = re.compile(r"[a-z][a-z0-9._-]{2,29}")
REASON_SHORT = gettext_lazy("请写明理由，至少 5 个字。")


class DayField(forms.DateField):
    """A day as 2017-08-31, with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": gettext_lazy("日期写法不对，应为 2017-08-31 这样。")})
        kwargs["error_messages"].setdefault("required", gettext_lazy("请填日期。"))
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"], **kwargs
        )


class ReasonField(forms.CharField):
    """Why; at least five characters."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("理由"))
        super().__init__(
            min_length=REASON_LENGTH,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": REASON_SHORT, "min_length": REASON_SHORT},
            **kwargs,
        )


class OwnerForm(forms.Form):
    """Whose an account is and until when."""

    display_name = forms.CharField(
        label=gettext_lazy("使用人姓名"), max_length=40, error_messages={"required": gettext_lazy("请填使用人姓名。")}
    )
    unit = forms.CharField(
        label=gettext_lazy("单位"), max_length=60, error_messages={"required": gettext_lazy("请填单位。")}
    )
    expires_on = DayField(
        label=gettext_lazy("账号用到"), required=False, help_text=gettext_lazy("最后一天；不填为长期")
    )
    email = forms.EmailField(
        label=gettext_lazy("催报邮箱"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("只用来发催报；用工作邮箱，不填就不发"),
        error_messages={"invalid": gettext_lazy("邮箱写法不对。")},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class NewAccountForm(OwnerForm):
    """The same, with the account's name."""

    username = AccountNameField(
        label=gettext_lazy("账号"),
        max_length=30,
        help_text=gettext_lazy("小写字母开头，3 至 30 个小写字母、数字、点、横线；一人一号，不用身份证号、手机号"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("请填账号。")},
    )
    field_order = ("username", "display_name", "unit", "expires_on", "email")

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        if not _NAME.fullmatch(name) or re.search(r"\d{11}", name):
            raise ValidationError(_("账号应以小写字母开头，3 至 30 个小写字母、数字、点、横线，不含手机号、身份证号。"))
        return name


class GrantForm(forms.Form):
    """A role, where, from when to when, and why."""

    role = forms.ChoiceField(
        label=gettext_lazy("角色"), error_messages={"required": gettext_lazy("请选角色。")}, choices=()
    )
    area = forms.ModelChoiceField(
        Area.objects.exclude(level=Area.Level.COUNTY),
        label=gettext_lazy("地方"),
        required=False,
        help_text=gettext_lazy("镇（街道）、村（社区）的角色要选"),
        error_messages={"invalid_choice": gettext_lazy("没有这个地方。")},
    )
    section = forms.ModelChoiceField(
        Section.objects.all(),
        label=gettext_lazy("科室"),
        required=False,
        help_text=gettext_lazy("科室的角色要选"),
        error_messages={"invalid_choice": gettext_lazy("没有这个科室。")},
    )
    from_date = DayField(label=gettext_lazy("从"), required=False, help_text=gettext_lazy("不填为会签之日"))
    to_date = DayField(label=gettext_lazy("到"), required=False, help_text=gettext_lazy("最后一天；不填为长期"))
    reason = ReasonField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("请选")), *((str(role.value), role.label) for role in Grant.Role)]
        self.fields["area"].choices = [("", "—"), *place_choices()]
        self.fields["section"].choices = [("", "—"), *((one.pk, localized(one)) for one in Section.objects.all())]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("role") and "area" in cleaned and "section" in cleaned:
            problem = granting.scope_problem(cleaned["role"], cleaned["area"], cleaned["section"])
            if problem:
                self.add_error("area" if cleaned["role"] in granting.LEVELS else "section", problem)
        return cleaned


class EndForm(forms.Form):
    """The last day of a grant, and why it ends."""

    last_day = DayField(label=gettext_lazy("最后一天"), required=False, help_text=gettext_lazy("不填为立即终止"))
    reason = ReasonField()


class ReasonForm(forms.Form):
    """A reason alone."""

    reason = ReasonField()


class HandoverForm(forms.Form):
    """To whom, on which day, which grants; what else is open passes with them."""

    receiver = AccountNameField(
        label=gettext_lazy("接手人账号"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("请填接手人的账号。")},
    )
    on = DayField(label=gettext_lazy("移交日"), help_text=gettext_lazy("当天起由接手人办；移交人的授权到前一天为止"))
    grants = forms.MultipleChoiceField(
        label=gettext_lazy("移交的授权"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("只能移交自己的授权。")},
    )
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, giver: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = {str(one.pk): one for one in handover.grants_to_pass(giver)}
        names = scopes.Names(self.held.values())
        self.fields["grants"].choices = [(key, names.text(one)) for key, one in self.held.items()]
        self.fields["grants"].initial = list(self.held)

    def clean_grants(self) -> list[Grant]:
        return [self.held[key] for key in self.cleaned_data["grants"]]

    def clean_receiver(self) -> User:
        found = User.objects.filter(username=self.cleaned_data["receiver"], is_active=True).first()
        if found is None:
            raise ValidationError(_("没有这个账号，或者没有启用。"))
        return found


def place_choices() -> list[tuple[str, list[tuple[int, str]]]]:
    """Towns with their villages as they are now, for a select with groups; one query."""
    spans = list(
        AreaSpan.objects.filter(to_month__isnull=True).select_related("area").order_by("area__code", "from_month")
    )
    below: dict[int, list[tuple[int, str]]] = {}
    for span in spans:
        if span.area.level == Area.Level.VILLAGE:
            below.setdefault(span.parent_id, []).append((span.area_id, localized(span)))
    return [
        (localized(span), [(span.area_id, localized(span)), *below.get(span.area_id, [])])
        for span in spans
        if span.area.level == Area.Level.TOWN
    ]
