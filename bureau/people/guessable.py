"""How guessable a password is: how many pieces are left of it once words, runs, dates and repeats count as one each.

Pure functions for the password policy; they know nothing of accounts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator

FEWEST_PIECES = 8
SHORTEST_WORD = 4
ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0", "a1s2d3f4g5h6j7k8l9",
)  # fmt: skip
RUNS = frozenset(line[at : at + 3] for row in ROWS for line in (row, row[::-1]) for at in range(len(row) - 2))
SHIFTED = str.maketrans("!@#$%^&*()", "1234567890")
LEET = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
# Surnames, given names and everyday words as people spell them in pinyin; the common list holds few of them.
PINYIN = frozenset(
    "wang li zhang liu chen yang huang zhao zhou wu xu sun zhu ma hu guo lin he gao liang zheng luo song xie tang "
    "han cao deng xiao feng zeng cheng cai peng pan yuan dong yu su lu jiang ye du wei ding ren shen yao lv fu "
    "zhong cui tan liao fan jin shi jia xia qiu fang hou zou xiong meng qin bai yan xue yin lei long hao shao qian "
    "dai mo kong xiang chang wan gu lai wen jie ming qiang min jing lan hong ying ping gang yong jun tao chao bin "
    "hua xiaoming woaini woai aini nihao mima guanli xitong denglu baobao laopo laogong jiayou zhongguo beijing "
    "shanghai hangzhou zhejiang jiaxing ningbo wodemima caiwu bangong bangongshi lingdao xiaozu shenhe tianbao "
    "shenji anquan chushen xieliyuan gongzuo keshi jigou xiangzhen cunwei tongji baobiao".split()
)
_DATES = re.compile(
    r"(?:19|20)\d\d(?:[-./年]?(?:0?[1-9]|1[0-2])(?:[-./月]?(?:0?[1-9]|[12]\d|3[01])日?)?)?|\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)


def plain(text: str) -> str:
    """Full width as half width, small letters: what comparisons are made on."""
    return unicodedata.normalize("NFKC", text).casefold()


def unleet(text: str) -> str:
    """Digits and signs that stand for letters, as letters: 'p@ssw0rd' is 'password'."""
    return text.translate(LEET)


def pieces(password: str) -> int:
    """How many independent pieces it is made of: a word, a run on the keyboard, a date or a repeat is one."""
    text, count, at = plain(password), 0, 0
    while at < len(text):
        at += max(1, _repeat(text, at), _run(text, at), _date(text, at), _word(text, at))
        count += 1
    return count - _doubled(text)


def is_guessable(password: str) -> bool:
    """Made of too few pieces, or a common password with up to five characters around it."""
    text = plain(password)
    letters, most = unleet(text), 5
    for start in range(most + 1):
        for end in range(len(text) - (most - start), len(text) + 1):
            if end - start >= 5 and (text[start:end] in common() or letters[start:end] in common()):
                return True
    return pieces(password) < FEWEST_PIECES


@cache
def common() -> frozenset[str]:
    """Django's list of common passwords."""
    return frozenset(CommonPasswordValidator().passwords)


@cache
def _words() -> frozenset[str]:
    return PINYIN | {word for word in common() if len(word) >= SHORTEST_WORD and word.isalpha()}


def _repeat(text: str, at: int) -> int:
    """Length of a repeated character or pair from here, 0 below three of it."""
    best = 0
    for size in (1, 2, 3):
        unit, end = text[at : at + size], at + size
        while text[end : end + size] == unit and len(unit) == size:
            end += size
        if (end - at) // size >= (3 if size == 1 else 2):
            best = max(best, end - at)
    return best


def _run(text: str, at: int) -> int:
    """Length of a stretch that follows the alphabet, the digits or the keyboard, either way; 0 below three."""
    best = 0
    for line in (text, text.translate(SHIFTED)):
        end = at
        while line[end : end + 3] in RUNS:
            end += 1
        best = max(best, end - at + 2 if end > at else 0)
    return best


def _date(text: str, at: int) -> int:
    found = _DATES.match(text, at)
    return len(found.group()) if found else 0


def _word(text: str, at: int) -> int:
    """Length of the longest known word from here, also written with digits and signs for letters."""
    letters = unleet(text)
    for size in range(min(16, len(text) - at), 1, -1):
        if text[at : at + size] in _words() or letters[at : at + size] in _words():
            return size
    return 0


def _doubled(text: str) -> int:
    """What a password written twice, or forwards and backwards, loses: half its pieces at least."""
    half = len(text) // 2
    if half >= 3 and text[:half] == text[half : 2 * half]:
        return half
    return half if half >= 4 and text == text[::-1] else 0
