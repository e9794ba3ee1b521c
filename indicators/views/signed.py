"""补录已审: the page on which a section's reviewer signs for the back-fill of forms and months in one act."""

from __future__ import annotations

from itertools import groupby

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from bureau import months
from bureau.authorization import Permission, requires, scope
from bureau.context import installation_of
from bureau.formfields import MonthField
from bureau.language import localized
from bureau.models import Installation, User
from bureau.places import Tree
from indicators.entry import signed, workflow
from indicators.models import Plan, ReportingForm

MOST_LEFT_OUT = 40


class RangeForm(forms.Form):
    """Which forms and months; in the address, so that the choice can be looked at before it is signed for."""

    forms_chosen = forms.ModelMultipleChoiceField(
        ReportingForm.objects.none(), label=gettext_lazy("报表"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请勾选报表。")},
    )  # fmt: skip
    first = MonthField(label=gettext_lazy("起月"))
    last = MonthField(label=gettext_lazy("止月"))

    def __init__(self, own, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["forms_chosen"].queryset = own
        self.fields["forms_chosen"].label_from_instance = lambda one: f"{one.number} {localized(one)}"

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first is not None and last is not None and first > last:
            self.add_error("last", _("止月早于起月。"))
        return cleaned


class SignatureForm(forms.Form):
    """What the act rests on, and the password once more."""

    basis = forms.CharField(
        label=gettext_lazy("认定依据"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("例如：2015年年报，科室2016年3月已逐项核对；至少 5 个字，记入审计"),
        min_length=signed.BASIS_LENGTH,
        error_messages={
            "required": gettext_lazy("请写明认定依据，至少 5 个字。"),
            "min_length": gettext_lazy("请写明认定依据，至少 5 个字。"),
        },
    )  # fmt: skip
    password = forms.CharField(
        label=gettext_lazy("登录密码"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=gettext_lazy("再输一次本人密码，即签字"),
        error_messages={"required": gettext_lazy("请输入登录密码。")},
    )  # fmt: skip
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.request = request

    def clean(self):
        """The password is tried last, as signing in tries it: wrong ones are counted and lock the account."""
        cleaned = super().clean()
        if not self.errors:
            user = authenticate(self.request, username=self.request.user.username, password=cleaned["password"])
            if user is None or user.pk != self.request.user.pk:
                self.add_error("password", _("密码不对。"))
        return cleaned


@sensitive_post_parameters("password")
@requires(Permission.REVIEW)
def sign_back_fill(request: HttpRequest) -> HttpResponse:
    installation = installation_of(request)
    if installation is None or installation.go_live_month is None:
        raise Http404
    own = ReportingForm.objects.filter(section__in=scope(request.user, Permission.REVIEW).sections)
    asked = request.GET.keys() & {"forms_chosen", "first", "last"}
    chosen = RangeForm(own, request.GET if asked else None, initial=_beginning(installation, own))
    if not asked or not chosen.is_valid():
        return _page(request, chosen, None, None, 422 if asked or request.method == "POST" else 200)
    wanted = chosen.cleaned_data
    which = (list(wanted["forms_chosen"]), wanted["first"], wanted["last"])
    signature, status = None, 200
    if request.method == "POST":
        signature, status = SignatureForm(request, request.POST), 422
        if signature.is_valid():
            said = signature.cleaned_data
            try:
                done = signed.approve(installation, *which, by=request.user, seen=said["seen"], basis=said["basis"])
            except workflow.Refused as refused:
                signature.add_error(None, str(refused))
                status = 409 if isinstance(refused, workflow.Conflict) else 422
            else:
                messages.success(
                    request,
                    _("已签字认定 %(n)d 份补录，计入汇总；%(m)d 份未含在内。")
                    % {"n": len(done.ready), "m": len(done.left_out)},
                )
                return redirect("review_list")
    found = signed.batch(installation, *which, request.user)
    if status == 409 and signature is not None:
        signature.data = signature.data.copy()
        signature.data["seen"] = found.digest
    signature = signature or SignatureForm(request, initial={"seen": found.digest})
    return _page(request, chosen, found, signature, status)


def _beginning(installation: Installation, own) -> dict:
    first = Plan.objects.filter(county=installation.county_id).values_list("first_month", flat=True).first()
    last = (installation.go_live_month or 0) - 1
    return {"forms_chosen": list(own.values_list("pk", flat=True)), "first": first, "last": last}


def _page(request: HttpRequest, chosen: RangeForm, found, signature, status: int) -> HttpResponse:
    installation = installation_of(request)
    return render(
        request,
        "indicators/sign_back_fill.html",
        {
            "breadcrumb": [
                {"label": _("审核"), "url": reverse("review_list")},
                {"label": _("补录已审"), "url": ""},
            ],
            "chosen": chosen,
            "signature": signature,
            "form": signature or chosen,
            "found": found and _told(found, installation, request.user),
            "go_live": months.label(installation.go_live_month),
        },
        status=status,
    )


def _told(found: signed.Batch, installation: Installation, user: User) -> dict:
    """The batch in words: a line a form and month, and each left out with why."""
    tree = Tree(installation.county_id)
    lines = []
    for (form, month), members in groupby(found.ready, key=lambda one: (one.form, one.month)):
        places = [tree.names.get(one.place_id, "") for one in members]
        lines.append(
            {"form": f"{form.number} {localized(form)}", "month": months.label(month), "count": len(places),
             "places": "、".join(places)}
        )  # fmt: skip
    return {
        "ready": len(found.ready),
        "lines": lines,
        "left_out": [
            {
                "text": f"{one.form.number} {tree.names.get(one.place_id, '')} {months.label(one.month)}",
                "why": why,
                "url": reverse("review", args=[one.pk]),
            }
            for one, why in found.left_out[:MOST_LEFT_OUT]
        ],
        "left_out_count": len(found.left_out),
    }
