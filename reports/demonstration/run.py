"""Fills an empty installation with the demonstration through the ordinary writers; it then stands at 2017-08-09.

Each month is a transaction of its own: handed in by the clerks, approved by the sections' reviewers, released as on
the 15th of the month after it. What was broken off is cleared by the next try.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, bulk, installation, months
from bureau.models import Area, Installation, User
from bureau.places import Tree
from indicators.models import Submission
from indicators.publish import publish
from reports.demonstration import assessment, current, meeting, people, removal, reports, shares, slips, work
from reports.demonstration.cells import Cell, Month
from reports.demonstration.entering import Entering, county_of
from reports.demonstration.figures import SEED, generate
from reports.demonstration.places import FIRST, LAST
from reports.demonstration.stage import BEGUN, FILLED, stage

BUSINESS_DATE = date(2017, 8, 9)
GO_LIVE = months.make(2017, 7)
RELEASED = LAST - FIRST  # months from 2015-01 to 2017-06
RELEASE_DAY = 15

# 百步镇 counted twenty people of February again in March 2017; found and corrected in May, after both releases.
CORRECTED = ("330424102", "D01", "")
CORRECTED_MONTH, CORRECTED_BEFORE = months.make(2017, 3), months.make(2017, 5)
TOO_MANY = 20
REASON = "核对就业登记台账，3月重复计入2月已登记的20人，予以核减。"

Say = Callable[[str], None]


def why_not() -> str:
    """Why the demonstration may not be filled in here; empty where it may."""
    if Installation.objects.first() is None:
        return _("还没有载入方案，请先运行 manage.py loadplan。")
    if stage() == BEGUN and not removal.entries_of_others():
        return ""
    if Submission.objects.exists():
        return _("数据库里已有报表，演示数据只能装入空库。")
    if User.objects.exclude(username__startswith=removal.RETIRED).exists():
        return _("数据库里已有账号，演示数据只能装入空库。")
    return ""


def fill(*, seed: int = SEED, count: int = RELEASED, say: Say = lambda text: None) -> None:
    """Fill in the last `count` months up to 2017-06, and July as far as it is. `say` hears of each step."""
    if stage() == BEGUN:
        removal.remove()
    here = Installation.objects.select_related("county").get()
    tree = Tree(here.county_id)
    acting, passwords = _begin(tree)
    say("accounts, tasks, projects")
    cells = generate(county_of(tree), seed)
    say("figures worked out")
    entering, first = Entering(tree, acting), LAST - count
    for month in range(first, LAST):
        with bulk.at_a_stretch():
            _one_month(entering, here.county, cells, first, month)
        say(months.iso(month))
    with transaction.atomic():
        current.enter(entering, LAST, entering.sheets(LAST, cells[LAST]))
        slips.press(acting)
        reports.report(acting)
        Installation.objects.update(business_date=BUSINESS_DATE)
        assessment.draft(acting)
        people.write_file(passwords)
        audit.record(FILLED, by=None, object=str(seed), detail={"months": count})
        installation.raise_data_version(here.county_id)
    say(f"{months.iso(LAST)}, under way")


@transaction.atomic
def _begin(tree: Tree) -> tuple[people.People, str]:
    """Mark the installation as a demonstration; make the accounts and report on tasks and projects."""
    audit.record(BEGUN, by=None)
    Installation.objects.update(demonstration=True, go_live_month=GO_LIVE, business_date=BUSINESS_DATE)
    acting, passwords = people.create({tree.codes[area]: name for area, name in tree.names.items()})
    work.report(acting)
    return acting, passwords


@transaction.atomic
def _one_month(entering: Entering, county: Area, cells: dict[int, Month], first: int, month: int) -> None:
    """Enter, approve and release a month, and meet on it; the correction comes just before the release of May 2017."""
    corrects = first <= CORRECTED_MONTH
    typed = _as_first_typed(month, cells[month]) if corrects else cells[month]
    entering.approve(entering.hand_in_all(month, entering.sheets(month, typed)))
    if corrects and month == CORRECTED_BEFORE:
        value = cells[CORRECTED_MONTH][CORRECTED].value
        entering.correct(CORRECTED, CORRECTED_MONTH, value or Decimal(0), reason=REASON)
    day = months.first_day(month + 1).replace(day=RELEASE_DAY)
    Installation.objects.update(business_date=day)
    for at, main in ((first, True), (LAST - 1, False)):
        if month == at:
            shares.divide(county, month, main=main, by=entering.people.office)
    publish(county, month, by=entering.people.office)
    meeting.meet(month, entering.people)
    assessment.assess(month, entering.people)


def _as_first_typed(month: int, cells: Month) -> Month:
    """The month as it was before the correction."""
    if month != CORRECTED_MONTH:
        return cells
    return cells | {CORRECTED: Cell((cells[CORRECTED].value or Decimal(0)) + TOO_MANY)}
