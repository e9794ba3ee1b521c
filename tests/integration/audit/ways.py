"""Every way the program writes, on the small county: what must stand before, and the act itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.core.management import call_command

from bureau import clock, holidays, months
from bureau.models import Area, Grant, GrantRequest, Handover, Installation, User
from bureau.people import accounts, granting, handover, passwords
from bureau.trail import service
from indicators.entry import adjusting, discarding, importing, periods, workflow
from indicators.entry.layout import CellKey
from indicators.entry.longform import write_long
from indicators.models import Reopening
from indicators.publish import publish
from tasks import completion, officers, papers, progress
from tasks.content import Content
from tests.integration.factories import EAST, START, approved, cells, fill, hand_in, person
from tests.integration.tasks import workplace as work

Role = Grant.Role
JOBS = {(EAST, "D01"): 12, (EAST, "D02"): 2}
WHY = "核对台账后更正"
OCTOBER = months.parse("2016-10")


def world(tiny: SimpleNamespace) -> SimpleNamespace:
    """The small county with work on it and administrators over it."""
    place = work.workplace(tiny)
    place.system = person("xitong", (Role.SYSTEM_ADMINISTRATOR, None))
    place.security = person("anquan", (Role.SECURITY_ADMINISTRATOR, None))
    place.security2 = person("anquan2", (Role.SECURITY_ADMINISTRATOR, None))
    place.checker = person("checker", (Role.TOWN_CHECKER, tiny.areas[EAST]))
    place.newcomer = User.objects.create(username="newcomer", display_name="新同事", unit="东镇")
    return place


@dataclass(frozen=True)
class Way:
    """`prepare` makes what must stand before and hands it to `act`; `records` is how many records the act leaves."""

    prepare: Callable[[SimpleNamespace], Any]
    act: Callable[[SimpleNamespace, Any], Any]
    records: int = 1


def _checked_form(at: SimpleNamespace):
    at.forms["town"].town_check = True
    at.forms["town"].save()
    return hand_in(at, "town", EAST, START, JOBS)


def _two(at: SimpleNamespace) -> list:
    return [hand_in(at, "town", EAST, month, JOBS) for month in (START, START + 1)]


def _asked(at: SimpleNamespace) -> GrantRequest:
    return granting.propose(
        at.newcomer, by=at.security, role=Role.TOWN_CLERK, reason=WHY, area=Area.objects.get(code=EAST)
    )


def _paper(at: SimpleNamespace) -> Handover:
    """The clerk hands over to a newcomer, who has signed; the rights are new to him."""
    paper = handover.start(
        by=at.clerk, giver=at.clerk, receiver=at.newcomer, on=clock.real_day(), grants=list(at.clerk.grants.all())
    )
    return handover.sign(paper, by=at.newcomer)


def _delivered(at: SimpleNamespace):
    return papers.deliver(at.paper, on=date(2016, 5, 1), document="推进计划", by=at.office)


def _closed(at: SimpleNamespace) -> User:
    User.objects.filter(pk=at.colleague.pk).update(unit="东镇")
    return accounts.disable(at.colleague, by=at.system, reason=WHY)


def _asked_for_late_entry(at: SimpleNamespace) -> Reopening:
    """Live since 2016-10, whose forms closed in November; it is 2017-02-03."""
    Installation.objects.update(go_live_month=OCTOBER)
    return periods.ask(at.forms["town"], at.areas[EAST], OCTOBER, by=at.clerk, reason=WHY, expires_on=date(2017, 2, 6))


def _late(at: SimpleNamespace) -> None:
    Installation.objects.update(go_live_month=OCTOBER)


def _none(at: SimpleNamespace) -> None:
    return None


WAYS: dict[str, Way] = {
    "save a sheet": Way(
        lambda at: fill(at, "town", EAST, START, JOBS),
        lambda at, sheet: workflow.save(sheet, cells(at, {(EAST, "D01"): 9}), by=at.colleague, source="grid"),
    ),
    "import a long form": Way(
        lambda at: importing.read(write_long([(EAST, "D01", "", months.iso(START), "9")]), "长表.csv", by=at.clerk),
        lambda at, kept: importing.confirm(kept, by=at.clerk),
    ),
    "throw away old imports": Way(
        lambda at: importing.read(write_long([(EAST, "D01", "", months.iso(START), "9")]), "长表.csv", by=at.clerk),
        lambda at, _: discarding.discard(days=-1),
    ),
    "submit": Way(
        lambda at: fill(at, "town", EAST, START, JOBS), lambda at, sheet: workflow.submit(sheet, by=at.clerk)
    ),
    "withdraw": Way(
        lambda at: hand_in(at, "town", EAST, START, JOBS), lambda at, sheet: workflow.withdraw(sheet, by=at.clerk)
    ),
    "check in the town": Way(_checked_form, lambda at, sheet: workflow.town_check(sheet, by=at.checker)),
    "return": Way(
        lambda at: hand_in(at, "town", EAST, START, JOBS),
        lambda at, sheet: workflow.return_(sheet, by=at.reviewer, reason=WHY),
    ),
    "adjust": Way(
        lambda at: hand_in(at, "town", EAST, START, JOBS),
        lambda at, sheet: adjusting.add(sheet, CellKey(EAST, "D01"), Decimal(-1), by=at.reviewer, reason=WHY),
    ),
    "approve": Way(
        lambda at: hand_in(at, "town", EAST, START, JOBS), lambda at, sheet: workflow.approve(sheet, by=at.reviewer)
    ),
    "approve many": Way(_two, lambda at, sheets: workflow.approve_all(sheets, by=at.reviewer)),
    "correct": Way(
        lambda at: approved(at, "town", EAST, START, JOBS),
        lambda at, sheet: workflow.correct(sheet, by=at.clerk, reason=WHY),
    ),
    "take back": Way(
        lambda at: approved(at, "town", EAST, START, JOBS),
        lambda at, sheet: workflow.take_back(sheet, by=at.reviewer, reason=WHY),
        records=2,  # the step, and the figures it deletes
    ),
    "publish": Way(
        lambda at: approved(at, "town", EAST, START, JOBS),
        lambda at, _: publish(at.county, START, by=at.office, reason="第一次发布"),
    ),
    "rebuild": Way(
        lambda at: approved(at, "town", EAST, START, JOBS), lambda at, _: call_command("rebuild", verbosity=0)
    ),
    "ask for late entry": Way(_late, lambda at, _: _asked_for_late_entry(at)),
    "grant late entry": Way(
        _asked_for_late_entry, lambda at, asked: periods.decide(asked, by=at.reviewer, grant=True, reason=WHY)
    ),
    "refuse late entry": Way(
        _asked_for_late_entry, lambda at, asked: periods.decide(asked, by=at.office, grant=False, reason=WHY)
    ),
    "withdraw a request for late entry": Way(
        _asked_for_late_entry, lambda at, asked: periods.withdraw(asked, by=at.clerk)
    ),
    "replace a year's holidays": Way(
        _none,
        lambda at, _: holidays.replace(
            2017, [holidays.Day(date(2017, 10, 2), False, "国庆节")], by=at.office, reason=WHY
        ),
    ),
    "complete a project": Way(_none, lambda at, _: completion.complete(at.project, date(2016, 12, 31), by=at.reviewer)),
    "reopen a project": Way(
        lambda at: completion.complete(at.project, date(2016, 12, 31), by=at.reviewer),
        lambda at, _: completion.reopen(at.project, 80, by=at.reviewer, reason=WHY),
    ),
    "save a progress report": Way(
        _none,
        lambda at, _: progress.save(at.task, work.JANUARY, Content(40, done="推进了一步"), by=at.writer),
    ),
    "submit a progress report": Way(
        lambda at: work.written(at, at.task, work.JANUARY, 40),
        lambda at, report: progress.submit(report, by=at.writer),
    ),
    "withdraw a progress report": Way(
        lambda at: work.handed_in(at, at.task, work.JANUARY, 40),
        lambda at, report: progress.withdraw(report, by=at.writer),
    ),
    "return a progress report": Way(
        lambda at: work.handed_in(at, at.task, work.JANUARY, 40),
        lambda at, report: progress.return_(report, by=at.reviewer, reason=WHY),
    ),
    "approve a progress report": Way(
        lambda at: work.handed_in(at, at.task, work.JANUARY, 40),
        lambda at, report: progress.approve(report, by=at.reviewer),
    ),
    "take a progress report back": Way(
        lambda at: work.approved(at, at.task, work.JANUARY, 40),
        lambda at, report: progress.take_back(report, by=at.reviewer, reason=WHY),
    ),
    "name an officer": Way(_none, lambda at, _: officers.set_officer(at.task, at.writer, by=at.reviewer)),
    "enter a paper": Way(_none, lambda at, _: _delivered(at)),
    "take a paper back": Way(_delivered, lambda at, paper: papers.take_back(paper, by=at.office, reason=WHY)),
    "make an account": Way(
        _none, lambda at, _: accounts.create(by=at.system, username="lu.min", display_name="陆敏", unit="百步镇")
    ),
    "edit an account": Way(
        lambda at: accounts.state_of(at.newcomer),
        lambda at, seen: accounts.edit(
            at.newcomer, by=at.system, seen=seen, display_name="陆敏", unit="西镇", expires_on=None
        ),
    ),
    "disable an account": Way(_none, lambda at, _: accounts.disable(at.newcomer, by=at.system, reason=WHY)),
    "enable an account": Way(_closed, lambda at, user: accounts.enable(user, by=at.security)),
    "reset a password": Way(_none, lambda at, _: accounts.give_password(at.newcomer, by=at.system)),
    "change one's password": Way(_none, lambda at, _: passwords.change(at.newcomer, "Vivid-Otter#4172")),
    "propose a grant": Way(_none, lambda at, _: _asked(at)),
    "sign a grant": Way(_asked, lambda at, asked: granting.sign(asked, by=at.system)),
    "refuse a grant": Way(_asked, lambda at, asked: granting.refuse(asked, by=at.system, reason=WHY)),
    "withdraw a proposed grant": Way(_asked, lambda at, asked: granting.withdraw(asked, by=at.security)),
    "end a grant": Way(
        lambda at: at.colleague.grants.get(), lambda at, grant: granting.end(grant, by=at.security, reason=WHY)
    ),
    "start a hand-over": Way(
        _none,
        lambda at, _: handover.start(
            by=at.clerk, giver=at.clerk, receiver=at.newcomer, on=clock.real_day(), grants=list(at.clerk.grants.all())
        ),
    ),
    "sign a hand-over": Way(
        lambda at: handover.start(
            by=at.clerk, giver=at.clerk, receiver=at.newcomer, on=clock.real_day(), grants=list(at.clerk.grants.all())
        ),
        lambda at, paper: handover.sign(paper, by=at.newcomer),
    ),
    "confirm a hand-over": Way(_paper, lambda at, paper: handover.confirm(paper, by=at.security), records=2),  # done
    "refuse a hand-over": Way(_paper, lambda at, paper: handover.refuse(paper, by=at.security, reason=WHY)),
    "withdraw a hand-over": Way(_paper, lambda at, paper: handover.withdraw(paper, by=at.clerk)),
    "start the service": Way(_none, lambda at, _: service.started("127.0.0.1:8000")),
    "stop the service": Way(_none, lambda at, _: service.stopped("127.0.0.1:8000")),
}
"""What is done from pages only (settings, signing in) has the same test beside its own."""
