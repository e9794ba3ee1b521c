"""The overview and the indicator page against an empty signed-in view, over HTTP, same server, same run.

On the demonstration (30 months released), gunicorn as served, one client at a time; medians of interleaved rounds.
"""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import time

import frame

ROUNDS, PAGES = 60, ("/empty/", "/", "/indicators/A01/", "/tasks/", "/releases/")


def main() -> None:
    vendor = frame.setup()
    import io

    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from bureau.models import User

    begun = time.perf_counter()
    call_command("demo", stdout=io.StringIO())
    print(f"\ndemonstration: {time.perf_counter() - begun:.1f} s, {vendor}")
    call_command("collectstatic", interactive=False, verbosity=0)
    reader = User.objects.get(username="lingdao")
    browser = Client()
    browser.force_login(reader)
    connection.close()
    from django.conf import settings

    cookie = f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "haiyan_pilot.wsgi"]
    environment = os.environ | {"PORT": str(port), "HOST": "127.0.0.1", "LOG_LEVEL": "WARNING", "PYTHONPATH": "."}
    server = subprocess.Popen(command, cwd=frame.ROOT, env=environment)
    try:
        _wait(port)
        found = _measure(port, cookie)
    finally:
        server.terminate()
        server.wait()
    base = found["/empty/"][0]
    print(f"\n## pages, {vendor}\n| page | median ms | kB | ratio to the empty signed-in view |\n|---|---|---|---|")
    for page, (milliseconds, size) in found.items():
        print(f"| {page} | {milliseconds:.1f} | {size / 1024:.0f} | {milliseconds / base:.1f} |")


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/healthz")
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not come up")


def _measure(port: int, cookie: str) -> dict[str, tuple[float, int]]:
    """Median milliseconds and size of each page, asked for in turn so that all meet the same machine."""
    times: dict[str, list[float]] = {page: [] for page in PAGES}
    sizes: dict[str, int] = {}
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for round_ in range(ROUNDS + 5):
        for page in PAGES:
            begun = time.perf_counter()
            client.request("GET", page, headers={"Cookie": cookie})
            answer = client.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise SystemExit(f"{page} answered {answer.status}")
            sizes[page] = len(body)
            if round_ >= 5:
                times[page].append((time.perf_counter() - begun) * 1000)
    return {page: (statistics.median(seconds), sizes[page]) for page, seconds in times.items()}


if __name__ == "__main__":
    main()
