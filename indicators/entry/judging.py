"""The rows of a long form against the county: which submission each one belongs to, and what it would change there.

It stores nothing. Every row that cannot be taken is a Problem with its row, column, rule and remedy; a row outside
what the person may fill is one too, whatever else it says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bureau import installation, months
from bureau.authorization import Permission, scope
from bureau.models import Area, User
from bureau.places import Place, Tree
from bureau.progress import Tell, silent
from indicators.access import may_enter
from indicators.due import Dates
from indicators.entry import earlier, periods, sheets
from indicators.entry.checks import check
from indicators.entry.content import contents
from indicators.entry.layout import Cell, CellKey, Change, ChangeKind, Column, Problem, Row, Sheet
from indicators.entry.longform import Line, Table, month_of
from indicators.entry.numbers import NumberProblem, ReadValue, carried_over
from indicators.entry.parse import read_raw
from indicators.models import FormItem, ReportingForm, Submission

TOLD_EVERY = 1_000
OUTSIDE = "不在你的填报范围"
Where = tuple[ReportingForm, Area, int]


@dataclass
class Part:
    """What a file would do to one submission."""

    form: ReportingForm
    place: Area
    month: int
    changes: list[Change] = field(default_factory=list)  # new and changed ones
    same: int = 0

    def count(self, kind: ChangeKind) -> int:
        return sum(change.kind == kind for change in self.changes)

    @property
    def new(self) -> int:
        return self.count("new")

    @property
    def changed(self) -> int:
        return self.count("changed")


@dataclass
class Judged:
    """A whole file: its parts, every problem, and what was converted as (cell, as written, as read)."""

    parts: list[Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    converted: list[tuple[str, str, str]] = field(default_factory=list)
    kind: Literal["longform", "workbook"] = "longform"  # what its figures come from

    @property
    def refused(self) -> int:
        return sum(problem.severity == "hard" for problem in self.problems)


class Reach:
    """Which forms, places and cells a person may fill, in one county; the answers are kept while a file is read."""

    def __init__(self, user: User, tree: Tree, last_month: int) -> None:
        self.user, self.tree, self.last_month = user, tree, last_month
        self._held = scope(user, Permission.ENTER)
        self._areas = Area.objects.in_bulk(list(tree.codes))
        self._whole: dict[tuple[int, int], bool] = {}

    def area(self, pk: int) -> Area:
        return self._areas[pk]

    def place(self, form: ReportingForm, area: Place) -> Area | None:
        """The place that hands the form in for this area."""
        if form.submitted_by == ReportingForm.SubmittedBy.COUNTY:
            return self._areas[area.id] if area.level == Area.Level.COUNTY else None
        town = area.parent if area.level == Area.Level.VILLAGE else area.id
        found = self._areas.get(town) if town else None
        return found if found and found.level == Area.Level.TOWN else None

    def may_fill(self, form: ReportingForm, place: Area, area: int) -> bool:
        """A whole sheet, or the one row of a village assistant (村协理员)."""
        town_form = form.submitted_by == ReportingForm.SubmittedBy.TOWN
        return self.may_fill_whole(form, place) or (town_form and area in self._held.areas)

    def may_fill_whole(self, form: ReportingForm, place: Area) -> bool:
        key = form.pk, place.pk
        if key not in self._whole:
            self._whole[key] = may_enter(self.user, form, place)
        return self._whole[key]


def judge(table: Table, reach: Reach, tell: Tell = silent) -> Judged:
    """Every row of the table, by submission."""
    return _Judging(table, reach).judged(tell)


def why_not(part: Part, submission: Submission | None, dates: Dates | None = None) -> tuple[str, str] | None:
    """The rule and remedy where nothing may be changed in the sheet: handed in, or the month closed."""
    if not part.changes:
        return None
    if submission is not None and not submission.is_open:
        return f"该期{submission.get_state_display()}，不能再改", "先撤回或发起更正"
    why = periods.why_closed(submission or Submission(form=part.form, place=part.place, month=part.month), dates)
    return (why, "") if why else None


class _Judging:
    """One pass: rows to their submissions, then submission by submission against what stands there."""

    def __init__(self, table: Table, reach: Reach) -> None:
        self.table, self.reach = table, reach
        self.result = Judged()
        here = installation.current()
        self.dates = Dates.of(here) if here else None
        self.forms: dict[tuple[str, str], ReportingForm] = {}
        self.known: set[str] = set()
        for one in FormItem.objects.select_related("form__section", "item"):
            self.forms[one.item.code, one.level] = one.form
            self.known.add(one.item.code)
        self._by_code: dict[int, dict[str, Place]] = {}

    def say(self, line: Line, at: str, rule: str, fix: str, value: str = "", place: str = "") -> None:
        row, column = self.table.at(line, at)
        self.result.problems.append(
            Problem(
                "hard",
                rule,
                fix,
                sheet=self.table.sheet,
                row=row,
                column=column,
                area=line.area[:12],
                area_name=place or line.area[:20],
                item=line.item[:12],
                value=value[:40],
                category=line.category[:40],
            )
        )

    def judged(self, tell: Tell) -> Judged:
        groups: dict[tuple[int, int, int], list[tuple[Line, CellKey]]] = defaultdict(list)
        wheres: dict[tuple[int, int, int], Where] = {}
        for at, line in enumerate(self.table.lines):
            if at % TOLD_EVERY == 0:
                tell("rows", at, len(self.table.lines))
            where = self._where(line)
            if where is not None:
                key = where[0].pk, where[1].pk, where[2]
                wheres[key] = where
                groups[key].append((line, CellKey(line.area, line.item, line.category)))
        done = 0
        for month in sorted({month for *_, month in groups}):
            mine = sorted(key for key in groups if key[2] == month)
            sheets_of = self._sheets([wheres[key] for key in mine], month)
            for key, (sheet, submission) in zip(mine, sheets_of, strict=True):
                tell("check", done, len(groups))
                self._judge(wheres[key], groups[key], sheet, submission)
                done += 1
        self.result.problems.sort(key=lambda problem: (problem.severity != "hard", problem.row))
        return self.result

    def _where(self, line: Line) -> Where | None:
        """The submission the row belongs to; None after saying why there is none."""
        month = month_of(line.month)
        if month is None:
            self.say(line, "month", "月份写法不对", "写成 2016-03；日期格式改成文本", line.month)
            return None
        if month > self.reach.last_month:
            self.say(line, "month", f"{months.label(month)}还没有开始", "核对月份", line.month)
            return None
        place = self._places(month).get(line.area)
        if place is None:
            self.say(line, "area", f"区划代码不在{months.label(month)}区划内", "核对代码和月份", line.area)
            return None
        form = self.forms.get((line.item, place.level))
        if form is None:
            rule = "本级不填此项" if line.item in self.known else f"没有代码为“{line.item[:12]}”的填报项"
            self.say(line, "item", rule, "核对填报项代码", line.item, place.name)
            return None
        submitting = self.reach.place(form, place)
        if submitting is None or not self.reach.may_fill(form, submitting, place.id):
            self.say(line, "area", OUTSIDE, "删去这一行，由负责的人填报", line.area, place.name)
            return None
        return form, submitting, month

    def _places(self, month: int) -> dict[str, Place]:
        if month not in self._by_code:
            self._by_code[month] = {place.code: place for place in self.reach.tree.valid(month).values()}
        return self._by_code[month]

    def _sheets(self, wheres: Sequence[Where], month: int) -> Iterator[tuple[Sheet, Submission]]:
        """The sheet and submission of each of these of one month, read together; one not begun yet is not stored."""
        standing = {(one.form_id, one.place_id): one for one in Submission.objects.filter(month=month)}
        found = []
        for at, (form, place, _) in enumerate(wheres):
            one = standing.get((form.pk, place.pk)) or Submission(pk=-1 - at, month=month)
            one.form, one.place = form, place
            found.append(one)
        county = self.reach.tree.county_id
        begun = contents([one.pk for one in found if one.pk > 0])
        built, names = sheets.without_past(found, begun, self.reach.tree)
        for one in found:
            yield replace(built[one.pk], past=earlier.past_of(county, month, names[one.pk])), one

    def _judge(self, where: Where, rows: list[tuple[Line, CellKey]], sheet: Sheet, submission: Submission) -> None:
        form, place, month = where
        columns = {(column.item, column.category): column for column in sheet.columns}
        named = {row.area: row for row in sheet.rows}
        part = Part(form, place, month)
        cells: dict[CellKey, Cell] = {}
        lines: dict[CellKey, Line] = {}
        for line, key in rows:
            column = columns.get((key.item, key.category))
            row = named.get(key.area)
            if column is None or row is None:
                self._unknown(line, sheet, row)
            elif key in lines:
                both = f"{self.table.told(line)}与{self.table.told(lines[key])}重复"
                self.say(line, "value", both, "删去其中一行", "", row.name)
            else:
                lines[key] = line
                cell = self._cell(line, key, sheet, column, row)
                if cell is not None:
                    cells[key] = cell
        self._differ(part, sheet, cells)
        if why := why_not(part, submission, self.dates):
            for change in part.changes:
                line = lines[change.key]
                self.say(line, "value", *why, line.value.text, named[change.key.area].name)
        self._rules(sheet, part, cells, lines)
        self.result.parts.append(part)

    def _unknown(self, line: Line, sheet: Sheet, row: Row | None) -> None:
        mine = [column.category for column in sheet.columns if column.item == line.item]
        if row is None or not mine:
            self.say(line, "item", "这个月不填此项", "删去这一行", line.item)
        else:
            known = "、".join(filter(None, mine))
            fix = f"类别代码是 {known} 之一" if known else "这一项不分类别，类别留空"
            at = "category" if self.table.columns["category"] else "item"
            self.say(line, at, f"类别“{line.category[:20]}”不对", fix, line.category, row.name)

    def _cell(self, line: Line, key: CellKey, sheet: Sheet, column: Column, row: Row) -> Cell | None:
        read = read_raw(line.value, column)
        if isinstance(read, ReadValue):
            before, old = sheet.previous.get(key), sheet.values.get(key)
            standing = old.value if old is not None and old.state == "carried" else None
            read = carried_over(read, before.value if before else None, standing, line.value.text)
        if isinstance(read, NumberProblem):
            self.say(line, "value", read.rule, read.fix, read.shown, row.name)
            return None
        if read is None:
            return None
        if read.converted:
            at, letter = self.table.at(line, "value")
            self.result.converted.append((f"{letter}{at}", *read.converted))
        old = sheet.values.get(key)
        return Cell(read.value, read.state, old.version if old else 0)

    def _differ(self, part: Part, sheet: Sheet, cells: dict[CellKey, Cell]) -> None:
        for key, new in cells.items():
            old = sheet.values.get(key)
            if old is not None and (old.value, old.state) == (new.value, new.state):
                part.same += 1
            else:
                part.changes.append(Change(key, old, new, "changed" if old else "new"))

    def _rules(self, sheet: Sheet, part: Part, cells: dict[CellKey, Cell], lines: dict[CellKey, Line]) -> None:
        """The balance rules over the cells as they would stand, in the places that would change."""
        touched = {change.key.area for change in part.changes}
        if not touched:
            return
        faulty = lines.keys() - cells.keys()
        standing = {CellKey(*key): cell for key, cell in sheet.values.items() if key not in faulty} | cells
        first = {change.key.area: lines[change.key] for change in reversed(part.changes)}
        for problem in check(sheet, standing):
            if problem.area in touched:
                line = lines.get(CellKey(problem.area, problem.item, problem.category), first[problem.area])
                self.result.problems.append(_placed(problem, line, self.table, part.month))


def _placed(problem: Problem, line: Line, table: Table, month: int) -> Problem:
    """The finding of a rule at the row of the file it is about; the month stands with the place's name."""
    row, column = table.at(line, "value")
    return replace(
        problem,
        sheet=table.sheet,
        row=row,
        column=column,
        area_name=f"{problem.area_name} {months.label(month)}",
    )
