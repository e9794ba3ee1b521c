"""The page of an edition in words: where it stands, the outline with each part's state, one part beside its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import joined, localized
from bureau.models import User
from indicators.analysis.kinds import Light
from reports import access
from reports.manuscript import Block, Chart, Paragraph, Table, plain
from reports.models import Edition, PartText
from reports.outline import Part
from reports.printing import drawn

STATES = {
    Edition.State.DRAFT: Light.BEHIND,
    Edition.State.REVIEW: Light.ON_COURSE,
    Edition.State.FINAL: Light.REACHED,
    Edition.State.DISCARDED: Light.NONE,
}


def url(edition: Edition, name: str = "edition", **query: str) -> str:
    """The address of a page of this very edition."""
    asked = urlencode({"edition": str(edition.number), **query})
    return f"{reverse(name, args=[edition.report.kind, months.iso(edition.report.month)])}?{asked}"


def file_url(edition: Edition, kind: str) -> str:
    return reverse("edition_file", args=[edition.report.kind, months.iso(edition.report.month), edition.number, kind])


def build_url(edition: Edition, kind: str) -> str:
    return reverse("edition_build", args=[edition.report.kind, months.iso(edition.report.month), edition.number, kind])


def name(edition: Edition) -> str:
    """'2017年6月评估总结报告'."""
    return _("%(m)s%(k)s") % {"m": months.label(edition.report.month), "k": edition.report.get_kind_display()}


def title(edition: Edition) -> str:
    return _("%(name)s第 %(n)d 版") % {"name": name(edition), "n": edition.number}


def way_out(edition: Edition, user: User) -> dict | None:
    """Where the edition is taken a step further, and what that is called; None for who has none to take."""
    office, decides = access.may_finish(user), access.may_finalise(user)
    labels = {
        Edition.State.DRAFT: _("送审") if office else _("作废草稿") if access.may_discard(user, edition) else "",
        Edition.State.REVIEW: _("审核定稿") if office or decides else "",
        Edition.State.FINAL: _("修订") if office else "",
    }
    label = labels.get(Edition.State(edition.state), "")
    return {"url": url(edition, "edition_issue"), "label": label} if label else None


def crumbs(edition: Edition, last: str = "") -> list[dict]:
    steps = [{"label": _("报告"), "url": reverse("report_list")}]
    if last:
        return [*steps, {"label": title(edition), "url": url(edition)}, {"label": last, "url": ""}]
    return [*steps, {"label": title(edition), "url": ""}]


def state(edition: Edition) -> dict:
    return {"light": int(STATES[Edition.State(edition.state)]), "word": edition.get_state_display()}


def facts(edition: Edition) -> list[str]:
    """The release, the number, who brought it how far."""
    found = [_("%(m)s第 %(v)d 版发布数据") % {"m": months.label(edition.release.month), "v": edition.release.version}]
    found += [one for one in (edition.document_number, edition.issue) if one]
    if edition.final and edition.signed_on:
        found.append(_("成文日期 %(d)s") % {"d": edition.signed_on.isoformat()})
        words = {"who": edition.finalised_by, "d": edition.finalised_on.isoformat() if edition.finalised_on else ""}
        found.append(_("%(who)s %(d)s 定稿") % words)
    elif edition.submitted_by:
        found.append(_("%(who)s %(d)s 送审") % {"who": edition.submitted_by, "d": moment(edition.submitted_at)})
    if edition.discarded:
        words = {"who": edition.discarded_by, "d": moment(edition.discarded_at), "r": edition.discarded_why}
        found.append(_("%(who)s %(d)s 作废：%(r)s") % words)
    if edition.reason:
        found.append(_("修订原因：%(r)s") % {"r": edition.reason})
    return found


def headline(edition: Edition, parts: Sequence[Part], rows: Mapping[str, PartText]) -> list[dict]:
    """How much of it is written."""
    if edition.discarded:
        return [{"text": _("已作废，写过的文字留着可看，不再改动"), "tone": ""}]
    if edition.final:
        return [{"text": _("已定稿，文字、数和文件都不再改动"), "tone": ""}]
    written = [part for part in parts if part.key in rows and rows[part.key].text]
    wanting = [part for part in parts if part.required and part not in written]
    moved = [row for row in rows.values() if row.moved]
    found = [{"text": _("%(m)d 个部分已写 %(n)d 个") % {"m": len(parts), "n": len(written)}, "tone": ""}]
    if wanting:
        found += [
            {"text": _("，"), "tone": ""},
            {"text": _("必写的还差 %(n)d 个") % {"n": len(wanting)}, "tone": "amber"},
        ]
    if moved:
        found += [{"text": _("，"), "tone": ""}, {"text": _("%(n)d 个数据已变") % {"n": len(moved)}, "tone": "red"}]
    return found


def subject(part: Part) -> str:
    """What the parts of one page have in common: their indicator or domain, or the part itself."""
    return part.about or part.key


def outline(
    edition: Edition, parts: Sequence[Part], rows: Mapping[str, PartText], chosen: str, user: User
) -> list[dict]:
    """The outline's lines, a line a subject: what it is called, where it stands, who writes it."""
    found = []
    for about, group in groupby(parts, subject):
        of_it = list(group)
        texts = [rows[part.key] for part in of_it if part.key in rows]
        light, word = _standing(edition, of_it, texts)
        first = of_it[0]
        found.append(
            {
                "label": first.about if len(of_it) > 1 else first.title,
                "url": url(edition, part=first.key) + "#part",
                "current": about == chosen,
                "light": int(light),
                "word": word,
                "section": joined(list(dict.fromkeys(localized(row.section) for row in texts))),
                "mine": not (edition.final or edition.discarded) and any(access.may_write(user, row) for row in texts),
            }
        )
    return found


def part_state(edition: Edition, part: Part, row: PartText | None) -> dict:
    light, word = _standing(edition, [part], [row] if row else [])
    return {"light": int(light), "word": word}


def _standing(edition: Edition, parts: Sequence[Part], rows: Sequence[PartText]) -> tuple[Light, str]:
    if edition.discarded:  # nothing of it is owed any more
        return Light.NONE, _("已写") if any(row.text for row in rows) else _("未写")
    if any(row.moved for row in rows):
        return Light.FAR_BEHIND, _("数据已变，请复核")
    written = sum(1 for row in rows if row.text)
    if written == len(parts):
        return Light.REACHED, _("已写")
    if not any(part.required for part in parts):
        return Light.NONE, _("可不写")
    if written:
        return Light.BEHIND, _("写了 %(n)d / %(m)d") % {"n": written, "m": len(parts)}
    return Light.BEHIND, _("未写")


def left_over(parts: Sequence[Part], rows: Iterable[PartText]) -> list[dict]:
    """Texts whose part the outline does not have any more: listed, never lost, not printed."""
    known = {part.key for part in parts}
    return [
        {"key": row.key, "section": localized(row.section), "text": row.text, "by": by(row)}
        for row in rows
        if row.text and row.key not in known
    ]


def by(row: PartText) -> str:
    """'张三 2017-08-09 10:20', empty where nobody wrote yet."""
    return f"{row.by} {moment(row.at)}" if row.by and row.at else ""


def moment(at) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def shown(blocks: Iterable[Block]) -> list[dict]:
    """What is computed beside a part: plain paragraphs, tables, and charts as the preview draws them."""
    found = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append({"text": plain(block.text)})
        elif isinstance(block, Table):
            found.append(
                {
                    "caption": block.caption,
                    "heads": [{"text": one.head, "num": one.align == "right"} for one in block.columns],
                    "rows": [
                        [
                            {"text": plain(cell), "num": column.align == "right"}
                            for cell, column in zip(row, block.columns, strict=True)
                        ]
                        for row in block.rows
                    ],
                }
            )
        elif isinstance(block, Chart):
            found.append({"picture": drawn.address(block.data), "words": block.words, "caption": block.caption})
    return found


def history(row: PartText) -> list[dict]:
    """Every text that was saved, the last first."""
    revisions = row.revisions.select_related("by")
    return [{"version": one.version, "by": str(one.by), "at": moment(one.at), "text": one.text} for one in revisions]
