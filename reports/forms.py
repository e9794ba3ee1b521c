"""The forms of reports: one begun, a part written, who writes it, what an edition carries, its way out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau import months
from bureau.formfields import LinesField, WordsField
from bureau.language import localized
from bureau.models import Section
from indicators.models import PublishedMonth
from reports.editions import Described
from reports.models import Edition, Report
from reports.writing import MOST
from tasks.forms import DayField
from tasks.rules import FEWEST_LETTERS

TOO_LONG = {"max_length": _("最多 %(limit_value)d 个字，现在 %(show_value)d 个。")}


class BeginForm(forms.Form):
    """Kind and month of a report to begin; months that are released."""

    kind = forms.ChoiceField(
        label=_("种类"), choices=Report.Kind.choices, error_messages={"invalid_choice": _("没有这种报告。")}
    )
    month = forms.TypedChoiceField(
        label=_("月份"),
        coerce=int,
        help_text=_("用这个月最新一版发布数据。"),
        error_messages={"required": _("请选月份。"), "invalid_choice": _("这个月还没有发布。")},
    )

    def __init__(self, released: Iterable[int], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["month"].choices = [(month, months.label(month)) for month in released]


class Seen(forms.Form):
    """An act without words; `seen` is the version the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class PartForm(Seen):
    """The text of one part; `figures` tells beside which figures it is written."""

    part = forms.CharField(widget=forms.HiddenInput, max_length=40)
    figures = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    text = WordsField(
        required=False,
        strip=False,
        max_length=MOST,
        rows=8,
        help_text=_("一行一段；最多 3000 个字。"),
    )


class AssignForm(forms.Form):
    """Which section writes a part."""

    part = forms.CharField(widget=forms.HiddenInput, max_length=40)
    section = forms.ModelChoiceField(
        label=_("改由"), queryset=Section.objects.none(), to_field_name="code", empty_label=None,
        error_messages={"required": _("请选科室。"), "invalid_choice": _("没有这个科室。")},
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["section"].queryset = Section.objects.order_by("order", "code")
        self.fields["section"].label_from_instance = localized


class DescribeForm(Seen):
    """Number, issue, whom it goes to."""

    document_number = forms.CharField(
        label=_("发文字号"), max_length=40, required=False, help_text=_("写作“盐人社〔2017〕23号”；可以到定稿时再填。")
    )
    issue = forms.CharField(label=_("期号"), max_length=20, required=False, help_text=_("月度通报写，如“第6期”。"))
    recipients = forms.CharField(label=_("主送机关"), max_length=300, required=False, error_messages=TOO_LONG)
    copies = LinesField(
        label=_("抄报抄送"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("版记，一行一条，如“报：县政府办公室”。"),
    )  # fmt: skip

    def wanted(self) -> Described:
        typed = self.cleaned_data
        return Described(typed["document_number"], typed["issue"], typed["recipients"], tuple(typed["copies"]))


class RebaseForm(Seen):
    """Another release of the month."""

    release = forms.ModelChoiceField(
        label=_("发布数据"), queryset=PublishedMonth.objects.none(), empty_label=None,
        error_messages={"required": _("请选一版发布数据。"), "invalid_choice": _("没有这一版发布数据。")},
    )  # fmt: skip

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        releases = PublishedMonth.objects.filter(county=edition.report.county_id, month=edition.report.month)
        self.fields["release"].queryset = releases.exclude(pk=edition.release_id).order_by("-version")
        self.fields["release"].label_from_instance = release_label


class WhyForm(Seen):
    """An act that needs its reason."""

    why = forms.CharField(
        label=_("理由"),
        min_length=FEWEST_LETTERS,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("请写明理由，至少 5 个字。"),
            "min_length": _("请写明理由，至少 5 个字。"),
            **TOO_LONG,
        },
    )


class FinaliseForm(Seen):
    """Under which number and day the edition goes out."""

    document_number = forms.CharField(
        label=_("发文字号"), max_length=40, help_text=_("写作“盐人社〔2017〕23号”。"),
        error_messages={"required": _("请填发文字号。")},
    )  # fmt: skip
    signed_on = DayField(label=_("成文日期"), error_messages={"required": _("请填成文日期。")})


def release_label(release: PublishedMonth) -> str:
    return str(_("第 %(v)d 版，%(d)s 发布，更正 %(n)d 项")) % {
        "v": release.version,
        "d": release.business_date.isoformat(),
        "n": len(release.corrections),
    }
