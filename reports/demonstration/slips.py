"""Supervision slips of the demonstration, by the ordinary writers, as they stand on 2017-08-09: one in each state.

Three come from meetings' decisions (one struck off, so that its decision waits to be closed; one sent back; one for
which a town asks a later day), two from the leading group (one overdue, one answered), the others from the rules.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.core.files.uploadedfile import SimpleUploadedFile

from bureau.installation import current
from bureau.models import Area, Installation, User
from reports.demonstration.people import People
from tasks import evidence
from tasks.models import Decision, Slip, Task
from tasks.slips import raising, supervision
from tasks.slips.supervision import Wanted

Origin = Slip.Origin
HEALTH, JOBS, OFFICE, WUYUAN = "yb", "jyj", "bgs", "330424001"
Done = TypeVar("Done")
PAPER = b"%PDF-1.4\n%demonstration\n"


def press(people: People) -> None:
    """Take every slip as far as it is, each step on the business date it was done on; that date is left behind."""
    _named_lists(people)
    _stations(people)
    _overdue_task(people)
    _on(date(2017, 7, 17), _by_rule)
    for slip in Slip.objects.filter(origin=Origin.LIGHT):
        _assigned(slip, people, date(2017, 7, 18))
    _employment_rate(people)
    _experience(people)
    _on(date(2017, 8, 9), _by_rule)
    twice = Slip.objects.filter(origin=Origin.MILESTONE, task__code="T10").first()
    if twice is not None:
        supervision.drop(twice, why="已由领导小组督办，不重复立项。", by=people.office, seen=twice.version)


def _named_lists(people: People) -> None:
    """Done with: answered with a file, concluded by the section's reviewer, struck off."""
    slip = _of_decision(
        people, "医保科核对", date(2017, 6, 15), date(2017, 7, 14), "逐镇核对名单，漏发的7月上旬补发到位，附核对表。"
    )
    if slip is None:
        return
    clerk, reviewer = people.section_clerks[HEALTH], people.reviewers[HEALTH]
    slip = _accepted(slip, clerk, date(2017, 6, 19))
    slip = _answered(slip, clerk, date(2017, 7, 10), "已与民政名单逐户核对，漏发31户，7月7日全部补发。", "核对表.pdf")
    verdict = "名单已核对，漏发已补，同意销号。"
    found = _on(date(2017, 7, 12), lambda: supervision.conclude(slip, verdict=verdict, **_by(slip, reviewer)))
    _on(date(2017, 7, 13), lambda: supervision.strike_off(found, **_by(found, people.office)))


def _stations(people: People) -> None:
    """A town works on it and asks for a later day."""
    limit, clerk = date(2017, 8, 11), people.town_clerks[WUYUAN]
    slip = _of_decision(
        people, "武原街道补齐", date(2017, 6, 15), limit, "落实场地，补齐电商服务站，每半月报一次进度。"
    )
    if slip is not None:
        slip = _accepted(slip, clerk, date(2017, 6, 20))
        reason = "两个社区的场地8月20日才能交付。"
        _on(
            date(2017, 8, 4),
            lambda: supervision.ask_extension(slip, until=date(2017, 8, 31), reason=reason, by=clerk),
        )


def _overdue_task(people: People) -> None:
    """Nothing was heard before the time limit."""
    task = Task.objects.select_related("lead").get(code="T10")
    wanted = Wanted(
        subject="加快农村电商创业任务收尾",
        basis="T10 农村电商创业应于 2017-06-30 完成，至 7 月初进度 88%。依据方案四(二)2。",
        requirement="一个月内完成验收；不能完成的，说明原因和新的完成日期。",
        owner=task.lead,
        due_on=date(2017, 8, 4),
        work=task,
    )
    _accepted(_pressed(people, wanted, date(2017, 7, 5)), people.section_clerks[JOBS], date(2017, 7, 6))


def _employment_rate(people: People) -> None:
    """Answered, sent back because something was wanting, to be answered again."""
    slip = _of_decision(
        people, "就业局督促", date(2017, 7, 17), date(2017, 8, 11), "逐村催报，列出未报名单和补报时间。"
    )
    if slip is None:
        return
    clerk, reviewer = people.section_clerks[JOBS], people.reviewers[JOBS]
    slip = _accepted(slip, clerk, date(2017, 7, 18))
    slip = _answered(slip, clerk, date(2017, 7, 31), "已电话催报各镇（街道），大部分村已答应补报。", "催报记录.pdf")
    why = "没有列出未报的村和补报时间，请补充名单。"
    _on(
        date(2017, 8, 2),
        lambda: supervision.send_back(slip, why=why, until=date(2017, 8, 15), **_by(slip, reviewer)),
    )


def _experience(people: People) -> None:
    """Answered, waits to be looked at."""
    task = Task.objects.select_related("lead").get(code="T32")
    wanted = Wanted(
        subject="拟定总结评估和经验材料的提纲",
        basis="实施阶段6月30日结束，评估总结阶段须形成经验材料（方案五）。",
        requirement="8月10日前报送总结评估提纲和材料分工。",
        owner=task.lead,
        due_on=date(2017, 8, 10),
        work=task,
    )
    clerk = people.section_clerks[OFFICE]
    slip = _accepted(_pressed(people, wanted, date(2017, 7, 18)), clerk, date(2017, 7, 19))
    _answered(slip, clerk, date(2017, 8, 7), "提纲已拟定，分四部分，材料分工到科室，附后。", "总结评估提纲.pdf")


# --- steps ---


def _of_decision(people: People, text: str, day: date, limit: date, requirement: str) -> Slip | None:
    """Raised of the decision that begins so and handed over on the day; None where its meeting was not held."""
    decision = Decision.objects.select_related("section", "town", "indicator").filter(text__startswith=text).first()
    if decision is None:
        return None
    wanted = Wanted(
        subject=decision.text,
        basis=f"{decision.decided_on.isoformat()}会商议定事项 {decision}。",
        requirement=requirement,
        owner=decision.section or Area.objects.get(pk=decision.town_id),
        due_on=limit,
        month=decision.month,
        indicator=decision.indicator,
    )
    return _pressed(people, wanted, day, decision)


def _pressed(people: People, wanted: Wanted, day: date, decision: Decision | None = None) -> Slip:
    origin = Origin.DECISION if decision else Origin.LEADING_GROUP
    slip = _on(day, lambda: supervision.raise_slip(wanted, by=people.office, origin=origin, decision=decision))
    return _assigned(slip, people, day)


def _assigned(slip: Slip, people: People, day: date) -> Slip:
    return _on(day, lambda: supervision.assign(slip, **_by(slip, people.office)))


def _accepted(slip: Slip, clerk: User, day: date) -> Slip:
    return _on(day, lambda: supervision.accept(slip, **_by(slip, clerk)))


def _answered(slip: Slip, clerk: User, day: date, text: str, name: str) -> Slip:
    def act() -> Slip:
        evidence.attach(SimpleUploadedFile(f"演示数据-{name}", PAPER + name.encode()), by=clerk, slip=slip)
        return supervision.answer(slip, text=text, **_by(slip, clerk))

    return _on(day, act)


def _by(slip: Slip, user: User) -> dict:
    return {"by": user, "seen": slip.version}


def _by_rule() -> list[Slip]:
    here = current()
    return raising.raise_due(here) if here is not None else []


def _on(day: date, act: Callable[[], Done]) -> Done:
    Installation.objects.update(business_date=day)
    return act()
