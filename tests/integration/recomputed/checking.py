"""Holds what was worked out again against what was exported and what the overview shows; each difference in words."""

from __future__ import annotations

import html
import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction

from .exports import COUNTY, Exports, month_of
from .judging import Aim, Said, aim_of, said
from .printed import against, kept, numbers, printed
from .values import Point, Values

WORDS = {
    "none": "未判断", "reached": "已达标", "on_course": "达序时", "behind": "滞后", "far_behind": "严重滞后",
    "not_covered": "数据不全",
}  # fmt: skip
NAMES = {
    "completion": "完成率", "schedule": "时序进度", "path": "路径值", "lag": "差距", "remaining": "剩余",
    "required": "所需月均", "pace3": "近3个月月均", "pace12": "近12个月月均", "pressure3": "压力（近3个月）",
    "pressure12": "压力（近12个月）",
}  # fmt: skip
ORDER = ("far_behind", "behind", "not_covered", "on_course", "reached")
Key = tuple[str, str]


class Recomputed:
    """Everything the overview says, from the exports alone."""

    def __init__(self, exports: Exports) -> None:
        self.exports, self.values = exports, Values(exports)
        self.aims: dict[tuple[str, str, str], list[Aim]] = {}
        for row in exports.targets:
            key = row["指标代码"], row["读法代码"]
            formula = self.values.formulas.get(key)
            summed = formula is not None and formula["窗口"] in ("year", "plan") and not formula["分母"]
            self.aims.setdefault((*key, row["区划代码"]), []).append(Aim.of(row, cumulative=summed))

    def month(self, key: Key, area: str, month: int) -> tuple[Point, Aim | None, Said] | None:
        """What is said of an indicator in an area and month; None where it has no row."""
        row = self.values.rows.get((*key, area, month))
        if row is None:
            return None
        series, aim = self.values.series(key, area, month), aim_of(self.aims.get((*key, area), []), month)
        return series[month], aim, said(aim, series, month, row["数据状态"]) if aim else Said()

    def exported(self) -> tuple[int, list[str]]:
        """How many numbers of the exported evaluations were compared, and each that differs.

        Of the county every month; of the towns that of the release, since they had no targets before.
        """
        count, wrong = 0, []
        for row in self.exports.evaluations:
            code, reading, area, month = row["指标代码"], row["读法代码"], row["区划代码"], month_of(row["月份"])
            if area != COUNTY and month != self.exports.month:
                continue
            found = self.month((code, reading), area, month)
            assert found is not None
            point, aim, says = found
            told = {head: kept(getattr(says, name)) for name, head in NAMES.items()}
            told |= {"值": kept(point.value), "当月值": kept(point.month_value)}
            told["目标值"] = kept(aim.value) if aim else None
            for head, value in told.items():
                count += 1
                if value != (Decimal(row[head]) if row[head] else None):
                    wrong.append(f"{code} {reading} {area} {row['月份']} {head}: {row[head]}, recomputed {value}")
            count += 1
            if says.light != row["亮灯"]:
                wrong.append(f"{code} {reading} {area} {row['月份']}: {row['亮灯']}, recomputed {says.light}")
        return count, wrong

    def overview(self, page: str) -> tuple[int, list[str]]:
        """How many numbers of the overview were compared, and each that differs."""
        rows = rows_of(page)
        wrong = [f"{one['代码']} is not on the page" for one in self.exports.indicators if one["代码"] not in rows]
        count, lights = 0, Counter()
        stuck = 0
        for indicator in self.exports.indicators:
            code, cells = indicator["代码"], rows.get(indicator["代码"], {})
            official = {key for key in self.values.formulas if key[0] == code and self.official(key)}
            found = self.month(next(iter(official)), COUNTY, self.exports.month) if official else None
            expected = self.line(indicator, found)
            if indicator["核心指标"] == "是":
                lights[expected["light"]] += 1
                stuck += bool(found) and expected["light"] == "far_behind" and (found[2].pace3 or 1) <= 0
            if found is not None and found[1] is not None and cells.get("light") != WORDS[expected["light"]]:
                wrong.append(f"{code}: {cells.get('light')}, recomputed {WORDS[expected['light']]}")
            for name in ("value", "completion", "reason"):
                if name in expected:
                    count += len(expected[name])
                    if expected[name] != cells.get(name):
                        wrong.append(f"{code} {name}: {cells.get(name)}, recomputed {expected[name]}")
        wrong += self._head(page, lights, stuck)
        return count + len(ORDER), wrong

    def official(self, key: Key) -> bool:
        return any(
            row["正式读法"] == "是" for row in self.exports.evaluations if (row["指标代码"], row["读法代码"]) == key
        )

    def _head(self, page: str, lights: Counter, stuck: int) -> list[str]:
        """The finding and the counts at the top of the page."""
        shown = [int(one) for one in re.findall(r"<b>(\d+)</b>", cut(page, '<ul class="counts"', "</ul>"))]
        counted = [lights[light] for light in ORDER]
        good = lights["on_course"] + lights["reached"]
        head = [sum(lights.values()), good]
        head += [lights["far_behind"]] * bool(lights["far_behind"]) + [stuck] * bool(stuck)
        head += [lights[light] for light in ("behind", "not_covered") if lights[light]]
        told = [int(one) for one in numbers(text_of(cut(page, "<h1>", "</h1>")))]
        wrong = [f"counts {shown}, recomputed {counted}"] if shown != counted else []
        return wrong + ([f"headline {told}, recomputed {head}"] if told != head else [])

    def line(self, indicator: dict[str, str], found: tuple[Point, Aim | None, Said] | None) -> dict:
        """The light and the printed numbers of an indicator's line; what only quotes a threshold is left out."""
        code, d = indicator["代码"], int(indicator["小数位"])
        if found is None:
            has_aim = any(key[0] == code and key[2] == COUNTY for key in self.aims)
            return {"light": "not_covered" if has_aim else "none", "value": [], "completion": []}
        point, aim, says = found
        if point.value is None:
            return {"light": says.light, "value": [], "completion": []}
        if aim is None:
            return {"light": "none", "value": [printed(point.value, d)], "completion": [], "reason": []}
        value = printed(point.value, d) if aim.value is None else against(point.value, aim.value, d)
        told = {"light": says.light, "value": [value], "completion": self._completion(aim, point, says, d)}
        if says.light == "not_covered":
            return told
        if says.light == "reached":
            return told | ({"reason": [against(says.completion, Fraction(100), 1)]} if aim.summing else {})
        if aim.to_number and says.lag is not None:
            told["reason"] = self._reason(aim, says, d)
        return told

    def _completion(self, aim: Aim, point: Point, says: Said, d: int) -> list[str]:
        if aim.sign == "not_fall":
            return []
        if aim.sign == "zero":
            return [str(aim.days)]
        if aim.sign == "~":
            return [printed(aim.tolerance or Fraction(0), d)]
        if aim.path == "steps":
            return [printed(point.value, d), printed(aim.value, d), printed(says.path, d)]
        if aim.summing:
            return [against(says.completion, Fraction(100), 1), printed(says.schedule, 1)]
        short = [against(says.remaining, Fraction(0), d)] if says.remaining else []
        return short if aim.yearly or says.path is None else [*short, printed(says.path, d)]

    def _reason(self, aim: Aim, says: Said, d: int) -> list[str]:
        lag = [printed(abs(says.lag), 1 if aim.summing else d)] if says.lag else []
        if says.light not in ("behind", "far_behind") or not says.required:
            return lag
        pace = [printed(says.required, d)]
        return lag + pace + (["3", printed(says.pressure3, 2)] if says.pressure3 is not None else [])


def cut(page: str, begin: str, end: str) -> str:
    return page.partition(begin)[2].partition(end)[0]


def text_of(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<(svg).*?</svg>|<[^>]+>", " ", markup, flags=re.DOTALL)).split())


def rows_of(page: str) -> dict[str, dict]:
    """By code the cells of each indicator's line on the overview: the light's word, the numbers of the others."""
    found = {}
    for row in page.split('<tr class="indicator')[1:]:
        code = re.search(r'<span class="second">(\w+) · ', row)[1]
        reason = cut(row, '<td class="col-reason">', "</td>")
        found[code] = {
            "light": text_of(cut(reason + "<b ", "<b ", "</b>").partition(">")[2]),
            "value": numbers(text_of(cut(row, '<span class="row-figure">', "</span>"))),
            "completion": numbers(text_of(cut(row, '<td class="num col-completion">', "</td>"))),
            "reason": numbers(text_of(reason.partition("</b>")[2])),
        }
    return found
