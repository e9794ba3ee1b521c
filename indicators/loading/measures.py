"""Indicators into their tables: each measure with readings, formulas, the county's targets and their history."""

from __future__ import annotations

from decimal import Decimal

from bureau import clock, months
from indicators import known, models
from indicators.loading.loader import Change, Loader, Wanted
from indicators.loading.rows import Rows
from indicators.plandata import PlanData
from indicators.plandata.indicator import Indicator, Measure, Reading, Target


def load_indicators(loader: Loader, data: PlanData, rows: Rows) -> None:
    """Each measure as an indicator, its readings with their first formulas, and the county's targets.

    A qualitative measure has one reading without a formula, so that pages show it like the others.

    What hangs on an indicator or reading that a person deleted is not brought back.
    """
    measures = [(indicator, measure) for indicator in data.indicators for measure in indicator.measures]
    rows.indicators = loader.sync(
        models.Indicator,
        (_indicator(rows, order, *pair) for order, pair in enumerate(measures, start=1)),
    )
    wanted = [(m, number, r) for _, m in measures for number, r in enumerate(m.readings, start=1)]
    named = [(m.code, r.code, _reading(number, r)) for m, number, r in wanted]
    named += [
        (m.code, "qualitative", {"number": 1, "name": "定性", "official": True}) for _, m in measures if not m.readings
    ]
    readings = loader.sync(
        models.Reading,
        (
            Wanted(
                f"{code}/{name}",
                {"indicator": rows.indicators[code], "code": name},
                values,
                start={"amended_at": clock.now()},
            )
            for code, name, values in named
            if code in rows.indicators
        ),
    )
    loader.sync(
        models.IndicatorVersion,
        (
            Wanted(
                f"{measure.code}/{reading.code}/{months.iso(reading.start)}",
                {
                    "reading": readings[f"{measure.code}/{reading.code}"],
                    "from_month": reading.start,
                    "superseded_by": None,
                },
                {
                    "kind": "first",
                    "numerator": reading.numerator,
                    "denominator": reading.denominator or "",
                    "value": reading.value or "",
                    "scale": Decimal(reading.scale),
                    "window": reading.window.value,
                    "reason": reading.note,
                },
            )
            for measure, _, reading in wanted
            if f"{measure.code}/{reading.code}" in readings
        ),
    )
    targets = ((f"{m.code}/{r.code}", target) for m, _, r in wanted for target in r.targets)
    loader.sync(
        models.Target,
        (_target(rows, key, readings[key], target) for key, target in targets if key in readings),
        changed=_revise,
    )


def _reading(number: int, reading: Reading) -> dict:
    return {
        "number": number,
        "name": reading.name,
        "official": reading.official,
        "unit": reading.unit,
        "potential": reading.potential or "",
    }


def _indicator(rows: Rows, order: int, indicator: Indicator, measure: Measure) -> Wanted:
    return Wanted(
        measure.code,
        {"code": measure.code},
        {
            "number": indicator.number,
            "name": measure.name,
            "name_en": measure.name_en,
            "core": indicator.core,
            "domain": rows.domains.get(indicator.domain or ""),
            "section": rows.sections[indicator.section],
            "unit": measure.unit,
            "decimals": measure.decimals,
            "counted_in": measure.people.unit if measure.people else "",
            "shift_word": measure.people.shift if measure.people else "",
            "join_word": measure.people.join if measure.people else "",
            "rising": indicator.direction == "up",
            "why": indicator.why,
            "definition": indicator.definition,
            "standing": indicator.standing.value,
            "order": order,
        },
        many={"clauses": [rows.clauses[number] for number in indicator.clauses]},
    )


def _target(rows: Rows, key: str, reading: models.Reading, target: Target) -> Wanted:
    return Wanted(
        f"{key}/{months.iso(target.end)}",
        {"reading": reading, "area": rows.county, "end_month": target.end},
        {
            "start_month": target.start,
            "comparator": target.comparator.value,
            "value": target.value,
            "tolerance": target.tolerance,
            "path": target.path.value,
            "points": [[point.month, str(point.value)] for point in target.points],
            "yearly_check": target.yearly_check,
            "limit_days": target.limit_days,
            "clause": rows.clauses[target.clause],
            "standing": target.standing.value,
            "note": target.note,
        },
        start={"amended_at": clock.now()},
    )


def _revise(target: models.Target, change: Change) -> None:
    """A target that the files change leaves its trace, as one changed by a person would."""
    models.Target.objects.filter(pk=target.pk).update(amended_at=clock.now())
    models.TargetRevision.objects.create(
        indicator=target.reading.indicator,
        target=target,
        of=target.pk,
        area=target.area,
        before=known.aim(target),
        kind="file",
        old="；".join(f"{name}：{old}" for name, old, _ in change.fields)[:160],
        new="；".join(f"{name}：{new}" for name, _, new in change.fields)[:160],
        reason="方案数据文件更新",
        on=clock.today(),
    )


def load_revisions(loader: Loader, data: PlanData, rows: Rows) -> None:
    """The goal the plan's own revision notes struck out: told in the target's history, never a target."""
    loader.sync(
        models.TargetRevision,
        (
            Wanted(
                f"{data.plan.code}/{note.number}/{row.code}",
                {"key": f"{data.plan.code}/{note.number}/{row.code}"},
                {
                    "indicator": row,
                    "kind": note.kind,
                    "old": f"{note.removed_value}{note.removed_unit}以上",
                    "new": note.replaced_by,
                    "reason": note.summary,
                    "document": f"{data.plan.title}修改说明第{note.number}条",
                    "on": data.plan.issued,
                },
            )
            for note in data.plan.revisions
            if note.removed_value is not None
            for row in rows.numbered(note.indicators)
        ),
    )
