"""A task worker to be killed amid the making of a PDF: it says so, and waits for its end.

Run as a module with DATABASE_URL of a prepared database: FILES_ROOT.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path


def main(files: str) -> None:
    import django
    from django.conf import settings

    django.setup()
    settings.FILES_ROOT = Path(files)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    from django_tasks_db.management.commands.db_worker import Worker

    from reports import printing

    def amid(manuscript: object) -> bytes:
        print("amid", flush=True)
        time.sleep(60)
        return b""

    printing.pdf = amid
    Worker(
        queue_names=["default"], interval=0.1, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id="killed", excluded_queue_names=[],
    ).run()  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
