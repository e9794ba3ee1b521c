"""The sign-in page's facts: how many core indicators, works and villages there are, and the last month released."""

from __future__ import annotations

from django.db.models import Max
from django.utils.translation import gettext as _

from bureau import clock, installation, months
from bureau.people.front import Fact
from bureau.places import count_by_level
from indicators.models import Indicator, PublishedMonth
from tasks.models import Project, Task


def facts() -> list[Fact]:
    """Five queries; nothing before the plan is loaded."""
    here = installation.current()
    if here is None:
        return []
    villages = count_by_level(here.county_id, months.of(clock.today_in(here))).get("village", 0)
    last = PublishedMonth.objects.filter(county=here.county_id).aggregate(last=Max("month"))["last"]
    found = [
        Fact(_("%(n)d 项") % {"n": Indicator.objects.filter(core=True).count()}, _("核心指标")),
        Fact(_("%(n)d 项") % {"n": Task.objects.count() + Project.objects.count()}, _("任务与重点项目")),
        Fact(_("%(n)d 个") % {"n": villages}, _("村（社区）填报")),
    ]
    return found if last is None else [*found, Fact(months.label(last), _("最新发布月"))]
