"""The code of one audit record: an HMAC over its content and the code before it; the key lies outside the database."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from json.encoder import encode_basestring as _quoted

from django.conf import settings

COLUMNS = (
    "sequence", "at", "by_id", "act", "object", "reason", "detail", "address", "succeeded",
    "revisions", "revisions_digest",
)  # fmt: skip
WHOLE_SECONDS = len("2017-08-09 10:30:00")


def key() -> bytes:
    return settings.AUDIT_KEY.encode()


def code_of(
    key: bytes,
    previous: str,
    sequence: int,
    at: datetime | str,
    by: int | None,
    act: str,
    object: str,
    reason: str,
    detail: str,
    address: str | None,
    succeeded: bool,
    revisions: int,
    digest: str,
) -> str:
    """The code of a record with these columns after a record with the code `previous`; `detail` as canonical text.

    `at` may come as text in UTC. The message is `[previous, [sequence, at, …]]` in canonical JSON, put
    together by hand for speed.
    """
    if isinstance(at, str):
        moment = f"{at[:10]}T{at[11:] if len(at) > WHOLE_SECONDS else at[11:] + '.000000'}+00:00"
    else:
        moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    message = (
        f'["{previous}",[{sequence},"{moment}",{"null" if by is None else by},{_quoted(act)},{_quoted(object)},'
        f"{_quoted(reason)},{detail},{_quoted(address) if address else 'null'},{'true' if succeeded else 'false'},"
        f'{revisions},"{digest}"]]'
    )
    return hmac.digest(key, message.encode("utf-8", "surrogatepass"), "sha256").hex()
