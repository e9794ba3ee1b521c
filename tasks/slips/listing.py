"""What the list of supervision slips (督办单) is made of, read in the same two queries however many there are.

How many each unit has is told to every reader; which they are, only to who sees them (access.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext as _

from bureau.language import english
from bureau.models import User
from tasks.decision_page import town_names
from tasks.models import Slip
from tasks.slips import page
from tasks.slips.access import INTERNAL, Reach
from tasks.slips.moves import CLOSED, Colour, colour, days_left
from tasks.slips.number import number_of

State = Slip.State
OPEN = "open"  # as a filter: every state in which something is still to be done
KEPT = ("sort",)
SECTION, TOWN = "s", "t"
FIELDS = (
    "pk", "year", "number", "origin", "subject", "basis", "requirement", "officer", "state", "due_on", "raised_on",
    "assigned_on", "answered_on", "struck_off_on", "section_id", "town_id",
)  # fmt: skip


OF_OWNER = {
    "section_name": F("section__name"),
    "section_name_en": F("section__name_en"),
    "section_code": F("section__code"),
    "town_code": F("town__code"),
}
COUNTED = ("open", "red", "yellow", "struck_off")


@dataclass(frozen=True)
class Listing:
    """The slips a reader sees, the most pressing first, and how many each unit has."""

    rows: list[dict]
    units: list[dict]
    today: date

    def owners(self) -> dict[str, str]:
        """The units of the slips he sees: by the key of the filter what they are called."""
        return {row["unit"]: row["unit_name"] for row in sorted(self.rows, key=lambda row: row["unit"])}

    def headline(self) -> list[dict]:
        """The finding: how many the county presses, how many are late, how many done with this year."""
        total = {name: sum(unit[name] for unit in self.units) for name in COUNTED}
        parts = [(_("督办单在办 %(n)d 件") % {"n": total["open"]}, "")]
        if total["red"]:
            parts += [(_("，"), ""), (_("超期 %(n)d 件") % {"n": total["red"]}, "red")]
        if total["yellow"]:
            parts += [(_("，"), ""), (_("临期 %(n)d 件") % {"n": total["yellow"]}, "amber")]
        waiting = sum(row["state"] == State.RAISED for row in self.rows)
        if waiting:
            parts += [(_("；"), ""), (_("待交办 %(n)d 件") % {"n": waiting}, "")]
        parts += [(_("；"), ""), (_("今年已销号 %(n)d 件") % {"n": total["struck_off"]}, "")]
        return [{"text": text, "tone": tone} for text, tone in parts]


def read(county: int, user: User, today: date) -> Listing:
    """Every slip of the county as the reader may see it."""
    found = list(Slip.objects.filter(county=county).annotate(**OF_OWNER).values_list(*FIELDS, *OF_OWNER, named=True))
    supporting: dict[int, set[int]] = defaultdict(set)
    pairs = Slip.supporting.through.objects.filter(slip__county=county)
    for slip, section in pairs.values_list("slip_id", "section_id") if found else ():
        supporting[slip].add(section)
    towns, in_english = town_names(found, county), english()
    reach, rows, units = Reach.of(user), [], {}
    for one in found:
        shade = colour(one, today)
        key = f"{SECTION}:{one.section_code}" if one.section_code else f"{TOWN}:{one.town_code}"
        name = (in_english and one.section_name_en) or one.section_name or towns.get(one.town_id, "")
        _count(units.setdefault(key, {"key": key, "name": name} | dict.fromkeys(COUNTED, 0)), one, shade, today)
        if reach.sees(one.state, one.section_id, one.town_id, supporting[one.pk]):
            rows.append(_row(one, key, name, shade, today))
    rows.sort(key=lambda row: (row["state"] in CLOSED, row["due_on"], row["order"]))
    counted = [unit for unit in units.values() if any(unit[what] for what in COUNTED)]
    return Listing(rows, sorted(counted, key=lambda unit: (-unit["red"], -unit["open"], unit["key"])), today)


def _count(unit: dict, one, shade: Colour, today: date) -> None:
    """What is not assigned yet, or was dropped, is nobody's and counts nowhere."""
    if one.state in INTERNAL:
        return
    unit["open"] += one.state not in CLOSED
    unit["red"] += shade == Colour.RED
    unit["yellow"] += shade == Colour.YELLOW
    unit["struck_off"] += one.struck_off_on is not None and one.struck_off_on.year == today.year


def _row(one, key: str, name: str, shade: Colour, today: date) -> dict:
    """What rows are filtered and sorted by; the words of one are made where it is shown (`told`)."""
    return {
        "slip": one,
        "order": (one.year, one.number),
        "subject": one.subject,
        "unit": key,
        "unit_name": name,
        "owner": f"{name} · {one.officer}" if one.officer else name,
        "assigned_on": one.assigned_on,
        "due_on": one.due_on,
        "state": one.state,
        "colour": shade,
        "urgency": (one.state in CLOSED, days_left(one, today)),
    }


def told(row: dict, today: date) -> list[str | date | None]:
    """A row in words, as the CSV has it."""
    one = row["slip"]
    days = (one.raised_on, one.assigned_on, one.due_on, one.answered_on, one.struck_off_on)
    return [
        number_of(one),
        str(Slip.Origin(one.origin).label),
        one.subject,
        one.basis,
        one.requirement,
        row["owner"],
        *days,
        str(State(one.state).label),
        page.word(one, today),
    ]


@dataclass(frozen=True)
class Filters:
    """What of the list is asked for, as the address says it; empty means all."""

    state: str = ""
    unit: str = ""
    colour: str = ""
    kept: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, query: QueryDict, units: Collection[str]) -> Filters:
        """What no choice of the page could have made is left out."""
        allowed = {
            "state": (OPEN, *State.values),
            "unit": units,
            "colour": list(Colour),
        }
        chosen = {name: query.get(name, "") for name, values in allowed.items() if query.get(name) in values}
        return cls(**chosen, kept=tuple((name, query[name][:40]) for name in KEPT if query.get(name)))

    def url(self, path: str, **changes: str) -> str:
        """The list at `path` with some of the filters changed."""
        asked = asdict(replace(self, **changes))
        pairs = [(name, asked[name]) for name in ("state", "unit", "colour") if asked[name]]
        pairs += [tuple(pair) for pair in self.kept]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    @property
    def narrowing(self) -> bool:
        return bool(self.state or self.unit or self.colour)

    def matches(self, row: dict) -> bool:
        state = row["state"] not in CLOSED if self.state == OPEN else row["state"] == self.state
        return (
            (not self.state or state)
            and (not self.unit or row["unit"] == self.unit)
            and (not self.colour or row["colour"] == self.colour)
        )
