"""What the list of tasks and key projects is made of, read in the same few queries however many there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _

from bureau.language import localized
from bureau.models import Installation
from indicators import desk
from indicators.analysis.kinds import Light
from indicators.charts import phase_strip_svg
from tasks import moving, queries
from tasks.models import Phase, Project, Task


@dataclass(frozen=True)
class Listing:
    """All rows as on a day; `month` is the one reports are due for, `phases` by code in order."""

    rows: list[dict]
    phases: dict[str, dict]
    month: int
    today: date

    def headline(self) -> list[dict]:
        """The finding: how many there are, how many late and by how much at most, what is left of the phase."""
        tasks = sum(row["kind"] == "task" for row in self.rows)
        overdue = [(self.today - row["due_on"]).days for row in self.rows if row["light"] == Light.FAR_BEHIND]
        parts = [
            {
                "text": _("%(t)d 项任务、%(p)d 个重点项目中，") % {"t": tasks, "p": len(self.rows) - tasks},
                "tone": "",
            }
        ]
        now = next((one for one in self.phases.values() if one["start"] <= self.today <= one["end"]), None)
        end = _("；") if now else ""
        if overdue:
            late = _("%(n)d 项逾期，最长 %(d)d 天") % {"n": len(overdue), "d": max(overdue)}
            parts.append({"text": late + end, "tone": "red"})
        else:
            parts.append({"text": _("没有逾期") + end, "tone": ""})
        if now:
            left = {"p": now["name"], "n": (now["end"] - self.today).days}
            parts.append({"text": _("%(p)s还剩 %(n)d 天") % left, "tone": ""})
        return parts

    def strip(self) -> str:
        """The phases on one line of time."""
        return phase_strip_svg(list(self.phases.values()), self.today) if self.phases else ""


def read(here: Installation, today: date, sections: Collection[int]) -> Listing:
    """The list as it stands; `sections` are the reader's own, asked for the supporting ones of each row."""
    month = desk.due_month(today)
    rows = sorted(queries.listed(today), key=lambda row: row["status_order"])  # worst first, else as listed
    reports = queries.reports_about(month)
    supporting, overdue = _supporting() if sections else {}, desk.overdue(here, month)
    for row in rows:
        row["why"] = _why(row)
        row["reports"] = reports.get(row["code"], [])
        state, light, word = queries.report_status(row, row["reports"], month, overdue=overdue)
        row["report"], row["report_light"], row["report_word"] = state, light, word
        row["section_ids"] = {row["lead_id"], *supporting.get(row["code"], ())}
        row["node_day"] = row["node"]["due_on"].isoformat() if row["node"] else ""
        row["mine"] = bool(row["section_ids"] & set(sections))
    phases = {
        one.code: {"name": localized(one), "start": one.starts_on, "end": one.ends_on} for one in Phase.objects.all()
    }
    return Listing(rows, phases, month, today)


def _why(row: dict) -> str:
    """Why it stands as it does, and how far its day or its next milestone lies behind the first plan."""
    node = row["node"]
    told = [row["why"], moving.slipped_text(row["first_due"], row["due_on"])]
    if node and (slip := moving.slipped_text(node["first_on"], node["due_on"])):
        told.append(_("节点“%(m)s”%(s)s") % {"m": node["name"], "s": slip})
    return "；".join(one for one in told if one)


def _supporting() -> dict[str, set[int]]:
    """Code of a work → its supporting sections; one query."""
    found: dict[str, set[int]] = {}
    tasks = Task.supporting.through.objects.values_list(F("task__code"), F("section_id"))
    projects = Project.supporting.through.objects.values_list(F("project__code"), F("section_id"))
    for code, section in tasks.union(projects, all=True):
        found.setdefault(code, set()).add(section)
    return found
