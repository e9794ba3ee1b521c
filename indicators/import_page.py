"""What a long form (长表) would do, in words: counts, sheets, changes, problems, and cells that changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import localized
from bureau.places import Tree
from indicators.analysis.kinds import Light
from indicators.entry import sheets
from indicators.entry.importing import ClashingCell
from indicators.entry.judging import Part
from indicators.entry.layout import Cell, Change, Problem
from indicators.entry.sheets import Columns
from indicators.entry_pages import CHIPS, cell_text, column_title, problem_rows
from indicators.models import Import


class Words:
    """The names behind the codes of a file's parts."""

    def __init__(self, parts: Sequence[Part], tree: Tree) -> None:
        self._tree, self._places = tree, {}
        columns: dict[int, Columns] = sheets.columns_of({part.form.pk for part in parts})
        self._titles = {
            (column.item, column.category): column_title(column) for one in columns.values() for column in one.columns
        }

    def place(self, code: str, month: int) -> str:
        if month not in self._places:
            self._places[month] = {one.code: one.name for one in self._tree.valid(month).values()}
        return self._places[month].get(code, code)

    def change(self, change: Change, month: int) -> dict:
        key = change.key
        return {
            "area_name": self.place(key.area, month),
            "month": months.label(month),
            "item": key.item,
            "item_name": self._titles.get((key.item, key.category), ""),
            "old": shown(change.old),
            "new": shown(change.new),
            "kind": _("更新") if change.old else _("新填"),
        }

    def clashes(self, found: Iterable[ClashingCell]) -> list[dict]:
        return [self.change(one.change, one.month) | {"theirs": shown(one.theirs)} for one in found]

    def sheets(self, parts: Iterable[Part]) -> list[dict]:
        """A line for each sheet the file speaks of, with its address."""
        return [
            {
                "form": f"{part.form.number} {localized(part.form)}",
                "place": self.place(part.place.code, part.month),
                "month": months.label(part.month),
                "url": reverse("entry", args=[part.form.code, part.place.code, months.iso(part.month)]),
                "new": part.count("new"),
                "changed": part.count("changed"),
                "same": part.same,
            }
            for part in parts
        ]


def shown(cell: Cell | None) -> str:
    return f"{CHIPS.get(cell.state, '')}{cell_text(cell)}" if cell else _("未填")


def title(one: Import, changes: int) -> str:
    if one.state == Import.State.REFUSED:
        return _("没有导入：%(n)d 处错误须先改") % {"n": one.refused}
    if one.state == Import.State.CONFIRMED:
        return _("已写入草稿 %(n)d 格") % {"n": changes}
    return _("将写入 %(n)d 格") % {"n": changes} if changes else _("与现有数据一致，无变化")


def counts(one: Import, parts: Sequence[Part]) -> list[dict]:
    light = int(Light.FAR_BEHIND) if one.refused else None
    note = _("没有任何数被改动") if one.refused else ""
    return [
        {"count": sum(part.count("new") for part in parts), "label": _("新填"), "light": None, "note": ""},
        {"count": sum(part.count("changed") for part in parts), "label": _("将更新"), "light": None, "note": ""},
        {"count": sum(part.same for part in parts), "label": _("与现有相同"), "light": None, "note": ""},
        {"count": one.refused, "label": _("错误"), "light": light, "note": note},
        {"count": one.converted_count, "label": _("已转换"), "light": None, "note": ""},
    ]


def problem_lines(rows: Iterable[dict], file: str) -> list[dict]:
    """The findings of one page; those of a text file stand under the file's name."""
    return [row | {"sheet": row["sheet"] or file} for row in problem_rows(Problem(**one) for one in rows)]


def in_order(parts: Iterable[Part]) -> Iterator[tuple[Change, int]]:
    """Every change with its month."""
    return ((change, part.month) for part in parts for change in part.changes)
