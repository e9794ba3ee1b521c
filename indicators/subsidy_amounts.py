"""What a person may write for an amount the insured paid himself (自付金额) and a settlement day, and what is wrong.

No personal data: what looks like an identity number is refused and never repeated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.analysis.subsidy import LARGEST, Problem, SubsidyError, fen_of, yuan_of

MOST_STAYS = 50
MOST_CHARACTERS = 600
_LONGEST = 40
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_AMOUNT = re.compile(r"(-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*(?:\u5143)?")  # 元 may follow
_IDENTITY = re.compile(r"(?<![0-9.])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9])")
_BETWEEN = re.compile(r"[\s+;\u3001]+")  # also 、
_DAY = re.compile(r"([0-9]{4})[-/.\u5e74]([0-9]{1,2})[-/.\u6708]([0-9]{1,2})\u65e5?")  # also 年, 月, 日


class AmountRefused(ValueError):
    """What was written is no amount, or no day; the message is for the page."""


def tidy(text: str) -> str:
    """Full-width characters as ASCII, no blanks around."""
    return text.translate(_FULL_WIDTH).strip()


def looks_like_identity(text: str) -> bool:
    """Fifteen or eighteen digits in a row, as identity numbers have them."""
    return bool(_IDENTITY.search(text))


def read_amount(text: str) -> Decimal:
    """Yuan to the fen, from '30,000.00' or '３００００元'; AmountRefused."""
    plain = tidy(text)
    if looks_like_identity(plain):
        raise AmountRefused(_("疑似身份证号码，本系统不收个人信息，请删去"))
    found = _AMOUNT.fullmatch(plain) if len(plain) <= _LONGEST else None
    if found is None:
        raise AmountRefused(_("“%(t)s”不是金额，应写成 30000.00 这样的数，单位元") % {"t": _shortened(plain)})
    return checked(Decimal(found[1].replace(",", "")))


def checked(amount: Decimal) -> Decimal:
    """The amount with two decimals, if the function takes it; AmountRefused with its rule."""
    try:
        return yuan_of(fen_of(amount))
    except SubsidyError as refused:
        raise AmountRefused(_rule(refused.problem)) from refused


def _rule(problem: Problem) -> str:
    return {
        Problem.NEGATIVE: _("自付金额不能为负数"),
        Problem.DECIMALS: _("自付金额最多两位小数（到分）"),
        Problem.TOO_LARGE: _("自付金额过大（上限 %(m)s 元），请核对单位是不是元") % {"m": f"{LARGEST:,}"},
    }.get(problem, _("自付金额应为数"))


def read_stays(text: str) -> list[Decimal]:
    """One amount or several of one year, between blanks, plus signs or 、; AmountRefused, also for their sum."""
    if len(text) > MOST_CHARACTERS:
        raise AmountRefused(_("文字过长（最多 %(n)d 个字符）") % {"n": MOST_CHARACTERS})
    parts = [part for part in _BETWEEN.split(tidy(text)) if part]
    if not parts:
        raise AmountRefused(_("请填自付金额。"))
    if len(parts) > MOST_STAYS:
        raise AmountRefused(_("一次最多合计 %(n)d 笔") % {"n": MOST_STAYS})
    stays = [read_amount(part) for part in parts]
    checked(sum(stays, Decimal(0)))
    return stays


def read_day(text: str) -> date:
    """'2017-06-30', '2017/6/30' or '2017年6月30日'; AmountRefused."""
    plain = tidy(text)
    found = _DAY.fullmatch(plain)
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))  # type: ignore[index]
    except (TypeError, ValueError):
        raise AmountRefused(_("日期写法不对，应为 2017-06-30 这样。")) from None


def told_missing(day: date, missing: Sequence[str]) -> str:
    """Why there is no scheme on a day."""
    if missing:
        return _("%(d)s没有生效的补助参数：%(c)s") % {"d": day.isoformat(), "c": " ".join(missing)}
    return _("%(d)s的补助参数自相矛盾，请在设置中核对 W03 至 W09") % {"d": day.isoformat()}


def _shortened(text: str) -> str:
    return text if len(text) <= 12 else text[:12] + "…"
