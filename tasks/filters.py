"""What of the list is asked for, as the address says it: a link of the page changes one part and keeps the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from tasks.queries import words

OUTSIDE = "0"  # tasks of section five, which belong to no domain
KEPT = ("sort", "all", "month", "version")
REPORTS = ("missing", "due", "submitted", "returned", "approved")


@dataclass(frozen=True)
class Filters:
    """Empty means all. `light` is a code of the states of a task, `section` a section's id."""

    kind: str = ""
    mine: str = ""
    domain: str = ""
    section: str = ""
    phase: str = ""
    light: str = ""
    report: str = ""
    q: str = ""
    kept: tuple[tuple[str, str], ...] = ()

    def url(self, path: str, **changes: str) -> str:
        """The list at `path` with some of the filters changed."""
        asked = asdict(replace(self, **changes))
        kept = asked.pop("kept")
        pairs = [(name, value) for name, value in asked.items() if value] + [tuple(pair) for pair in kept]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    @property
    def narrowing(self) -> bool:
        """Is anything left out?"""
        return any(value for name, value in asdict(self).items() if name != "kept")

    def matches(self, row: dict, phases: dict[str, tuple[date, date]]) -> bool:
        """Does a row of listing.read() belong to what is asked for? It has its name where `q` is asked for."""
        span = phases.get(self.phase)
        text = self.q.casefold()
        return (
            (not self.kind or row["kind"] == self.kind)
            and (not self.mine or row["mine"])
            and (not self.domain or str(row["domain_order"] or OUTSIDE) == self.domain)
            and (not self.section or str(row["lead_id"]) == self.section)
            and (span is None or (row["starts_on"] <= span[1] and row["due_on"] >= span[0]))
            and (not self.light or str(int(row["light"])) == self.light)
            and (not self.report or row["report"] == self.report)
            and (not text or text in f"{row['code']} {row['name']} {row['officer_name'] or ''}".casefold())
        )


def from_query(query: QueryDict, phases: Iterable[str], *, sections: Iterable[int], may_be_mine: bool) -> Filters:
    """The filters of an address; what no choice of the page could have made is left out."""
    allowed = {
        "kind": ("task", "project"),
        "mine": ("1",) if may_be_mine else (),
        "domain": tuple(str(number) for number in range(20)),
        "section": tuple(str(one) for one in sections),
        "phase": tuple(phases),
        "light": tuple(str(int(light)) for light in words()),
        "report": REPORTS,
    }
    chosen = {name: query.get(name, "") for name, values in allowed.items() if query.get(name) in values}
    text = "".join(letter for letter in query.get("q", "")[:60] if letter.isprintable()).strip()
    kept = tuple((name, query[name][:40]) for name in KEPT if query.get(name))
    return Filters(**chosen, q=text, kept=kept)


def report_words() -> dict[str, str]:
    """The states of the month's report a list is filtered by."""
    return dict(zip(REPORTS, (_("未报"), _("待报"), _("待审核"), _("已退回"), _("已审核")), strict=True))
