"""The dates of an installation's months, read from its tables: rules, holidays, go-live; and how pages tell them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property

from django.utils.translation import gettext as _

from bureau import clock, holidays, months
from bureau.models import Installation
from bureau.workdays import Workdays
from indicators import deadlines
from indicators.deadlines import Deadline, Due, Rule, Step
from indicators.models import DeadlineRule

_EVER = (date(holidays.FIRST_YEAR, 1, 1), date(holidays.LAST_YEAR, 12, 31))


class Dates:
    """Every month's dates by the tables as they stand, with the business clock's now; two queries, when first asked."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.now: datetime = clock.moment_in(installation)
        self._due: dict[int, Due] = {}

    @classmethod
    def of(cls, installation: Installation) -> Dates:
        """Read once an installation object, which lives as long as a request."""
        kept = getattr(installation, "_dates", None)
        if kept is None:
            kept = installation._dates = cls(installation)  # type: ignore[attr-defined]
        return kept

    @cached_property
    def workdays(self) -> Workdays:
        return holidays.read(*_EVER)

    @cached_property
    def _rules(self) -> list[Rule]:
        rows = DeadlineRule.objects.values_list(
            "village_day", "town_day", "review_day", "bulletin_day", "at", "open_workdays", "from_month"
        )
        return [Rule(*row) for row in rows]

    @property
    def today(self) -> date:
        return self.now.date()

    def due(self, month: int) -> Due:
        if month not in self._due:
            self._due[month] = deadlines.of_month(month, self.workdays, deadlines.rule_for(self._rules, month))
        return self._due[month]

    def is_back_fill(self, month: int) -> bool:
        """Is `month` before go-live (补录)?"""
        first = self.installation.go_live_month
        return first is not None and month < first

    def closes(self, month: int) -> bool:
        """Does entry of the month ever close? Not before go-live, nor while no month of going live is set."""
        first = self.installation.go_live_month
        return first is not None and month >= first

    def overdue(self, month: int, step: Step = Step.TOWN) -> bool:
        return not self.is_back_fill(month) and self.due(month)[step].passed(self.now)

    def is_soon(self, month: int, step: Step) -> bool:
        """Is it due today or on the next workday?"""
        return deadlines.due_soon(self.due(month)[step], self.now, self.workdays)

    def text(self, month: int, step: Step = Step.TOWN) -> str:
        """'截止 10 月 9 日（周日）17:00，还有 1 天；5 日逢国庆节，顺延'."""
        if self.is_back_fill(month):
            return _("补录月份，不计逾期")
        deadline = self.due(month)[step]
        said = {"when": self.when(deadline.moment), "left": self.left(deadline)}
        moved = self.moved(deadline)
        if moved:
            return _("截止 %(when)s，%(left)s；%(moved)s") % {**said, "moved": moved}
        return _("截止 %(when)s，%(left)s") % said

    def when(self, moment: datetime) -> str:
        """'10 月 9 日（周日）17:00'; with the year where it is not this one."""
        here = moment.astimezone(deadlines.SHANGHAI)
        return f"{self.day(here.date())}{here:%H:%M}"

    def day(self, day: date) -> str:
        """'10 月 9 日（周日）'."""
        parts = {"y": day.year, "m": day.month, "d": day.day, "w": weekday(day)}
        if day.year == self.today.year:
            return _("%(m)d 月 %(d)d 日（%(w)s）") % parts
        return _("%(y)d 年 %(m)d 月 %(d)d 日（%(w)s）") % parts

    def left(self, deadline: Deadline) -> str:
        days = deadline.days_left(self.today)
        if deadline.passed(self.now):
            return _("已过 %(n)d 天") % {"n": -days} if days < 0 else _("今天已过")
        return _("还有 %(n)d 天") % {"n": days} if days else _("今天截止")

    def moved(self, deadline: Deadline) -> str:
        """Why the day is not the plain one; '' where it is."""
        if deadline.day == deadline.planned:
            return ""
        day = {"d": deadline.planned.day}
        if self.workdays.is_workday(deadline.planned):
            return _("%(d)d 日须在上一步之后，顺延") % day
        name = self.workdays.name(deadline.planned)
        if not name:
            return _("%(d)d 日逢周末，顺延") % day
        if name == holidays.REST:
            return _("%(d)d 日逢调休，顺延") % day
        return _("%(d)d 日逢%(name)s，顺延") % {**day, "name": name}


def weekday(day: date) -> str:
    """'周日', in English 'Sun'."""
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return names[day.weekday()]


def due_month(today: date) -> int:
    """The month being entered: the one before the business date's."""
    return months.of(today) - 1
