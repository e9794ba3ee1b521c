"""Form fields: months as people write them, exact numbers, lists a line each, running text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bureau import months

FIRST_YEAR, LAST_YEAR = 2000, 2099


class MonthField(forms.CharField):
    """A month written 2017-07; the integer of bureau.months in Python, None when left empty."""

    def __init__(self, **kwargs: Any) -> None:
        for name in ("min_value", "max_value", "step_size"):
            kwargs.pop(name, None)
        kwargs.setdefault("help_text", _("写作 2017-07"))
        super().__init__(**kwargs)
        self.widget.attrs.update({"placeholder": "2017-07", "class": "month-field", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        return months.iso(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, int):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            found = months.parse(text)
        except ValueError:
            raise ValidationError(_("月份须写作 yyyy-mm，例如 2017-07。"), code="invalid") from None
        if not FIRST_YEAR <= months.year(found) <= LAST_YEAR:
            raise ValidationError(_("年份须在 2000 至 2099 之间。"), code="invalid")
        return found

    def run_validators(self, value: Any) -> None:
        """The text's own validators do not fit an integer; to_python has checked all there is."""


class PlainNumberField(forms.DecimalField):
    """A number shown without the zeros that say nothing: 97, not 97.0000."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) and value.is_finite() else value


class WordsField(forms.CharField):
    """Running text of some lines. The server tells its length: a browser would cut what is pasted, and say nothing."""

    widget = forms.Textarea
    default_error_messages = {"max_length": _("最多 %(limit_value)d 个字，现在 %(show_value)d 个。")}

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["rows"] = rows

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class LinesField(forms.CharField):
    """A list of texts, a line each."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(str(one) for one in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != self.to_python(data)


class PointsField(LinesField):
    """Nodes of a path, one a line: '2016-12 = 90'; [[month, '90'], …] as the target keeps them.

    Numbers alone, one a month (a column pasted from a sheet), come as [[None, '90'], …]: the form knows the months.
    """

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f"{months.iso(int(month))} = {number}" for month, number in value)
        return value

    def to_python(self, value: Any) -> Any:
        found = []
        lines = super().to_python(value)
        if lines and not any("=" in line for line in lines if isinstance(line, str)):
            lines = [each for line in lines for each in (line.split() if isinstance(line, str) else [line])]
        for line in lines:
            if isinstance(line, list | tuple):
                found.append(list(line))
                continue
            month, sign, number = (part.strip() for part in line.partition("="))
            if not sign:
                month, number = "", line
            try:
                value = Decimal(number)
                if not value.is_finite():
                    raise ValueError(number)
                found.append([months.parse(month) if sign else None, str(value)])
            except (ValueError, ArithmeticError):
                raise ValidationError(
                    _("“%(line)s”不是节点：每行写一个，例如 2016-12 = 90；或只写数，每月一个。"),
                    code="invalid",
                    params={"line": line[:40]},
                ) from None
        return found
