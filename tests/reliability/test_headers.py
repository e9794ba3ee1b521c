"""K1: the headers of every address and of every kind of refusal, as a browser gets them in production, word for word.

They stand in headers.txt. After a change that is meant, `WRITE_HEADERS=1 pytest tests/reliability/test_headers.py`
writes the file anew, and the difference is read like any other change.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from tests.integration.factories import person
from tests.reliability.asking import Answer, Asking
from tests.reliability.scale import result, whole
from tests.reliability.table import lines
from tests.reliability.world import COLUMNS

GOLDEN = Path(__file__).with_name("headers.txt")
NAMES = (
    "SECURE_SSL_REDIRECT SECURE_REDIRECT_EXEMPT SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_HSTS_PRELOAD "
    "SECURE_CONTENT_TYPE_NOSNIFF SECURE_REFERRER_POLICY SECURE_CROSS_ORIGIN_OPENER_POLICY X_FRAME_OPTIONS "
    "SESSION_COOKIE_NAME SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE CSRF_COOKIE_NAME "
    "CSRF_COOKIE_SECURE CSRF_COOKIE_SAMESITE LANGUAGE_COOKIE_NAME LANGUAGE_COOKIE_SECURE LANGUAGE_COOKIE_HTTPONLY "
    "LANGUAGE_COOKIE_SAMESITE WHITENOISE_MANIFEST_STRICT STORAGES DEBUG"
).split()
ASK = "import json; from haiyan_pilot import settings as s; print(json.dumps({n: getattr(s, n, None) for n in %r}))"
SECURE = {"secure": True}
# What differs from one time to the next, or with what a page says.
MASKED = [
    (re.compile(r"^(Content-Length|Expires|Last-Modified|ETag|X-Total-Count|X-Data-Version): .*$", re.M), r"\1: *"),
    (re.compile(r"((?:__Host-)?(?:sid|csrf|language|messages)=)[^;]+"), r"\1*"),
    (re.compile(r"expires=[^;]+"), "expires=*"),
    (re.compile(r"\b20\d\d-?\d\d-?\d\d([-_]?\d{4,6}|-\d+)?\b"), "*"),  # the day and count of a file's name
]

POLICY = re.compile(r"^(Content-Security-Policy: )(.*)$", re.M)  # its directives come in any order


@pytest.fixture(scope="module")
def of_production() -> dict:
    """What the settings say on the county's server; asked of the settings themselves."""
    env = os.environ | {"ENVIRONMENT": "production", "ALLOWED_HOSTS": "testserver"}
    asked = subprocess.run([sys.executable, "-c", ASK % NAMES], env=env, capture_output=True, text=True, check=True)
    found = json.loads(asked.stdout)
    assert found["SECURE_SSL_REDIRECT"] is True
    return found


@pytest.fixture
def production(settings, of_production) -> dict:
    """The tests' own settings with everything of production that a header could tell of, static files apart."""
    for name, value in of_production.items():
        if value is not None and name != "STORAGES":
            setattr(settings, name, value)
    return of_production


def told(answer: HttpResponse | Answer) -> str:
    """The headers as text, sorted, without what differs each time."""
    cookies = answer.cookies if isinstance(answer.cookies, str) else answer.cookies.output()
    text = "\n".join([*sorted(f"{name}: {value}" for name, value in answer.headers.items()), *cookies.splitlines()])
    for pattern, instead in MASKED:
        text = pattern.sub(instead, text)
    return POLICY.sub(lambda found: found[1] + "; ".join(sorted(found[2].split("; "))), text)


def of_every_address(asking: Asking) -> dict[str, str]:
    """Each name of the table once, as the first person who is answered with the page itself."""
    found = {}
    for line in lines():
        who = next((one for one in COLUMNS if line.expected(one, "GET") == 200), None)
        if line.name not in found and who is not None:
            found[line.name] = told(asking(who, "GET", line.url(asking.world), **SECURE))
    return {f"200 {name}": text for name, text in found.items()}


def of_every_refusal(asking: Asking, monkeypatch, settings) -> dict[str, str]:
    """302, 400, 403, 404, 405, 413, 422, 429, 500 and 503; HTTP instead of HTTPS; a sign-in and what it sets."""

    def fails(*args, **options):
        raise RuntimeError("a fault")

    password = "一个够长的口令 Aa1!"
    user = person("newcomer")
    user.set_password(password)
    user.save()
    form = {"username": user.username, "password": password}
    found = {
        "301 HTTP instead of HTTPS": asking("-", "GET", "/plan/"),
        "302 not signed in": asking("-", "GET", "/plan/", **SECURE),
        "302 signed in": asking("-", "POST", "/account/login/", form, **SECURE),
        "302 language": asking("-", "POST", "/language/", {"language": "en"}, **SECURE),
        "302 signed out": asking("L", "POST", "/account/logout/", **SECURE),
        "400 odd fields": asking("T", "POST", "/entry/yj01/330424101/2017-07/", {"x": "1"}, **SECURE),
        "401 a script, not signed in": asking("-", "GET", "/plan/", headers={"accept": "application/json"}, **SECURE),
        "401 a program, not signed in": asking("-", "GET", "/api/v1/plan", **SECURE),
        "401 a program, wrong token": asking(
            "-", "GET", "/api/v1/plan", headers={"authorization": "Bearer hy_x"}, **SECURE
        ),
        "403 no such right": asking("N", "GET", "/plan/", **SECURE),
        "404 no such object": asking("L", "GET", "/plan/九(九)/", **SECURE),
        "404 no such address": asking("-", "GET", "/nowhere", **SECURE),
        "405 a form to a page that reads": asking("L", "POST", "/plan/", **SECURE),
        "405 another method": asking("L", "DELETE", "/plan/", **SECURE),
        "422 a form refused": asking("-", "POST", "/account/login/", {"username": "x", "password": "x"}, **SECURE),
    }
    strict = Client(enforce_csrf_checks=True)
    found["403 no token"] = strict.post("/account/login/", form, **SECURE)
    for _time in range(settings.AXES_FAILURE_LIMIT):
        strict_off = asking("-", "POST", "/account/login/", form | {"password": "x"}, keep=True, **SECURE)
    found["429 locked"] = strict_off
    large = b"x" * (settings.BODY_MAX_BYTES + 1)
    found["413 too much"] = asking.anyhow("T", "POST", "/desk/", large, "application/octet-stream", **SECURE)
    monkeypatch.setattr("reports.views.shown_indicators", fails)
    found["500 a fault"] = asking("L", "GET", "/", **SECURE)
    for name, answer in found.items():
        assert name.startswith(str(answer.status_code)), f"{name}: {answer.status_code}"
    return {name: told(answer) for name, answer in found.items()}


def of_static_files(settings, of_production, folder: Path) -> dict[str, str]:
    """A file under its lasting name and under its plain one, as collected for production."""
    source = folder / "source"
    source.mkdir()
    (source / "a.css").write_text("body { color: black }\n")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], folder / "collected"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = of_production["STORAGES"]
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = False
    call_command("collectstatic", interactive=False, verbosity=0)
    lasting = next(path.name for path in settings.STATIC_ROOT.glob("a.*.css"))
    client, found = Client(), {}
    for title, name in (("200 static, lasting name", lasting), ("200 static, plain name", "a.css")):
        answer = client.get(f"/static/{name}", **SECURE)
        assert (answer.status_code, b"".join(answer.streaming_content)) == (200, (source / "a.css").read_bytes())
        found[title] = told(answer)
    return found


def as_text(found: dict[str, str]) -> str:
    """Answers with the same headers together: their names, then the headers."""
    together = defaultdict(list)
    for name, headers in found.items():
        together[headers].append(name)
    blocks = [
        "\n".join([*(f"[{name}]" for name in sorted(names)), headers])
        for headers, names in sorted(together.items(), key=lambda one: min(one[1]))
    ]
    return "\n\n".join(blocks) + "\n"


@pytest.mark.skipif(not whole(), reason="headers are the same on every database: looked at on PostgreSQL")
def test_every_answer_carries_the_headers_written_down(
    asking: Asking, production, of_production, settings, monkeypatch, tmp_path
):
    found = of_every_address(asking) | of_every_refusal(asking, monkeypatch, settings)
    found |= of_static_files(settings, of_production, tmp_path)
    text = as_text(found)
    if os.environ.get("WRITE_HEADERS"):
        GOLDEN.write_text(text, encoding="utf-8")
    known = GOLDEN.read_text(encoding="utf-8")
    result("K1", "answers whose headers are compared", len(found), int(text != known))
    assert text.splitlines() == known.splitlines()


def test_what_is_written_down_allows_no_script_of_others_and_no_frame():
    """Whoever writes the file anew cannot let slip what must hold for all pages."""
    for block in GOLDEN.read_text(encoding="utf-8").split("\n\n"):
        names = [line for line in block.splitlines() if line.startswith("[")]
        if "Content-Type: text/html" in block and "[301 " not in block:
            assert "script-src 'self'" in block, names
            assert "frame-ancestors 'none'" in block, names
            assert "unsafe-" not in block, names
        assert "Strict-Transport-Security: max-age=31536000; includeSubDomains" in block or "[301 " in block, names
        for cookie in (line for line in block.splitlines() if line.startswith("Set-Cookie: ")):
            assert "__Host-" in cookie, names
            assert "; Secure" in cookie, names
