"""The only writers of promises to clear (清零承诺): one row a place and indicator, the earlier ones on the audit trail.

Each is one transaction that locks the county first and writes its audit record; who may call is tasks/access.py's.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.installation import county, lock_county, raise_data_version
from bureau.models import Area, User
from indicators.models import Indicator
from tasks.models import ClearingPromise
from tasks.rules import Conflict, Refused, reason_of


@transaction.atomic
def promise(
    indicator: Indicator, area: Area, *, on: date, owner: str, reason: str, by: User, seen: str | None = None
) -> ClearingPromise:
    """Say by when the place will be done, who answers for it and why it is not; `seen` is the mark of what one saw."""
    here = county()
    lock_county(here.pk)
    standing = _standing(indicator, area, seen)
    owner, reason = owner.strip(), reason_of(reason)
    if not owner:
        raise Refused(_("请写责任人。"))
    if on < clock.today():
        raise Refused(_("承诺日期不能早于今天。"))
    before = _told(standing)
    found = standing or ClearingPromise(county=here, indicator=indicator, area=area)
    found.promised_on, found.owner, found.reason = on, owner, reason
    if _told(found) == before:
        return found
    found.by, found.at = by, clock.now()
    found.save()
    audit.record("promise.set", by=by, object=_object(found), detail={"old": before, "new": _told(found)})
    raise_data_version(here.pk)
    return found


@transaction.atomic
def withdraw(indicator: Indicator, area: Area, *, by: User, why: str, seen: str | None = None) -> None:
    """Take a promise back, with the reason; the record keeps what was promised."""
    here = county()
    lock_county(here.pk)
    standing = _standing(indicator, area, seen)
    if standing is None:
        raise Refused(_("这里还没有登记承诺。"))
    detail = {"old": _told(standing)}
    audit.record("promise.withdraw", by=by, object=_object(standing), reason=reason_of(why), detail=detail)
    standing.delete()
    raise_data_version(here.pk)


def mark(found: ClearingPromise | None) -> str:
    """What stands now, in short: two people's forms are told apart by it."""
    return found.at.isoformat() if found else ""


def standing_at(indicator: Indicator, area: Area) -> ClearingPromise | None:
    return ClearingPromise.objects.select_related("by").filter(indicator=indicator, area=area).first()


def _standing(indicator: Indicator, area: Area, seen: str | None) -> ClearingPromise | None:
    found = standing_at(indicator, area)
    if seen is not None and seen != mark(found):
        raise Conflict(_("这条承诺已被他人修改，没有保存。"))
    return found


def _told(found: ClearingPromise | None) -> list[str]:
    return [found.promised_on.isoformat(), found.owner, found.reason] if found else []


def _object(found: ClearingPromise) -> str:
    return f"{found.indicator.code} {found.area.code}"
