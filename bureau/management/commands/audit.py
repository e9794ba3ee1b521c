"""The audit trail from the command line: verify it, anchor its head outside, say how long it is kept."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from bureau.models import AuditEvent
from bureau.trail import anchors, shown
from bureau.trail.verify import verify
from bureau.trail.words import problems, sentence


class Command(BaseCommand):
    help = (
        "verify: check chain, anchors and revisions (exit code 1 when broken). "
        "anchor: write the head down outside the database and print it. retention: say how long records are kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=("verify", "anchor", "retention"))

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["act"])()

    def verify(self) -> None:
        found = verify()
        self.stdout.write(sentence(found))
        self.stdout.write(f"#{found.count} {found.code or '—'} {shown.moment(found.at)}")
        for problem in problems(found):
            self.stderr.write(problem)
        if not found.holds:
            sys.exit(1)

    def anchor(self) -> None:
        anchor = anchors.keep() or next(reversed(anchors.kept()[0]), None)
        self.stdout.write(str(anchor) if anchor else "—")

    def retention(self) -> None:
        oldest = AuditEvent.objects.order_by("sequence").values_list("at", flat=True).first()
        self.stdout.write(f"AUDIT_KEEP_DAYS {settings.AUDIT_KEEP_DAYS}")
        self.stdout.write(f"oldest {shown.moment(oldest) if oldest else '—'}")
        self.stdout.write("nothing is ever deleted")
