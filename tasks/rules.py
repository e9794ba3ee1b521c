"""How the rules of tasks say no: a refusal in the reader's language, or a conflict with what somebody else wrote."""

from __future__ import annotations

from django.utils.translation import gettext as _

FEWEST_LETTERS = 5


class Refused(Exception):
    """An act that the rules do not allow; `args[0]` says why and, where it helps, what next."""


class Conflict(Refused):
    """Somebody else wrote meanwhile; what now stands is in the database for the page to show beside what was typed."""


def reason_of(text: str) -> str:
    """The reason without blanks around it; Refused below five characters."""
    text = text.strip()
    if len(text) < FEWEST_LETTERS:
        raise Refused(_("请写明理由，至少 5 个字。"))
    return text
