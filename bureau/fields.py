"""The one model field for values: a 64-bit integer of ten-thousandths in the database, a Decimal in Python.

Exact on SQLite and PostgreSQL alike. Floats, NaN and a fifth decimal are refused; the database checks type and cap.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

UNITS = 10_000
DECIMALS = 4
_TOO_LARGE = Decimal(10**19)
CELL_CAP = 10**11
DERIVED_CAP = 900_000_000_000_000  # nine tenths of what 64 bits of ten-thousandths hold


def to_units(value: Decimal | int | str) -> int:
    """Ten-thousandths of `value`, exactly; ValueError for a float, NaN, infinity or a fifth decimal."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise ValueError(f"a value is a Decimal, an int or text, not {type(value).__name__}")
    try:
        number = value if type(value) is Decimal else Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not number.is_finite():
        raise ValueError("not a finite number")
    if abs(number) >= _TOO_LARGE:
        raise ValueError("out of range")
    scaled = number.scaleb(DECIMALS)
    units = int(scaled)
    if units != scaled:
        raise ValueError(f"more than {DECIMALS} decimals: {value}")
    return units


def from_units(units: int) -> Decimal:
    """The Decimal of so many ten-thousandths."""
    return Decimal(units).scaleb(-DECIMALS)


class ValueField(models.Field):
    """A value (数值). `cap` bounds its absolute value: CELL_CAP for what is typed, DERIVED_CAP for what is computed."""

    description = _("数值")
    empty_strings_allowed = False

    def __init__(self, *args: Any, cap: int = CELL_CAP, **kwargs: Any) -> None:
        self.cap = cap
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        if self.cap != CELL_CAP:
            kwargs["cap"] = self.cap
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def db_check(self, connection) -> str:
        column = connection.ops.quote_name(self.column)
        bound = self.cap * UNITS
        within = f"{column} BETWEEN -{bound} AND {bound}"
        if connection.vendor == "sqlite":
            return f"typeof({column}) IN ('integer', 'null') AND ({column} IS NULL OR {within})"
        return within

    def from_db_value(self, value, expression, connection) -> Decimal | None:
        return None if value is None else from_units(int(value))

    def get_prep_value(self, value) -> int | None:
        value = super().get_prep_value(value)
        return None if value is None else to_units(value)

    def to_python(self, value) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            return from_units(to_units(value))
        except ValueError as error:
            raise ValidationError(_("请填数字，最多 4 位小数。"), code="invalid") from error

    def clean(self, value, model_instance):
        value = super().clean(value, model_instance)
        if value is not None and abs(value) > self.cap:
            raise ValidationError(_("数值过大。"), code="too_large")
        return value

    def value_to_string(self, obj) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": forms.DecimalField, "decimal_places": DECIMALS, **kwargs})


class _Stored(models.ExpressionWrapper):
    """A column as the driver gives it: an int already, so that no function is called a cell."""

    @property
    def convert_value(self):
        return self._convert_value_noop


def raw(name: str) -> models.ExpressionWrapper:
    """The stored integer of the value field `name`, for annotate() and values_list(): no Decimal is made."""
    return _Stored(models.F(name), output_field=models.BigIntegerField())
