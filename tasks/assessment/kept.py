"""What is kept of a frozen period, and the same read again: totals and terms as JSON, a row a line with its items."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bureau.models import Installation
from tasks.assessment import terms
from tasks.assessment.owners import Owner
from tasks.assessment.results import Result, Scored, computed
from tasks.assessment.rules import Grade, Item, Line
from tasks.models import Assessment, AssessmentLine, Criterion, Scheme


def result_of(assessment: Assessment, here: Installation) -> Result:
    """As frozen, or computed now."""
    return frozen(assessment) if assessment.frozen else computed(assessment, here)


def rows(assessment: Assessment, result: Result) -> Iterator[AssessmentLine]:
    """The lines of a result as they are frozen."""
    criteria = {one.code: one for one in Criterion.objects.filter(scheme=assessment.scheme_id)}
    for one in result.scored:
        for line in one.lines:
            yield AssessmentLine(
                assessment=assessment, criterion=criteria[line.code], weight=decimal_of(line.full),
                points=decimal_of(line.points), lost=decimal_of(line.lost), why=line.why, explained=items_json(line),
                **one.owner.key,
            )  # fmt: skip


def digest(result: Result) -> str:
    """SHA-256 of all that would be kept of it."""
    told = [as_json(result), [[items_json(line) for line in one.lines] for one in result.scored]]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def decimal_of(value: Fraction) -> Decimal:
    """Points come in hundredths, what hands gave in ten-thousandths at most."""
    return Decimal(int(value * 10_000)).scaleb(-4)


def as_json(result: Result) -> dict[str, Any]:
    """All of a result but its lines, which are rows of their own."""
    return {
        "terms": terms.as_json(result.terms),
        "unranked": dict(result.unranked),
        "owners": [
            {
                "id": one.owner.id, "code": one.owner.code, "name": one.owner.name, "name_en": one.owner.name_en,
                "area": one.owner.area, "area_code": one.owner.area_code,
                "total": str(one.total), "used": str(one.used), "grade": one.grade.value, "rank": one.rank,
                "veto": dict(one.veto) if one.veto else None, "measures": one.measures,
                "before": None if one.before is None else str(one.before),
            }
            for one in result.scored
        ],
    }  # fmt: skip


def items_json(line: Line) -> list[dict[str, Any]]:
    """The items of a line as they are kept."""
    return [
        {
            "key": one.key, "done": None if one.done is None else str(one.done), "why": one.why,
            "facts": dict(one.facts), "measure": one.measure, "base": None if one.base is None else str(one.base),
        }
        for one in line.items
    ]  # fmt: skip


def frozen(assessment: Assessment) -> Result:
    """As it was when it was frozen."""
    kept = assessment.result
    by_owner: dict[int, list[Line]] = defaultdict(list)
    for row in assessment.lines.select_related("criterion"):
        line = Line(
            row.criterion.code, Fraction(row.weight), Fraction(row.points), tuple(map(_item, row.explained)), row.why
        )
        by_owner[row.section_id or row.town_id or 0].append(line)
    towns = assessment.scheme.of == Scheme.Of.TOWNS
    scored = tuple(
        Scored(
            Owner(one["id"], one["code"], one["name"], one["name_en"], towns, one["area"], one["area_code"]),
            tuple(by_owner[one["id"]]), Fraction(one["total"]), Fraction(one["used"]), Grade(one["grade"]), one["veto"],
            one["rank"], None if one["before"] is None else Fraction(one["before"]),
        )
        for one in kept["owners"]
    )  # fmt: skip
    return Result(terms.from_json(kept["terms"]), scored, assessment.release, kept["unranked"])


def _item(kept: Mapping[str, Any]) -> Item:
    done, base = kept["done"], kept["base"]
    return Item(
        kept["key"], None if done is None else Fraction(done), kept["why"], kept["facts"], kept["measure"],
        None if base is None else Fraction(base),
    )  # fmt: skip
