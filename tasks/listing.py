"""What the list of tasks and key projects is made of, read in the same few queries however many there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from django.db.models import F
from django.utils.translation import gettext as _

from bureau.language import localized
from bureau.models import Installation
from indicators import desk
from indicators.analysis.kinds import Light
from indicators.charts import phase_strip_svg
from tasks import moving, queries
from tasks.filters import OUTSIDE, Filters, report_words
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


def read(here: Installation, today: date, sections: Collection[int], *, whole: bool = False) -> Listing:
    """The list as it stands; `sections` are the reader's own, asked for the supporting ones of each row.

    What the rows shown are called, told_of() tells, unless the `whole` is read at once.
    """
    month, mine = desk.due_month(today), frozenset(sections)
    rows = queries.listed(today) if whole else queries.judged(queries.dated(), today)
    rows.sort(key=itemgetter("status_order"))  # worst first, else as listed
    reports = queries.reports_about(month)
    supporting, overdue = _supporting() if sections else {}, desk.overdue(here, month)
    marks = queries.report_marks()
    for row in rows:
        row["reports"] = reports.get(row["code"], ())
        row["report"] = queries.report_state(row, row["reports"], month, overdue=overdue)
        row["report_light"], row["report_word"] = marks[row["report"]]
        row["node_day"] = row["node"]["due_on"].isoformat() if row["node"] else ""
        row["mine"] = row["lead_id"] in mine or not mine.isdisjoint(supporting.get(row["code"], ()))
    phases = {
        one.code: {"name": localized(one), "start": one.starts_on, "end": one.ends_on} for one in Phase.objects.all()
    }
    return Listing(rows, phases, month, today)


def filter_fields(found: Listing, asked: Filters) -> list[dict]:
    """The choices the list is narrowed by: as plain texts, so that they are rendered anew only when they change."""
    domains = {row["domain_order"]: row["domain_name"] for row in found.rows}
    sections = {row["lead_id"]: row["lead_name"] for row in found.rows}
    outside = sorted(domains.items(), key=lambda pair: (pair[0] is None, pair[0] or 0))
    choices = [
        ("domain", _("任务领域"), [(str(order or OUTSIDE), name or _("组织实施")) for order, name in outside]),
        ("section", _("责任科室"), [(str(pk), name) for pk, name in sections.items()]),
        ("phase", _("阶段"), [(code, one["name"]) for code, one in found.phases.items()]),
        ("light", _("状态"), [(str(int(light)), word) for light, word in queries.words().items()]),
        ("report", _("月报"), list(report_words().items())),
    ]
    return [
        {
            "name": name,
            "label": label,
            "options": [
                {"value": value, "label": word, "chosen": value == getattr(asked, name)}
                for value, word in (("", _("全部")), *options)
            ],
        }
        for name, label, options in choices
    ]


def told_of(rows: Collection[dict]) -> list[dict]:
    """These rows with everything that is told of one; two queries."""
    return queries.with_nodes(queries.named(rows))


def told(row: dict, today: date) -> tuple[str, str]:
    """The word of a row, and why: what it lacks, how late it was, how far its plan lies behind the first one."""
    light, word = queries.status(row, today)
    why = [queries.slowness(row, today) if light == Light.BEHIND else queries.slip(row)]
    why.append(moving.slipped_text(row["first_due"], row["due_on"]))
    node = row["node"]
    if node and (slip := moving.slipped_text(node["first_on"], node["due_on"])):
        why.append(_("节点“%(m)s”%(s)s") % {"m": node["name"], "s": slip})
    return word, "；".join(one for one in why if one)


def _supporting() -> dict[str, set[int]]:
    """Code of a work → its supporting sections; one query."""
    found: dict[str, set[int]] = {}
    tasks = Task.supporting.through.objects.values_list(F("task__code"), F("section_id"))
    projects = Project.supporting.through.objects.values_list(F("project__code"), F("section_id"))
    for code, section in tasks.union(projects, all=True):
        found.setdefault(code, set()).add(section)
    return found
