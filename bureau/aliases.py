"""Other spellings of places (区划别名): those kept, and keeping those a person has confirmed, with their records."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import amend, audit, clock, installation
from bureau.models import AreaAlias, User

Spelling = tuple[str, str]  # as names.plain_name gives it; code of the town it is written in, or ''


def kept(county: int) -> dict[Spelling, str]:
    """Every kept spelling → the code of its place."""
    rows = AreaAlias.objects.filter(county=county).values_list("text", "within__code", "area__code")
    return {(text, within or ""): code for text, within, code in rows}


@transaction.atomic
def confirm(found: Mapping[Spelling, str], ids: Mapping[str, int], *, by: User) -> int:
    """Keep what a person said of these spellings; how many were new or changed. `ids` leads from codes to areas."""
    county = installation.county()
    installation.lock_county(county.pk)
    acts, now = [], clock.now()
    standing = {(one.text, one.within_id): one for one in AreaAlias.objects.filter(county=county)}
    for (text, within), code in sorted(found.items()):
        town, area = ids[within] if within else None, ids[code]
        one = standing.get((text, town))
        if one is not None and one.area_id == area:
            continue
        before = {} if one is None else amend.facts(one)
        one = one or AreaAlias(county=county, text=text, within_id=town)
        one.area_id, one.by, one.at = area, by, now
        one.save()
        one = AreaAlias.objects.get(pk=one.pk)
        changed = amend.Amendment(one, "", before, amend.facts(one), by, "").changed
        act = "setting.change" if before else "setting.add"
        acts.append(audit.Act(act, amend.name_of(one) + str(one), _("导入旧表时确认"), changed))
    audit.record_all(acts, by=by)
    return len(acts)
