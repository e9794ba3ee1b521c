"""Carries out the hand-overs (移交) whose day has come; for a daily timer, since not everybody signs in every day."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from bureau.people import handover


class Command(BaseCommand):
    help = "Pass on what the signed hand-overs of today and before name."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{handover.carry_out_due()} hand-over(s) carried out")
