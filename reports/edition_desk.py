"""What of reports lies on a desk: parts one's section owes, editions that wait for review, or were returned."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q
from django.utils.translation import gettext as _

from bureau.authorization import Permission, can, scope
from bureau.models import Installation, User
from indicators import desk
from indicators.analysis.kinds import Light
from reports import access, edition_page, outline
from reports.models import Edition, PartText

State = Edition.State
MOST_NAMED = 3


def group(user: User, here: Installation, month: int) -> dict | None:
    """Whatever the month of the desk: what waits of open editions, the newest first."""
    if not access.sees_drafts(user):
        return None
    waiting = Edition.objects.filter(report__county=here.county_id).filter(state__in=[State.DRAFT, State.REVIEW])
    drafts = list(waiting.defer(*access.HEAVY).select_related("report"))
    owed = _owed([one.pk for one in drafts if one.state == State.DRAFT], user)
    rows = []
    for edition in drafts:
        if edition.state == State.DRAFT:
            rows += [row for row in [_to_write(edition, owed[edition.pk]), _returned(edition, user)] if row]
        elif access.may_finalise(user) and edition.submitted_by_id != user.pk:
            url = edition_page.url(edition, "edition_issue")
            rows.append(_row(edition, Light.ON_COURSE, edition.get_state_display(), "", url, _("审核定稿")))
    return {
        "id": "reports",
        "title": _("要办的报告"),
        "rows": rows,
        "todo": True,
        "light": int(Light.BEHIND),
        "forms": False,
    }


def _owed(drafts: list[int], user: User) -> dict[int, list[PartText]]:
    """By edition, the parts of the user's own sections that are empty or to be looked at again."""
    found: dict[int, list[PartText]] = defaultdict(list)
    sections = scope(user, Permission.WRITE_REPORTS).sections
    if not (sections and drafts):
        return found
    waits = PartText.objects.filter(edition__in=drafts, section__in=sections).filter(Q(moved=True) | Q(text=""))
    for row in waits:
        found[row.edition_id].append(row)
    return found


def _to_write(edition: Edition, waits: list[PartText]) -> dict | None:
    kind = edition.report.kind
    owed = [row for row in waits if row.moved or outline.required(kind, row.key)]
    if not owed:
        return None
    named = "、".join(outline.short(kind, row.key) for row in owed[:MOST_NAMED])
    note = named + (_(" 等 %(n)d 个部分") % {"n": len(owed)} if len(owed) > MOST_NAMED else "")
    moved = any(row.moved for row in owed)
    word = _("数据已变，请复核") if moved else _("要撰写")
    url = edition_page.url(edition, part=owed[0].key)
    return _row(edition, Light.FAR_BEHIND if moved else Light.BEHIND, word, note, url, _("撰写"))


def _returned(edition: Edition, user: User) -> dict | None:
    """A returned edition, for the office that submits it again."""
    if not edition.returned or not can(user, Permission.FINISH_REPORTS):
        return None
    return _row(edition, Light.BEHIND, _("已退回"), edition.returned, edition_page.url(edition), _("修改"))


def _row(edition: Edition, light: Light, word: str, note: str, url: str, action: str) -> dict:
    return {
        "form": edition_page.title(edition),
        "light": int(light),
        "state_word": word,
        "note": note,
        "url": url,
        "action": action,
        "primary": True,
    }


def register() -> None:
    """Called once, when the app is ready."""
    desk.register("reports", group)
