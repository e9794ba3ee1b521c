"""What the headings and names of an old file are most like: data items with their unit, places. Proposals only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.entry.layout import Column
from indicators.entry.oldfiles import words

ALIKE = 0.55  # less alike is not proposed
HARDLY_ALIKE = 0.4  # a place less alike is not
MOST_PROPOSED = 5
LONGEST_NAME = 20  # what is longer is a remark that speaks of a place


@dataclass(frozen=True)
class Choice:
    """What a heading stands for: an item with its category ('' for not imported), and what its figures are times."""

    code: str = ""
    factor: Decimal = Decimal(1)

    def stored(self) -> list[str]:
        return [self.code, f"{self.factor:f}"]

    @classmethod
    def restored(cls, found: Sequence[str]) -> Choice:
        return cls(found[0], Decimal(found[1]))


def propose_item(heading: str, unit: str, columns: Iterable[Column]) -> Choice:
    """The column most like a heading; a unit that does not go with its own speaks against it."""
    key = words.bare(heading)
    best, found = ALIKE, Choice()
    for column in columns:
        factor = words.factor_between(unit, column.unit) if unit else Decimal(1)
        names = {words.bare(column.title), words.bare(column.name) if not column.category else ""}
        score = 1.0 if words.tidy(heading) == column.code else max(words.likeness(key, name) for name in names)
        score -= 0.2 if factor is None else 0
        if score > best:
            best, found = score, Choice(column.code, Decimal(1) if factor is None else factor)
    return found


@dataclass(frozen=True)
class Named:
    """A place by one of the names it has or had; `parents` are those it lay under."""

    code: str
    name: str
    level: str
    parents: frozenset[str] = frozenset()


@dataclass
class Gazetteer:
    """The county's places by name, and the spellings people confirmed before: (text, parent's code or '') → code."""

    places: Sequence[Named]
    aliases: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._stems = {words.stem(words.tidy(one.name)) for one in self.places}
        self.of: dict[str, Named] = {}
        self._parents: dict[str, set[str]] = defaultdict(set)
        for one in self.places:
            self._parents[one.code] |= one.parents
            self._by_name[words.tidy(one.name)].add(one.code)
            self._by_name[one.code].add(one.code)
            self.of[one.code] = one

    def resolve(self, name: str, parent: str = "") -> tuple[str, ...]:
        """The codes an exact name or a kept spelling stands for, within `parent` where that is known.

        One: it is that. Several: places of the same name. None: nobody knows it.
        """
        text = words.tidy(name)
        found = {code for code in self._by_name.get(text, ()) if self._lies_in(code, parent)}
        if found:
            return tuple(sorted(found))
        kept = self.aliases.get((text, parent)) or self.aliases.get((text, ""))
        return (kept,) if kept and self._lies_in(kept, parent) else ()

    def _lies_in(self, code: str, parent: str) -> bool:
        return code in self.of and (not parent or code == parent or parent in self._parents[code])

    def label(self, code: str) -> str:
        """'西塘桥街道 永宁村': a place with the town it lies in."""
        place = self.of[code]
        above = [self.of[one].name for one in sorted(place.parents) if one in self.of and place.level == "village"]
        return " ".join([*above[:1], place.name])

    def looks_known(self, text: str) -> bool:
        """Is it a name, a kept spelling, or one within the other?"""
        tidied = words.tidy(text)
        if len(tidied) < 2 or tidied.isdecimal():
            return False
        if tidied in self._by_name or any(tidied == kept for kept, _ in self.aliases):
            return True
        return len(tidied) <= LONGEST_NAME and any(len(one) > 1 and one in tidied for one in self._stems)

    def propose(self, name: str, parent: str = "") -> list[str]:
        """The places most like a name, the most alike first; a village before the town it is written with."""
        stem = words.stem(words.tidy(name))
        scored: dict[str, float] = {}
        for known, codes in self._by_name.items():
            score = 0.0 if known.isdecimal() else words.likeness(stem, words.stem(known))
            for code in codes:
                if score >= HARDLY_ALIKE and code != parent and self._lies_in(code, parent):
                    scored[code] = max(score, scored.get(code, 0))
        return sorted(scored, key=lambda code: (-round(scored[code], 1), -len(code), code))[:MOST_PROPOSED]
