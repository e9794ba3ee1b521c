"""What may be asked of every address (month, version, format, paging), and the answer as JSON or CSV with its ETag."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags, quote_etag
from ninja import Schema
from ninja.errors import ValidationError
from pydantic import Field, StringConstraints

from bureau import months
from bureau.context import installation_of
from bureau.exports import content_disposition, write_csv
from bureau.models import Installation
from indicators.api.tables import Table
from indicators.queries import LIVE, ReadAt, read_at

USUAL, MOST = 1000, 10_000  # rows of a page
MOST_CODES = 100  # of one filter
DEMONSTRATION = "演示数据"

Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Version = Annotated[str, StringConstraints(pattern=r"^(live|[1-9][0-9]{0,3})$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
Codes = Annotated[list[Code], Field(max_length=MOST_CODES)]


class Asked(Schema):
    """The query every address takes."""

    month: Month | None = Field(None, description="月份，写作 2017-06；不写为最近发布的月份")
    version: Version | None = Field(None, description="发布版本号；live 为未发布的实时数，有权限者可看；不写为最新一版")
    format: Literal["json", "csv"] | None = Field(None, description="json 或 csv；不写则看请求头 Accept，默认 json")
    limit: int = Field(USUAL, ge=1, le=MOST, description="本页最多几行，1 至 10000")
    offset: int = Field(0, ge=0, le=10_000_000, description="从第几行起，第一行为 0")


@dataclass(frozen=True)
class Asking:
    """A request made out: the state read, the words asked with."""

    request: HttpRequest
    installation: Installation
    at: ReadAt
    asked: Asked

    @property
    def page(self) -> slice:
        return slice(self.asked.offset, self.asked.offset + self.asked.limit)


def asking(request: HttpRequest, asked: Asked) -> Asking:
    """The state this request may read; Http404 where there is none, 422 for a word nobody knows.

    A misspelt filter that were passed over would give the wrong rows for the right ones.
    """
    unknown = sorted(set(request.GET) - set(type(asked).model_fields))
    if unknown:
        raise ValidationError([{"loc": ["query", unknown[0]], "type": "unknown"}])
    installation = installation_of(request)
    if installation is None:
        raise Http404
    return Asking(request, installation, read_at(installation, request.user, asked.month, asked.version), asked)


def known(found: Any) -> Any:
    """What was found by a code; Http404 for nothing."""
    if not found:
        raise Http404
    return found


def state(at: ReadAt, installation: Installation) -> dict[str, Any]:
    """Which state of the data an answer shows, as it stands around the rows."""
    number = installation.county.data_version.number if hasattr(installation.county, "data_version") else 0
    demonstration = at.release.demonstration if at.release else installation.demonstration
    return {
        "county": at.county.code,
        "month": None if at.month is None else months.iso(at.month),
        "version": LIVE if at.live else str(at.release.version) if at.release else None,
        "released_on": at.release.business_date.isoformat() if at.release else None,
        "data_version": at.release.data_version if at.release else number,
        "demonstration": demonstration,
        "mark": DEMONSTRATION if demonstration else "",
    }


def as_json(
    stated: dict[str, Any], table: Table, rows: Iterable[Sequence[Any]], total: int, offset: int = 0,
    next_page: str | None = None,
) -> bytes:  # fmt: skip
    body = stated | {"total": total, "offset": offset, "next": next_page, "items": table.items(rows)}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def as_csv(stated: dict[str, Any], table: Table, rows: Iterable[Sequence[Any]]) -> bytes:
    """The mark of invented figures first, as in every CSV here, then headings and rows."""
    return write_csv([*([[stated["mark"]]] if stated["mark"] else []), *table.lines(rows)])


def answer(ask: Asking, table: Table, rows: Iterable[Sequence[Any]], total: int) -> HttpResponse:
    """One page of rows in the form asked for; 304 where the asker has these very bytes."""
    stated = state(ask.at, ask.installation)
    following = _next_page(ask, total)
    csv = _wants_csv(ask)
    body = as_csv(stated, table, rows) if csv else as_json(stated, table, rows, total, ask.asked.offset, following)
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    had = parse_etags(ask.request.headers.get("If-None-Match", ""))
    response: HttpResponse
    if "*" in had or any(one.removeprefix("W/") == etag for one in had):
        response = HttpResponseNotModified()
    elif csv:
        response = HttpResponse(body, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = content_disposition(f"{table.title}-{stated['month'] or ''}.csv")
    else:
        response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["ETag"] = etag
    response["X-Total-Count"] = str(total)
    for key in ("month", "version", "data_version", "demonstration"):
        if stated[key] is not None:
            response[f"X-{key.replace('_', '-').title()}"] = str(stated[key]).lower()
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response


def whole(ask: Asking, table: Table, rows: Sequence[Sequence[Any]]) -> HttpResponse:
    """The page asked for of a table that is small enough to be read whole."""
    return answer(ask, table, rows[ask.page], len(rows))


def _next_page(ask: Asking, total: int) -> str | None:
    if ask.page.stop >= total:
        return None
    query = ask.request.GET.copy()
    query["offset"] = str(ask.page.stop)
    return f"{ask.request.path}?{query.urlencode()}"


def _wants_csv(ask: Asking) -> bool:
    """By ?format=, else by the kind first named in Accept that we have."""
    if ask.asked.format:
        return ask.asked.format == "csv"
    kinds = [part.partition(";")[0].strip().lower() for part in ask.request.headers.get("Accept", "").split(",")]
    return next((kind for kind in kinds if kind in ("text/csv", "application/json")), "") == "text/csv"
