"""The status marks as inline SVG, for pages and drawings: a shape for each light, so that colour never stands alone.

Pure functions that take codes and give markup; the word beside a mark is the template's affair. A light's code is the
one stored (0 none, 1 reached, 2 on course, 3 behind, 4 far behind, 5 not covered); other pages borrow the shapes
with other words (逾期 is far behind, 未开始 is not covered).
"""

from __future__ import annotations

SHAPES = {0: "none", 1: "reached", 2: "on-course", 3: "behind", 4: "far-behind", 5: "not-covered"}
# Fill of marks and hatches; text uses its own, darker amber (static/css/tokens.css).
COLOURS = {
    "none": "#5C6B74",
    "reached": "#1B5A9A",
    "on-course": "#1A7352",
    "behind": "#C77700",
    "far-behind": "#B3141D",
    "not-covered": "#5C6B74",
    "explained": "#C77700",
    "in-time": "#1B5A9A",
    "closed": "#5C6B74",
}
_BODIES = {
    "none": '<path d="M3 8h10" stroke="{0}" stroke-width="2"/>',
    "reached": '<circle cx="8" cy="8" r="6.5" fill="{0}"/>'
    '<path d="M4.8 8.2l2.3 2.3 4.2-4.6" fill="none" stroke="#fff" stroke-width="1.8"/>',
    "on-course": '<circle cx="8" cy="8" r="5" fill="{0}"/>',
    "behind": '<path d="M8 2.2l6.2 11.2H1.8z" fill="{0}"/>',
    "far-behind": '<path d="M8 1l7 7-7 7-7-7z" fill="{0}"/>',
    "not-covered": '<circle cx="8" cy="8" r="5.6" fill="none" stroke="{0}" stroke-width="1.7" '
    'stroke-dasharray="2.6 1.8"/>',
    "explained": '<path d="M8 3l5.4 9.8H2.6z" fill="none" stroke="{0}" stroke-width="1.3"/>',
    "in-time": '<circle cx="8" cy="8" r="5" fill="{0}"/>',
    "closed": '<circle cx="8" cy="8" r="6.5" fill="{0}"/>'
    '<path d="M4.8 8.2l2.3 2.3 4.2-4.6" fill="none" stroke="#fff" stroke-width="1.8"/>',
}


def shape_of(light: int | str | None) -> str:
    """The name of the shape for a light's code or for a name itself; 'none' for anything unknown."""
    if isinstance(light, str) and not light.isdecimal():
        return light if light in _BODIES else "none"
    return SHAPES.get(int(light or 0), "none")


def mark_svg(light: int | str | None, size: int = 14) -> str:
    """The mark of a light, hidden from screen readers since its word stands beside it."""
    shape = shape_of(light)
    return (
        f'<svg class="mark" width="{size}" height="{size}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        f"{_BODIES[shape].format(COLOURS[shape])}</svg>"
    )


def mark_row_svg(light: int | str | None, count: int, size: int = 13, limit: int = 24) -> str:
    """A mark for each thing counted, as the count line draws them; none where there are more than `limit`."""
    return mark_svg(light, size) * count if count <= limit else ""


def hatch_id(shape: str) -> str:
    """The id of the hatch in the page's shared definitions."""
    return f"hatch-{shape}"


def shared_definitions_svg() -> str:
    """The hatches every drawing of a page refers to; stands once in the page, taking no room."""
    hatches = {name: (COLOURS[name], "#fff") for name in ("behind", "far-behind", "not-covered")}
    hatches["actual"] = ("#0B5563", "#E3EEF0")
    patterns = "".join(
        f'<pattern id="{hatch_id(name)}" width="4.4" height="4.4" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="4.4" height="4.4" fill="{ground}"/>'
        f'<rect width="2.1" height="4.4" fill="{colour}"/></pattern>'
        for name, (colour, ground) in hatches.items()
    )
    defs = f"<defs>{patterns}</defs>"
    return f'<svg class="shared-definitions" width="0" height="0" aria-hidden="true" focusable="false">{defs}</svg>'
