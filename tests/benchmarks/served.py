"""The server as it runs, for benchmarks over HTTP: gunicorn on this database, and one signed-in client."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import frame


class Reader:
    """Asks for pages by one connection that stays open, as one person's browser does."""

    def __init__(self, port: int, cookie: str) -> None:
        self.client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookie = cookie

    def ask(self, page: str, tag: str = "") -> tuple[float, http.client.HTTPResponse, bytes]:
        """Milliseconds until the last byte, the answer, its body."""
        begun = time.perf_counter()
        self.client.request("GET", page, headers={"Cookie": self.cookie, "If-None-Match": tag})
        answer = self.client.getresponse()
        body = answer.read()
        return (time.perf_counter() - begun) * 1000, answer, body


@contextmanager
def serving(reader) -> Iterator[Reader]:
    """The server while the block runs, with `reader` signed in."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    call_command("collectstatic", interactive=False, verbosity=0)
    browser = Client()
    browser.force_login(reader)
    connection.close()
    cookie = f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}; {settings.CSRF_COOKIE_NAME}={'c' * 32}"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "haiyan_pilot.wsgi"]
    environment = os.environ | {"PORT": str(port), "HOST": "127.0.0.1", "LOG_LEVEL": "WARNING", "PYTHONPATH": "."}
    server = subprocess.Popen(command, cwd=frame.ROOT, env=environment)
    try:
        _wait(port)
        yield Reader(port, cookie)
    finally:
        server.terminate()
        server.wait()


def outdate(act: str) -> None:
    """Have every kept page made anew, as after this act."""
    from django.db import transaction

    from bureau import kept

    with transaction.atomic():
        kept.outdate([act])


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/healthz")
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not come up")
