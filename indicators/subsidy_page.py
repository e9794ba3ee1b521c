"""Texts of the page that works out the second subsidy (大病保险二次补助): the result, its bands, the other readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.language import joined, unit
from indicators import subsidy_amounts as amounts
from indicators.analysis.subsidy import Accumulation, Breakdown, Mode, Segment, settled
from indicators.entry.subsidy_cases import Case, CaseProblem
from indicators.models import Clause
from indicators.models.plan import Standing
from indicators.subsidy_scheme import ACCUMULATION, CAP, CHOICES, MODE, THRESHOLDS, NoScheme, Schemes, Terms

SHOWN_CASES = 100
SURE = (Standing.PLAN, Standing.OFFICIAL)


def yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def exact(value: Fraction) -> str:
    """A band's part with as many decimals as it needs, two at least; rates are decimal, so it ends."""
    number = Decimal(value.numerator) / Decimal(value.denominator)
    places = max(2, -int(number.normalize().as_tuple().exponent))
    return f"{number:,.{places}f}"


def rate(per_cent: Decimal) -> str:
    return f"{per_cent.normalize():f}%"


@dataclass
class Asked:
    """What the address asks (?amounts=&day=): the texts as typed, what they were read as, and what is wrong."""

    amounts: str
    day_text: str
    day: date
    stays: list[Decimal]
    terms: Terms | None
    errors: dict[str, str]


def asked(typed: str | None, day_text: str, today: date, schemes: Schemes) -> Asked:
    """Both fields read; a day of today's where none is given."""
    found = Asked(typed or "", day_text or today.isoformat(), today, [], None, {})
    try:
        found.day = amounts.read_day(found.day_text)
        found.terms = schemes.on(found.day)
    except amounts.AmountRefused as refused:
        found.errors["day"] = str(refused)
    except NoScheme as none:
        found.errors["day"] = amounts.told_missing(none.day, none.missing)
    if typed is not None:
        try:
            found.stays = amounts.read_stays(typed)
        except amounts.AmountRefused as refused:
            found.errors["amounts"] = str(refused)
    return found


def result(found: Asked) -> dict | None:
    """The subsidy by the scheme's own reading, band by band, and by the others; None where nothing is asked."""
    if not found.stays or found.terms is None or found.errors:
        return None
    terms = found.terms
    main = settled(found.stays, terms.scheme)
    return {
        "paid": yuan(main.own_payment),
        "subsidy": yuan(main.subsidy),
        "left": yuan(main.left),
        "stays": " + ".join(yuan(one) for one in found.stays) if len(found.stays) > 1 else "",
        "share": _share(main),
        "segments": [_below(main, terms), *(_segment(one) for one in main.segments)],
        "capped": _("按封顶线 %(c)s 元补助") % {"c": yuan(terms.scheme.cap)}
        if main.capped and terms.scheme.cap
        else "",
        "readings": _readings(found.stays, main, terms),
    }


def _share(main: Breakdown) -> str:
    """What part of the amount is paid, for the note under it."""
    if not main.own_payment:
        return ""
    part = (main.subsidy * 100 / main.own_payment).quantize(Decimal("0.1"))
    return _("约占自付的 %(p)s%%") % {"p": part}


def _below(main: Breakdown, terms: Terms) -> dict:
    """What nothing is paid on: under the lower threshold, unless the reading counts the whole amount."""
    low = terms.scheme.thresholds[0]
    rest = main.own_payment - sum((one.amount for one in main.segments), Decimal(0))
    words = _("%(b)s 及以下") % {"b": yuan(low)}
    return {"band": words, "amount": yuan(rest), "rate": "0%", "subsidy": "0.00"}


def _segment(one: Segment) -> dict:
    low, high = yuan(one.low), one.high
    words = _("%(a)s 以上") % {"a": low} if high is None else _("%(a)s 以上至 %(b)s") % {"a": low, "b": yuan(high)}
    return {"band": words, "amount": yuan(one.amount), "rate": rate(one.rate), "subsidy": exact(one.subsidy)}


def _readings(stays: Sequence[Decimal], main: Breakdown, terms: Terms) -> list[dict]:
    """Segmented, whole and excess, then the other way of adding up where there are several stays."""
    notes = {
        Mode.SEGMENTED: _("各段按各段的比例，不会多付反而少补"),
        Mode.WHOLE: _("全部自付按所在档的比例，过线处跳升，恰在线上也算"),
        Mode.EXCESS: _("超过起付线的全部按所在档的比例，第二档起点处跳升"),
    }
    rows = []
    for mode, name in _modes().items():
        found = settled(stays, terms.read_as(mode))
        rows.append(_reading(name, notes[mode], found.subsidy, main, in_use=mode is terms.scheme.mode))
    if len(stays) > 1:
        by_year = terms.scheme.accumulation is Accumulation.YEAR
        other = Accumulation.STAY if by_year else Accumulation.YEAR
        note = _("每次住院各自过起付线，不按年累计") if by_year else _("一年内各次住院的自付相加后计算")
        found = settled(stays, replace(terms.scheme, accumulation=other))
        rows.append(_reading(_accumulations()[other], note, found.subsidy, main, in_use=False))
    return rows


def _modes() -> dict[Mode, str]:
    return {Mode.SEGMENTED: _("分段计算"), Mode.WHOLE: _("全额按档"), Mode.EXCESS: _("超出部分按档")}


def _accumulations() -> dict[Accumulation, str]:
    return {Accumulation.YEAR: _("按结算年度累计"), Accumulation.STAY: _("逐次住院计算")}


def _reading(name: str, note: str, amount: Decimal, main: Breakdown, *, in_use: bool) -> dict:
    off = amount - main.subsidy
    sign = "+" if off > 0 else "\u2212" if off < 0 else ""
    return {
        "name": name,
        "note": note,
        "subsidy": yuan(amount),
        "left": yuan(main.own_payment - amount),
        "off": f"{sign}{yuan(abs(off))}" if off else "0.00",
        "in_use": in_use,
    }


def parameters(terms: Terms) -> list[dict]:
    """The values of the day with their dates and sources; of a choice, what it stands for."""
    return [
        {
            "code": row.code,
            "name": row.name,
            "value": f"{row.value.normalize():,f}",
            "unit": unit(row.unit),
            "means": _means(row.code, row.value),
            "since": row.valid_from.isoformat(),
            "source": row.source,
            "standing": row.get_standing_display(),
            "pending": row.standing not in SURE,
        }
        for _code, row in sorted(terms.parameters.items())
    ]


def _means(code: str, value: Decimal) -> str:
    if code == CAP:
        return "" if value else _("不封顶")
    if code not in CHOICES:
        return ""
    return str((_modes() | _accumulations())[CHOICES[code][int(value)]])  # a set of other values makes no scheme


def reading(terms: Terms) -> dict:
    """How the day's set has the sentence read, and whether the bureau has said so."""
    rows = [terms.parameters.get(code) for code in (MODE, CAP, ACCUMULATION)]
    scheme = terms.scheme
    cap = _("封顶 %(c)s 元") % {"c": yuan(scheme.cap)} if scheme.cap else _("不封顶")
    return {
        "words": joined([_modes()[scheme.mode], _accumulations()[scheme.accumulation], cap]),
        "pending": any(row is None or row.standing not in SURE for row in rows),
    }


def period(terms: Terms) -> str:
    """From when to when the day's set applies."""
    words = {"a": terms.since.isoformat(), "b": terms.until.isoformat() if terms.until else ""}
    return (_("%(a)s 至 %(b)s 适用的一组") if terms.until else _("%(a)s 起适用的一组")) % words


def other_sets(found: Asked, schemes: Schemes) -> list[dict]:
    """The sets of other days, each with the address that reckons by it; none where there is one set only."""
    if found.terms is None:
        return []
    return [
        {
            "label": period(one),
            "words": reading(one)["words"],
            "url": f"{reverse('subsidy')}?{urlencode({'amounts': found.amounts, 'day': one.since.isoformat()})}"
            if found.amounts
            else f"{reverse('subsidy')}?{urlencode({'day': one.since.isoformat()})}",
        }
        for one in schemes.sets
        if one.since != found.terms.since
    ]


def clause_of(terms: Terms | None) -> Clause | None:
    """The plan's clause the thresholds come from."""
    return None if terms is None else terms.parameters[THRESHOLDS[0]].clause


def crumbs(clause: Clause | None, *, cases: bool = False) -> list[dict]:
    steps = [{"label": _("方案"), "url": reverse("plan")}]
    if clause is not None:
        steps.append({"label": clause.number, "url": reverse("clause", args=[clause.number])})
    steps.append({"label": _("大病二次补助计算"), "url": reverse("subsidy") if cases else ""})
    return [*steps, {"label": _("成批计算"), "url": ""}] if cases else steps


def open_questions() -> list[dict]:
    """What the sentence of the plan leaves open, and what is done here until the bureau has said."""
    pairs = [
        (_("分段还是按全额"), _("按参数 W07，另两种读法并列")),
        (_("按年、按次还是按病种"), _("按参数 W09；多次住院分开填")),
        (_("自付包括什么（目录内自付、自理、自费、起付线）"), _("按填入的数计算")),
        (_("是否封顶"), _("按参数 W08，0 为不封顶")),
        (_("与医疗救助、补充保险的先后"), _("不考虑")),
        (_("恰在起付线、第二档起点上"), _("分段时无影响；按档的读法算入“以上”")),
        (_("特殊药品"), _("不考虑")),
        (_("门诊慢性病"), _("方案只说住院，不计")),
        (_("年中调整标准"), _("按结算日当日有效的标准")),
        (_("人均筹资由哪个基金出、是否两种参保人都计"), _("不影响补助额")),
        (_("起始日"), _("按参数的启用日，待确认")),
    ]
    return [{"question": question, "here": here} for question, here in pairs]


def case_rows(cases: Sequence[Case]) -> list[dict]:
    """The first cases of a sheet."""
    return [
        {
            "number": case.number,
            "day": case.day.isoformat(),
            "paid": yuan(case.found.own_payment),
            "subsidy": yuan(case.found.subsidy),
            "left": yuan(case.found.left),
        }
        for case in cases[:SHOWN_CASES]
    ]


def problem_rows(problems: Sequence[CaseProblem]) -> list[dict]:
    return [{"row": one.row or "", "column": one.column, "rule": one.rule} for one in problems]
