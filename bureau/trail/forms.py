"""The filters of the audit page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bureau.trail import acts
from bureau.trail.queries import Wanted

FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
BIGGEST = 2**63 - 1


class Moment(forms.DateTimeField):
    """A day or a minute in the installation's zone, between 2000 and 2200."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": _("请写成 2017-08-09 或 2017-08-09 10:30。")}

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, input_formats=FORMATS, **options)

    def clean(self, value: Any) -> datetime | None:
        moment = super().clean(value)
        if moment is not None and not FIRST <= moment < LAST:
            raise ValidationError(_("时间须在 2000 年至 2199 年之间。"))
        return moment


class FilterForm(forms.Form):
    """What the auditor looks for; every part may be left out."""

    since = Moment(label=_("时间从"))
    until = Moment(label=_("到"))
    person = forms.CharField(label=_("人员"), required=False, max_length=150)
    kind = forms.ChoiceField(label=_("类别"), required=False)
    act = forms.ChoiceField(label=_("事项"), required=False)
    object = forms.CharField(label=_("对象"), required=False, max_length=120)
    succeeded = forms.ChoiceField(
        label=_("结果"), required=False, choices=(("", _("全部")), ("yes", _("成功")), ("no", _("未成功")))
    )
    address = forms.GenericIPAddressField(label=_("来源地址"), required=False)
    text = forms.CharField(label=_("理由或内容含"), required=False, max_length=100)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", _("全部")), *((str(kind), name) for kind, name in acts.KINDS.items())]
        self.fields["act"].choices = [("", _("全部")), *self._acts()]

    @staticmethod
    def _acts() -> list[tuple[str, list[tuple[str, str]]]]:
        """The acts grouped by kind."""
        return [
            (str(name), [(code, acts.label(code)) for code in acts.codes_of(kind)]) for kind, name in acts.KINDS.items()
        ]

    def wanted(self) -> Wanted:
        """The valid form as what to look for; a day as the end includes that day, a minute that minute."""
        given = self.cleaned_data
        until = given["until"]
        if until is not None:
            day_only = len(self.data.get("until", "").strip()) == len("2017-08-09")
            until += timedelta(days=1) if day_only else timedelta(minutes=1)
        return Wanted(
            since=given["since"],
            until=until,
            person=given["person"],
            kind=given["kind"],
            act=given["act"],
            object=given["object"],
            succeeded={"yes": True, "no": False}.get(given["succeeded"]),
            address=given["address"],
            text=given["text"],
        )


def number(text: str | None) -> int | None:
    """A record's number from the address, None for anything else."""
    return (
        int(text) if text and text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= BIGGEST else None
    )
