"""Pages kept as they were rendered for a reader, until anything they could show has changed; answers 304 and 200.

What could have changed is counted where every act is put on record (`outdate`, from bureau/audit.py): a page of a
release is good until something other than entry and review happens (a release, tasks, settings, people and their
rights, a new start of the service), any other page until anything happens. Both are good for the day they were made
on, for the one reader, his language and his sign-in. The counts are read with the installation, as for every page, and
no right outlives its end.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import NamedTuple

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers

from bureau import clock, packed
from bureau.installation import of_request
from bureau.models import Changes
from bureau.trail.acts import Kind, kind_of

View = Callable[..., HttpResponse]
UNSEEN = frozenset({Kind.SIGNING, Kind.ACCESS})  # change nothing that a page shows
UNSETTLED = UNSEEN | {Kind.ENTRY}
FORM = "parts"  # what a kept page looks like on disk; one of another form is never read
_FIELD = b'name="csrfmiddlewaretoken" value="'  # plain letters first: found many times quicker than by looking behind
_TOKEN = re.compile(_FIELD + rb'[A-Za-z0-9]{64}(?=")')


def outdate(acts: Iterable[str]) -> None:
    """Count these acts, inside the transaction that records them."""
    kinds = {kind_of(act) for act in acts}
    if kinds <= UNSEEN:
        return
    settled = 0 if kinds <= UNSETTLED else 1
    if not Changes.objects.filter(pk=1).update(every=F("every") + 1, settled=F("settled") + settled):
        Changes.objects.create(pk=1, every=1, settled=settled)


def shows_release(request: HttpRequest) -> None:
    """Said by what resolves ?month=&version=: this page shows a release, which entry and review do not change."""
    request.kept_settled = True  # type: ignore[attr-defined]


def shows_figures(request: HttpRequest) -> None:
    """Said by a page that shows a release and approved figures besides: entry and review change it after all."""
    request.kept_settled = False  # type: ignore[attr-defined]


def passing(request: HttpRequest) -> None:
    """Said by a view whose page will soon be another although nothing is put on record; it is not kept."""
    request.kept_passing = True  # type: ignore[attr-defined]


class _Page(NamedTuple):
    """A rendered page, cut where its form tokens stand, each part packed; with the mark of what it was made of."""

    mark: str
    packed: tuple[bytes, ...]  # by bureau/packed.py


def kept(view: View) -> View:
    """Keep what a reading view answers a signed-in reader to GET; pages that tell a message, or are no 200, pass by.

    Stands before the view's own question of rights: what that said holds as long as the page does.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or not request.user.is_authenticated or _tells(request):
            return view(request, *args, **kwargs)
        marks = _marks(request)
        asked = request.headers.get("If-None-Match", "")
        for mark in marks:
            if (tag := _tag(request, mark)) in asked:
                return HttpResponseNotModified(headers={"ETag": f'"{tag}"'})
        page = caches["pages"].get(_key(request))
        if page is None or page.mark not in marks:
            response = view(request, *args, **kwargs)
            passes = response.status_code != HTTPStatus.OK or response.streaming or _tells(request)
            if passes or getattr(request, "kept_passing", False):
                return response
            mark = marks[0] if getattr(request, "kept_settled", False) else marks[1]
            parts = _TOKEN.split(response.content)
            page = _Page(mark, packed.pack(parts))
            caches["pages"].set(_key(request), page)
        else:
            parts = packed.unpack(page.packed)
        return _of(page, parts, request)

    return answer


def _of(page: _Page, parts: Sequence[bytes], request: HttpRequest) -> HttpResponse:
    """The page of these parts with the tokens of this request, as gzip where the browser takes it."""
    field = _FIELD + get_token(request).encode()
    response = HttpResponse(field.join(parts))
    tag = f'"{_tag(request, page.mark)}"'
    if packed.accepted(request.headers.get("Accept-Encoding", "")):
        response.content = packed.filled(page.packed, field, response.content)
        response["Content-Encoding"], tag = "gzip", f"W/{tag}"
        patch_vary_headers(response, ("Accept-Encoding",))
    response["ETag"] = tag
    return response


def _tells(request: HttpRequest) -> bool:
    return bool(len(get_messages(request)))


def _marks(request: HttpRequest) -> tuple[str, str]:
    """What a page made now would be made of: while it shows a release, and otherwise."""
    here, day = of_request(request), clock.real_day().isoformat()
    settled, every = (here.settled or 0, here.every or 0) if here else (0, 0)
    return f"{day} {settled}", f"{day} {settled} {every}"


def _key(request: HttpRequest) -> str:
    return _digest(FORM, request.user.pk, request.LANGUAGE_CODE, request.get_full_path())


def _tag(request: HttpRequest, mark: str) -> str:
    """An ETag: the token in a page the browser kept is good for one sign-in only."""
    return _digest(_key(request), mark, request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""))


def _digest(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:40]
