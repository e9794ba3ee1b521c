"""The only writers of a report's editions before review: begin, describe, hand a part on, rebase, revise.

Each is one transaction that locks the county first and writes its audit record. What people wrote is never lost: a
rebase leaves every text and marks those beside which the figures moved; a revision takes them all over. How an edition
is reviewed and made final says issuing.py, how a part is written writing.py, who may do what access.py.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bureau import audit, clock, months
from bureau.exports import xml_text
from bureau.installation import county, lock_county
from bureau.models import Section, User
from indicators.models import PublishedMonth
from reports.composing import figures_of, outline_of
from reports.models import Edition, PartText, Report
from reports.outline import OFFICE
from tasks.rules import Conflict, Refused, reason_of

State = Edition.State
NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}\u3014(20[0-9]{2})\u3015[1-9][0-9]{0,3}\u53f7")  # 盐人社〔2017〕23号
MOST_COPIES, MOST_LETTERS = 6, 120


class Described(NamedTuple):
    """What an edition carries besides its texts."""

    document_number: str = ""
    issue: str = ""
    recipients: str = ""
    copies: tuple[str, ...] = ()


def begin(kind: str, month: int, *, by: User) -> Edition:
    """Begin a report of a kind on a month, on its newest release; Refused where there is none, or it stands already."""
    here = county()
    release = newest_release(month)
    figures = figures_of(kind, release)
    with transaction.atomic():
        lock_county(here.pk)
        report, _made = Report.objects.get_or_create(county=here, kind=kind, month=month)
        standing = _standing(report)
        if standing is not None:
            words = {"m": months.label(month), "k": report.get_kind_display(), "n": standing.number}
            raise Refused(_("%(m)s的%(k)s已有第 %(n)d 版，没有再建。") % words)
        edition = _new(report, _next_number(report), release, figures, by)
        _add_parts(edition)
        return recorded(edition, "begin", by, detail={"release": release_name(release)})


@transaction.atomic
def describe(edition: Edition, wanted: Described, *, by: User, seen: int) -> Edition:
    """Say number, issue, whom it goes to; the number may still be wanting."""
    found = opened(edition, seen)
    number = wanted.document_number.strip()
    if number:
        must_be_number(number, found)
    copies = [line for line in map(_one_line, wanted.copies) if line]
    if len(copies) > MOST_COPIES or any(len(line) > MOST_LETTERS for line in copies):
        raise Refused(_("抄报抄送最多 %(n)d 行，每行最多 %(m)d 个字。") % {"n": MOST_COPIES, "m": MOST_LETTERS})
    values = {
        "document_number": number,
        "issue": _one_line(wanted.issue),
        "recipients": _one_line(wanted.recipients),
        "copies": copies,
    }
    changed = {name: [getattr(found, name), value] for name, value in values.items() if getattr(found, name) != value}
    if not changed:
        return found
    for name, value in values.items():
        setattr(found, name, value)
    return moved_on(found, "describe", by, detail=changed)


@transaction.atomic
def assign(edition: Edition, key: str, section: Section, *, by: User) -> PartText:
    """Have another section write a part; what stands in it stays."""
    found = opened(edition)
    part = found.parts.select_related("section").get(key=key)
    if part.section_id == section.pk:
        return part
    before, part.section = part.section, section
    part.save(update_fields=["section"])
    recorded(found, "assign", by, detail={"part": key, "section": [before.code, section.code]})
    return part


def rebase(edition: Edition, release: PublishedMonth, *, by: User, seen: int) -> Edition:
    """Put an open edition upon another release of its month; texts stay, those whose figures moved are marked."""
    if release.month != edition.report.month or release.county_id != edition.report.county_id:
        raise Refused(_("只能换成同一个月的另一版发布数据。"))
    figures = figures_of(edition.report.kind, release)
    with transaction.atomic():
        found = opened(edition, seen)
        if found.release_id == release.pk:
            raise Refused(_("已经是这一版发布数据。"))
        before, found.release, found.figures = found.release, release, figures
        found.demonstration = release.demonstration
        marked = _mark(found)
        _add_parts(found)
        told = {"release": [release_name(before), release_name(release)], "moved": marked}
        return moved_on(found, "rebase", by, detail=told)


def revise(edition: Edition, *, why: str, by: User) -> Edition:
    """Begin the next edition from a final one, with the reason, on the month's newest release; the final stays."""
    why = reason_of(why)
    release = newest_release(edition.report.month)
    figures = figures_of(edition.report.kind, release)
    with transaction.atomic():
        lock_county(edition.report.county_id)
        last = _standing(edition.report)
        assert last is not None
        if not last.final:
            raise Refused(_("第 %(n)d 版还没有定稿，不能另立一版。") % {"n": last.number})
        made = _new(edition.report, _next_number(edition.report), release, figures, by)
        made.reason, made.recipients, made.copies, made.issue = why, last.recipients, last.copies, last.issue
        made.save()
        for row in last.parts.all():
            row.pk, row.edition, row.version = None, made, 1 if row.text else 0
            row.save(force_insert=True)
            if row.text:
                row.revisions.create(version=1, text=row.text, by_id=row.by_id, at=row.at)
        marked = _mark(made)
        _add_parts(made)
        told = {"from": name_of(last), "release": release_name(release), "moved": marked}
        return recorded(made, "revise", by, reason=why, detail=told)


def opened(edition: Edition, seen: int | None = None) -> Edition:
    """The draft as it stands now, county locked; Conflict where it is another version than the one seen."""
    found = locked(edition)
    if found.state != State.DRAFT:
        raise Refused(_("这一版“%(state)s”，不能再改。") % {"state": found.get_state_display()})
    must_be_seen(found, seen)
    return found


def locked(edition: Edition) -> Edition:
    """The edition as it stands now, county locked."""
    lock_county(edition.report.county_id)
    return Edition.objects.select_related("report", "release", "submitted_by").get(pk=edition.pk)


def must_be_seen(edition: Edition, seen: int | None) -> None:
    if seen is not None and edition.version != seen:
        raise Conflict(_("你打开之后，别人办理过这一版，没有保存；请核对后再办。"))


def moved_on(edition: Edition, act: str, by: User, *, reason: str = "", detail: dict | None = None) -> Edition:
    """Save an act on an edition as its next version."""
    edition.version += 1
    edition.save()
    return recorded(edition, act, by, reason=reason, detail=detail)


def recorded(edition: Edition, act: str, by: User, *, reason: str = "", detail: dict | None = None) -> Edition:
    audit.record(f"report.{act}", by=by, object=name_of(edition), reason=reason, detail=detail)
    return edition


def must_be_number(number: str, edition: Edition) -> None:
    """发文字号 as documents write it, and not used before; Refused otherwise."""
    if not NUMBER.fullmatch(number):
        raise Refused(_("发文字号写作“盐人社〔2017〕23号”：机关代字，六角括号括全年份，序号不补零。"))
    others = Edition.objects.filter(document_number=number).exclude(state=State.DISCARDED)
    other = others.exclude(pk=edition.pk).select_related("report").first()
    if other is not None:
        words = {"n": number, "k": other.report.get_kind_display(), "m": months.label(other.report.month)}
        raise Refused(_("发文字号 %(n)s 已用于%(m)s的%(k)s。") % words)


def newest_release(month: int) -> PublishedMonth:
    """Refused where the month is not released."""
    found = PublishedMonth.objects.filter(county=county(), month=month).select_related("county")
    release = found.order_by("-version").first()
    if release is None:
        raise Refused(_("%(m)s还没有发布，不能起草报告。") % {"m": months.label(month)})
    return release


def name_of(edition: Edition) -> str:
    """'evaluation 2017-06 e1', as audit records name an edition."""
    return f"{edition.report.kind} {months.iso(edition.report.month)} e{edition.number}"


def release_name(release: PublishedMonth) -> str:
    return f"{months.iso(release.month)} v{release.version}"


def _standing(report: Report) -> Edition | None:
    """The newest edition that was not discarded."""
    return report.editions.exclude(state=State.DISCARDED).order_by("-number").first()


def _next_number(report: Report) -> int:
    """One more than any edition had, so that no number stands for two."""
    return (report.editions.aggregate(last=Max("number"))["last"] or 0) + 1


def _new(report: Report, number: int, release: PublishedMonth, figures: dict[str, str], by: User) -> Edition:
    return Edition.objects.create(
        report=report, number=number, release=release, figures=figures, demonstration=release.demonstration,
        begun_by=by, begun_at=clock.now(),
    )  # fmt: skip


def _add_parts(edition: Edition) -> None:
    """A row for each part of the outline that has none yet."""
    sections = {one.code: one for one in Section.objects.all()}
    standing = set(edition.parts.values_list("key", flat=True))
    PartText.objects.bulk_create(
        PartText(edition=edition, key=part.key, section=sections.get(part.section) or sections[OFFICE])
        for part in outline_of(edition.report.kind)
        if part.key not in standing
    )


def _mark(edition: Edition) -> list[str]:
    """Mark the texts that were written beside other figures than the edition has now; which these are."""
    rows = [one for one in edition.parts.all() if one.text]
    for row in rows:
        row.moved = row.seen != edition.figures.get(row.key, "")
    PartText.objects.bulk_update(rows, ["moved"])
    return [row.key for row in rows if row.moved]


def _one_line(text: str) -> str:
    return " ".join(xml_text(text).split())
