"""Template tags for marks, icons and the shared hatches; they only wrap bureau.marks and the icon sprite."""

from __future__ import annotations

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bureau import marks

register = template.Library()


@register.simple_tag
def light_mark(light: int | str | None, size: int = 14) -> SafeString:
    """`{% light_mark row.light %}`: the shape alone; put its word beside it."""
    return mark_safe(marks.mark_svg(light, size))


@register.simple_tag
def light_marks(light: int | str | None, count: int) -> SafeString:
    """`{% light_marks 4 2 %}`: the shape repeated, one for each thing counted."""
    return mark_safe(marks.mark_row_svg(light, int(count)))


@register.filter
def light_class(light: int | str | None) -> str:
    """`{{ row.light|light_class }}`: the class that colours the word of a light."""
    return f"light-{marks.shape_of(light)}"


@register.simple_tag
@cache
def icon(name: str, size: int = 18) -> SafeString:
    """`{% icon "download" %}`: an outline icon of the sprite; always with text beside it."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true" focusable="false">'
        '<use href="{1}#{2}"></use></svg>',
        size,
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def figure(text: str, url: str | None = "") -> SafeString | str:
    """`{% figure row.value row.trace_url %}`: a computed number that leads to where it comes from."""
    if not url:
        return text
    return format_html('<a class="figure" href="{}" aria-label="{}{}">{}</a>', url, text, _("（数的来处）"), text)


@register.simple_tag
def shared_definitions() -> SafeString:
    """The hatches the page's drawings refer to; base.html holds it once."""
    return mark_safe(marks.shared_definitions_svg())


@register.filter
def drawing(svg: str | None) -> SafeString:
    """`{{ row.bullet_svg|drawing }}`: SVG made by indicators.drawings, which escapes every text put into it."""
    return mark_safe(svg or "")
