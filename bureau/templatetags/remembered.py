"""An include whose text follows from what it is given alone, remembered as it was rendered.

For rows that stand on a page by the dozen and are mostly as they were when the page has to be made anew.
"""

from __future__ import annotations

from hashlib import blake2b

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()
MOST = 1_000  # texts of some kilobytes, in each web process; beyond them all are forgotten
_texts: dict[bytes, SafeString] = {}


@register.simple_tag
def remembered(name: str, **values: object) -> SafeString:
    """`{% remembered "partials/indicator_row.html" row=row folds=group.rest %}`: `values` is all the template knows.

    Plain data only: texts, numbers, lists and dictionaries of them, told apart by how Python writes them.
    """
    key = blake2b(repr((name, get_language(), values)).encode(), digest_size=20).digest()
    text = _texts.get(key)
    if text is None:
        if len(_texts) >= MOST:
            _texts.clear()
        text = _texts[key] = mark_safe(get_template(name).template.render(template.Context(values)))
    return text
