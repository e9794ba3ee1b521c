"""What the list of supervision slips (督办单) is made of, read in the same two queries however many there are.

How many each unit has is told to every reader; which they are, only to who sees them (slip_access.py).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext as _

from bureau.language import english
from bureau.models import User
from tasks import slip_page as page
from tasks.decision_page import town_names
from tasks.models import Slip
from tasks.slip_access import Reach
from tasks.slip_moves import CLOSED, Colour, colour, days_left
from tasks.slip_number import number_of

State = Slip.State
OPEN = "open"  # as a filter: every state in which something is still to be done
KEPT = ("sort",)
SECTION, TOWN = "s", "t"
FIELDS = (
    "pk", "year", "number", "origin", "subject", "basis", "requirement", "officer", "state", "due_on", "raised_on",
    "assigned_on", "answered_on", "struck_off_on", "section_id", "town_id",
)  # fmt: skip


@dataclass(frozen=True)
class Listing:
    """The slips a reader sees, the most pressing first, and how many each unit has."""

    rows: list[dict]
    units: list[dict]
    today: date

    def headline(self) -> list[dict]:
        """The finding: how many are under way in the county, how many late, how many done with this year."""
        total = {name: sum(unit[name] for unit in self.units) for name in ("open", "red", "yellow", "struck_off")}
        parts = [(_("督办单在办 %(n)d 件") % {"n": total["open"]}, "")]
        if total["red"]:
            parts += [(_("，"), ""), (_("超期 %(n)d 件") % {"n": total["red"]}, "red")]
        if total["yellow"]:
            parts += [(_("，"), ""), (_("临期 %(n)d 件") % {"n": total["yellow"]}, "amber")]
        parts += [(_("；"), ""), (_("今年已销号 %(n)d 件") % {"n": total["struck_off"]}, "")]
        return [{"text": text, "tone": tone} for text, tone in parts]


def read(county: int, user: User, today: date) -> Listing:
    """Every slip of the county as the reader may see it."""
    section_name = F("section__name_en" if english() else "section__name")
    found = list(
        Slip.objects.filter(county=county)
        .annotate(section_name=section_name, section_code=F("section__code"), town_code=F("town__code"))
        .values_list(*FIELDS, "section_name", "section_code", "town_code", named=True)
    )
    supporting: dict[int, set[int]] = defaultdict(set)
    pairs = Slip.supporting.through.objects.filter(slip__county=county)
    for slip, section in pairs.values_list("slip_id", "section_id") if found else ():
        supporting[slip].add(section)
    towns = town_names(found, county)
    reach, rows, units = Reach.of(user), [], {}
    for one in found:
        shade = colour(one, today)
        key = f"{SECTION}:{one.section_code}" if one.section_code else f"{TOWN}:{one.town_code}"
        name = one.section_name or towns.get(one.town_id, "")
        _count(units.setdefault(key, {"key": key, "name": name} | dict.fromkeys(COUNTED, 0)), one, shade, today)
        if reach.sees(one.state, one.section_id, one.town_id, supporting[one.pk]):
            rows.append(_row(one, key, name, shade, today))
    rows.sort(key=lambda row: (row["state"] in CLOSED, row["due_on"], row["order"]))
    return Listing(rows, sorted(units.values(), key=lambda unit: (-unit["red"], -unit["open"], unit["key"])), today)


COUNTED = ("open", "red", "yellow", "struck_off")


def _count(unit: dict, one, shade: Colour, today: date) -> None:
    if one.state == State.DROPPED:
        return
    unit["open"] += one.state not in CLOSED
    unit["red"] += shade == Colour.RED
    unit["yellow"] += shade == Colour.YELLOW
    unit["struck_off"] += one.struck_off_on is not None and one.struck_off_on.year == today.year


def _row(one, key: str, name: str, shade: Colour, today: date) -> dict:
    return {
        "pk": one.pk,
        "number": number_of(one),
        "order": (one.year, one.number),
        "subject": one.subject,
        "basis": one.basis,
        "requirement": one.requirement,
        "origin": str(Slip.Origin(one.origin).label),
        "unit": key,
        "owner": f"{name} · {one.officer}" if one.officer else name,
        "raised_on": one.raised_on,
        "assigned_on": one.assigned_on,
        "due_on": one.due_on,
        "answered_on": one.answered_on,
        "struck_off_on": one.struck_off_on,
        "state": one.state,
        "state_word": str(State(one.state).label),
        "colour": shade,
        "mark": page.MARKS[shade],
        "word": page.word(one, today),
        "urgency": (one.state in CLOSED, days_left(one, today)),
    }


@dataclass(frozen=True)
class Filters:
    """What of the list is asked for, as the address says it; empty means all."""

    state: str = ""
    unit: str = ""
    colour: str = ""
    kept: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, query: QueryDict, units: list[dict]) -> Filters:
        """What no choice of the page could have made is left out."""
        allowed = {
            "state": (OPEN, *State.values),
            "unit": [unit["key"] for unit in units],
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
