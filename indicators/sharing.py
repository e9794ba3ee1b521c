"""Divides a county's target among its towns (目标分解): by population, last year's share, potential, or by hand.

What adds up (a flow, a count) is divided, exactly; a rate, 不下降 or 动态归零 is not, each town has the county's own.
The shares are the towns' ordinary targets, written with their revisions and one audit record, and evaluated, in one
transaction. What a share rests on is data: the plan's population item, a reading's `potential`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import amend, audit, clock, months
from bureau.fields import UNITS, raw
from bureau.installation import lock_county, raise_data_version
from bureau.models import User
from bureau.places import Place, Tree
from indicators import definitions as definitions_module
from indicators import evaluate, known
from indicators.analysis.kinds import Comparator, Level, PathKind, Window
from indicators.analysis.panel import Definition
from indicators.analysis.panel import evaluate as on_panel
from indicators.analysis.shares import Indivisible, difference, divide
from indicators.definitions import Definitions, Version, parsed
from indicators.entry.refusals import Conflict, Refused, reasoned
from indicators.models import Evaluation, Plan, Target, TargetRevision
from indicators.models.plan import Standing

COPIED = ("start_month", "comparator", "path", "yearly_check", "behind", "far_behind", "limit_days", "clause")
TO_TOWNS = (Level.TOWN.value, Level.VILLAGE.value)
ADDING_UP = (Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.EQUAL)


class Basis(StrEnum):
    """By what a target is divided."""

    POPULATION = "population"
    LAST_YEAR = "last_year"
    POTENTIAL = "potential"
    HAND = "hand"
    SAME = "same"  # nothing is divided


BASIS_WORDS = {
    Basis.POPULATION: gettext_lazy("按户籍人口"),
    Basis.LAST_YEAR: gettext_lazy("按上年完成数"),
    Basis.POTENTIAL: gettext_lazy("按剩余潜力"),
    Basis.HAND: gettext_lazy("自定"),
    Basis.SAME: gettext_lazy("各镇同一目标"),
}


@dataclass(frozen=True)
class Division:
    """What is proposed for a target: a value a town (None where the target has none), and what it rests on.

    `month`: of which the weights are (the December of 上年完成数); `weights` are empty where nothing was weighed.
    """

    target: Target
    basis: Basis
    month: int | None
    towns: tuple[Place, ...]
    values: Mapping[int, Decimal | None]
    weights: Mapping[int, Fraction] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        return sum((value for value in self.values.values() if value is not None), Decimal(0))


@dataclass(frozen=True)
class Divisible:
    """A county's target as dividing it needs it: the formula in force, the towns, and where it cannot be, why."""

    target: Target
    version: Version | None
    towns: tuple[Place, ...]
    adds_up: bool
    why_not: str = ""

    @property
    def decimals(self) -> int:
        """As many as the indicator prints, or as the target has."""
        places = -self.target.value.normalize().as_tuple().exponent if self.target.value is not None else 0
        return max(self.target.reading.indicator.decimals, places, 0)

    def bases(self, plan: Plan) -> list[Basis]:
        """By what it may be divided."""
        if not self.adds_up:
            return [Basis.SAME]
        found = [Basis.POPULATION] if plan.population else []
        found.append(Basis.LAST_YEAR)
        if self.target.reading.potential:
            found.append(Basis.POTENTIAL)
        return [*found, Basis.HAND]


def divisible(target: Target, tree: Tree, definitions: Definitions) -> Divisible:
    """Whether and how a county's target goes to the towns."""
    versions = [one for one in definitions.versions if one.reading_id == target.reading_id]
    version = versions[-1] if versions else None
    towns = tuple(tree.towns(target.end_month))
    comparator = Comparator(target.comparator)
    adds_up = bool(
        version is not None
        and version.definition.denominator is None
        and version.definition.value is None
        and comparator in ADDING_UP
    )
    return Divisible(target, version, towns, adds_up, _why_not(target, tree, version, definitions))


def _why_not(target: Target, tree: Tree, version: Version | None, definitions: Definitions) -> str:
    if target.area_id != tree.county_id:
        return _("只分解全县的目标。")
    if version is None:
        return _("这个读法没有公式，不能分解。")
    for ref in sorted(version.refs, key=str):
        if ref.letter == "W":
            continue
        item = definitions.items.get(ref.code)
        if item is None or not item.levels.intersection(TO_TOWNS):
            return _("%(code)s 只有县级数，这个目标不能分到镇（街道）。") % {"code": ref.code}
    return ""


def propose(
    target: Target,
    tree: Tree,
    *,
    basis: Basis,
    month: int | None = None,
    values: Mapping[int, Decimal] | None = None,
    definitions: Definitions | None = None,
) -> Division:
    """The division of a target by a basis, nothing written; Refused says what is missing or does not add up.

    `month`: the as-of month of population and potential, any month of the year of 上年完成数; `values`: by hand.
    """
    definitions = definitions or definitions_module.load(tree.county_id)
    found = divisible(target, tree, definitions)
    plan = Plan.objects.get(county_id=tree.county_id)
    if found.why_not:
        raise Refused(found.why_not)
    if basis not in found.bases(plan):
        raise Refused(_("这个目标不能这样分解。"))
    if basis == Basis.SAME:
        return Division(target, basis, None, found.towns, {town.id: target.value for town in found.towns})
    if basis == Basis.HAND:
        return Division(target, basis, None, found.towns, _by_hand(found, values or {}))
    if month is None:
        raise Refused(_("请写明按哪个月的数分解。"))
    if basis == Basis.LAST_YEAR:
        month = months.make(months.year(month), 12)
        weights = _last_year(found, tree, month)
    else:
        text = plan.population if basis == Basis.POPULATION else target.reading.potential
        weights = _weighed(text, tree, definitions, month)
    weights = {town.id: weights[town.id] for town in found.towns if town.id in weights}
    _all_there(found, weights, month)
    try:
        shares = divide(target.value, weights, decimals=found.decimals)
    except Indivisible as problem:
        raise Refused(_(str(problem))) from None
    return Division(target, basis, month, found.towns, shares, weights)


def _by_hand(found: Divisible, values: Mapping[int, Decimal]) -> dict[int, Decimal]:
    shares = {town.id: values[town.id] for town in found.towns if values.get(town.id) is not None}
    missing = [town.label for town in found.towns if town.id not in shares]
    if missing:
        raise Refused(_("这些镇（街道）没有填：%(towns)s。不分给的填 0。") % {"towns": "、".join(missing)})
    if any(value < 0 for value in shares.values()):
        raise Refused(_("分解数不能小于 0。"))
    if any(-value.normalize().as_tuple().exponent > found.decimals for value in shares.values()):
        raise Refused(_("分解数最多 %(n)d 位小数。") % {"n": found.decimals})
    left = difference(found.target.value, shares)
    if left:
        words = (
            _("各镇（街道）合计比全县目标少 %(n)s，请补足。")
            if left > 0
            else _("各镇（街道）合计比全县目标多 %(n)s，请减去。")
        )
        raise Refused(words % {"n": f"{abs(left).normalize():f}"})
    return shares


def _weighed(text: str, tree: Tree, definitions: Definitions, month: int) -> dict[int, Fraction]:
    """A formula of items in every town at a month's end, of those where every place has reported."""
    formula = parsed(text)
    panel = evaluate.PanelBuilder(tree, definitions).build(formula.refs)
    at = month - panel.first_month
    if not 0 <= at < panel.months:
        return {}
    found = on_panel(Definition(formula, window=Window.LEVEL), panel)
    values = {area: found.value.fraction(row, at) for row, area in enumerate(panel.areas) if found.covered[row, at]}
    return {area: value for area, value in values.items() if value is not None}


def _last_year(found: Divisible, tree: Tree, december: int) -> dict[int, Fraction]:
    """What each town had come to in the year that ends with `december`."""
    reading = found.target.reading
    rows = Evaluation.objects.filter(
        county=tree.county_id, indicator=reading.indicator_id, reading=reading.number, month=december
    ).annotate(units=raw("year_to_date"))
    return {
        area: Fraction(units, UNITS)
        for area, units, reported, expected in rows.values_list("area", "units", "reported", "expected")
        if units is not None and reported == expected
    }


def _all_there(found: Divisible, weights: Mapping[int, Fraction], month: int) -> None:
    missing = [town.label for town in found.towns if town.id not in weights]
    if missing:
        raise Refused(
            _("%(month)s 这些镇（街道）的数没有报齐，不能作分解依据：%(towns)s。换一个月份，或换一种依据。")
            % {"month": months.label(month), "towns": "、".join(missing)}
        )


# --- Writing --------------------------------------------------------------------------------------
@transaction.atomic
def share(divisions: Sequence[Division], *, by: User, reason: str, seen: str = "") -> list[Target]:
    """Write divisions as the towns' targets, with revisions and audit record, and evaluate; Refused changes nothing.

    Each is worked out again under the lock: where its figures, the target or (`seen`, the stamp of what was previewed)
    the towns' shares changed meanwhile, Conflict.
    """
    reason = reasoned(reason)
    county = divisions[0].target.area_id
    lock_county(county)
    tree, written, definitions = Tree(county), [], definitions_module.load(county)
    for division in divisions:
        target = Target.objects.select_related("reading__indicator", "clause").get(pk=division.target.pk)
        by_hand = {town: value for town, value in division.values.items() if value is not None}
        again = propose(
            target, tree, basis=division.basis, month=division.month, values=by_hand, definitions=definitions
        )
        standing = current(target, again.towns)
        if again.values != division.values or (seen and seen != stamp(again, standing)):
            raise Conflict(_("预览之后，目标、依据的数或各镇的分解已有变化，没有保存；请重新预览。"))
        written += _write(again, standing, by=by, reason=reason)
    indicators = {one.reading.indicator_id for one in written}
    evaluate.refresh(tree, indicators)
    raise_data_version(county)
    return written


def stamp(division: Division, standing: Mapping[int, Target]) -> str:
    """What a preview showed: the target, the shares proposed and those that stand."""
    shown = {f"{town}": _plain(value) for town, value in division.values.items()}
    shown |= {f"now {town}": str(known.aim(one)) for town, one in standing.items()}
    return amend.digest(shown | known.aim(division.target) | {"basis": f"{division.basis} {division.month}"})


def current(target: Target, towns: Collection[Place]) -> dict[int, Target]:
    """The towns' own targets of the same reading for the same end, by area."""
    found = Target.objects.filter(
        reading=target.reading_id, end_month=target.end_month, area__in=[town.id for town in towns]
    ).select_related("reading__indicator", "area")
    return {one.area_id: one for one in found}


def _write(division: Division, standing: Mapping[int, Target], *, by: User, reason: str) -> list[Target]:
    target, now = division.target, clock.now()
    _clear_of_others(division, standing)
    tolerances, points = _parts(division)
    old = {area: known.aim(one) for area, one in standing.items()}
    rows = []
    for town in division.towns:
        row = standing.get(town.id) or Target(reading=target.reading, area_id=town.id, end_month=target.end_month)
        for name in COPIED:
            setattr(row, name, getattr(target, name))
        row.value, row.tolerance, row.points = division.values[town.id], tolerances[town.id], points[town.id]
        row.standing, row.note, row.amended_at = Standing.REC, told(division), now
        rows.append(row)
    fresh = [row for row in rows if row.pk is None]
    changed = [row for row in rows if row.pk is not None and known.aim(row) != old[row.area_id]]
    Target.objects.bulk_create(fresh)
    names = [*COPIED, "value", "tolerance", "points", "standing", "note", "amended_at"]
    Target.objects.bulk_update(changed, names)
    TargetRevision.objects.bulk_create([_revision(row, old.get(row.area_id), by, reason) for row in (*fresh, *changed)])
    audit.record(
        "target.share",
        by=by,
        object=f"indicators.target#{target.pk} {target}",
        reason=reason,
        detail={
            "basis": division.basis.value,
            "month": None if division.month is None else months.iso(division.month),
            "shares": {town.code: _plain(division.values[town.id]) for town in division.towns},
            "before": {town.code: old[town.id]["value"] for town in division.towns if town.id in old},
        },
    )
    return rows


def _clear_of_others(division: Division, standing: Mapping[int, Target]) -> None:
    """No town has another target whose months overlap."""
    target = division.target
    others = Target.objects.filter(
        reading=target.reading_id,
        area__in=[town.id for town in division.towns],
        start_month__lte=target.end_month,
        end_month__gte=target.start_month,
    ).exclude(pk__in=[one.pk for one in standing.values()])
    names = {town.id: town.label for town in division.towns}
    clash = sorted({names[area] for area in others.values_list("area_id", flat=True)})
    if clash:
        raise Refused(
            _("这些镇（街道）已有目标期重叠的目标，请先在设置里改：%(towns)s。") % {"towns": "、".join(clash)}
        )


def _parts(division: Division) -> tuple[dict[int, Decimal | None], dict[int, list]]:
    """Each town's tolerance and path points: its part of the county's where the target is divided, else the same."""
    target, towns = division.target, [town.id for town in division.towns]
    tolerances: dict[int, Decimal | None] = dict.fromkeys(towns, target.tolerance)
    points: dict[int, list] = {town: list(target.points) for town in towns}
    weights = {town: Fraction(division.values[town] or 0) for town in towns}
    if division.basis == Basis.SAME or not any(weights.values()):
        return tolerances, points
    if target.tolerance is not None:
        tolerances = dict(divide(target.tolerance, weights, decimals=4))
    if target.path == PathKind.STEPS.value:
        points = defaultdict(list)
        for month, value in target.points:
            for town, part in divide(Decimal(str(value)), weights, decimals=4).items():
                points[town].append([month, _plain(part)])
    return tolerances, dict(points)


def _revision(row: Target, old: Mapping[str, str] | None, by: User, reason: str) -> TargetRevision:
    return TargetRevision(
        indicator_id=row.reading.indicator_id,
        target=row,
        of=row.pk,
        area_id=row.area_id,
        before=dict(old or {}),
        kind="shared" if old else known.ADDED,
        old="" if old is None else _said(old["value"], old["end_month"]),
        new=_said(_plain(row.value), months.iso(row.end_month)),
        reason=reason,
        on=clock.today(),
        by=by,
    )


def _said(value: str, end: str) -> str:
    return f"{value or '—'}（{end}）"


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def told(division: Division) -> str:
    """'目标分解：按户籍人口（2016年12月）', as it stands in a town's target."""
    words = _("目标分解：%(basis)s") % {"basis": BASIS_WORDS[division.basis]}
    return words if division.month is None else f"{words}（{months.label(division.month)}）"


def out_of_step(target: Target, shares: Collection[Target], adds_up: bool) -> str:
    """What no longer fits between a county's target and the towns'; empty where all does."""
    if not shares:
        return ""
    if adds_up:
        left = difference(target.value, {one.area_id: one.value or Decimal(0) for one in shares})
        if left:
            words = _("各镇（街道）合计比全县目标少 %(n)s") if left > 0 else _("各镇（街道）合计比全县目标多 %(n)s")
            return words % {"n": _plain(abs(left))}
    elif any(one.value != target.value for one in shares):
        return _("有的镇（街道）与全县目标不同")
    odd = [
        one for one in shares if any(getattr(one, name) != getattr(target, name) for name in ("start_month", "path"))
    ]
    return _("有的镇（街道）的目标期或路径与全县不同") if odd else ""
