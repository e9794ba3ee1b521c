"""The rows of pages' tables as files have them: numbers as stored, days as days, words as on the page; no queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from bureau import months
from bureau.fields import from_units
from bureau.language import localized
from bureau.places import Place, Tree
from indicators import matrix_page, target_page, wording
from indicators.area_page import Pair
from indicators.known import Known, Ledger
from indicators.models import Reading, SpanTotal
from indicators.queries import ReadAt, Row

Cells = list[object]


def stored(units: int | None) -> Decimal | None:
    """Every digit that was computed, none that was not."""
    return None if units is None else from_units(units).normalize()


def _titled(one: Reading) -> str:
    return f"{one.indicator.code} {localized(one.indicator)}（{wording.unit_of(one.indicator)}）"


def towns(
    at: ReadAt, tree: Tree, chosen: Sequence[Reading], found: Mapping[tuple[int, int, int], Sequence[Row]]
) -> tuple[Cells, list[Cells]]:
    """The list of towns: of each key indicator value and coverage; the county last."""
    head: Cells = [_("代码"), _("镇（街道）"), _("村（社区）")]
    for one in chosen:
        head += [_titled(one), _("%(c)s 已报") % {"c": one.indicator.code}, _("%(c)s 应报") % {"c": one.indicator.code}]
    places: list[tuple[Place, str, int | None]] = [
        (town, town.label, len(tree.villages(town.id, at.month or 0))) for town in tree.towns(at.month or 0)
    ]
    if places:
        places.append((tree.valid(at.month or 0)[at.county.pk], _("全县"), None))
    lines = []
    for place, name, count in places:
        cells: Cells = [place.code, name, count]
        for one in chosen:
            row = next(iter(found.get((place.id, one.indicator_id, one.number), ())), None)
            cells += [stored(row.value), row.reported, row.expected] if row is not None else [None, None, None]
        lines.append(cells)
    return head, lines


def matrix(found: matrix_page.Gathered) -> tuple[Cells, list[Cells]]:
    """Towns by indicators, value and state of each; above them the county's target and path, below the county."""
    county = found.at.county.pk
    head: Cells = [_("代码"), _("镇（街道）"), _("滞后项数")]
    for one in found.columns:
        head += [_titled(one), _("%(c)s 状态") % {"c": one.indicator.code}]
    lines: list[Cells] = []
    for label, name in ((_("全县目标"), "target_value"), (_("全县时序"), "path_value")):
        cells: Cells = ["", label, None]
        for one in found.columns:
            row = found.row(county, one)
            cells += [stored(getattr(row, name)) if row is not None else None, ""]
        lines.append(cells)
    places = [(town.id, town.code, town.label) for town in found.towns] + [(county, "", _("全县"))]
    for area, code, name in places:
        cells = [code, name, found.late(area)]
        for one in found.columns:
            row = found.row(area, one)
            light = matrix_page.light_of_row(row)
            cells += [stored(row.value) if row is not None else None, wording.light(light) if light is not None else ""]
        lines.append(cells)
    return head, lines


def town_head() -> Cells:
    return [
        _("编号"), _("指标"), _("领域"), _("单位"), _("本镇（街道）"), _("已报"), _("应报"), _("目标"), _("状态"),
        _("全县"),
        _("全县已报"), _("全县应报"),
    ]  # fmt: skip


def town(found: Iterable[Pair]) -> list[Cells]:
    """A town's indicators beside the county's, in the catalogue's order."""
    lines: list[Cells] = []
    for pair in found:
        one, row, county = pair.town, pair.town.row, pair.county
        lines.append([
            one.indicator.code, localized(one.indicator), wording.domain(one.indicator.domain),
            wording.unit_of(one.indicator), *_counted(row), stored(row.target_value) if row and one.target else None,
            wording.light(one.light) if one.target else _("未分解"), *_counted(county),
        ])  # fmt: skip
    return lines


def _counted(row: Row | None) -> Cells:
    return [None, None, None] if row is None else [stored(row.value), row.reported, row.expected]


def targets(ledger: Ledger, here: target_page.Standing) -> tuple[Cells, list[Cells]]:
    """The list of targets: as the page has it, with the value as a number beside its words."""
    head: Cells = [
        _("编号"), _("指标"), _("读法"), _("正式"), _("首月"), _("目标月"), _("目标"), _("目标值"), _("单位"),
        _("路径"),
        _("目标分解"),
    ]  # fmt: skip
    says = {(one.reading, one.says["start_month"], one.says["end_month"]): one for one in ledger.targets}
    units = {reading.pk: wording.unit_of(reading.measured) for reading in here.readings.values()}
    known: dict[tuple[str, str, str], Known] = {
        (here.readings[one.reading].indicator.code, here.readings[one.reading].name, f"{first} — {last}"): one
        for (reading, first, last), one in says.items()
        if one.reading in here.readings
    }
    lines: list[Cells] = []
    for row in target_page.rows(ledger, here):
        one = known[row["code"], row["reading"], row["span"]]
        lines.append([
            row["code"], row["name"], row["reading"], _("正式") if row["official"] else "", one.says["start_month"],
            one.says["end_month"], row["aim"], Decimal(one.says["value"]) if one.says["value"] else None,
            units.get(one.reading or 0, ""), row["path"], row["divided"],
        ])  # fmt: skip
    return head, lines


def revisions(ledger: Ledger, names: Mapping[int, str]) -> tuple[Cells, list[Cells]]:
    """The revisions of targets that had come by then, latest first, as the page folds them."""
    head: Cells = [_("日期"), _("指标"), _("地方"), _("性质"), _("原"), _("新"), _("理由"), _("文件")]
    lines: list[Cells] = [
        [
            date.fromisoformat(row["on"]), row["indicator"], row["place"], row["kind"], row["old"],
            _("删除") if row["gone"] else row["new"], row["reason"], row["document"],
        ]
        for row in target_page.history(ledger, names)
    ]  # fmt: skip
    return head, lines


def spans(rows: Sequence[dict], found: Sequence[SpanTotal]) -> tuple[Cells, list[Cells]]:
    """Totals of spans (补录合计), as the list of them shows, with the total as a number."""
    head: Cells = [_("填报项"), _("地方"), _("首月"), _("末月"), _("合计"), _("单位"), _("来源"), _("状态")]
    lines: list[Cells] = [
        [
            row["item"], row["area"], months.iso(span.first_month), months.iso(span.last_month), span.value.normalize(),
            span.item.unit, str(row["source"]), str(row["state_word"]),
        ]
        for row, span in zip(rows, found, strict=True)
    ]  # fmt: skip
    return head, lines


def waiting(groups: Iterable[dict]) -> tuple[Cells, list[Cells]]:
    """What waits for review, by form and month as the page groups it."""
    head: Cells = [_("报表和月份"), _("地方"), _("检查"), _("说明"), _("提交"), _("状态")]
    lines: list[Cells] = [
        [group["title"], row["place"], row["checks_word"], row["note"], row["submitted"], row["state_word"]]
        for group in groups
        for row in group["rows"]
    ]
    return head, lines


def history(rows: Iterable[dict]) -> tuple[Cells, list[Cells]]:
    """Every change of a figure, newest first, in the page's words: a cell may hold a word where no number is."""
    head: Cells = [
        _("审定时间"), _("原数"), _("新数"), _("填报人"), _("审核人"), _("来源"), _("审核调整"), _("原因"),
        _("审计序号"),
    ]  # fmt: skip
    names = ("at", "old", "new", "entered_by", "approved_by", "source", "adjusted", "reason", "number")
    return head, [[row[name] for name in names] for row in rows]


def traced(formula: Iterable[dict], sources: Iterable[dict]) -> tuple[Cells, list[Cells]]:
    """Where a value comes from: the calculation, then of each item its places, spans and months."""
    head: Cells = [_("部分"), _("内容"), _("数"), _("覆盖"), _("说明")]
    lines: list[Cells] = [[line["label"], line["words"], line["result"], "", line["numbers"]] for line in formula]
    for source in sources:
        title = source["title"]
        lines.append([title, "", source["value"], source["coverage"], source["how"]])
        lines += [[title, line["name"], line["value"], line["coverage"], _("当月各单位")] for line in source["below"]]
        lines += [[title, span["label"], span["value"], "", span["place"]] for span in source["spans"]]
        lines += [
            [title, month["label"], f"{month['sign']} {month['value']}", month["coverage"], _("相加的月份")]
            for month in source["months"]
        ]
        lines += [
            [title, line["place"], line["text"], "", _("审核调整：%(why)s") % {"why": line["reason"]}]
            for line in source["adjustments"]
        ]
    return head, lines
