"""The formula language of indicators (公式): text to a checked tree and back, for definitions and balance rules.

A formula names data items (D01, D31[active]), parameters (W01), projects (P01), tasks (T04) and, in a value formula,
the numerator N and the denominator M; it knows decimals, + - * /, unary minus, parentheses and months(x), the sum of a
stock over the months of the window (人月数). It holds no figures and knows nothing about where they come from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from .exact import Exact

MAX_LENGTH = 500
MAX_NESTING = 50
PARTS = frozenset("NM")

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<category>\[[A-Za-z0-9_-]{1,40}\])|(?P<mark>[-+*/()])"
)
_CODE = re.compile(r"[DWPT][0-9]{2,3}[a-z]?")


class FormulaError(ValueError):
    """A formula that is refused; `position` is the 1-based character at which the trouble starts."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"公式第{position}个字符：{reason}")
        self.position = position
        self.reason = reason


class Ref(NamedTuple):
    """What a formula refers to: a code and, for an item with a breakdown (分组), perhaps one category of it."""

    code: str
    category: str | None = None

    @property
    def letter(self) -> str:
        """D data item, W parameter, P project, T task; N and M are the parts of a value formula."""
        return self.code[0]

    def __str__(self) -> str:
        return self.code if self.category is None else f"{self.code}[{self.category}]"


@dataclass(frozen=True, slots=True)
class Number:
    text: str

    @property
    def value(self) -> Fraction:
        return Fraction(self.text)


@dataclass(frozen=True, slots=True)
class Negative:
    of: Node


@dataclass(frozen=True, slots=True)
class Months:
    of: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """Terms joined by + and - or factors by * and /: (sign, node) from left to right, the first sign '+' or '*'."""

    parts: tuple[tuple[str, Node], ...]

    @property
    def is_sum(self) -> bool:
        return self.parts[0][0] == "+"


Node = Number | Ref | Negative | Months | Chain


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula; two formulas are equal when they read alike but for spaces and idle parentheses."""

    root: Node

    @property
    def refs(self) -> frozenset[Ref]:
        """Items, parameters, projects and tasks it names, N and M left out."""
        return frozenset(ref for ref, _ in _walk(self.root, False) if ref.code not in PARTS)

    @property
    def stock_sum_refs(self) -> frozenset[Ref]:
        """Those named inside months( )."""
        return frozenset(ref for ref, summed in _walk(self.root, False) if summed)

    @property
    def plain_refs(self) -> frozenset[Ref]:
        """Those named outside months( )."""
        return frozenset(ref for ref, summed in _walk(self.root, False) if not summed and ref.code not in PARTS)

    @property
    def parts(self) -> frozenset[str]:
        """Which of N and M it names."""
        return frozenset(ref.code for ref, _ in _walk(self.root, False) if ref.code in PARTS)

    def evaluate(self, resolve: Callable[..., Any], constant: Callable[[Fraction], Any] = Exact.constant) -> Any:
        """The value, in whatever arithmetic `resolve` and `constant` speak (Exact arrays by default, or Fractions).

        `resolve(ref)` gives the value of a Ref, N and M included; inside months( ) it is asked as
        `resolve(ref, months=True)` and gives the sum over the window's months.
        """
        return _evaluate(self.root, resolve, constant, False)

    def __str__(self) -> str:
        text = _text(self.root, " ")
        return text if len(text) <= MAX_LENGTH else _text(self.root, "")


def parse(text: str) -> Formula:
    """The formula written as `text`; FormulaError (in Chinese, with the character's position) for anything else."""
    if not isinstance(text, str) or not text.strip(" \t\r\n"):
        raise FormulaError(1, "公式是空的")
    if len(text) > MAX_LENGTH:
        raise FormulaError(MAX_LENGTH + 1, f"公式长{len(text)}个字符，最多{MAX_LENGTH}个")
    return Formula(_Parser(list(_tokens(text)), len(text) + 1).whole())


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaError(at + 1, _unknown(text, at))
        kind = match.lastgroup or ""
        if kind != "space":
            yield _Token(kind, match[0], at + 1)
        at = match.end()


def _unknown(text: str, at: int) -> str:
    char = text[at]
    shown = f"“{char}”" if char.isprintable() else f"U+{ord(char):04X}"
    if 0xFF01 <= ord(char) <= 0xFF5E or char == "\u3000":
        return f"{shown}是全角字符，请改用半角"
    if char == "#":
        return "公式里不能写注释"
    if char == "[":
        return "分组代码应写成 [active] 的样子，只用字母、数字、下划线和连字符"
    return f"不认识的字符{shown}"


class _Parser:
    """Recursive descent over the tokens: sum → product → factor."""

    def __init__(self, tokens: list[_Token], end: int) -> None:
        self.tokens = tokens
        self.end = end
        self.at = 0
        self.depth = 0
        self.in_months = False

    def whole(self) -> Node:
        node = self.sum()
        if self.at < len(self.tokens):
            extra = self.tokens[self.at]
            raise FormulaError(extra.position, f"这里多出了“{extra.text}”，前面的公式已经完整")
        return node

    def peek(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def position(self) -> int:
        return self.tokens[self.at].position if self.at < len(self.tokens) else self.end

    def take(self) -> _Token:
        if self.at >= len(self.tokens):
            raise FormulaError(self.end, "公式没有写完")
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self) -> Node:
        return self.chain("+", "-", self.product)

    def product(self) -> Node:
        return self.chain("*", "/", self.factor)

    def chain(self, first: str, second: str, part: Callable[[], Node]) -> Node:
        parts = [(first, part())]
        while self.peek() in (first, second):
            sign = self.take()
            parts.append((sign.text, part()))
            if self.in_months and first == "*":
                self.check_linear(sign, parts)
        return parts[0][1] if len(parts) == 1 else Chain(tuple(parts))

    def check_linear(self, sign: _Token, parts: list[tuple[str, Node]]) -> None:
        """Inside months( ) only a sum or a multiple of stocks keeps its meaning when months are added first."""
        named = [any(True for _ in _walk(node, True)) for _, node in parts]
        if sum(named) > 1 or (sign.text == "/" and named[-1]):
            raise FormulaError(sign.position, "months( ) 里的数据项只能相加减，或乘除一个常数")

    def factor(self) -> Node:
        token = self.take()
        if token.text == "-":
            with _Deeper(self, token):
                return Negative(self.factor())
        if token.text == "(":
            return self.bracketed(token)
        if token.kind == "number":
            return Number(token.text)
        if token.kind == "word":
            return self.months(token) if token.text == "months" else self.ref(token)
        raise FormulaError(token.position, f"这里应是填报项、数字或左括号，而不是“{token.text}”")

    def bracketed(self, opening: _Token) -> Node:
        with _Deeper(self, opening):
            node = self.sum()
            if self.peek() != ")":
                reason = f"第{opening.position}个字符的左括号没有右括号"
                raise FormulaError(self.position(), reason)
            self.take()
            return node

    def months(self, word: _Token) -> Node:
        if self.in_months:
            raise FormulaError(word.position, "months( ) 里不能再用 months( )")
        if self.peek() != "(":
            raise FormulaError(self.position(), "months 后面应是左括号")
        self.in_months = True
        node = self.bracketed(self.take())
        self.in_months = False
        if not any(True for _ in _walk(node, True)):
            raise FormulaError(word.position, "months( ) 里没有填报项")
        if _adds_constant(node):
            raise FormulaError(word.position, "months( ) 里不能加减常数")
        return Months(node)

    def ref(self, word: _Token) -> Node:
        code = word.text
        if code not in PARTS and _CODE.fullmatch(code) is None:
            raise FormulaError(word.position, f"不认识的名称“{code}”，应是 D01、W01、P01、T01 这样的代码，或 N、M")
        if self.in_months and code[0] not in "DPT":
            raise FormulaError(word.position, f"months( ) 里只能用填报项，不能用“{code}”")
        if self.at < len(self.tokens) and self.tokens[self.at].kind == "category":
            category = self.take()
            if code[0] != "D":
                raise FormulaError(category.position, f"“{code}”没有分组，只有填报项可以写分组")
            return Ref(code, category.text[1:-1])
        return Ref(code)


class _Deeper:
    """One level of nesting; refuses the fifty-first."""

    def __init__(self, parser: _Parser, token: _Token) -> None:
        self.parser = parser
        self.token = token

    def __enter__(self) -> None:
        self.parser.depth += 1
        if self.parser.depth > MAX_NESTING:
            raise FormulaError(self.token.position, f"括号和负号套得太深，最多{MAX_NESTING}层")

    def __exit__(self, *_: object) -> None:
        self.parser.depth -= 1


def _walk(node: Node, summed: bool) -> Iterator[tuple[Ref, bool]]:
    """Each reference with whether it stands inside months( )."""
    if isinstance(node, Ref):
        yield node, summed
    elif isinstance(node, Negative):
        yield from _walk(node.of, summed)
    elif isinstance(node, Months):
        yield from _walk(node.of, True)
    elif isinstance(node, Chain):
        for _, part in node.parts:
            yield from _walk(part, summed)


def _adds_constant(node: Node) -> bool:
    """Whether a term without any reference is added: months(D27 + 1) would depend on the window's length."""
    if isinstance(node, Negative):
        return _adds_constant(node.of)
    if not isinstance(node, Chain):
        return False
    named = [any(True for _ in _walk(part, True)) for _, part in node.parts]
    if node.is_sum and not all(named):
        return True
    return any(_adds_constant(part) for (_, part), has in zip(node.parts, named, strict=True) if has)


def _evaluate(node: Node, resolve: Callable[..., Any], constant: Callable[[Fraction], Any], summed: bool) -> Any:
    if isinstance(node, Number):
        return constant(node.value)
    if isinstance(node, Ref):
        return resolve(node, months=True) if summed else resolve(node)
    if isinstance(node, Negative):
        return -_evaluate(node.of, resolve, constant, summed)
    if isinstance(node, Months):
        return _evaluate(node.of, resolve, constant, True)
    value = _evaluate(node.parts[0][1], resolve, constant, summed)
    for sign, part in node.parts[1:]:
        other = _evaluate(part, resolve, constant, summed)
        if sign == "+":
            value = value + other
        elif sign == "-":
            value = value - other
        elif sign == "*":
            value = value * other
        else:
            value = value / other
    return value


def _text(node: Node, space: str) -> str:
    if isinstance(node, Number):
        return node.text
    if isinstance(node, Ref):
        return str(node)
    if isinstance(node, Negative):
        return "-" + _operand(node.of, space, True)
    if isinstance(node, Months):
        return f"months({_text(node.of, space)})"
    first, *rest = node.parts
    words = [_operand(first[1], space, not node.is_sum)]
    words += [f"{space}{sign}{space}{_operand(part, space, not node.is_sum)}" for sign, part in rest]
    return "".join(words)


def _operand(node: Node, space: str, tight: bool) -> str:
    """The text of a part, in parentheses where it would be read otherwise; `tight`: under * / or a unary minus."""
    text = _text(node, space)
    return f"({text})" if isinstance(node, Chain) and (tight or node.is_sum) else text
