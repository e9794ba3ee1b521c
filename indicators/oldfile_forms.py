"""The form that says how an old file (旧表) is laid out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import months
from indicators.entry.oldfiles import words
from indicators.entry.oldfiles.grid import Grid
from indicators.entry.oldfiles.layout import HEADINGS_WITHIN, Layout, headings, rows, texts_over
from indicators.entry.oldfiles.matching import Gazetteer
from indicators.entry.oldfiles.reading import item_keys
from indicators.entry.rawbook import column_letter

MOST_ITEMS = 300
COLUMNS = ("place_column", "town_column", "item_column", "value_column", "month_column")


class LayoutForm(forms.Form):
    """Heading rows, columns, month, and the rows that are not read."""

    sheet = forms.CharField(widget=forms.HiddenInput)
    head_first = forms.IntegerField(label=gettext_lazy("标题行从"), min_value=1, max_value=HEADINGS_WITHIN)
    head_last = forms.IntegerField(label=gettext_lazy("标题行到"), min_value=1, max_value=HEADINGS_WITHIN)
    place_column = forms.TypedChoiceField(
        label=gettext_lazy("地方名称在哪一列"), coerce=int, required=False, empty_value=0
    )
    place = forms.ChoiceField(label=gettext_lazy("没有地方列：整张表是哪里的数"), required=False)
    town_column = forms.TypedChoiceField(
        label=gettext_lazy("所属镇（街道）在哪一列"), coerce=int, required=False, empty_value=0,
        help_text=gettext_lazy("有同名的村时要用"),
    )  # fmt: skip
    town = forms.ChoiceField(label=gettext_lazy("没有这一列：整张表属于哪个镇（街道）"), required=False)
    item_column = forms.TypedChoiceField(
        label=gettext_lazy("填报项名称在哪一列"), coerce=int, required=False, empty_value=0,
        help_text=gettext_lazy("标题行里就是填报项的，选“没有”"),
    )  # fmt: skip
    value_column = forms.TypedChoiceField(
        label=gettext_lazy("只读哪一列的数"), coerce=int, required=False, empty_value=0,
        help_text=gettext_lazy("填报项在列里、标题行又没有月份时选"),
    )  # fmt: skip
    month_from = forms.ChoiceField(
        label=gettext_lazy("月份"),
        choices=[
            ("one", gettext_lazy("整张表是一个月")),
            ("headings", gettext_lazy("在标题行里")),
            ("column", gettext_lazy("在一列里")),
        ],
    )
    month = forms.CharField(label=gettext_lazy("哪个月"), required=False, help_text=gettext_lazy("如 2016-03"))
    month_column = forms.TypedChoiceField(label=gettext_lazy("月份在哪一列"), coerce=int, required=False, empty_value=0)
    year = forms.IntegerField(
        label=gettext_lazy("年份"), min_value=1990, max_value=2100, required=False,
        help_text=gettext_lazy("表里只写月、不写年时用"),
    )  # fmt: skip
    left_out = forms.CharField(
        label=gettext_lazy("不读的行"), required=False, max_length=2_000,
        help_text=gettext_lazy("行号，如 12、27-30"), widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, grid: Grid, gazetteer: Gazetteer, data: Any = None, layout: Layout | None = None) -> None:
        self.grid = grid
        super().__init__(data, initial=_initial(layout) if layout else None, label_suffix="")
        choices = [("0", _("没有")), *(_column(grid, column, layout) for column in range(1, grid.columns + 1))]
        for name in COLUMNS:
            self.fields[name].choices = choices
        places = [(code, gazetteer.label(code)) for code in gazetteer.of]
        self.fields["place"].choices = [("", _("没有")), *places]
        towns = [(code, gazetteer.label(code)) for code, one in gazetteer.of.items() if one.level == "town"]
        self.fields["town"].choices = [("", _("没有")), *towns]

    def clean_month(self) -> int | None:
        text = self.cleaned_data["month"]
        try:
            return months.parse(text) if text else None
        except ValueError:
            raise forms.ValidationError(_("月份写法不对，应为 2017-06 这样。")) from None

    def clean_left_out(self) -> tuple[int, ...]:
        found = words.row_numbers(self.cleaned_data["left_out"], self.grid.rows)
        if isinstance(found, str):
            raise forms.ValidationError(_("“%(part)s”不是行号，写成 12、27-30。") % {"part": found[:20]})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        for field, problem in list(_problems(cleaned, self.grid)):
            self.add_error(field, problem)
        if not self.errors:
            layout = self.layout()
            heads = headings(self.grid, layout)
            if layout.month_from == "headings" and not any(head.month for head in heads):
                lacking = layout.year is None and any(words.names_month(head.text) for head in heads)
                self.add_error(
                    "year" if lacking else "month_from", _("请填年份。") if lacking else _("标题行里没有月份。")
                )
            elif not any(True for _row in rows(self.grid, layout)):
                self.add_error("left_out", _("没有剩下要读的行。"))
            elif (names := len(item_keys(self.grid, layout))) > MOST_ITEMS:
                self.add_error("item_column", _("这一列有 %(n)d 种名称，不像填报项。") % {"n": names})
        return cleaned

    def layout(self) -> Layout:
        return Layout(**self.cleaned_data | {"sheet": self.grid.sheet.name})


def _problems(found: dict[str, Any], grid: Grid) -> Iterable[tuple[str, str]]:
    if found["head_last"] < found["head_first"]:
        yield "head_last", _("标题行的止行早于起行。")
    elif found["head_last"] >= grid.rows:
        yield "head_last", _("标题行下面没有数。")
    if not found["place_column"] and not found["place"]:
        yield "place_column", _("选地方名称所在的列；整张表是一个地方的，选这个地方。")
    if found["month_from"] == "one" and found["month"] is None:
        yield "month", _("请填月份，如 2016-03。")
    if found["month_from"] == "column" and not found["month_column"]:
        yield "month_column", _("选月份所在的列。")
    if found["item_column"] and found["month_from"] != "headings" and not found["value_column"]:
        yield "value_column", _("选要读的那一列数。")
    asked = COLUMNS if found["month_from"] == "column" else COLUMNS[:-1]
    used = [found[name] for name in asked if found[name]]
    if len(set(used)) < len(used):
        yield "place_column", _("同一列选了两次。")


def _initial(layout: Layout) -> dict[str, Any]:
    found = layout.stored()
    found["month"] = "" if layout.month is None else months.iso(layout.month)
    found["left_out"] = words.told_rows(layout.left_out)
    return found


def _column(grid: Grid, column: int, layout: Layout | None) -> tuple[str, str]:
    """(3, 'C 城镇新增就业'): a column to choose."""
    first, last = (layout.head_first, layout.head_last) if layout else (1, 1)
    return str(column), f"{column_letter(column)} {' '.join(texts_over(grid, first, last, column))[:20]}".strip()
