"""The overview and other pages against an empty signed-in view, over HTTP, same server, same run.

On the demonstration (30 months released), gunicorn as served, one client at a time; medians of interleaved rounds.
A page of a release is asked for as it is kept (bureau/kept.py), with the tag a browser has (304), and anew; one of live
figures anew, as after an approval.
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

ROUNDS = 60
EMPTY = "/empty/"
KEPT, TOLD, ANEW = "kept", "304", "anew"
ASKED = (
    (EMPTY, ""), ("/", KEPT), ("/", TOLD), ("/", ANEW), ("/?version=live", ANEW), ("/indicators/A01/", KEPT),
    ("/indicators/A01/", ANEW), ("/tasks/", ANEW), ("/releases/", ""),
)  # fmt: skip


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
    reader = User.objects.get(username="bangongshi")
    browser = Client()
    browser.force_login(reader)
    connection.close()
    from django.conf import settings

    cookie = f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}; {settings.CSRF_COOKIE_NAME}={'c' * 32}"
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
    base = found[EMPTY, ""][0]
    print(
        f"\n## pages, {vendor}\n| page | | median ms | kB | ratio to the empty signed-in view |\n|---|---|---|---|---|"
    )
    for (page, how), (milliseconds, size) in found.items():
        print(f"| {page} | {how} | {milliseconds:.1f} | {size / 1024:.0f} | {milliseconds / base:.2f} |")


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/healthz")
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not come up")


def _measure(port: int, cookie: str) -> dict[tuple[str, str], tuple[float, int]]:
    """Median milliseconds and size of each page, asked for in turn so that all meet the same machine."""
    from django.db import transaction

    from bureau import kept

    times: dict[tuple[str, str], list[float]] = {asked: [] for asked in ASKED}
    sizes: dict[tuple[str, str], int] = {}
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(page: str, tag: str = "") -> tuple[float, http.client.HTTPResponse, bytes]:
        begun = time.perf_counter()
        client.request("GET", page, headers={"Cookie": cookie, "If-None-Match": tag})
        answer = client.getresponse()
        body = answer.read()
        return (time.perf_counter() - begun) * 1000, answer, body

    for round_ in range(ROUNDS + 5):
        for page, how in ASKED:
            tag = ""
            if how == ANEW:
                with transaction.atomic():
                    kept.outdate(["submission.approve" if "live" in page else "month.publish"])
            elif how:
                tag = ask(page)[1].headers["ETag"] if how == TOLD else ask(page) and ""
            milliseconds, answer, body = ask(page, tag)
            if answer.status != (304 if how == TOLD else 200):
                raise SystemExit(f"{page} answered {answer.status}")
            sizes[page, how] = len(body)
            if round_ >= 5:
                times[page, how].append(milliseconds)
    return {asked: (statistics.median(seconds), sizes[asked]) for asked, seconds in times.items()}


if __name__ == "__main__":
    main()
