"""Fills an empty installation with the demonstration (演示数据), or takes it out again; never touches anything real."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from bureau.models import Installation
from reports.demonstration import removal, run
from reports.demonstration.figures import SEED
from reports.demonstration.stage import REMOVED, stage


class Command(BaseCommand):
    help = "Fill an empty installation with an invented county's reporting up to 2017-08-09, or --remove it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is, or was, anything")
        parser.add_argument("--remove", action="store_true", help="delete the demonstration; the audit trail stays")
        parser.add_argument("--force", action="store_true", help="with --remove: figures others typed go too")
        parser.add_argument("--seed", type=int, default=SEED, help="other invented figures")
        parser.add_argument("--months", type=int, default=run.RELEASED, help="how many months up to 2017-06 (1–30)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            self._remove(force=options["force"])
        elif options["if_empty"]:
            if not (settings.PRODUCTION or run.why_not() or stage() == REMOVED):
                self._fill(options)
        else:
            if settings.PRODUCTION:
                raise CommandError("A demonstration does not belong in a production installation.")
            if reason := run.why_not():
                raise CommandError(reason)
            self._fill(options)

    def _fill(self, options: dict[str, Any]) -> None:
        if not 1 <= options["months"] <= run.RELEASED:
            raise CommandError(f"--months: 1 to {run.RELEASED}")
        self.stdout.write("filling in the demonstration, which takes about a minute …")
        self._begun = time.monotonic()
        steps = self._say if options["verbosity"] > 1 else lambda text: None
        run.fill(seed=options["seed"], count=options["months"], say=steps)
        self._say(f"accounts in {settings.DEMO_ACCOUNTS_FILE}")

    def _remove(self, *, force: bool) -> None:
        if not Installation.objects.filter(demonstration=True).exists():
            raise CommandError("There is no demonstration here.")
        others = removal.entries_of_others()
        if others and not force:
            raise CommandError(
                f"{others} figures were typed by accounts that are not the demonstration's. They count among "
                "演示数据 and would be deleted too: save what you need, then use --force."
            )
        self._begun = time.monotonic()
        removal.remove(self._say)

    def _say(self, text: str) -> None:
        self.stdout.write(f"{time.monotonic() - self._begun:6.1f} s  {text}")
