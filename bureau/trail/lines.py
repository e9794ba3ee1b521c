"""Text from outside made fit for one line of a log, a table or an export: nothing in it can break or turn the line."""

from __future__ import annotations

import re

# Controls, line and paragraph separators, marks that turn the direction of writing, invisible marks, half surrogates.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def one_line(text: str, most: int | None = None) -> str:
    """The text with each unfit character written out (\\n, \\x1b, \\u202e), cut to `most` characters."""
    return _UNFIT.sub(_written_out, text)[:most]


def _written_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    return _SHORT.get(found[0]) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
