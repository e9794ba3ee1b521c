"""Makes the first three administrators of a fresh installation and prints their one-time passwords, once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from axes.utils import reset as forget_failures
from django.core.management import BaseCommand, CommandError

from bureau.people import first
from bureau.people.rules import Refused


class Command(BaseCommand):
    help = (
        "Make the first system administrator, security administrator and auditor (three people); "
        "or give one of them a new one-time password (--again ACCOUNT)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for option in first.ROLES_BY_OPTION:
            parser.add_argument(f"--{option}", metavar="ACCOUNT=NAME", help="account and name of its holder")
        parser.add_argument("--unit", default="", help="the unit they belong to")
        parser.add_argument("--again", metavar="ACCOUNT", help="a new one-time password for this administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["again"]:
                account = options["again"].strip().lower()
                made = {account: first.again(account)}
                forget_failures(username=account)
            else:
                made = first.create(
                    {option: _holder(option, options[option]) for option in first.ROLES_BY_OPTION}, options["unit"]
                )
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write("One-time passwords, shown only now; good for 24 hours, changed at the first sign-in:")
        for account, password in made.items():
            self.stdout.write(f"  {account}  {password}")


def _holder(option: str, text: str | None) -> tuple[str, str]:
    """Account and name from 'zhang.san=Zhang San'."""
    account, _equals, name = (text or "").partition("=")
    if not account.strip() or not name.strip():
        raise CommandError(f"Give --{option} ACCOUNT=NAME: the account, then the name of its holder.")
    return account.strip().lower(), name.strip()
