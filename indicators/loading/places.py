"""The files' places and sections into the tables of bureau: an identity a place, with dated spans and successions."""

from __future__ import annotations

from django.db.models import Max

from bureau import months
from bureau.models import Area, AreaSpan, AreaSuccession, Section
from indicators.loading.loader import Loader, Wanted
from indicators.plandata import PlanData


def load_areas(loader: Loader, data: PlanData) -> Area:
    """Places and their spans. A place's number, once given, is for ever: it stands in coverage bit sets."""
    levels = {span.code: span.level for span in data.areas}
    code = data.plan.county
    top = Wanted(code, {"code": code}, {"level": levels.pop(code).value}, start={"number": 0})
    county = loader.sync(Area, [top])[code]
    if county.county_id is None:
        county.county = county
        county.save(update_fields=["county"])
    places = Area.objects.filter(county=county)
    known = set(places.values_list("code", flat=True))
    number = places.aggregate(last=Max("number"))["last"]
    wanted = []
    for code, level in sorted(levels.items(), key=lambda pair: (len(pair[0]), pair[0])):
        number += code not in known
        wanted.append(Wanted(code, {"code": code}, {"level": level.value}, start={"county": county, "number": number}))
    areas = loader.sync(Area, wanted) | {county.code: county}
    loader.sync(
        AreaSpan,
        (
            Wanted(
                f"{span.code}/{months.iso(span.start)}",
                {"area": areas[span.code], "from_month": span.start},
                {
                    "name": span.name,
                    "name_en": span.name_en or "",
                    "kind": span.kind,
                    "urban": span.urban == "urban",
                    "parent": areas.get(span.parent or ""),
                    "to_month": span.end,
                },
            )
            for span in data.areas
            if span.code in areas
        ),
    )
    loader.sync(
        AreaSuccession,
        (
            Wanted(
                f"{span.code}/{span.successor}",
                {"old": areas[span.code], "new": areas[span.successor]},
                {"month": span.end + 1},
            )
            for span in data.areas
            if span.successor and span.end
        ),
    )
    return county


def load_sections(loader: Loader, data: PlanData) -> dict[str, Section]:
    """The responsible sections (责任科室), by code."""
    return loader.sync(
        Section,
        (
            Wanted(
                section.code,
                {"code": section.code},
                {
                    "name": section.name,
                    "name_en": section.name_en,
                    "order": section.order,
                    "standing": section.standing.value,
                },
            )
            for section in data.sections
        ),
    )
