"""The demonstration's town shares: what adds up by the registered population of its first month, rates as they are."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bureau import months
from bureau.models import Area, User
from bureau.places import Tree
from indicators import definitions, sharing
from indicators.models import Target, TargetRevision
from indicators.sharing import Basis

LABEL = "（演示数据）"


def divide(county: Area, month: int, *, by: User) -> int:
    """Divide every official target of the county that goes to towns; how many. The month's population is approved."""
    tree, known = Tree(county.pk), definitions.load(county.pk)
    targets = Target.objects.filter(area=county, reading__official=True).select_related("reading__indicator", "clause")
    divisions = []
    for target in targets:
        found = sharing.divisible(target, tree, known)
        if not found.why_not:
            basis = Basis.POPULATION if found.adds_up else Basis.SAME
            divisions.append(sharing.propose(target, tree, basis=basis, month=month, definitions=known))
    reason = _("按%(month)s末户籍人口分解到镇（街道），比率各镇同一目标") % {"month": months.label(month)}
    sharing.share(divisions, by=by, reason=reason + LABEL)
    return len(divisions)


def remove() -> None:
    """Take the shares out again, with what is told of them."""
    written = TargetRevision.objects.filter(by__is_demonstration=True)
    Target.objects.filter(pk__in=list(written.filter(kind="added").values_list("of", flat=True))).delete()
    written.delete()
