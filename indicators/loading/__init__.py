"""The plan's files into the tables of bureau and indicators; tasks/loadplan.py holds the run in one transaction."""

from bureau.models import Installation
from indicators.loading import catalogue, equality, measures, outline, places
from indicators.loading.loader import WRITES, Change, Kind, Loader, Wanted
from indicators.loading.rows import Rows
from indicators.plandata import PlanData

__all__ = ["WRITES", "Change", "Kind", "Loader", "Rows", "Wanted", "load"]


def load(loader: Loader, data: PlanData) -> Rows:
    """Load everything below tasks/ through `loader`; the rows that later tables point at."""
    county = places.load_areas(loader, data)
    sections = places.load_sections(loader, data)
    rows = Rows(county, outline.load_plan_row(loader, data, county), sections)
    outline.load_outline(loader, data, rows)
    catalogue.load_items(loader, data, rows)
    catalogue.load_forms(loader, data, rows)
    measures.load_indicators(loader, data, rows)
    measures.load_revisions(loader, data, rows)
    equality.load_equality(loader, data, rows)
    outline.load_deadlines(loader, rows)
    Installation.objects.get_or_create(pk=1, defaults={"county": county})
    return rows
