"""Brings an installation up to date before it serves: tables, the plan, the demonstration, translations, static files.

One process for all of it, and what has not changed is left alone: a second start takes seconds. It never deletes data.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command

from indicators.forecast_jobs import queue_missing


class Command(BaseCommand):
    help = "Bring database, plan, translations and static files up to date (and the demonstration, outside production)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = {"verbosity": options["verbosity"] - 1, "stdout": self.stdout, "stderr": self.stderr}
        self.stdout.write("database …")
        call_command("migrate", interactive=False, **quiet)
        self.stdout.write("plan …")
        call_command("loadplan", **quiet)
        if not settings.PRODUCTION:
            self.stdout.write("demonstration (only into an empty database) …")
            call_command("demo", "--if-empty", **quiet)
        if queue_missing():
            self.stdout.write("forecasts of the last release left to the task worker")
        for catalogue in compile_translations(settings.LOCALE_PATHS):
            self.stdout.write(f"translations: {catalogue.relative_to(settings.BASE_DIR)}")
        if collect_static(settings.VAR / "static.fingerprint"):
            self.stdout.write("static files collected")


def compile_translations(folders: list[Path]) -> list[Path]:
    """Compile every catalogue that is newer than its compiled file; the files written."""
    written = []
    for source in sorted(path for folder in folders for path in folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        with target.open("wb") as file:
            write_mo(file, catalogue)
        written.append(target)
    return written


def collect_static(stamp: Path) -> bool:
    """Collect the static files unless they are those of the last time; whether it was done."""
    fingerprint = static_fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint and settings.STATIC_ROOT.is_dir():
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(fingerprint)
    return True


def static_fingerprint() -> str:
    """One hash over name, size and time of change of every static file of the project and its packages."""
    sha = hashlib.sha256(Path(__file__).parents[2].joinpath("storage.py").read_bytes())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            stat = Path(storage.path(name)).stat()
            sha.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return sha.hexdigest()
