"""B5, B8: edits and imports that race an approval: what is approved is what was seen, and sums stay sums."""

import random
import time

import pytest
from django.core.management import call_command

from bureau import audit
from indicators.entry import content, sheets, uploads, workflow
from indicators.entry.template import write_template
from indicators.models import Figure, Submission
from tests.integration.factories import E1, EAST, START, W2, cells, hand_in
from tests.integration.harm import workbooks
from tests.integration.test_concurrency import together
from tests.reliability.dumps import changes, dump
from tests.reliability.scale import number, result

pytestmark = pytest.mark.django_db(transaction=True)

DERIVED = ("indicators.RollUp", "indicators.Evaluation")


FIRST = [0, 0.5, 0.5]  # the first race is the reviewer's, on however busy a machine


def importable(submission: Submission, value: int, by):
    """A preview of a workbook of this sheet, read but not confirmed."""
    sheet, _names = sheets.build(submission.form, submission.place, submission.month)
    content = write_template(sheet, uploads.template_key())
    at = workbooks.addresses(content)
    return uploads.read(submission, workbooks.filled(content, {at[W2, "D23"]: value}), "a.xlsx", by=by)


def test_what_is_approved_is_what_the_reviewer_saw(tiny_committed):
    tiny, dice = tiny_committed, random.Random(5)
    tried, amiss, approvals = number(suite=4, full=500), [], 0
    for turn in range(tried):
        month = START + turn % 12
        written = {(E1, "D22"): 10 + turn, (W2, "D23"): 7}
        submission = hand_in(tiny, "village", EAST, month, written)
        preview = importable(submission, 20_000 + turn, tiny.colleague)
        seen, rows = workflow.content_digest(submission), content.contents([submission.pk])[submission.pk]
        waits = [dice.choice((0, 0, 0.002, 0.01, 0.03)) for _ in range(3)] if turn else FIRST

        def approve(one=submission, digest=seen, wait=waits[0]):
            time.sleep(wait)
            workflow.approve(one, by=tiny.reviewer, seen=digest)

        def edit(one=submission, value=30_000 + turn, wait=waits[1], ends=turn % 3):
            time.sleep(wait)
            workflow.withdraw(one, by=tiny.clerk)
            if ends:
                workflow.save(one, cells(tiny, {(E1, "D22"): value}), by=tiny.clerk, source="grid")
            if ends > 1:
                workflow.submit(one, by=tiny.clerk)

        def confirm(one=preview, wait=waits[2]):
            time.sleep(wait)
            uploads.confirm(one, by=tiny.colleague)

        failures = together([approve, edit, confirm])
        amiss += [(turn, failure) for failure in failures if not isinstance(failure, workflow.Refused)]
        submission.refresh_from_db()
        figures = Figure.objects.filter(submission=submission.pk, month=month)
        if submission.state == "approved":
            approvals += 1
            stands = sorted((one.area, one.item, one.category, int(one.value * 10_000)) for one in figures)
            if workflow.content_digest(submission) != seen or stands != sorted(row[:4] for row in rows):
                amiss.append((turn, "approved unseen"))
            workflow.take_back(submission, by=tiny.office, reason="再来一次试验")
        else:
            if figures.exists():
                amiss.append((turn, "figures without approval"))
            if submission.state == "submitted":
                workflow.withdraw(submission, by=tiny.clerk)
    result("B5", "edit, import and approval at once: approved other than seen", tried, len(amiss))
    assert amiss == []
    assert approvals, "the approval wins some of the races"
    before = {label: rows for label, rows in dump().items() if label in DERIVED}
    call_command("rebuild")
    drift = changes(before, {label: rows for label, rows in dump().items() if label in DERIVED})
    result("B8", "roll-ups and lights against a recomputation after the races", tried, len(drift))
    assert drift == {}
    assert audit.first_broken() is None
