"""Fills an empty installation with the demonstration, in one transaction, through the ordinary writers; 2017-08-09.

Back-filled months are approved a quarter at a time by the sections' reviewers, as a back-fill (补录) would be, and
each is released as on the 15th of the month after it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, installation, months
from bureau.models import AuditEvent, Installation, User
from bureau.places import Tree
from indicators.models import Submission
from indicators.publish import publish
from reports.demonstration import current, people, removal, work
from reports.demonstration.cells import Cell, Month
from reports.demonstration.entering import Entering, county_of
from reports.demonstration.figures import generate
from reports.demonstration.places import FIRST, LAST

BUSINESS_DATE = date(2017, 8, 9)
GO_LIVE = months.make(2017, 7)
RELEASED = LAST - FIRST  # months from 2015-01 to 2017-06
RELEASE_DAY = 15
TOGETHER = 1  # months approved in one act
SEED = 20170630

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
    if Submission.objects.exists():
        return _("数据库里已有报表，演示数据只能装入空库。")
    if User.objects.exclude(username__startswith=removal.RETIRED).exists():
        return _("数据库里已有账号，演示数据只能装入空库。")
    return ""


def was_removed() -> bool:
    """Has a demonstration been removed here? Then it does not come back by itself."""
    return AuditEvent.objects.filter(act=removal.ACT).exists()


def fill(*, seed: int = SEED, count: int = RELEASED, say: Say = lambda text: None) -> None:
    """Fill in the last `count` months up to 2017-06, and July as far as it is; all or nothing. `say` hears of steps."""
    with transaction.atomic():
        here = Installation.objects.select_related("county").get()
        Installation.objects.update(demonstration=True, go_live_month=GO_LIVE, business_date=BUSINESS_DATE)
        tree = Tree(here.county_id)
        acting, passwords = people.create({tree.codes[area]: name for area, name in tree.names.items()})
        say("accounts")
        work.report(acting.office)
        say("tasks and projects")
        cells = generate(county_of(tree), seed)
        say("figures worked out")
        entering = Entering(tree, acting)
        first = LAST - min(max(count, 1), RELEASED)
        _history(entering, here, cells, first, say)
        current.enter(entering, LAST, entering.sheets(LAST, cells[LAST]))
        say(f"{months.iso(LAST)} under way")
        Installation.objects.update(business_date=BUSINESS_DATE)
        audit.record("demonstration.fill", by=None, object=str(seed), detail={"months": LAST - first})
        installation.raise_data_version(here.county_id)
        transaction.on_commit(lambda: people.write_file(passwords))


def _history(entering: Entering, here: Installation, cells: dict[int, Month], first: int, say: Say) -> None:
    """Enter, approve and release the months before July 2017, some at a time."""
    for start in range(first, LAST, TOGETHER):
        together = range(start, min(start + TOGETHER, LAST))
        submitted = []
        for month in together:
            typed = _as_first_typed(month, cells[month]) if first <= CORRECTED_MONTH else cells[month]
            submitted += entering.hand_in_all(month, entering.sheets(month, typed))
        say(f"{months.iso(together[0])} to {months.iso(together[-1])} submitted")
        entering.approve(submitted)
        say("approved")
        for month in together:
            _release(entering, here, cells, first, month)
        say("released")


def _as_first_typed(month: int, cells: Month) -> Month:
    """The month as it was before the correction."""
    if month != CORRECTED_MONTH:
        return cells
    return cells | {CORRECTED: Cell((cells[CORRECTED].value or Decimal(0)) + TOO_MANY)}


def _release(entering: Entering, here: Installation, cells: dict[int, Month], first: int, month: int) -> None:
    """Release a month as on the 15th of the next; the correction comes just before that of May 2017."""
    if month == CORRECTED_BEFORE and first <= CORRECTED_MONTH:
        value = cells[CORRECTED_MONTH][CORRECTED].value
        entering.correct(CORRECTED, CORRECTED_MONTH, value or Decimal(0), reason=REASON)
    day = months.first_day(month + 1).replace(day=RELEASE_DAY)
    Installation.objects.update(business_date=day)
    publish(here.county, month, by=entering.people.office)
