"""A page as gzip, compressed once although a few bytes of it (its form tokens) differ from answer to answer.

What lies between those bytes is deflated by itself and kept; they go between as they are, so that no secret is ever
compressed together with anything else (BREACH), and an answer costs a checksum.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Sequence

LEVEL = 4  # 15 per cent of the overview's size in a millisecond; 6 takes twice as long for 13
HEAD, END = b"\x1f\x8b\x08\0\0\0\0\0\0\xff", b"\x03\0"
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


def accepted(header: str) -> bool:
    """Does a browser with this Accept-Encoding take gzip?"""
    return _GZIP.search(header) is not None


def pack(parts: Sequence[bytes]) -> tuple[bytes, ...]:
    """Each part deflated by itself, up to a byte's end."""
    return tuple(_deflated(part) for part in parts)


def _deflated(part: bytes) -> bytes:
    deflating = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflating.compress(part) + deflating.flush(zlib.Z_FULL_FLUSH)


def unpack(packed: Sequence[bytes]) -> list[bytes]:
    """The parts again."""
    return [zlib.decompressobj(-zlib.MAX_WBITS).decompress(part) for part in packed]


def filled(packed: Sequence[bytes], between: bytes, whole: bytes) -> bytes:
    """The gzip of `whole`, which is the parts with `between` (at most 64 kB) in each gap."""
    stored = b"\0" + struct.pack("<HH", len(between), len(between) ^ 0xFFFF) + between
    return HEAD + stored.join(packed) + END + struct.pack("<II", zlib.crc32(whole), len(whole) & 0xFFFFFFFF)
