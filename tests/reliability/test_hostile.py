"""L1: odd addresses, queries, bodies and headers made of the site's own patterns are never a server error."""

from __future__ import annotations

import json
import random
from urllib.parse import quote

from django.urls import URLPattern, get_resolver

from tests.reliability.asking import Asking
from tests.reliability.scale import FULL, result, sweeping
from tests.reliability.world import COLUMNS

ODD = [
    "0", "-1", "1", "10" * 15, "9" * 400, "1e400", "NaN", "Infinity", "1.9", "true", "null", "None", "[]", "[[[[", "{}",
    "", " ", "\x00", "a\x00b", "\ud800", "\udcff", "%00", "..", "../../etc/passwd", "'", "' OR 1=1 --", '"><script>',
    "{{7*7}}", "１２３", "٣٤", "①", "½", "\u202e321", "\u200b", "=cmd|' /C calc'!A0", "2017-06", "2017-13", "0000-00",
    "99999-01", "2017-00", "live", "1; DROP TABLE bureau_user", "\r\nSet-Cookie: a=b", "x" * 5000, "数" * 700,
    "330424101", "330424", "yj01", "A01", "T01", "G01", "D01", "D33", "三(一)", "on", "csv",
]  # fmt: skip
QUERIES = (
    "month version page sort light all kind mine domain section phase report q category until since person act object "
    "succeeded address text before after next stay per_page state o p e _popup _to_field _changelist_filters term "
    "app_label model_name field_name core level"
).split()
FIELDS = (
    "action decision reason seen shown month file username password old_password new_password1 new_password2 percent "
    "done problem next_step quantity completed_on officer document number note on language next role area section user "
    "receiver grants from_date to_date expires_on display_name unit pick every clear _save _continue "
    "_digest csrfmiddlewaretoken points about criterion why pk scheme period"
).split()
TYPES = (
    "application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "multipart/form-data", "application/octet-stream", "text/html; charset=utf-16",
    "application/json; charset=nonsense", "\u2026", "",
)  # fmt: skip
BODIES = (
    b"", b"[" * 5000, b'{"a":', b'{"a": 1e999}', b'{"a": "\\ud800"}', b"\xff\xfe\x00", b"a=1&a=2&a=3", b"a" * 60_000,
    b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\nPK\x03\x04",
    b"--x\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nsave\r\n--x--\r\n", b"%", b"%zz=%", b"&&&===",
    b"=".join([b"k"] * 2000), b"&".join(b"c%d=1" % n for n in range(1500)),
)  # fmt: skip
HEADERS = {
    "HTTP_ACCEPT": ["application/json", "*/*;q=x", "\xff", ""],
    "HTTP_ACCEPT_LANGUAGE": ["en", "zz-ZZ;q=9", "a" * 900, "*"],
    "HTTP_HX_REQUEST": ["true", "x"],
    "HTTP_REFERER": ["http://elsewhere/", "\u202e", "x" * 3000],
    "HTTP_USER_AGENT": ["", "\x1b[31mred", "x" * 3000],
    "HTTP_COOKIE": ['sid=../../x; csrf="', "sid=" + "y" * 4000, "language=zz; messages=broken:::"],
    "HTTP_IF_MODIFIED_SINCE": ["yesterday", "Thu, 99 Foo 99999"],
    "HTTP_IF_NONE_MATCH": ['W/"', "*"],
    "HTTP_RANGE": ["bytes=9-1", "bytes=a-b"],
    "HTTP_X_FORWARDED_FOR": ["x", "1.1.1.1, ::", "\x00"],
    "REMOTE_ADDR": ["", "unix:", "::1%eth0"],
}
METHODS = ("get",) * 6 + ("post",) * 6 + ("head", "put", "options", "delete", "trace")


def patterns(resolver=None, before: str = "") -> list[str]:
    """Every address as a template: '/entry/<slug:form>/…'."""
    found = []
    for one in (resolver or get_resolver()).url_patterns:
        here = before + str(one.pattern)
        found += [f"/{here}"] if isinstance(one, URLPattern) else patterns(one, here)
    return found


class Requests:
    """Generated requests; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.chance, self._patterns = random.Random(seed), patterns()

    def path(self) -> str:
        parts = self.chance.choice(self._patterns).split("/")
        filled = [self._odd_part(part) if "<" in part else part for part in parts]
        return "/".join(filled)

    def _odd_part(self, part: str) -> str:
        before, _, rest = part.partition("<")
        good = {
            "month": "2017-06",
            "form": "yj01",
            "place": "330424101",
            "code": "A01",
            "item": "D01",
            "area": "330424101",
        }
        name = rest.partition(">")[0].rpartition(":")[2]
        odd = good.get(name, "1") if self.chance.random() < 0.5 else self.text()[:200]
        return before + quote(odd.encode("utf-8", "surrogatepass"), safe="") + rest.partition(">")[2]

    def text(self) -> str:
        return self.chance.choice(ODD)

    def encoded(self, names) -> str:
        pairs = [
            f"{self.chance.choice(names)}={quote(self.text().encode('utf-8', 'surrogatepass'), safe='')}"
            for _ in range(self.chance.randint(1, 4))
        ]
        return "&".join(pairs)

    def query(self) -> str:
        return f"?{self.encoded(QUERIES)}" if self.chance.random() < 0.6 else ""

    def body(self) -> tuple[bytes, str]:
        if self.chance.random() < 0.6:
            return self.encoded(FIELDS).encode(), "application/x-www-form-urlencoded"
        if self.chance.random() < 0.3:
            content = {self.chance.choice(FIELDS): self.text() for _ in range(3)}
            return json.dumps(content).encode(), "application/json"
        return self.chance.choice(BODIES), self.chance.choice(TYPES)

    def headers(self) -> dict[str, str]:
        if self.chance.random() > 0.25:
            return {}
        name = self.chance.choice(list(HEADERS))
        return {name: self.chance.choice(HEADERS[name])}


@sweeping
def test_no_odd_request_makes_a_server_error(asking: Asking):
    make = Requests(2017)
    wanted = 50_000 if FULL else 600
    broken = []
    for _ in range(wanted):
        who, method, url = make.chance.choice(COLUMNS), make.chance.choice(METHODS), make.path() + make.query()
        body, kind = make.body() if method in ("post", "put") else (b"", "")
        answer = asking.anyhow(who, method.upper(), url, body, kind, **make.headers())
        if answer.status_code >= 500:
            broken.append(f"{answer.status_code} {method} {url[:200]!r} as {who}: {kind} {body[:120]!r}")
    result("L1", "generated requests", wanted, len(broken))
    assert broken[:20] == []
