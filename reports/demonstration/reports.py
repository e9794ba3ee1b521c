"""The demonstration's reports: May's bulletin final, June's begun, June's evaluation report written and under review.

Each part is written by somebody of its section where the demonstration has one, else by the office.
"""

from __future__ import annotations

from datetime import date

from bureau import months
from bureau.models import Installation, User
from indicators.models import PublishedMonth
from reports import edition_files, editions, issuing, writing
from reports.demonstration.assessment import LEADER
from reports.demonstration.people import People
from reports.demonstration.reporttexts import BULLETIN, MARK, OF_INDICATORS, PRACTICE, SINGLE
from reports.models import Edition

MAY, JUNE = months.make(2017, 5), months.make(2017, 6)
SIGNED_ON, WRITTEN_ON = date(2017, 6, 19), date(2017, 8, 7)
NUMBER = "盐人社〔2017〕19号"
TO, COPIES = "各镇人民政府、街道办事处，局属各科室：", ("报：县试点工作领导小组", "送：县政府办公室")


def report(people: People) -> None:
    """Write them, each on its business date; that date is left behind. Nothing of a month that is not released."""
    released = set(PublishedMonth.objects.values_list("month", flat=True))
    if MAY in released:
        _on(SIGNED_ON)
        _issued(people)
    if JUNE in released:
        _on(WRITTEN_ON)
        begun = editions.begin("bulletin", JUNE, by=people.office)
        _written(begun, _bulletin("june"), people)
        _reviewed(people)


def _issued(people: People) -> None:
    edition = editions.begin("bulletin", MAY, by=people.office)
    _written(edition, _bulletin("may"), people)
    edition = editions.describe(
        edition, editions.Described("", "第5期", TO, COPIES), by=people.office, seen=edition.version
    )
    edition = issuing.submit(edition, by=people.office, seen=edition.version)
    ready = edition_files.ready(edition, NUMBER, SIGNED_ON, seen=edition.version)
    issuing.finalise(edition, ready, by=User.objects.get(username=LEADER))


def _reviewed(people: People) -> None:
    edition = editions.begin("evaluation", JUNE, by=people.office)
    texts = {f"practice/{code}": text for code, text in PRACTICE.items()} | SINGLE
    for code, (cause, following) in OF_INDICATORS.items():
        texts |= {f"cause/{code}": cause, f"next/{code}": following}
    _written(edition, texts, people)
    wanted = editions.Described("", "", "县人民政府：", COPIES)
    edition = editions.describe(edition, wanted, by=people.office, seen=edition.version)
    issuing.submit(edition, by=people.office, seen=edition.version)


def _bulletin(month: str) -> dict[str, str]:
    return dict(zip(("problems", "demands"), BULLETIN[month], strict=True))


def _written(edition: Edition, texts: dict[str, str], people: People) -> None:
    for part in edition.parts.select_related("section"):
        text = texts.get(part.key, "")
        if text:
            by = people.section_clerks.get(part.section.code) or people.reviewers.get(part.section.code)
            marked = "\n".join(f"{MARK}{line}" for line in text.splitlines())
            writing.write(edition, part.key, marked, by=by or people.office, seen=0)


def _on(day: date) -> None:
    Installation.objects.update(business_date=day)
