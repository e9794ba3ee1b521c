"""The only writer of the parts people write: a text saved over the version its writer saw, every one of them kept."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import clock
from bureau.exports import xml_text
from bureau.models import User
from reports.editions import opened, recorded
from reports.models import Edition, PartRevision, PartText
from tasks.rules import Conflict, Refused

MOST = 3000
_BLANK_LINES = re.compile(r"\n{3,}")


@transaction.atomic
def write(edition: Edition, key: str, text: str, *, by: User, seen: int, figures: str = "") -> PartText:
    """Save a part; `seen` is the version the writer saw, `figures` the digest of the figures shown beside it.

    Conflict where somebody else saved meanwhile; nothing is written then. The same text again says that it still holds
    beside the figures as they are now, and makes no new version.
    """
    found = opened(edition)
    part = PartText.objects.select_related("section", "by").filter(edition=found, key=key).first()
    if part is None:
        raise Refused(_("这一版没有这个部分。"))
    text = cleaned(text)
    if len(text) > MOST:
        raise Refused(_("最多 %(n)d 个字，现在 %(m)d 个。") % {"n": MOST, "m": len(text)})
    now = found.figures.get(key, "")
    if part.version != seen and part.text != text:
        raise Conflict(_("这一部分已被他人修改，没有保存。"))
    part.seen = figures or now
    moved, part.moved = part.moved, bool(text) and part.seen != now
    if part.text == text:
        if moved != part.moved:
            part.save(update_fields=["seen", "moved"])
            recorded(found, "confirm", by, detail={"part": key})
        return part
    part.text, part.version, part.by, part.at = text, part.version + 1, by, clock.now()
    part.save()
    PartRevision.objects.create(part=part, version=part.version, text=text, by=by, at=part.at)
    recorded(found, "write", by, detail={"part": key, "version": part.version, "letters": len(text)})
    return part


def cleaned(text: str) -> str:
    """The text with plain line ends, without control characters, blanks at line ends and more than one empty line."""
    lines = xml_text(text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).split("\n")
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")
