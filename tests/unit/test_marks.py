"""The marks: a shape of its own for each light, words escaped, icons that exist."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bureau import marks, svg
from indicators.analysis.kinds import Light

ROOT = Path(__file__).resolve().parents[2]


def test_each_light_has_a_shape_of_its_own_not_only_a_colour():
    shapes = {re.sub(r"#[0-9A-Fa-f]{6}", "", marks.mark_svg(light)) for light in Light}
    assert len(shapes) == len(Light)


@pytest.mark.parametrize(
    ("light", "shape"),
    [
        (Light.REACHED, "reached"),
        (Light.FAR_BEHIND, "far-behind"),
        ("5", "not-covered"),
        (None, "none"),
        ("explained", "explained"),
        (99, "none"),
    ],
)
def test_a_light_is_known_by_its_code_or_its_name(light, shape):
    assert marks.shape_of(light) == shape


def test_the_count_line_draws_a_mark_for_each_thing_or_none_at_all():
    assert marks.mark_row_svg(4, 3).count("<svg") == 3
    assert marks.mark_row_svg(2, 25) == ""


def test_marks_are_well_formed_and_hidden_from_screen_readers():
    for light in Light:
        assert ElementTree.fromstring(marks.mark_svg(light)).get("aria-hidden") == "true"
    assert ElementTree.fromstring(marks.shared_definitions_svg()).find("defs") is not None


def test_an_attribute_or_a_label_cannot_break_out_of_the_drawing():
    drawn = svg.element("rect", aria_label='"><script>') + svg.label("<b>&", 1, 2, fill="#000")
    assert "<script" not in drawn
    assert "<b>" not in drawn


def test_coordinates_are_written_without_needless_zeros():
    assert svg.element("line", x1=Decimal("12.500"), x2=None, stroke_width=2) == '<line x1="12.5" stroke-width="2"/>'
    assert svg.figure(Decimal(100)) == "100"


def test_every_icon_a_template_names_is_in_the_sprite():
    sprite = set(re.findall(r'symbol id="([^"]+)"', (ROOT / "static/icons/sprite.svg").read_text(encoding="utf-8")))
    templates = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    named = {name for page in templates for name in re.findall(r'(?:{% icon |icon_name=)"([^"]+)"', page)}
    context = (ROOT / "bureau/context.py").read_text(encoding="utf-8")
    named |= set(re.findall(r'_\("[^"]+"\), "([a-z-]+)"', context))  # the icons of the navigation
    assert "pencil" in named
    assert named <= sprite


def test_no_page_holds_inline_style_script_or_handler():
    """The content policy would silently drop them; a script that holds data only is none."""
    wrong = re.compile(
        r"\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\bsrc=|[^>]*application/json)[^>]*>", re.I
    )
    found = [
        str(path) for path in (ROOT / "templates").rglob("*.html") if wrong.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
