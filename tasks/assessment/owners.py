"""Who is assessed: the sections, or the towns there are in the last month of the period. Never people."""

from __future__ import annotations

from dataclasses import dataclass

from bureau.models import Section
from bureau.places import Tree
from tasks.models import Scheme


@dataclass(frozen=True)
class Owner:
    """A section or town; `area` is the place whose figures it answers for."""

    id: int
    code: str
    name: str
    name_en: str
    town: bool
    area: int
    area_code: str

    @property
    def key(self) -> dict[str, int]:
        """What names it in the tables."""
        return {"town_id" if self.town else "section_id": self.id}


def of(scheme: Scheme, tree: Tree, month: int) -> list[Owner]:
    """In the order of the sections, or of the towns' codes."""
    if scheme.of == Scheme.Of.TOWNS:
        return [Owner(one.id, one.code, one.name, one.name_en, True, one.id, one.code) for one in tree.towns(month)]
    county = tree.county_id
    return [
        Owner(one.pk, one.code, one.name, one.name_en, False, county, tree.codes[county])
        for one in Section.objects.all()
    ]
