"""Runs the site: the web server and the task worker of deploy/Procfile together, until either ends or a signal comes.

It refuses to start on an error of the system checks, on tables that are not up to date, and in production while a
demonstration account exists. It prepares nothing: that is `prepare`.
"""

from __future__ import annotations

import http.client
import os
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from bureau.trail import service
from indicators import jobs
from reports import edition_jobs


class Command(BaseCommand):
    help = "Serve the site at HOST and PORT with the task worker beside it; stops both on SIGTERM or Ctrl+C."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.check(databases=["default"], include_deployment_checks=settings.PRODUCTION)
        refuse_unready()
        refuse_taken_port(settings.HOST, settings.PORT)
        one_process = connection.vendor == "sqlite"
        address = f"{settings.HOST}:{settings.PORT}"
        service.started(address)
        jobs.take_up()
        edition_jobs.take_up()
        connection.close()

        environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "HOST": settings.HOST,
            "PORT": str(settings.PORT),
        }
        if one_process:
            environment["WEB_WORKERS"] = "1"
        manager = Manager(Printer(sys.stdout, prefix=False))
        procfile = (settings.BASE_DIR / "deploy" / "Procfile").read_text(encoding="utf-8")
        for name, command in parse_procfile(procfile).processes.items():
            manager.add_process(name, command, env=environment, cwd=str(settings.BASE_DIR))
        threading.Thread(target=announce_when_up, daemon=True).start()
        manager.loop()
        service.stopped(address)
        sys.exit(manager.returncode)


def refuse_unready() -> None:
    """CommandError while tables are missing or, in production, while anyone could sign in with a published password."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database is not up to date: run `python manage.py prepare`.")
    if settings.PRODUCTION and get_user_model().objects.filter(is_demonstration=True).exists():
        raise CommandError("Demonstration accounts exist, whose passwords are known: delete them before going live.")


def refuse_taken_port(host: str, port: int) -> None:
    """CommandError in plain words when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Cannot serve at {host}:{port} ({error.strerror}); choose another: PORT=8001."
            ) from error


def announce_when_up(seconds: int = 120) -> None:
    """Print where the site is, last of all, once it answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            asked = http.client.HTTPConnection(local_address(settings.HOST), settings.PORT, timeout=5)
            asked.request("GET", "/healthz")
            asked.getresponse()
        except OSError:
            time.sleep(0.2)
        else:
            print(announcement(), flush=True)
            return


def local_address(host: str) -> str:
    """An address of this machine at which a server bound to `host` answers."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def announcement() -> str:
    """The address and, outside production, the demonstration accounts."""
    host = local_address(settings.HOST)
    lines = ["", f"Serving at http://{f'[{host}]' if ':' in host else host}:{settings.PORT}/   (Ctrl+C stops it)"]
    if not settings.PRODUCTION and settings.DEMO_ACCOUNTS_FILE.exists():
        lines += ["", settings.DEMO_ACCOUNTS_FILE.read_text(encoding="utf-8").rstrip()]
    return "\n".join([*lines, ""])
