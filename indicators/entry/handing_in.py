"""What a clerk does with a whole sheet: save it as a draft, hand it in (提交); decided under the county's lock.

A draft may break the hard rules, a submission may not; what a soft rule finds (请核实) needs a note (说明) in its cell,
cells left 未填 have to be said so. Figures of a place that is not on the sheet in that month are refused with its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import months
from bureau.installation import lock_county
from bureau.models import Area, User
from bureau.places import Tree
from indicators.entry import sheets, workflow
from indicators.entry.checks import check, hard_ones, missing_cells, unexplained
from indicators.entry.content import contents
from indicators.entry.layout import Problem, Sheet
from indicators.models import Entry, ReportingForm, Submission

MOST_NAMED = 5


@transaction.atomic
def save_sheet(
    form: ReportingForm, place: Area, month: int, changes: Sequence[workflow.Change], *, by: User, source: str = "grid"
) -> int:
    """Write these cells as a draft, which begins with the first of them; how many changed."""
    if not changes:
        return 0
    lock_county(place.home)
    return workflow.save(workflow.submission_for(form, place, month), changes, by=by, source=source)


@transaction.atomic
def hand_in(submission: Submission, *, by: User, missing_accepted: bool = False) -> Submission:
    """Submit for review.

    workflow.Refused while the sheet, as it stands now, holds figures of a place that is not there in the month, breaks
    a hard rule, holds an unusual figure without a note, or has cells 未填 that were not accepted.
    """
    lock_county(submission.place.home)
    tree = Tree(submission.place.home)
    sheet, _names = sheets.build(submission.form, submission.place, submission.month, tree)
    filled = Entry.objects.filter(submission=submission).order_by().values_list("area", flat=True).distinct()
    if why := _why_not(submission, sheet, filled, tree, missing_accepted=missing_accepted):
        raise workflow.Refused(why)
    return workflow.submit(submission, by=by)


@transaction.atomic
def hand_in_all(submissions: Sequence[Submission], *, by: User, missing_accepted: bool = False) -> list[Submission]:
    """The same for several of one county and month in one act; the refusal names the sheet."""
    if not submissions:
        return []
    county = submissions[0].place.home
    lock_county(county)
    tree, stored = Tree(county), contents([one.pk for one in submissions])
    built = sheets.build_all(submissions, stored, tree)
    for one in submissions:
        filled = {row[0] for row in stored[one.pk]}
        if why := _why_not(one, built[one.pk], filled, tree, missing_accepted=missing_accepted):
            raise workflow.Refused(f"{one.form.number} {built[one.pk].place_name} {months.label(one.month)}：{why}")
    return workflow.submit_all(submissions, by=by)


def _why_not(submission: Submission, sheet: Sheet, filled: Iterable[int], tree: Tree, *, missing_accepted: bool) -> str:
    """Why the sheet, with entries for the places `filled`, cannot be handed in; '' where it can."""
    if gone := _gone(submission, sheet, filled, tree):
        return gone
    problems = check(sheet, sheet.values)
    if broken := hard_ones(problems):
        return _("还有 %(n)d 处须改的错误，不能提交：%(which)s。") % {
            "n": len(broken),
            "which": named(broken, rules=True),
        }
    if silent := unexplained(problems, sheet.values):
        return _("还有 %(n)d 处请核实没有说明，不能提交：%(which)s。有误就改；无误，在这一格写说明。") % {
            "n": len({one.cell for one in silent}),
            "which": named(silent),
        }
    missing = len(missing_cells(sheet, sheet.values))
    if missing and sheet.values and not missing_accepted:
        return _("还有 %(n)d 格未填；确实没有数，勾选“按未填提交”。") % {"n": missing}
    return ""


def _gone(submission: Submission, sheet: Sheet, filled: Iterable[int], tree: Tree) -> str:
    """A place closed, opened or moved to another town since its cells were filled has no row in the month any more."""
    if submission.place_id not in tree.valid(submission.month):
        return _("%(place)s在 %(month)s不是有效的填报单位，不能提交。") % {
            "place": tree.names[submission.place_id],
            "month": months.label(submission.month),
        }
    rows = {row.area for row in sheet.rows}
    gone = sorted({tree.codes.get(area, "") for area in filled} - rows)
    if not gone:
        return ""
    by_code = {code: tree.names[area] for area, code in tree.codes.items()}
    return _("%(which)s在 %(month)s不在这张表上（区划已变动），已填的数不能提交；请办公室核对区划的起止月。") % {
        "which": "、".join(by_code.get(code, code) for code in gone[:MOST_NAMED]),
        "month": months.label(submission.month),
    }


def named(problems: Sequence[Problem], *, rules: bool = False) -> str:
    """'横港村“已就业”：已就业 9 大于劳动者 5；…': the first few of them, each cell once."""
    told = list(dict.fromkeys(f"{one.place}：{one.rule}" if rules else one.place for one in problems))
    more = _(" 等") if len(told) > MOST_NAMED else ""
    return ("；" if rules else "、").join(told[:MOST_NAMED]) + more
