"""What a long form (长表) would do, in words: counts, sheets, changes, problems, and cells that changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import localized
from bureau.places import Tree
from indicators.analysis.kinds import Light
from indicators.entry import importing, sheets
from indicators.entry.importing import ClashingCell
from indicators.entry.layout import Cell, Change, Problem
from indicators.entry.sheets import Columns
from indicators.entry_pages import CHIPS, cell_text, column_title, problem_rows
from indicators.jobs import Course
from indicators.models import Import, ImportPart


class Words:
    """The names behind the codes of a file's parts."""

    def __init__(self, parts: Sequence[ImportPart], tree: Tree) -> None:
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

    def sheets(self, parts: Iterable[ImportPart]) -> list[dict]:
        """A line for each sheet the file speaks of, with its address."""
        return [
            {
                "form": f"{part.form.number} {localized(part.form)}",
                "place": self.place(part.place.code, part.month),
                "month": months.label(part.month),
                "url": reverse("entry", args=[part.form.code, part.place.code, months.iso(part.month)]),
                "new": part.new,
                "changed": part.changed,
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


def counts(one: Import, parts: Sequence[ImportPart]) -> list[dict]:
    light = int(Light.FAR_BEHIND) if one.refused else None
    note = _("没有任何数被改动") if one.refused else ""
    return [
        {"count": sum(part.new for part in parts), "label": _("新填"), "light": None, "note": ""},
        {"count": sum(part.changed for part in parts), "label": _("将更新"), "light": None, "note": ""},
        {"count": sum(part.same for part in parts), "label": _("与现有相同"), "light": None, "note": ""},
        {"count": one.refused, "label": _("错误"), "light": light, "note": note},
        {"count": one.converted_count, "label": _("已转换"), "light": None, "note": ""},
    ]


def problem_lines(rows: Iterable[dict], file: str) -> list[dict]:
    """The findings of one page; those of a text file stand under the file's name."""
    return [row | {"sheet": row["sheet"] or file} for row in problem_rows(Problem(**one) for one in rows)]


def changes_at(parts: Iterable[ImportPart], wanted: range) -> Iterator[tuple[Change, int]]:
    """The changes at these places of the whole file, with their months; of the other parts none is loaded."""
    start = 0
    for part in parts:
        mine = range(max(wanted.start - start, 0), min(wanted.stop - start, part.new + part.changed))
        if mine:
            for change in importing.part_of(part).changes[mine.start : mine.stop]:
                yield change, part.month
        start += part.new + part.changed


def unfinished(one: Import) -> dict:
    """A file that its sender may come back to."""
    sent = timezone.localtime(one.at).strftime("%m-%d %H:%M")
    url = reverse("import_preview", args=[one.pk])
    return {"name": one.file.name, "at": sent, "state": one.get_state_display(), "url": url}


def file_facts(one: Import) -> list[str]:
    return [one.file.name, f"{max(1, one.file.size // 1024)} kB"]


def progress(one: Import, course: Course) -> dict:
    """Where a long file stands, as a heading, a sentence, and a bar where there is something to count."""
    reading = one.state != Import.State.WRITING
    found = {"title": _("正在检查") if reading else _("正在写入"), "text": "", "done": 0, "total": 0}
    found |= {"reading": reading, "goes_on": False, "again": "", "wrong": False}
    if one.state == Import.State.FAILED:
        again = {"title": _("没有读成"), "text": one.told, "wrong": True, "again": _("重新检查")}
        return found | again
    if course.broken_off:
        text = _("后台中断，没有写入任何数。可以重新开始；服务重启后也会自动再做一次。")
        return found | {"title": _("中断"), "text": text, "wrong": True, "again": _("重新开始")}
    if course.at_work is None:
        found |= {"text": _("排队，等前面的文件做完。"), "goes_on": True}
        text = _("后台一分钟还没有开始，可能没有运行；请联系系统管理员。")
        return found | ({"text": text, "wrong": True, "again": _("重新排队")} if course.late else {})
    step, done, total = course.at_work
    return found | {
        "text": _steps().get(step, ""),
        "done": done,
        "total": total,
        "counted": f"{done:,} / {total:,}",
        "goes_on": True,
    }


def _steps() -> dict[str, str]:
    return {
        "read": _("扫描并读取文件"),
        "rows": _("逐行核对区划、填报项和月份"),
        "check": _("逐张报表核对数值和平衡关系"),
        "keep": _("保存检查结果"),
        "prepare": _("逐张报表准备写入"),
        "write": _("一次写入草稿，全部写入或一格不写"),
    }
