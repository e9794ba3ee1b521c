"""The only writers of assessment (考核): begin a period, discard its draft, points by hand, vetoes, freeze.

Each is one transaction that locks the county first and writes its audit record. The office drafts; whoever drafted or
gave points in it does not freeze it (四眼): a colleague of the office or a leader does. What is frozen is never written
again; a mistake found later is mended by another version, with the reason.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock, months
from bureau.installation import county, current, lock_county, raise_data_version
from bureau.models import Area, Section, User
from indicators.deadlines import Step
from indicators.due import Dates
from tasks.assessment import kept, results
from tasks.models import Assessment, AssessmentLine, Criterion, ManualPoint, Scheme, Veto
from tasks.models.assessment import MOST_BY_HAND
from tasks.rules import Conflict, Refused, reason_of

State = Assessment.State
LONGEST = 12


@transaction.atomic
def begin(scheme: Scheme, first: int, last: int, *, by: User, reason: str = "") -> Assessment:
    """Draft a period; one that was frozen is assessed again only with the reason, as its next version."""
    here = county()
    lock_county(here.pk)
    if not scheme.in_use or scheme.from_year > months.year(first):
        raise Refused(_("这个方案在这个考核期不适用。"))
    if not 0 <= last - first < LONGEST:
        raise Refused(_("考核期最短一个月，最长一年。"))
    if first > months.of(clock.today()):
        raise Refused(_("考核期还没有开始。"))
    same = list(Assessment.objects.filter(scheme=scheme, first_month=first, last_month=last).order_by("-version"))
    if same and not same[0].frozen:
        raise Refused(_("这个考核期已有草稿。"))
    version = same[0].version + 1 if same else 1
    found = Assessment.objects.create(
        scheme=scheme, first_month=first, last_month=last, version=version, by=by, at=clock.now(),
        reason=reason_of(reason) if same else "",
    )  # fmt: skip
    return _recorded(found, "assessment.begin", by, reason=found.reason)


@transaction.atomic
def discard(assessment: Assessment, *, why: str, by: User) -> None:
    """Throw a draft away, with what was given by hand in it; the record keeps the reason."""
    found = _draft(assessment)
    given = {"by_hand": found.by_hand.count(), "vetoes": found.vetoes.count()}
    audit.record("assessment.discard", by=by, object=name_of(found), reason=reason_of(why), detail=given)
    county_id = found.scheme.county_id
    found.delete()
    raise_data_version(county_id)


@transaction.atomic
def give(
    assessment: Assessment,
    owner: Section | Area,
    points: Decimal,
    reason: str,
    *,
    by: User,
    about: Criterion | None = None,
) -> ManualPoint:
    """Add points by hand, or take them, with the reason; all of an owner's within what the scheme allows."""
    found = _draft(assessment)
    reason = reason_of(reason)
    criterion = found.scheme.criteria.filter(kind=Criterion.Kind.MANUAL).first()
    if criterion is None:
        raise Refused(_("这个方案没有加减分项。"))
    _must_fit(found, owner, about)
    cap = min(criterion.cap, MOST_BY_HAND)
    if points != round(points, 2):
        raise Refused(_("分数最多两位小数。"))
    standing = sum((one.points for one in found.by_hand.filter(**_key(owner))), Decimal(0))
    if not points or abs(standing + points) > cap:
        words = {"n": f"{cap.normalize():f}", "m": f"{standing.normalize():f}"}
        raise Refused(_("加减分合计不超过 %(n)s 分，也不能是 0；已有 %(m)s 分。") % words)
    made = ManualPoint.objects.create(
        assessment=found, criterion=about, points=points, reason=reason, by=by, at=clock.now(), **_key(owner)
    )
    told = {"owner": owner.code, "points": f"{points.normalize():f}"}
    _recorded(found, "assessment.give", by, reason=reason, detail=told)
    return made


@transaction.atomic
def take_back(point: ManualPoint, *, why: str, by: User) -> None:
    """Strike points given by hand, with the reason; the record keeps what they were."""
    found = _draft(point.assessment)
    if not found.by_hand.filter(pk=point.pk).exists():
        raise Conflict(_("这一笔已被他人撤销。"))
    told = {"owner": _owner(point), "points": f"{point.points.normalize():f}", "reason": point.reason}
    point.delete()
    _recorded(found, "assessment.take_back", by, reason=reason_of(why), detail=told)


@transaction.atomic
def veto(assessment: Assessment, owner: Section | Area, criterion: Criterion, reason: str, *, by: User) -> Veto:
    """Refuse an owner every grade (一票否决) for a criterion that allows it, with the reason."""
    found = _draft(assessment)
    reason = reason_of(reason)
    _must_fit(found, owner, criterion)
    if not criterion.veto:
        raise Refused(_("“%(c)s”不是一票否决项。") % {"c": criterion.name})
    if found.vetoes.filter(**_key(owner)).exists():
        raise Conflict(_("已经一票否决。"))
    made = Veto.objects.create(
        assessment=found, criterion=criterion, reason=reason, by=by, at=clock.now(), **_key(owner)
    )
    _recorded(found, "assessment.veto", by, reason=reason, detail={"owner": owner.code, "criterion": criterion.code})
    return made


@transaction.atomic
def lift(standing: Veto, *, why: str, by: User) -> None:
    """Take a veto back, with the reason."""
    found = _draft(standing.assessment)
    if not found.vetoes.filter(pk=standing.pk).exists():
        raise Conflict(_("一票否决已被他人撤销。"))
    told = {"owner": _owner(standing), "reason": standing.reason}
    standing.delete()
    _recorded(found, "assessment.lift", by, reason=reason_of(why), detail=told)


@transaction.atomic
def freeze(assessment: Assessment, *, by: User, seen: str | None = None) -> Assessment:
    """Fix a draft for ever, as it is computed now; `seen` is the mark of what one looked at (Conflict otherwise).

    Refused before the period is over, its last month released and due; and to whoever drafted it or gave points in it.
    """
    found = _draft(assessment)
    here = current()
    assert here is not None  # the county stands
    why_not = refusal(found, by)
    if why_not:
        raise Refused(why_not)
    result = results.computed(found, here)
    if seen is not None and seen != kept.digest(result):
        raise Conflict(_("打开之后结果有变动，请重新核对后再定稿。"))
    if result.release is None or result.release.month != found.last_month:
        raise Refused(_("%(m)s还没有发布，不能定稿。") % {"m": months.label(found.last_month)})
    found.state, found.release = State.FROZEN, result.release
    found.frozen_by, found.frozen_at, found.frozen_on = by, clock.now(), clock.today()
    found.result = kept.as_json(result)
    found.save()
    AssessmentLine.objects.bulk_create(kept.rows(found, result))
    told = {"release": f"{months.iso(result.release.month)} v{result.release.version}", "mark": kept.digest(result)}
    return _recorded(found, "assessment.freeze", by, detail=told)


def refusal(found: Assessment, by: User) -> str:
    """Why this person may not freeze this draft today; empty where he may, as far as it can be told without figures."""
    here = current()
    if found.by_id == by.pk or found.by_hand.filter(by=by).exists() or found.vetoes.filter(by=by).exists():
        return _("拟稿、加减分和一票否决的人不能定稿，须由他人定稿。")
    if here is None or clock.today_in(here) < months.first_day(found.last_month + 1):
        return _("考核期还没有结束，不能定稿。")
    dates = Dates.of(here)
    if not dates.is_back_fill(found.last_month) and not dates.due(found.last_month)[Step.TOWN].passed(dates.now):
        return _("%(m)s的报送期限还没有过，不能定稿。") % {"m": months.label(found.last_month)}
    return ""


def name_of(assessment: Assessment) -> str:
    """'towns 2017-01–2017-06 v1', as audit records name a period."""
    first, last = months.iso(assessment.first_month), months.iso(assessment.last_month)
    return f"{assessment.scheme.code} {first}–{last} v{assessment.version}"


def _draft(assessment: Assessment) -> Assessment:
    lock_county(county().pk)
    found = Assessment.objects.select_related("scheme").filter(pk=assessment.pk).first()
    if found is None:
        raise Conflict(_("这份草稿已被他人撤销。"))
    if found.frozen:
        raise Refused(_("已定稿的考核不能再改；有误须重新考核，另立版次。"))
    return found


def _must_fit(assessment: Assessment, owner: Section | Area, criterion: Criterion | None) -> None:
    towns = assessment.scheme.of == Scheme.Of.TOWNS
    if towns != isinstance(owner, Area):
        raise Refused(_("这个考核不包括这个单位。"))
    if criterion is not None and criterion.scheme_id != assessment.scheme_id:
        raise Refused(_("这个考核没有这一项。"))


def _key(owner: Section | Area) -> dict[str, Section | Area]:
    return {"town" if isinstance(owner, Area) else "section": owner}


def _owner(row: ManualPoint | Veto) -> str:
    found = row.section or row.town
    return found.code if found else ""


def _recorded(found: Assessment, act: str, by: User, *, reason: str = "", detail: dict | None = None) -> Assessment:
    audit.record(act, by=by, object=name_of(found), reason=reason, detail=detail)
    raise_data_version(found.scheme.county_id)
    return found
