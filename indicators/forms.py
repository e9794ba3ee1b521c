"""The small forms of the entry and release pages."""

from __future__ import annotations

import re
from decimal import Decimal

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bureau import months

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SIGNED = re.compile(r"[-+]?[0-9]{1,11}(?:\.[0-9]{1,4})?")


class UploadForm(forms.Form):
    """One workbook, at most 5 MB."""

    file = forms.FileField(
        label=_("填好的模板（.xlsx）"),
        allow_empty_file=True,  # refused as any other file with nothing in it, and on record
        error_messages={"required": _("请选择一个 .xlsx 文件。")},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(_("文件不能超过 5 MB。"))
        return file


class LongFormForm(UploadForm):
    """One long form (长表) or filled template, at most 5 MB."""

    file = forms.FileField(
        label=_("长表，或填好的模板（.csv、.xlsx）"),
        allow_empty_file=True,
        error_messages={"required": _("请选择一个 .csv 或 .xlsx 文件。")},
    )


class CasesForm(UploadForm):
    """Cases of the second subsidy in one sheet, at most 5 MB, and the day of those that have none of their own."""

    file = forms.FileField(
        label=_("案例表（.csv、.xlsx）"),
        allow_empty_file=True,
        error_messages={"required": _("请选择一个 .csv 或 .xlsx 文件。")},
    )
    day = forms.DateField(
        label=_("结算日期"),
        help_text=_("表中没有填日期的行按此日；不填按今天"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("日期写法不对，应为 2017-06-30 这样。")},
    )


class ReasonForm(forms.Form):
    """A reason of at least five characters."""

    reason = forms.CharField(
        label=_("理由"),
        min_length=5,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明理由。"), "min_length": _("理由至少 5 个字。")},
    )


class DecisionForm(forms.Form):
    """The town's or the reviewer's decision on a submission."""

    CHOICES = [("approve", _("通过")), ("return", _("退回修改"))]
    SHORT = {"return": _("退回须写明原因，至少 5 个字。"), "adjust": _("调整须写明原因，至少 5 个字。")}

    decision = forms.ChoiceField(
        choices=CHOICES,
        error_messages={"required": _("请选“通过”或“退回修改”。")},
    )
    reason = forms.CharField(label=_("原因"), max_length=500, required=False)
    seen = forms.CharField(max_length=64, required=False)

    def clean(self):
        cleaned = super().clean()
        short = self.SHORT.get(cleaned.get("decision", ""))
        if short and len(cleaned.get("reason", "").strip()) < 5:
            self.add_error("reason", short)
        return cleaned


class ReviewForm(DecisionForm):
    """The section's decision; it may also be a line added to one typed figure (审核调整)."""

    decision = forms.ChoiceField(
        choices=[*DecisionForm.CHOICES, ("adjust", _("加审核调整"))],
        error_messages={"required": _("请选“通过”“退回修改”或“加审核调整”。")},
    )
    cell = forms.CharField(max_length=80, required=False)
    amount = forms.CharField(max_length=20, required=False)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == "adjust":
            cell = cleaned.get("cell", "").split(".")
            if len(cell) not in (2, 3):
                self.add_error("cell", _("请选要调整的数。"))
            amount = self._number(cleaned.get("amount", ""))
            if amount is None:
                self.add_error("amount", _("调整数写成 10 或 -10 这样的数，最多 4 位小数。"))
            cleaned |= {"cell": cell, "amount": amount}
        return cleaned

    def _number(self, text: str) -> Decimal | None:
        """A signed number, full-width digits and a real minus read as typed; None for anything else."""
        plain = text.strip().translate(_FULL_WIDTH).replace("−", "-").replace(",", "")
        return Decimal(plain) if _SIGNED.fullmatch(plain) else None


class PublishForm(forms.Form):
    """Which month to release, and why when it is not the first version."""

    month = forms.CharField(max_length=7)
    reason = forms.CharField(label=_("说明"), max_length=500, required=False)

    def clean_month(self) -> int:
        try:
            return months.parse(self.cleaned_data["month"])
        except ValueError:
            raise forms.ValidationError(_("月份写法不对，应为 2017-06 这样。")) from None


class ReopenForm(forms.Form):
    """Why a closed sheet is to be opened again, and until when."""

    reason = forms.CharField(
        label=_("理由"),
        help_text=_("为何没有按期报，至少 5 个字"),
        min_length=5,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明理由。"), "min_length": _("理由至少 5 个字。")},
    )
    expires_on = forms.DateField(
        label=_("开放到"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"required": _("请填日期。"), "invalid": _("日期写法不对，应为 2017-08-31 这样。")},
    )


class ReopeningDecisionForm(forms.Form):
    """What becomes of a request; who refuses says why."""

    decision = forms.ChoiceField(
        choices=[("grant", _("批准")), ("refuse", _("不批准")), ("withdraw", _("撤回"))],
        error_messages={"required": _("请选“批准”或“不批准”。"), "invalid_choice": _("请选“批准”或“不批准”。")},
    )
    reason = forms.CharField(
        label=_("意见"),
        help_text=_("不批准须写明，至少 5 个字"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == "refuse" and len(cleaned.get("reason", "").strip()) < 5:
            self.add_error("reason", _("不批准须写明理由，至少 5 个字。"))
        return cleaned
