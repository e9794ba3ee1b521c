"""The first view of the overview and of an indicator in Chromium: what goes over the wire, when the largest part shows.

On the demonstration, served as `manage.py serve` does (SQLite: one process of eight threads), statics compressed by
collectstatic, pages by bureau/kept.py; each round in a browser that has nothing yet. Beside it the same with a browser
that takes no compression.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time

import frame

ROUNDS = 7
OVERVIEW, INDICATOR = "/", "/indicators/A01/"
LARGEST = """() => new Promise((found) => {
  let last = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) last = one.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => found(last), 300);
})"""


def main() -> None:
    frame.setup()
    import io

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from playwright.sync_api import sync_playwright

    from bureau.models import User

    call_command("demo", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client()
    client.force_login(User.objects.get(username="lingdao"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    key = client.session.session_key
    connection.close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "haiyan_pilot.wsgi"]
    environment = os.environ | {"PORT": str(port), "HOST": "127.0.0.1", "LOG_LEVEL": "WARNING", "PYTHONPATH": "."}
    server = subprocess.Popen(command, cwd=frame.ROOT, env=environment)
    try:
        _answers(port)
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), chromium_sandbox=False)
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": f"http://127.0.0.1:{port}"}
            print(
                "\n## first view\n| page | width | compressed | kB | before Plotly | requests | LCP ms | DOM ready ms |"
            )
            print("|---|---|---|---|---|---|---|---|")
            for page in (OVERVIEW, INDICATOR):
                for width in (1440, 390):
                    for packed in (True, False):
                        print(_line(browser, cookie, page, width, packed))
            browser.close()
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> None:
    for _ in range(300):
        try:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            asked.request("GET", "/healthz")
            asked.getresponse()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server did not come up")


def _line(browser, cookie: dict, page: str, width: int, packed: bool) -> str:
    found = [_once(browser, cookie, page, width, packed) for _ in range(ROUNDS)]
    middle = [statistics.median(column) for column in zip(*found, strict=True)]
    sizes = f"{middle[0] / 1024:.0f} | {middle[1] / 1024:.0f} | {middle[2]:.0f}"
    return f"| {page} | {width} | {'yes' if packed else 'no'} | {sizes} | {middle[3]:.0f} | {middle[4]:.0f} |"


def _once(browser, cookie: dict, page: str, width: int, packed: bool) -> tuple[float, ...]:
    """Bytes in all and without Plotly, requests, largest contentful paint, DOM ready; in a browser that has nothing."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    context.add_cookies([cookie])
    if not packed:
        context.set_extra_http_headers({"Accept-Encoding": "identity"})
    tab = context.new_page()
    tab.set_default_timeout(120_000)
    wire = context.new_cdp_session(tab)
    wire.send("Network.enable")
    addresses: dict[str, str] = {}
    sizes: dict[str, float] = {}
    wire.on("Network.responseReceived", lambda one: addresses.update({one["requestId"]: one["response"]["url"]}))
    wire.on("Network.loadingFinished", lambda one: sizes.update({one["requestId"]: one["encodedDataLength"]}))
    tab.goto(cookie["url"] + page, wait_until="load")
    largest = tab.evaluate(LARGEST)
    ready = tab.evaluate("() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    plotly = sum(size for one, size in sizes.items() if "/vendor/plotly/plotly-cartesian" in addresses.get(one, ""))
    context.close()
    whole = sum(sizes.values())
    return whole, whole - plotly, len(sizes), largest, ready


if __name__ == "__main__":
    main()
