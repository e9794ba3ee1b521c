"""The demonstration's town shares: the main targets from its first month on, all the others before its last release.

Judging all of them month after month would cost `make run` ten seconds and tell nothing more of the last release.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from bureau import months
from bureau.models import Area, User
from bureau.places import Tree
from indicators import definitions, sharing
from indicators.models import Target, TargetRevision
from indicators.sharing import Basis

MAIN = ("A01", "A05a")


def divide(county: Area, month: int, *, main: bool, by: User) -> None:
    """Divide the main targets of the county, or all others that go to towns; the month's population is approved."""
    tree, known = Tree(county.pk), definitions.load(county.pk)
    targets = Target.objects.filter(area=county, reading__official=True).select_related("reading__indicator", "clause")
    of_these = {"reading__indicator__code__in": MAIN}
    targets = targets.filter(**of_these) if main else targets.exclude(**of_these)
    divisions = []
    for target in targets:
        found = sharing.divisible(target, tree, known)
        if not found.why_not:
            basis = Basis.POPULATION if found.adds_up else Basis.SAME
            divisions.append(sharing.propose(target, tree, basis=basis, month=month, definitions=known))
    reason = _("演示数据：按%(month)s末户籍人口分解到镇（街道），比率各镇同一目标") % {"month": months.label(month)}
    sharing.share(divisions, by=by, reason=reason)


def remove() -> None:
    """Take the shares out again, with what is told of them."""
    written = TargetRevision.objects.filter(by__is_demonstration=True)
    Target.objects.filter(pk__in=list(written.filter(kind="added").values_list("of", flat=True))).delete()
    written.delete()
