"""Composes the page of a section (科室) and the list of them: indicators and tasks, worst first, what it reviews."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.authorization import Permission, scope
from bureau.language import english, joined, localized
from bureau.models import Section, User
from indicators import listing, pages, wording
from indicators.analysis.kinds import ATTENTION_ORDER, Light
from indicators.entry import workflow
from indicators.models import Submission
from indicators.models.plan import Standing
from indicators.presenters import indicator_row
from indicators.queries import ReadAt
from indicators.shown import Shown
from tasks import queries
from tasks.models import State

LATE = (Light.FAR_BEHIND, Light.BEHIND)
PENDING = (Standing.MEMORY.value, Standing.REC.value)


def headline(section: Section, shown: Sequence[Shown], works: Sequence[dict], today: date) -> list[dict]:
    """The finding: how much it answers for, and how much of it is late."""
    text = _("%(name)s：%(n)d 项指标、%(m)d 项任务与项目") % {
        "name": localized(section),
        "n": len(shown),
        "m": len(works),
    }
    late = [
        _("%(n)d 项指标滞后") % {"n": count} if (count := sum(one.light in LATE for one in shown)) else "",
        _("%(n)d 项任务逾期") % {"n": count} if (count := sum(queries.late(row, today) for row in works)) else "",
    ]
    told = wording.together(late)
    parts = [{"text": text, "tone": ""}]
    return [*parts, {"text": _("，%(late)s") % {"late": told}, "tone": "amber"}] if told else parts


def groups(shown: Sequence[Shown], query: str) -> list[dict]:
    """Core indicators, then monitored ones, each worst first."""
    found = []
    for core, name in ((True, _("核心指标")), (False, _("监测指标"))):
        members = sorted(
            (one for one in shown if one.indicator.core is core),
            key=lambda one: (ATTENTION_ORDER.index(one.light), one.indicator.order),
        )
        if members:
            rows = [indicator_row(one, query) for one in members]
            found.append({"name": name, "clause": "", "tallies": listing.tallies(members), "rows": rows, "rest": 0})
    return found


def work(section: Section, today: date) -> list[dict]:
    """The tasks and projects the section leads, worst first; one query."""
    rows = queries.led_by(section.pk)
    rows.sort(key=lambda row: (ATTENTION_ORDER.index(queries.status(row, today)[0]), row["due_on"], row["code"]))
    return rows


def task_lines(rows: Sequence[dict], today: date) -> list[dict]:
    """A line a task or project, each with its next milestone."""
    found = []
    for row in rows:
        light, word = queries.status(row, today)
        node = row["node_on"] if row["state"] != State.COMPLETED else None
        found.append(
            {
                "name": f"{row['code']} {row['name']}",
                "url": reverse("task", args=[row["code"]]),
                "node": _("节点“%(m)s”%(d)s") % {"m": row["node_name"], "d": node.isoformat()} if node else "",
                "light": int(light),
                "word": word,
                "percent": f"{row['percent']}%",
                "due": row["due_on"].isoformat(),
                "clause": row["clause_number"] or "",
                "note": queries.slowness(row, today) if light == Light.BEHIND else "",
            }
        )
    return found


def waiting(user: User, section: Section) -> dict | None:
    """What waits for the section's review by form and month, for who reads its submissions; None for all others."""
    held = scope(user, Permission.READ_SUBMISSIONS)
    if not (held.everywhere or section.pk in held.sections):
        return None
    named = "form__name_en" if english() else "form__name"
    found = (
        Submission.objects.filter(form__section=section, state__in=workflow.WAITING)
        .order_by("month", "form__order", "form__code")
        .values_list("form__number", named, "form__name", "month")
        .annotate(count=Count("pk"))
    )
    lines = [
        _("%(number)s %(form)s · %(m)s：%(n)d 份")
        % {"number": number, "form": name or chinese, "m": months.label(month), "n": count}
        for number, name, chinese, month, count in found
    ]
    reviews = section.pk in scope(user, Permission.REVIEW).sections
    return {"lines": lines, "url": reverse("review_list") if reviews and lines else ""}


def every(at: ReadAt, sections: Sequence[Section], shown: Sequence[Shown], today: date) -> list[dict]:
    """A line a section: how many indicators stand where, how many tasks, how many of them late; one query."""
    rows = queries.work()
    found = []
    for section in sections:
        mine = [one for one in shown if one.indicator.section_id == section.pk]
        works = [row for row in rows if row["lead_id"] == section.pk]
        late = sum(queries.late(row, today) for row in works)
        found.append(
            {
                "name": localized(section),
                "url": pages.link(at, "section", section.code),
                "indicators": len(mine),
                "tallies": listing.tallies(mine),
                "words": joined([f"{wording.light(one['light'])} {one['count']}" for one in listing.tallies(mine)]),
                "tasks": len(works),
                "overdue": _("%(n)d 项逾期") % {"n": late} if late else "",
                "pending": section.standing in PENDING,
            }
        )
    return found
