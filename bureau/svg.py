"""Writes SVG elements as text: attributes escaped, no style attribute, so that the strict content policy holds."""

from __future__ import annotations

from decimal import Decimal
from html import escape


def figure(number: Decimal | float) -> str:
    """A coordinate: two decimals, no trailing zeros."""
    words = f"{number:.2f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def element(tag: str, body: str = "", /, **attributes: object) -> str:
    """`element("line", x1=0, stroke_width=2)`; an underscore stands for a hyphen, None leaves an attribute out.

    Decimals are written as coordinates; `css` is the class. `body` must be markup already.
    """
    written = []
    for name, value in attributes.items():
        if value is None:
            continue
        name = {"css": "class", "view_box": "viewBox"}.get(name, name.replace("_", "-"))
        written.append(f' {name}="{escape(figure(value) if isinstance(value, Decimal) else str(value))}"')
    return f"<{tag}{''.join(written)}>{body}</{tag}>" if body else f"<{tag}{''.join(written)}/>"


def per_cent(number: Decimal) -> str:
    """A share of the width, as an attribute's value."""
    return f"{figure(number)}%"


def label(
    words: str, x: object, y: object, *, fill: str, anchor: str = "start", bold: bool = False, **more: object
) -> str:
    """A text of a drawing in the size of axes, escaped."""
    more = {"font_size": 11, **more}
    return element(
        "text", escape(words), x=x, y=y, fill=fill, text_anchor=anchor, font_weight=700 if bold else None, **more
    )
