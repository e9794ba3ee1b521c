"""Settings of when forms are due; reopenings (补报) and reminders (催报) to look at."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.administration import ReadOnlyAdmin, SettingsAdmin, month_column
from bureau.reasons import ReasonedForm
from indicators.models import DeadlineRule, Reminder, Reopening
from indicators.models.periods import LAST_DAY

ORDER = ("village_day", "town_day", "review_day", "bulletin_day")
MOST_OPEN = 20


class DeadlineRuleForm(ReasonedForm):
    """Each step after the one before, all within the month."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        days = [(name, cleaned[name]) for name in ORDER if cleaned.get(name) is not None]
        for name, day in days:
            if not 1 <= day <= LAST_DAY:
                self.add_error(name, _("须是 1 至 %(n)d 日。") % {"n": LAST_DAY})
        for (_before, earlier), (name, day) in pairwise(days):
            if day <= earlier:
                self.add_error(name, _("须晚于上一步（%(n)d 日）。") % {"n": earlier})
        if (cleaned.get("open_workdays") or 0) > MOST_OPEN:
            self.add_error("open_workdays", ValidationError(_("最多 %(n)d 个工作日。") % {"n": MOST_OPEN}))
        return cleaned


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(SettingsAdmin):
    """报送期限. Other days from some month on are a new row, so that months before keep what they were judged by."""

    form = DeadlineRuleForm
    fields = ("from_month", *ORDER, "at", "open_workdays")
    fixed = ()
    list_display = (month_column("from_month", gettext_lazy("自哪个月的报表起")), *ORDER, "at", "open_workdays")
    ordering = ("-from_month",)


@admin.register(Reopening)
class ReopeningAdmin(ReadOnlyAdmin):
    """补报申请: who asked, who decided, until when."""

    fields = (
        "form", "place", "month_told", "state", "reason", "expires_on", "asked_by", "asked_at", "decided_by",
        "decided_at", "decision_reason",
    )  # fmt: skip
    readonly_fields = ("month_told",)
    list_display = ("form", "place", "month_told", "state", "expires_on", "asked_by", "decided_by")
    list_filter = ("state",)
    list_select_related = ("form", "place", "asked_by", "decided_by")
    month_told = staticmethod(month_column("month", gettext_lazy("月份")))


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    """催报: to whom, when, how many lines, and why one was not sent."""

    fields = ("user", "on", "lines", "sent_at", "problem")
    list_display = ("on", "user", "lines", "sent_at", "problem")
    list_select_related = ("user",)
