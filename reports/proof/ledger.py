"""The one place where a document's figures are made: each with its printed text and its key, and found again by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from bureau import months
from indicators.analysis.marks import pieces
from indicators.queries import ReadAt
from indicators.shown import Shown
from reports.manuscript import Figure, Text
from reports.proof import texts
from reports.proof.keys import WORKS, Key, Subject
from reports.proof.source import Source

FIXED = ("corrections", "release")  # what a release wrote down; nothing live answers to it


class Ledger:
    """Makes the figures of what `at` shows. Texts are made once a subject, and the same for whoever asks."""

    def __init__(self, at: ReadAt) -> None:
        self.at, self.source = at, Source(at)
        self._texts: dict[Subject, Mapping[str, str]] = {}

    # --- subjects ---

    def indicator(self, shown: Shown, month: int | None = None) -> Subject:
        """An indicator in its place, at the month shown or an earlier one."""
        reading = "official" if self._is_official(shown) else shown.reading.code
        return Subject(shown.indicator.code, reading, shown.area_code, months.iso(month or self.source.month))

    def _is_official(self, shown: Shown) -> bool:
        known = self.source.by_code.get(shown.indicator.code)
        return known is not None and known.reading.pk == shown.reading.pk

    def counted(self, name: str, group: str = "all", *, day: date | None = None) -> Subject:
        """What is counted: indicators of a group in the month; with a day: works, slips."""
        period = day.isoformat() if day else months.iso(self.source.month)
        return Subject(name, group, self.at.county.code, period)

    def work(self, row: Mapping) -> Subject:
        return Subject(row["code"], row["kind"], self.at.county.code, self.source.day.isoformat())

    def correction(self, number: str, month: int) -> Subject:
        """The line of this number ('3', '3.1' of its steps) in the release's correction list."""
        sequence = self.at.release.sequence if self.at.release else 0
        return Subject("corrections", f"{sequence}.{number}", self.at.county.code, months.iso(month))

    def assessment(self, area: str) -> Subject:
        return Subject("assessment", texts.assessment_name(self.source), area, texts.assessment_period(self.source))

    # --- figures ---

    def figure(self, subject: Subject, what: str) -> Figure:
        """KeyError where the subject has no such number."""
        return Figure(self.texts(subject)[what], str(Key(subject, what)))

    def has(self, subject: Subject, what: str) -> bool:
        return what in self.texts(subject)

    def around(self, subject: Subject, what: str, text: str) -> Text:
        """A text of a page whose number is this one: '≥ 6,800 人' as '≥ ', 6,800, ' 人'."""
        before, number, after = texts.number_in(text)
        if not number or not self.has(subject, what):
            return (text,) if text else ()
        return tuple(run for run in (before, self.figure(subject, what), after) if run)

    def runs(self, sentence: str, subject: Subject) -> Text:
        """A marked sentence, each number with its key."""
        return tuple(Figure(text, str(Key(subject, what))) if what else text for what, text in pieces(sentence))

    def text(self, key: Key) -> str | None:
        """What the key prints here; None where there is no such number."""
        return self.texts(key.subject).get(key.what)

    def texts(self, subject: Subject) -> Mapping[str, str]:
        if subject not in self._texts:
            self._texts[subject] = self._made(subject)
        return self._texts[subject]

    def _made(self, subject: Subject) -> Mapping[str, str]:
        if subject.is_indicator:
            return self._of_indicator(subject)
        if subject.group in WORKS:
            day = date.fromisoformat(subject.period)
            kind = f"{subject.group}s"
            row = next(
                (one for one in texts.works_in(self.source, kind, "all", day) if one["code"] == subject.name), None
            )
            return texts.of_work(row, day) if row is not None else {}
        make = self._makers.get(subject.name)
        return make(subject) if make is not None else {}

    @property
    def _makers(self) -> Mapping[str, Callable[[Subject], Mapping[str, str]]]:
        source = self.source
        return {
            "indicators": lambda one: texts.of_lights(texts.group_of_indicators(source, one.group)),
            "tasks": self._of_works,
            "projects": self._of_works,
            "slips": lambda one: {k: str(n) for k, n in source.slips_on(date.fromisoformat(one.period)).items()},
            "places": lambda one: texts.of_places(source, one.group),
            "plan": lambda one: {"phases": str(len(source.phases)), "domains": str(len(source.domains))},
            "sections": self._of_sections,
            "equality": lambda one: texts.of_realisation(source, one.group),
            "corrections": self._of_correction,
            "assessment": lambda one: texts.of_assessment(source, one.group, one.area),
            "release": lambda one: {"version": str(self.at.release.version)} if self.at.release else {},
        }

    def _of_works(self, subject: Subject) -> Mapping[str, str]:
        day = date.fromisoformat(subject.period)
        return texts.of_works(texts.works_in(self.source, subject.name, subject.group, day))

    def _of_sections(self, _subject: Subject) -> Mapping[str, str]:
        owners = {one.indicator.section_id for one in self.source.shown}
        return {"count": str(len(owners | {row["lead_id"] for row in self.source.works}))}

    def shown(self, subject: Subject) -> Shown | None:
        """The indicator of this subject, in its reading and place."""
        known = self.source.by_code.get(subject.name)
        readings = (known, *known.others) if known is not None else ()
        shown = next((one for one in readings if self.indicator(one).group == subject.group), None)
        if shown is None or subject.area == self.at.county.code:
            return shown
        town = next((one for one in self.source.towns if one.code == subject.area), None)
        return self.source.in_town(shown, town) if town is not None else None

    def _of_indicator(self, subject: Subject) -> Mapping[str, str]:
        shown, month = self.shown(subject), months.parse(subject.period)
        if shown is None:
            return {}
        if month != self.source.month:
            return texts.of_month(shown, month)
        found = texts.of_indicator(shown)
        compared = {one.indicator.code for one in self.source.compared}
        if subject.group == "official" and subject.area == self.at.county.code and subject.name in compared:
            found |= texts.of_equality(self.source, subject.name)
        return found

    def _of_correction(self, subject: Subject) -> Mapping[str, str]:
        release = self.at.release
        if release is None:
            return {}
        sequence, number, *step = subject.group.split(".")
        if int(sequence) != release.sequence:
            return {}
        if number == "all":
            return {"count": str(len(release.corrections))}
        line = release.corrections[int(number) - 1]
        return texts.of_correction({**line, **line["steps"][int(step[0]) - 1]} if step else line)
