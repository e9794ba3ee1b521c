"""The list of targets as they were known on a date, with the revisions that had come by then; finished text out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import months
from bureau.language import localized
from bureau.models import Area
from indicators import wording
from indicators.known import Known, Ledger
from indicators.models import Reading, Target, TargetRevision

KINDS = {
    "added": gettext_lazy("新增"),
    "edited": gettext_lazy("修改"),
    "removed": gettext_lazy("删除"),
    "file": gettext_lazy("方案文件"),
    "shared": gettext_lazy("重新分解"),
    "reading": gettext_lazy("换正式读法"),
}


NOTE_KINDS = {"removed": gettext_lazy("删除"), "moved": gettext_lazy("调整"), "added": gettext_lazy("补充")}


class OnForm(forms.Form):
    """As known on which day."""

    on = forms.DateField(
        label=gettext_lazy("截至"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("日期写法不对，应为 2016-12-31 这样。")},
    )


@dataclass(frozen=True)
class Standing:
    """What the list knows besides the ledger: readings, the towns' targets now, what this person may divide."""

    readings: Mapping[int, Reading]
    shares: Collection[Target]
    dividable: Collection[int]


def rows(ledger: Ledger, here: Standing) -> list[dict]:
    """One line a target: indicator, reading, months, aim, path, how far it is divided."""
    shares: dict[tuple[int, str], list[Target]] = defaultdict(list)
    for one in here.shares:
        shares[one.reading_id, months.iso(one.end_month)].append(one)
    found = [(one, here.readings[one.reading]) for one in ledger.targets if one.reading in here.readings]
    found.sort(key=lambda pair: (pair[1].indicator.order, pair[1].number, pair[0].says["end_month"]))
    return [_row(one, reading, shares.get((reading.pk, one.says["end_month"]), []), here) for one, reading in found]


def _row(one: Known, reading: Reading, shares: list[Target], here: Standing) -> dict:
    indicator = reading.measured
    state, light = _divided(one, shares)
    return {
        "code": indicator.code,
        "name": localized(indicator),
        "url": reverse("indicator", args=[indicator.code]),
        "reading": reading.name,
        "official": reading.official,
        "span": f"{one.says['start_month']} — {one.says['end_month']}",
        "aim": aim_words(one.says, reading),
        "path": str(Target.Path(one.says["path"]).label),
        "divided": state,
        "divided_light": light,
        "share_url": reverse("target_shares", args=[one.of]) if one.of in here.dividable else "",
    }


def _divided(one: Known, shares: list[Target]) -> tuple[str, int]:
    """'已分解到 9 个镇（街道）', or that the towns' shares no longer fit the county's target."""
    if not shares:
        return _("未分解"), 0
    wanted = Decimal(one.says["value"]) if one.says["value"] else None
    values = [share.value for share in shares]
    alike = all(value == wanted for value in values)
    if alike or sum((value or Decimal(0) for value in values), Decimal(0)) == wanted:
        return _("已分解到 %(n)d 个镇（街道）") % {"n": len(shares)}, 1
    return _("与全县目标不符，须重新分解"), 3


def aim_words(says: Mapping[str, str], reading: Reading) -> str:
    """'≥ 6,800 人' of a target's fields as records keep them."""
    value = Decimal(says["value"]) if says["value"] else None
    return wording.target(Target(comparator=says["comparator"], value=value), reading.measured)


def history(ledger: Ledger, names: Mapping[int, str]) -> list[dict]:
    """The revisions that had come by then, latest first; the towns' of one act are one line."""
    in_order = sorted(ledger.revisions, key=lambda one: (one.on, one.pk), reverse=True)
    return [_line(list(acts), names) for _key, acts in groupby(in_order, key=_act)]


def _act(one: TargetRevision) -> tuple:
    """What the revisions of one division have in common; every other stands for itself."""
    shared = one.area is not None and one.area.level == Area.Level.TOWN and one.kind in ("added", "shared")
    ends = one.new.rpartition("（")[2]
    return (one.on, one.indicator_id, ends, one.reason, one.by_id) if shared else (one.pk,)


def _line(acts: Sequence[TargetRevision], names: Mapping[int, str]) -> dict[str, Any]:
    one = acts[0]
    places = {names.get(each.area_id or 0, "") for each in acts if each.area_id}
    if len(acts) > 1:
        said = dict.fromkeys(each.new for each in acts)
        alike = len(said) == 1  # a rate: the same for each town
        towns = (f"{names.get(each.area_id or 0, '')} {each.new}" for each in reversed(acts))
        parts = _("、").join(said if alike else towns)
        return _line_of(one, _("%(n)d 个镇（街道）") % {"n": len(places)}) | {"old": "", "new": parts}
    return _line_of(one, names.get(one.area_id or 0, "") if one.area_id else "")


def _line_of(one: TargetRevision, place: str) -> dict[str, Any]:
    return {
        "on": one.on.isoformat(),
        "indicator": f"{one.indicator.code} {localized(one.indicator)}" if one.indicator else "",
        "url": reverse("indicator", args=[one.indicator.code]) if one.indicator else "",
        "place": place,
        "kind": _("方案修改说明") if one.key else str(KINDS.get(one.kind, _("修改"))),
        "old": one.old,
        "new": one.new,
        "gone": one.kind == "removed",
        "reason": one.reason,
        "document": one.document,
    }


def notes(ledger: Ledger) -> list[dict]:
    """The plan's revision notes (修改说明), the goals they struck out among them."""
    return [
        {
            "title": one.title,
            "kind": str(NOTE_KINDS.get(one.kind, one.kind)),
            "removed": one.kind == "removed",
            "summary": one.summary,
            "clauses": [
                {"number": clause.number, "url": reverse("clause", args=[clause.number])}
                for clause in one.clauses.all()
            ],
        }
        for one in ledger.notes
    ]
