"""A reviewer's visible adjustment line (审核调整): added to what was typed, never written over it; the clerk is told.

Only while the sheet waits for the section's review, and never by who typed in it. Who adjusted may approve. The line
counts while the cell holds the value it was made upon: a return or a correction keeps it, another value drops it.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.fields import UNITS, to_units
from bureau.installation import lock_county
from bureau.models import User
from indicators.entry import sheets, workflow
from indicators.entry.checks import check, hard_ones
from indicators.entry.layout import Cell, CellKey, Sheet, adjusted_text
from indicators.models import Adjustment, Submission, Transition


@transaction.atomic
def add(
    submission: Submission, key: CellKey, amount: Decimal, *, by: User, reason: str, seen: str | None = None
) -> Adjustment:
    """Add a line of `amount` to a typed value; `seen` as in workflow.approve.

    Refused without a reason of five characters, for a cell without a value, where the adjusted sheet would break a hard
    rule, and to who typed or handed in any of it.
    """
    lock_county(submission.place.home)
    submission = Submission.objects.select_related("form", "place").get(pk=submission.pk)
    if submission.state not in workflow.WAITING or submission.awaits_town_check:
        raise workflow.Closed(_("只有待审核的报表可以加审核调整。"))
    if seen and workflow.content_digest(submission) != seen:
        raise workflow.Conflict(_("数据已变动，请重新核对。"), submissions=[submission])
    if workflow.is_own(submission, by):
        raise workflow.Refused(_("不能调整自己填报的数。"))
    reason = workflow.reasoned(reason)
    sheet, names = sheets.build(submission.form, submission.place, submission.month)
    cell = sheet.values.get(key)
    if cell is None or cell.value is None:
        raise workflow.Refused(_("这一格没有数，不能调整；需要填数的，退回由填报人填。"))
    _refuse_amount(amount)
    _refuse_broken(sheet, key, amount)
    area, item, category = names.ids(key)
    line = Adjustment.objects.create(
        submission=submission.pk,
        area=area,
        item=item,
        category=category,
        typed=cell.value,
        amount=amount,
        reason=reason,
        by=by,
        at=clock.now(),
    )
    _tell(submission, sheet, key, cell, line)
    return line


def _refuse_amount(amount: Decimal) -> None:
    try:
        units = to_units(amount)
    except ValueError:
        units = 0
    if not units or abs(units) > 10**11 * UNITS:
        raise workflow.Refused(_("调整数须是不为 0 的数，最多 4 位小数，如 -10。"))


def _refuse_broken(sheet: Sheet, key: CellKey, amount: Decimal) -> None:
    """Refused where the adjusted figures break a hard rule that the figures before did not."""
    plain = replace(sheet, soft_rules=())
    before = {
        one: replace(cell, value=cell.value + cell.adjustment) if cell.value is not None else cell
        for one, cell in sheet.values.items()
    }
    now = before[key]
    after = before | {key: replace(now, value=(now.value or Decimal(0)) + amount)}
    stood = {(one.cell, one.code) for one in hard_ones(check(plain, before))}
    for one in hard_ones(check(plain, after)):
        if (one.cell, one.code) not in stood:
            raise workflow.Refused(_("调整后 %(where)s：%(rule)s。") % {"where": one.place, "rule": one.rule})


def _tell(submission: Submission, sheet: Sheet, key: CellKey, cell: Cell, line: Adjustment) -> None:
    """On record, and among the steps of the sheet, where the clerk reads it."""
    row = next(one.name for one in sheet.rows if one.area == key.area)
    title = next(one.title for one in sheet.columns if (one.item, one.category) == (key.item, key.category))
    Transition.objects.create(
        submission=submission,
        act="adjust",
        to_state=submission.state,
        version=submission.version,
        by=line.by,
        at=line.at,
        reason=f"{row} {key.item} {title} {adjusted_text(cell.value, cell.adjustment + line.amount)}；{line.reason}",
    )
    standing = to_units(cell.value or 0) + to_units(cell.adjustment)
    audit.record(
        "submission.adjust",
        by=line.by,
        object=workflow.describe(submission),
        reason=line.reason,
        detail={
            "cell": [line.area, line.item, line.category],
            "month": submission.month,
            "typed": to_units(line.typed),
            "change": [standing, standing + to_units(line.amount)],
        },
    )
