"""How large a file may be, in one place: by kind of file, and the time and memory the child may take that reads it.

No dataclass, and nothing imported beyond typing: the reader's child loads this for every file.
"""

from __future__ import annotations

from typing import NamedTuple

MEGABYTE = 1024 * 1024
MEMORY = 512 * MEGABYTE  # of the child, in address space
_LEAST_SECONDS, _SECONDS_A_MEGABYTE = 10, 4


class Limits(NamedTuple):
    """What one kind of file may hold."""

    file: int  # bytes as sent
    unpacked: int  # bytes of all its parts
    rows: int  # of a sheet, its heading among them
    columns: int
    cells: int  # that hold something
    characters: int  # of all cells together


WORKBOOK = Limits(5 * MEGABYTE, 20 * MEGABYTE, 20_000, 300, 200_000, 8_000_000)
# A line takes some 250 bytes of XML and five cells; 200,000 lines took the child 246 MB and 6 s of processor time.
LONG_FORM = Limits(5 * MEGABYTE, 80 * MEGABYTE, 200_000, 300, 1_200_000, 24_000_000)
KINDS = {"workbook": WORKBOOK, "longform": LONG_FORM}


def seconds_for(size: int) -> int:
    """How much processor time the child may take over a file of `size` bytes, in proportion to it."""
    return _LEAST_SECONDS + _SECONDS_A_MEGABYTE * size // MEGABYTE
