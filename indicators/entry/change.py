"""One cell as somebody wants it written: whether it stands already, and what becomes of a note he left as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from bureau.fields import to_units
from indicators.entry.notes import outdated
from indicators.entry.refusals import Cell
from indicators.models.figures import CellState


@dataclass(frozen=True)
class Change:
    """One cell to write, or with `clear` to empty (未填).

    `expected` is the entry version the writer saw, 0 for an empty cell, None not to ask.
    """

    area: int
    item: int
    category: int
    value: Decimal | None
    state: CellState = CellState.VALUE
    expected: int | None = None
    note: str = ""
    clear: bool = False

    @property
    def cell(self) -> Cell:
        return self.area, self.item, self.category

    @property
    def units(self) -> int | None:
        return None if self.value is None else to_units(self.value)

    def stands(self, found: tuple | None) -> bool:
        """Does the cell hold this already? `found` is (version, units, state, note, …), None for an empty cell."""
        if self.clear or found is None:
            return self.clear and found is None
        if tuple(found[1:3]) != (self.units, self.state):
            return False
        sent_again = self.expected is not None and self.expected != found[0] and found[3] == outdated(self.note)
        return found[3] == self.note or sent_again

    def over(self, found: tuple | None) -> Change:
        """The same with its note marked, where that is left as it stood and the figure under it is another."""
        if self.clear or found is None or self.note != found[3] or self.units == found[1]:
            return self
        return replace(self, note=outdated(self.note))
