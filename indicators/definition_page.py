"""The definition of an indicator as its page tells it: formula in words, parts, clause, readings, revisions, rule."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.language import localized, unit
from bureau.models import Area
from indicators import wording
from indicators.analysis.kinds import ItemKind
from indicators.definitions import parsed
from indicators.models import DataItem, Indicator, IndicatorVersion, TargetRevision
from indicators.queries import parts
from indicators.shown import Shown

PRETTY = {"*": " × ", "/": " ÷ ", "-": " − ", "+": " + "}


def definition(shown: Shown, versions: Sequence[IndicatorVersion], others: Sequence[tuple]) -> dict:
    """Definition, formula in words, parts, clause, readings and revisions of targets."""
    indicator = shown.indicator
    official = in_force(shown, versions)
    clause = next(iter(indicator.its_clauses), None)
    return {
        "text": indicator.definition,
        "why": indicator.why,
        "formula": formula_text(official) if official else "",
        "parts": parts_of(official) if official else [],
        "clause": {
            "number": clause.number,
            "title": localized(clause, "title"),
            "url": reverse("clause", args=[clause.number]),
            "summary": clause.summary,
        }
        if clause
        else None,
        "readings": [
            {
                "name": reading.name,
                "official": reading.official,
                "target": target_text,
                "value": value_text,
            }
            for reading, target_text, value_text in others
        ]
        if len(others) < 2  # several stand side by side in a table of their own
        else [],
        "revisions": [
            {
                "text": f"{one.on.isoformat()} {one.old or wording.DASH} → {one.new or _('删除')}",
                "note": _("%(reason)s（%(document)s）") % {"reason": one.reason, "document": one.document}
                if one.document
                else one.reason,
            }
            for one in _revisions(indicator)
        ],
        "standing": indicator.get_standing_display(),
    }


def _revisions(indicator: Indicator) -> QuerySet[TargetRevision]:
    """Of the county's targets; the towns' are told on the page of targets."""
    whole = Q(area__isnull=True) | Q(area__level=Area.Level.COUNTY)
    return TargetRevision.objects.filter(whole, indicator=indicator)


def in_force(shown: Shown, versions: Sequence[IndicatorVersion]) -> IndicatorVersion | None:
    """The version the figure shown was computed by, else the one in force in the month shown."""
    own = [one for one in versions if one.reading_id == shown.reading.pk]
    computed = [one for one in own if shown.row is not None and one.pk == shown.row.definition]
    begun = [one for one in own if one.superseded_by_id is None and one.from_month <= (shown.month or one.from_month)]
    return next(iter(computed or begun[-1:] or own[-1:]), None)


def tidy(text: str) -> str:
    """A formula with the signs a reader writes."""
    for sign, shown in PRETTY.items():
        text = text.replace(f" {sign} ", shown).replace(sign, shown if sign in "*/" else sign)
    return " ".join(text.split())


def formula_text(version: IndicatorVersion) -> str:
    """'D23 ÷ D22 × 100', as a reader writes it."""
    numerator, denominator = tidy(version.numerator), tidy(version.denominator)
    if version.value:
        text = tidy(version.value)
        return f"{text}（N = {numerator}" + (f"，M = {denominator}）" if denominator else "）")
    if not denominator:
        return numerator
    scale = f" × {version.scale.normalize():f}" if version.scale != 1 else ""
    left = f"({numerator})" if any(sign in numerator for sign in "+−") else numerator
    right = f"({denominator})" if any(sign in denominator for sign in "+−÷×") else denominator
    return f"{left} ÷ {right}{scale}"


def parts_of(version: IndicatorVersion) -> list[dict]:
    """The data items, parameters, projects of a definition, with what kind each is."""
    texts = [text for text in (version.numerator, version.denominator, version.value) if text]
    codes = sorted({ref.code for text in texts for ref in parsed(text).refs})
    named, kinds = parts(codes), dict(DataItem.Kind.choices)
    found = []
    for code in codes:
        part = named.get(code)
        if part is None:
            found.append({"code": code, "name": _("项目或任务完成情况"), "kind": _("台账")})
            continue
        kind = kinds[ItemKind(part.kind).value] if part.kind else _("参数")
        name = localized(part)
        if part.unit:
            name = _("%(name)s（%(unit)s）") % {"name": name, "unit": unit(part.unit)}
        found.append({"code": code, "name": name, "kind": _("按区划自动计数") if part.automatic else kind})
    return found
