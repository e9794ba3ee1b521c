"""A worker to be killed: for each line on stdin a child uploads, confirms and approves workbooks until it is ended.

Run as a module with DATABASE_URL of a prepared database: FILES_ROOT SEED. It prints the child's process id, and the
child a line for each step once it is acknowledged: what the test then looks for.
"""

from __future__ import annotations

import os
import sys
from itertools import count
from pathlib import Path

MONTHS = 12


def work(first: int) -> None:
    """Upload after upload; each workbook holds one number in every cell it fills, which no other workbook holds."""
    from bureau.models import User
    from indicators.entry import sheets, uploads, workflow
    from indicators.entry.template import write_template
    from indicators.models import Submission
    from tests.integration.factories import START
    from tests.integration.harm import workbooks

    people = {user.username: user for user in User.objects.all()}
    clerk, reviewer = people["clerk"], people["reviewer"]
    for value in count(first):
        month = START + value % MONTHS
        submission = Submission.objects.select_related("form", "place").get(month=month)
        if submission.state == "approved":
            workflow.correct(submission, by=clerk, reason="重复计了两人")
        elif submission.state == "submitted":
            workflow.withdraw(submission, by=clerk)
        submission.refresh_from_db()
        sheet, _names = sheets.build(submission.form, submission.place, month)
        content = write_template(sheet, uploads.template_key())
        cells = {at: value for (_place, item), at in workbooks.addresses(content).items() if item in ("D22", "D23")}
        preview = uploads.read(submission, workbooks.filled(content, cells), "a.xlsx", by=clerk)
        tell("read", value, preview.pk)
        uploads.confirm(preview, by=clerk)
        tell("confirmed", value, month)
        workflow.submit(submission, by=clerk)
        workflow.approve(submission, by=reviewer)
        tell("approved", value, month)


def tell(*words: object) -> None:
    print(*words, flush=True)


def main(files: str) -> None:
    import django
    from django.conf import settings
    from django.db import connections

    django.setup()
    settings.FILES_ROOT = Path(files)
    for line in sys.stdin:
        connections.close_all()
        child = os.fork()
        if child == 0:
            work(int(line))
        tell("child", child)
        os.waitpid(child, 0)
        tell("gone", child)


if __name__ == "__main__":
    main(sys.argv[1])
