"""The whole plan read from fixtures/ and cross-checked: a code that one file names must exist in the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from indicators.analysis.kinds import Level
from indicators.plandata.assessment import Scheme, Schemes, assessment_problems
from indicators.plandata.catalogue import DataItem, DataItems, Form, Forms, Rules
from indicators.plandata.checks import catalogue_problems, formula_problems, rule_problems, soft_rule_problems
from indicators.plandata.equality import Equality, equality_problems
from indicators.plandata.files import FixtureError, Row, read_csv, read_one, twice
from indicators.plandata.indicator import Indicator
from indicators.plandata.outline import (
    AreaSpan,
    Clause,
    Clauses,
    Parameter,
    Parameters,
    Phase,
    Phases,
    Plan,
    Section,
    Sections,
)
from indicators.plandata.reports import ReportOutline, ReportOutlines, report_problems
from indicators.plandata.work import Project, Projects, Task, Tasks

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
INDICATOR_COUNT = 43


@dataclass(frozen=True)
class PlanData:
    """Everything the fixtures hold, in the order of the files."""

    plan: Plan
    clauses: tuple[Clause, ...]
    phases: tuple[Phase, ...]
    sections: tuple[Section, ...]
    areas: tuple[AreaSpan, ...]
    parameters: tuple[Parameter, ...]
    catalogue: DataItems
    forms: tuple[Form, ...]
    rules: Rules
    indicators: tuple[Indicator, ...]
    tasks: tuple[Task, ...]
    projects: tuple[Project, ...]
    equality: Equality
    schemes: tuple[Scheme, ...]
    reports: tuple[ReportOutline, ...]

    @property
    def items(self) -> tuple[DataItem, ...]:
        return self.catalogue.items


def read_plan(root: Path = FIXTURES) -> PlanData:
    """The fixtures under `root`, checked; FixtureError lists every fault of the first stage that has any."""
    read = _Reader(root)
    data = PlanData(
        plan=read.one("plan.yaml", Plan),
        clauses=read.many("clauses.yaml", Clauses, "clauses"),
        phases=read.many("phases.yaml", Phases, "phases"),
        sections=read.many("sections.yaml", Sections, "sections"),
        areas=read.areas("areas.csv"),
        parameters=read.many("parameters.yaml", Parameters, "parameters"),
        catalogue=read.one("data_items.yaml", DataItems),
        forms=read.many("forms.yaml", Forms, "forms"),
        rules=read.one("rules.yaml", Rules),
        indicators=read.indicators(),
        tasks=read.many("tasks.yaml", Tasks, "tasks"),
        projects=read.many("projects.yaml", Projects, "projects"),
        equality=read.one("equality.yaml", Equality),
        schemes=read.many("assessment.yaml", Schemes, "schemes"),
        reports=read.many("reports.yaml", ReportOutlines, "reports"),
    )
    if read.problems:
        raise FixtureError(read.problems)
    if problems := list(problems_of(data)):
        raise FixtureError(problems)
    return data


class _Reader:
    """Reads file after file and keeps all faults, so that one run shows them all."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[str] = []

    def one(self, name: str, model: type[Row]):
        try:
            return read_one(self.root / name, model, name)
        except FixtureError as error:
            self.problems += error.problems
            return None

    def many(self, name: str, model: type[Row], key: str) -> tuple:
        return getattr(self.one(name, model), key, ())

    def areas(self, name: str) -> tuple[AreaSpan, ...]:
        try:
            return read_csv(self.root / name, AreaSpan)
        except FixtureError as error:
            self.problems += error.problems
            return ()

    def indicators(self) -> tuple[Indicator, ...]:
        paths = sorted((self.root / "indicators").glob("*.yaml"))
        read = [(path, self.one(f"indicators/{path.name}", Indicator)) for path in paths]
        self.problems += [
            f"indicators/{path.name}：number：编号 {found.number} 与文件名不符"
            for path, found in read
            if found and found.number != path.stem
        ]
        return tuple(found for _, found in read if found)


def problems_of(data: PlanData) -> Iterator[str]:
    """Each broken cross-reference as a Chinese line naming file, key and rule."""
    yield from _doubles(data)
    yield from _outline_problems(data)
    yield from _area_problems(data)
    yield from catalogue_problems(data)
    yield from rule_problems(data)
    yield from soft_rule_problems(data)
    yield from _indicator_problems(data)
    yield from formula_problems(data)
    yield from _fact_problems(data)
    yield from _work_problems(data)
    yield from equality_problems(data)
    yield from assessment_problems(data)
    yield from report_problems(data)


def unknown(name: str, key: str, wanted: Iterable[str | None], known: set[str], what: str) -> Iterator[str]:
    """A line for each code of `wanted` that is not among `known`."""
    for code in wanted:
        if code is not None and code not in known:
            yield f"{name}：{key}：没有这个{what}：{code}"


def _doubles(data: PlanData) -> Iterator[str]:
    for name, codes in (
        ("clauses.yaml", [c.number for c in data.clauses]),
        ("sections.yaml", [s.code for s in data.sections]),
        ("parameters.yaml", [p.code for p in data.parameters]),
        ("data_items.yaml", [i.code for i in data.items]),
        ("data_items.yaml", [b.code for b in data.catalogue.breakdowns]),
        ("forms.yaml", [f.code for f in data.forms]),
        ("rules.yaml", [r.code for r in data.rules.rules]),
        ("tasks.yaml", [t.code for t in data.tasks]),
        ("projects.yaml", [p.code for p in data.projects]),
        ("indicators/", [m.code for i in data.indicators for m in i.measures]),
    ):
        yield from (f"{name}：code：{code} 重复" for code in twice(codes))


def _outline_problems(data: PlanData) -> Iterator[str]:
    clauses = {clause.number for clause in data.clauses}
    numbers = {indicator.number for indicator in data.indicators}
    tasks = {task.code for task in data.tasks}
    for place, clause in enumerate(data.clauses):
        if clause.parent is not None and clause.parent not in {earlier.number for earlier in data.clauses[:place]}:
            yield f"clauses.yaml：{clause.number}.parent：上级 {clause.parent} 须列在它之前"
    for domain in data.plan.domains:
        yield from unknown("plan.yaml", f"domains.{domain.code}.clause", [domain.clause], clauses, "条款")
    for note in data.plan.revisions:
        yield from unknown("plan.yaml", f"revisions.{note.number}.clause", [note.clause], clauses, "条款")
        yield from unknown("plan.yaml", f"revisions.{note.number}.indicators", note.indicators, numbers, "指标")
    for parameter in data.parameters:
        yield from unknown("parameters.yaml", f"{parameter.code}.clause", [parameter.clause], clauses, "条款")
    for phase in data.phases:
        yield from unknown("phases.yaml", f"{phase.code}.clause", [phase.clause], clauses, "条款")
        for paper in phase.deliverables:
            yield from unknown("phases.yaml", f"{paper.code}.tasks", paper.tasks, tasks, "任务")


def _area_problems(data: PlanData) -> Iterator[str]:
    spans: dict[str, list[AreaSpan]] = {}
    for span in data.areas:
        spans.setdefault(span.code, []).append(span)
    if data.plan.county not in spans:
        yield f"areas.csv：code：没有方案所在的县 {data.plan.county}"
    for code, rows in spans.items():
        rows.sort(key=lambda row: row.start)
        for earlier, later in pairwise(rows):
            if earlier.end is None or earlier.end >= later.start:
                yield f"areas.csv：{code}：各时段不得重叠"
        for row in rows:
            yield from unknown("areas.csv", f"{code}.parent", [row.parent], set(spans), "区划")
            yield from unknown("areas.csv", f"{code}.successor", [row.successor], set(spans), "区划")
            if (row.urban is None) == (row.level == Level.VILLAGE):
                yield f"areas.csv：{code}.urban：村（社区）须写明城乡属性，其他层级不写"


def _indicator_problems(data: PlanData) -> Iterator[str]:
    if len(data.indicators) != INDICATOR_COUNT:
        yield f"indicators/：应有 {INDICATOR_COUNT} 个指标文件，现有 {len(data.indicators)} 个"
    clauses = {clause.number for clause in data.clauses}
    sections = {section.code for section in data.sections}
    domains = {domain.code for domain in data.plan.domains}
    for indicator in data.indicators:
        name = f"indicators/{indicator.number}.yaml"
        yield from unknown(name, "clauses", indicator.clauses, clauses, "条款")
        yield from unknown(name, "section", [indicator.section], sections, "科室")
        yield from unknown(name, "domain", [indicator.domain], domains, "任务领域")
        for reading, target in indicator.targets():
            yield from unknown(name, f"{reading.code}.targets.clause", [target.clause], clauses, "条款")
            if not (data.plan.first_month <= target.start and target.end <= data.plan.last_month):
                yield f"{name}：{reading.code}.targets：目标期须在试点期内"


def _fact_problems(data: PlanData) -> Iterator[str]:
    """A number of the plan must be loaded where its clause says; a struck-out one must be loaded nowhere."""
    indicators = {indicator.number: indicator for indicator in data.indicators}
    parameters = {parameter.code: parameter for parameter in data.parameters}
    for clause in data.clauses:
        for fact in clause.facts:
            value = fact.value if fact.target_value is None else fact.target_value
            yield from unknown("clauses.yaml", f"{clause.number}.{fact.key}", fact.indicators, set(indicators), "指标")
            yield from unknown("clauses.yaml", f"{clause.number}.{fact.key}", fact.parameters, set(parameters), "参数")
            for indicator in (indicators[number] for number in fact.indicators if number in indicators):
                if not any(t.value == value and t.clause == clause.number for _, t in indicator.targets()):
                    yield f"indicators/{indicator.number}.yaml：targets：没有条款 {clause.number} 规定的目标值 {value}"
            for parameter in (parameters[code] for code in fact.parameters if code in parameters):
                if not any(row.value == value for row in parameter.values):
                    yield f"parameters.yaml：{parameter.code}：没有条款 {clause.number} 规定的值 {value}"
    for note in data.plan.revisions:
        for indicator in (indicators[number] for number in note.indicators if number in indicators):
            if note.removed_value is not None and any(t.value == note.removed_value for _, t in indicator.targets()):
                yield f"indicators/{indicator.number}.yaml：targets：{note.removed_value} 已在定稿中取消，不得作为目标"


def _work_problems(data: PlanData) -> Iterator[str]:
    clauses = {clause.number for clause in data.clauses}
    sections = {section.code for section in data.sections}
    numbers = {indicator.number for indicator in data.indicators}
    domains = {domain.code for domain in data.plan.domains}
    phases = {phase.code: phase for phase in data.phases}
    for name, work in [("tasks.yaml", t) for t in data.tasks] + [("projects.yaml", p) for p in data.projects]:
        yield from unknown(name, f"{work.code}.clause", [work.clause], clauses, "条款")
        yield from unknown(name, f"{work.code}.sections", [work.lead, *work.supporting], sections, "科室")
        yield from unknown(name, f"{work.code}.indicators", work.indicators, numbers, "指标")
    measures = {measure.code for indicator in data.indicators for measure in indicator.measures}
    for project in data.projects:
        counted = [project.quantity_from or None]
        yield from unknown("projects.yaml", f"{project.code}.quantity_from", counted, measures, "指标")
    tasks = {task.code for task in data.tasks}
    for paper in (paper for phase in data.phases for paper in phase.deliverables):
        yield from unknown("phases.yaml", f"{paper.code}.tasks", paper.tasks, tasks, "任务")
    for task in data.tasks:
        yield from unknown("tasks.yaml", f"{task.code}.domain", [task.domain], domains, "任务领域")
        yield from unknown("tasks.yaml", f"{task.code}.phase", [task.phase], set(phases), "阶段")
        phase = phases.get(task.phase)
        if phase and not (phase.start <= task.start and task.due <= phase.end):
            yield f"tasks.yaml：{task.code}：起止日期须在{phase.name}之内"
