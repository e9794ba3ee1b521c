"""What the review and town check pages show: what waits by form and month, one sheet to decide on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import months
from bureau.language import localized
from bureau.models import User
from bureau.places import Tree
from indicators import entry_pages as pages
from indicators import quotas, review_table
from indicators.analysis.kinds import Light
from indicators.entry import content, earlier, plausibility, sheets, workflow
from indicators.entry.checks import check
from indicators.entry.layout import Sheet
from indicators.models import Submission

MOST_SHOWN = 60
LONGEST_PLAN = 60  # months back that a target since the plan's beginning may ask for


@dataclass(frozen=True)
class Step:
    """One of the two decisions: the section's review (审核), the town's own check (初审)."""

    name: str
    crumb: str
    list_url: str
    heading: str
    yes: str
    yes_note: str

    def waits(self, submission: Submission) -> bool:
        """Is the submission where this decision is due?"""
        if self.name == "check":
            return submission.awaits_town_check
        return submission.state in workflow.WAITING and not submission.awaits_town_check


REVIEW = Step(
    "review", gettext_lazy("审核"), "review_list", gettext_lazy("审核意见"),
    gettext_lazy("通过"), gettext_lazy("计入本月汇总"),
)  # fmt: skip
CHECK = Step(
    "check", gettext_lazy("填报"), "desk", gettext_lazy("初审意见"),
    gettext_lazy("初审通过"), gettext_lazy("转县局科室审核"),
)  # fmt: skip


def waiting_groups(user: User, sections: Collection[int]) -> dict:
    """{count, groups:[{title, rows, ready, every}]}: what waits for these sections, oldest month first."""
    waiting = list(
        Submission.objects.filter(form__section__in=sections, state__in=workflow.WAITING)
        .select_related("form", "place", "submitted_by")
        .order_by("month", "form__order", "form__code", "place__code")[: MOST_SHOWN + 1]
    )
    more, waiting = len(waiting) > MOST_SHOWN, waiting[:MOST_SHOWN]
    if not waiting:
        return {"count": 0, "groups": []}
    tree = Tree(waiting[0].place.home)
    held = content.contents([one.pk for one in waiting])
    found = sheets.build_all(waiting, held, tree)
    rows = [(one, _waiting_row(one, found[one.pk], held[one.pk], user)) for one in waiting]
    groups = []
    for (month, name), members in groupby(rows, key=lambda pair: (pair[0].month, _form_name(pair[0]))):
        listed = [row for _one, row in members]
        every = [row["pick"] for row in listed if row["pick"]]
        groups.append(
            {"title": f"{name} · {months.label(month)}", "id": f"g{len(groups)}", "rows": listed, "every": every}
        )
    return {"count": f"{MOST_SHOWN}+" if more else len(waiting), "groups": groups, "more": more}


def _form_name(one: Submission) -> str:
    return f"{one.form.number} {localized(one.form)}"


def _waiting_row(one: Submission, sheet: Sheet, rows: list[tuple], user: User) -> dict:
    problems, absent = check(sheet, sheet.values), pages.missing(sheet)
    light, word = _checks(review_table.counts(sheet, problems), absent)
    own = one.submitted_by_id == user.pk or any(row[7] == user.pk for row in rows)
    clean = light == Light.ON_COURSE and not own and not one.awaits_town_check
    return {
        "place": sheet.place_name,
        "submitted": _submitted(one),
        "checks_light": light if isinstance(light, str) else int(light),
        "checks_word": word,
        "state_light": int(pages.STATE_LIGHTS[one.state]),
        "state_word": one.state_word,
        "note": _("有你填的数，须由他人审核") if own else "",
        "pick": f"{one.pk}:{content.digest_of(one.pk, rows)}" if clean else "",
        "url": reverse("review", args=[one.pk]),
        "action": _("查看") if own or one.awaits_town_check else _("审核"),
    }


def _checks(found: Mapping[str, int], absent: int) -> tuple[Light | str, str]:
    if found["hard"]:
        return Light.FAR_BEHIND, _("%(n)d 处须改") % {"n": found["hard"]}
    if found["soft"] > found["explained"]:
        return Light.BEHIND, _("%(n)d 处待核") % {"n": found["soft"]}
    if found["soft"]:
        return review_table.EXPLAINED, _("%(n)d 处请核实，已说明") % {"n": found["soft"]}
    if absent:
        return Light.NOT_COVERED, _("未填 %(n)d 格") % {"n": absent}
    return Light.ON_COURSE, _("无异常")


def _submitted(one: Submission) -> str:
    when = timezone.localtime(one.submitted_at).strftime("%m-%d %H:%M") if one.submitted_at else ""
    return f"{when} {one.submitted_by or ''}".strip()


def place_name(one: Submission) -> str:
    return Tree(one.place.home).valid(one.month)[one.place_id].name


def page(submission: Submission, sheet: Sheet, names: sheets.Names, user: User, step: Step) -> dict:
    """The context of one sheet to decide on."""
    rows = content.contents([submission.pk])[submission.pk]
    problems = check(sheet, sheet.values)
    own = submission.submitted_by_id == user.pk or any(row[7] == user.pk for row in rows)
    waiting, why_not = step.waits(submission), ""
    if waiting and own:
        why_not = _("这份报表有你填的数，须由他人审核。")
    elif step is REVIEW and submission.awaits_town_check:
        why_not = _("等待镇（街道）初审，初审通过后再审核。")
    can_decide = waiting and not why_not
    return {
        "step": step,
        "title": pages.title(submission, sheet.place_name),
        "state_light": int(pages.STATE_LIGHTS[submission.state]),
        "state_word": submission.state_word,
        "facts": _facts(submission, sheet, review_table.counts(sheet, problems)),
        "month_label": months.label(submission.month),
        "previous_label": months.label(submission.month - 1),
        "last_year_label": months.label(submission.month - 12),
        "rows": review_table.rows(submission, sheet, problems),
        "adjustments": review_table.adjustments(submission, sheet, names),
        "adjustable": review_table.choices(sheet) if can_decide and step is REVIEW else [],
        "questions": _questions(submission, sheet, names) if step is REVIEW else None,
        "one_place": len(sheet.rows) == 1,
        "seen": content.digest_of(submission.pk, rows),
        "can_decide": can_decide,
        "cannot_decide_reason": why_not,
        "events": pages.timeline(submission),
    }


def _questions(submission: Submission, sheet: Sheet, names: sheets.Names) -> list[dict]:
    """What to ask about (合理性提示): for the section's reviewer alone, without effect on anything."""
    aims = quotas.of_sheet(sheet, names.areas)
    wanted = plausibility.past_asked(sheet, aims)
    read = earlier.past_of(submission.place.home, submission.month, names, back=LONGEST_PLAN)
    asked = plausibility.questions(sheet, read(wanted) if wanted else {}, aims)
    return [{"item": one.item, "area_name": one.area_name, "text": one.text} for one in asked]


def _facts(submission: Submission, sheet: Sheet, found: Mapping[str, int]) -> list[dict]:
    facts = [
        {"text": _("提交 %(who)s") % {"who": submission.submitted_by or "—"}, "tone": ""},
        {"text": _("共 %(n)d 格") % {"n": pages.asked(sheet)}, "tone": ""},
    ]
    if found["hard"]:
        facts.append({"text": _("%(n)d 处须改") % {"n": found["hard"]}, "tone": "red"})
    if found["soft"]:
        told = _("%(n)d 处请核实，其中 %(m)d 处已说明") % {"n": found["soft"], "m": found["explained"]}
        facts.append({"text": told, "tone": "amber"})
    absent = pages.missing(sheet)
    if absent:
        facts.append({"text": _("未填 %(n)d 格，不计为 0") % {"n": absent}, "tone": "amber"})
    if submission.approved_version and submission.reason:
        facts.append({"text": _("更正：%(r)s") % {"r": submission.reason}, "tone": "amber"})
    return facts
