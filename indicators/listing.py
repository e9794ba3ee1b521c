"""Lists of indicators: by domain and worst first, counted by light, filtered; finished text out, no queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from bureau.language import localized
from indicators import wording
from indicators.analysis.kinds import ATTENTION_ORDER, Light
from indicators.presenters import indicator_row
from indicators.shown import Shown

OUTSIDE = "0"  # the filter's word for what lies outside the five domains
LIGHTS = [light for light in ATTENTION_ORDER if light != Light.NONE]


def by_domain(shown: Iterable[Shown]) -> list[tuple[dict, list[Shown]]]:
    """Each domain's name and clause with its indicators, worst first; what lies outside the domains comes last."""
    found: dict[int | None, tuple[dict, list[Shown]]] = {}
    for one in shown:
        domain = one.indicator.domain
        title = {
            "name": wording.domain(domain),
            "clause": _("方案%(c)s") % {"c": domain.clause.number} if domain else "",
            "order": domain.order if domain else 99,
        }
        found.setdefault(domain.pk if domain else None, (title, []))[1].append(one)
    result = sorted(found.values(), key=lambda group: group[0]["order"])
    for _title, members in result:
        members.sort(key=lambda one: (ATTENTION_ORDER.index(one.light), one.indicator.order))
    return result


def tallies(members: Sequence[Shown]) -> list[dict]:
    """How many stand where, worst first, without what has no light."""
    lights = Counter(one.light for one in members)
    return [{"light": int(light), "count": lights[light]} for light in LIGHTS if lights[light]]


def groups(shown: Sequence[Shown], query: str, fold: bool = False) -> list[dict]:
    """Rows by domain, worst first within each; what lies outside the five domains comes last.

    `fold`: on phones the calm rows are folded behind a link to the whole list.
    """
    found = []
    for title, members in by_domain(shown):
        rows = [indicator_row(one, query) for one in members]
        rest = sum(row["calm"] for row in rows) if fold else 0
        url = f"{query}&all=1#groups" if rest else ""
        found.append({**title, "tallies": tallies(members), "rows": rows, "rest": rest, "url": url})
    return found


def counts(shown: Sequence[Shown], url: Callable[[Light], str]) -> list[dict]:
    """The status count line, worst first; each count leads to the indicators it counts."""
    lights = Counter(one.light for one in shown)
    return [
        {"light": int(light), "count": lights[light], "label": wording.light(light), "url": url(light)}
        for light in LIGHTS
    ]


def nothing_left(url: str) -> dict:
    """What to say where a filter leaves no indicator."""
    return {
        "title": _("没有符合条件的指标"),
        "text": _("这些条件下没有指标；放宽条件，或看全部。"),
        "url": url,
        "url_label": _("看全部"),
    }


def light_of(text: str | None) -> Light | None:
    """The light of a count that was followed; anything else filters nothing."""
    return Light(int(text)) if text in {str(int(light)) for light in Light} else None


@dataclass(frozen=True)
class Filters:
    """What a list of indicators was narrowed to; what is not known narrows nothing."""

    domain: str = ""
    section: str = ""
    light: Light | None = None
    kind: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Filters:
        kind = query.get("kind", "")
        return cls(
            domain=query.get("domain", ""),
            section=query.get("section", ""),
            light=light_of(query.get("light")),
            kind=kind if kind in ("core", "monitored") else "",
        )

    def applied(self, shown: Iterable[Shown]) -> list[Shown]:
        return [one for one in shown if self._keeps(one)]

    def _keeps(self, one: Shown) -> bool:
        indicator = one.indicator
        return (
            (not self.domain or self.domain == (indicator.domain.code if indicator.domain else OUTSIDE))
            and (not self.section or self.section == indicator.section.code)
            and (self.light is None or self.light == one.light)
            and (not self.kind or indicator.core == (self.kind == "core"))
        )

    @property
    def active(self) -> bool:
        return self != Filters()

    def fields(self, shown: Sequence[Shown]) -> list[dict]:
        """The filter form: each choice that occurs among the indicators, under 全部."""
        domains = {
            one.indicator.domain.code if one.indicator.domain else OUTSIDE: one.indicator.domain for one in shown
        }
        in_order = sorted(domains.items(), key=lambda pair: pair[1].order if pair[1] else 99)
        sections = {one.indicator.section.pk: one.indicator.section for one in shown}
        light = "" if self.light is None else str(int(self.light))
        return [
            _field("domain", _("任务领域"), self.domain, [(code, wording.domain(found)) for code, found in in_order]),
            _field(
                "section",
                _("责任科室"),
                self.section,
                [(one.code, localized(one)) for one in sorted(sections.values(), key=lambda one: one.order)],
            ),
            _field("light", _("状态"), light, [(str(int(one)), wording.light(one)) for one in (*LIGHTS, Light.NONE)]),
            _field("kind", _("类别"), self.kind, [("core", _("核心指标")), ("monitored", _("监测指标"))]),
        ]


def _field(name: str, label: str, chosen: str, options: list[tuple[str, str]]) -> dict:
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": text, "chosen": value == chosen} for value, text in [("", _("全部")), *options]
        ],
    }


def table(shown: Sequence[Shown], query: str) -> list[dict]:
    """The list of all measures by domain: value, target, light, section, clauses."""
    return [
        {**title, "tallies": tallies(members), "rows": [_line(one, query) for one in members]}
        for title, members in by_domain(shown)
    ]


def _line(one: Shown, query: str) -> dict:
    return indicator_row(one, query) | {
        "core": one.indicator.core,
        "target": wording.target(one.target, one.indicator) if one.window else _("定性"),
        "light_word": wording.light(one.light),
        "clauses": [clause.number for clause in one.indicator.its_clauses],
    }
