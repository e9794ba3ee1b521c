"""Grants in words: the role, where it holds, from when to when."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bureau.language import localized
from bureau.models import AreaSpan, Grant, GrantRequest, Section

Granted = Grant | GrantRequest


class Names:
    """The names of the places and sections that some grants are about; two queries for all of them."""

    def __init__(self, granted: Iterable[Granted]) -> None:
        granted = list(granted)
        areas = {one.area_id for one in granted if one.area_id}
        sections = {one.section_id for one in granted if one.section_id}
        spans = AreaSpan.objects.filter(area__in=areas).order_by("area", "from_month") if areas else ()
        self._areas = {span.area_id: localized(span) for span in spans}
        found = Section.objects.filter(pk__in=sections) if sections else ()
        self._sections = {section.pk: localized(section) for section in found}

    def scope(self, one: Granted) -> str:
        """'百步镇', '就业局' or '全县'; an administrator's office has no place: ''."""
        if one.area_id:
            return self._areas.get(one.area_id, "")
        if one.section_id:
            return self._sections.get(one.section_id, "")
        return _("全县") if one.role in WHOLE_COUNTY else ""

    def text(self, one: Granted) -> str:
        """'镇（街道）填报人 · 百步镇'."""
        return " · ".join(part for part in (str(one.get_role_display()), self.scope(one)) if part)


WHOLE_COUNTY = (Grant.Role.LEADER, Grant.Role.OFFICE)


def dates(one: Granted) -> str:
    """'2016-09-01 至 2017-08-31'; '' where it is open at both ends."""
    if one.from_date and one.to_date:
        return _("%(a)s 至 %(b)s") % {"a": one.from_date.isoformat(), "b": one.to_date.isoformat()}
    if one.from_date:
        return _("%(a)s 起") % {"a": one.from_date.isoformat()}
    return _("至 %(b)s") % {"b": one.to_date.isoformat()} if one.to_date else ""
