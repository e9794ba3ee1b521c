"""Notes (说明) of cells: one that explained a figure since changed is marked, and counts only once it is confirmed.

The text stays, so that who still means it strikes the mark out and keeps it. No Django.
"""

from __future__ import annotations

MARK = "改数前的说明："


def outdated(note: str) -> str:
    """The note of a figure that has changed under it; '' where there was none."""
    return note if not note.strip() or note.startswith(MARK) else MARK + note


def is_current(note: str) -> bool:
    """Does the note speak of the figure it stands with?"""
    return bool(note.strip()) and not note.startswith(MARK)


def own_text(note: str) -> str:
    """What a person wrote of it."""
    return note.removeprefix(MARK)
