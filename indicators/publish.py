"""Publishes a month: freezes roll-ups, evaluations, definitions, targets and areas as a numbered release.

A release never changes. A later correction shows in the live figures and in the next release's list (更正清单).
"""

from __future__ import annotations

import hashlib
import json

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bureau import audit, clock, months
from bureau.installation import current, data_version, lock_county, raise_data_version
from bureau.models import Area, User
from bureau.places import Tree
from indicators import definitions, evaluate, frozen, spans, splits
from indicators.analysis.kinds import Comparator, PathKind
from indicators.corrections import corrections_since
from indicators.entry.workflow import Refused
from indicators.models import (
    Evaluation,
    IndicatorVersion,
    Parameter,
    PublishedEvaluation,
    PublishedMonth,
    PublishedRollUp,
    RollUp,
    Target,
)


@transaction.atomic
def publish(county: Area, month: int, *, by: User, reason: str = "") -> PublishedMonth:
    """Release `month`; version 2 and later need a reason. Refused where the month has no approved figure."""
    lock_county(county.pk)
    here = {"county": county.pk, "month": month}
    if not (RollUp.objects.filter(**here).exists() or Evaluation.objects.filter(**here).exists()):
        raise Refused(_("%(month)s 还没有审核过的数，不能发布。") % {"month": months.label(month)})
    last = PublishedMonth.objects.filter(county=county)
    version = (last.filter(month=month).aggregate(top=Max("version"))["top"] or 0) + 1
    if version > 1 and len(reason.strip()) < 5:
        raise Refused(_("再次发布须写明理由，至少 5 个字。"))
    _fix_bases(county, month)
    evidence = _evidence(county.pk, month)
    installation = current()
    release = PublishedMonth.objects.create(
        county=county,
        month=month,
        version=version,
        sequence=(last.aggregate(top=Max("sequence"))["top"] or 0) + 1,
        at=clock.now(),
        business_date=clock.today(),
        by=by,
        reason=reason.strip(),
        data_version=data_version(county.pk),
        demonstration=installation.demonstration,
        corrections=corrections_since(county, month),
        evidence=evidence,
        sha256=hashlib.sha256(json.dumps(evidence, ensure_ascii=False, sort_keys=True).encode()).hexdigest(),
    )
    _freeze(RollUp, PublishedRollUp, release)
    _freeze(Evaluation, PublishedEvaluation, release)
    splits.freeze(release, Tree(county.pk))
    audit.record(
        "month.publish",
        by=by,
        object=f"{months.iso(month)} v{version}",
        reason=reason,
        detail={"sequence": release.sequence, "sha256": release.sha256},
    )
    raise_data_version(county.pk)
    return release


def _freeze(live, frozen, release: PublishedMonth) -> None:
    """Copy the month's derived rows under the release's version, in one statement."""
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in live._meta.concrete_fields if field.column]
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(frozen._meta.db_table)} ({names}, version) "
            f"SELECT {names}, %s FROM {quote(live._meta.db_table)} WHERE county = %s AND month = %s",
            [release.version, release.county_id, release.month],
        )


def _fix_bases(county: Area, month: int) -> None:
    """Fix the path base of level targets at their first publication (catalogue 1.5c (6)); it never moves by itself."""
    open_targets = Target.objects.filter(
        area=county, base_value__isnull=True, path=PathKind.LINEAR.value, start_month__lte=month
    ).exclude(comparator__in=[Comparator.ABOUT.value, Comparator.NOT_FALL.value, Comparator.DYNAMIC_ZERO.value])
    fixed = []
    known = definitions.load(county.pk)
    version_of = {version.reading_id: version for version in known.versions}
    for target in open_targets.select_related("reading"):
        version = version_of.get(target.reading_id)
        if version is None or evaluate.goal_of(target, version).cumulative:
            continue
        first = (
            Evaluation.objects.filter(
                county=county.pk,
                area=county.pk,
                indicator=target.reading.indicator_id,
                reading=target.reading.number,
                month__lte=month,
                value__isnull=False,
                state=0,
            )
            .extra(where=["reported = expected"])
            .order_by("month")
            .first()
        )
        if first is not None:
            target.base_value, target.base_month = first.value, first.month
            fixed.append(target)
    Target.objects.bulk_update(fixed, ["base_value", "base_month"])
    if fixed:  # paths now begin at the base as fixed, with four decimals
        evaluate.refresh(Tree(county.pk), {target.reading.indicator_id for target in fixed})


def _evidence(county: int, month: int) -> dict:
    """Formulas, targets, parameters and areas as they stand at publication."""
    tree = Tree(county)
    versions = IndicatorVersion.objects.current().filter(from_month__lte=month).select_related("reading__indicator")
    targets = Target.objects.select_related("reading__indicator", "area")
    last = months.last_day(month)
    return {
        "formulas": [
            [
                v.reading.indicator.code,
                v.reading.code,
                v.from_month,
                v.numerator,
                v.denominator,
                v.value,
                str(v.scale),
                v.window,
            ]
            for v in versions
        ],
        "targets": [
            [
                t.reading.indicator.code,
                t.reading.code,
                t.area.code,
                t.start_month,
                t.end_month,
                t.comparator,
                None if t.value is None else str(t.value),
                None if t.tolerance is None else str(t.tolerance),
                t.path,
                None if t.base_value is None else str(t.base_value),
                t.base_month,
            ]
            for t in targets
        ],
        "parameters": [
            [p.code, p.series, str(p.value), p.valid_from.isoformat()]
            for p in Parameter.objects.filter(in_use=True, valid_from__lte=last)
        ],
        "span_totals": [list(span) for span in spans.approved(county, until=month)],
        "areas": [[place.code, place.name, place.kind] for place in tree.valid(month).values()],
        **frozen.evidence(),
    }
