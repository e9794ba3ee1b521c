"""The two languages of the interface: Chinese unless a reader chose English by the switch; never guessed.

What a browser prefers is not asked: the county's machines often come with an English system, and its pages are Chinese.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

ENGLISH = "en"
# The units of the plan's data as it is loaded; any other stays as typed.
UNITS = {
    N_("个"),
    N_("个百分点"),
    N_("百分点"),
    N_("人"),
    N_("人次"),
    N_("人/年"),
    N_("件"),
    N_("份"),
    N_("条"),
    N_("笔"),
    N_("元"),
    N_("元/月"),
    N_("元/年"),
    N_("元/人"),
    N_("元/人·年"),
    N_("万元"),
    N_("家"),
    N_("户"),
    N_("项"),
    N_("是/否"),
    N_("日期"),
    N_("代码"),
    N_("个/村（社区）"),
}


class LanguageMiddleware:
    """Activates the language of the reader's cookie, else Chinese."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", language)
        return response


def english() -> bool:
    """Does the reader of this request read English?"""
    return translation.get_language() == ENGLISH


def localized(thing: Any, name: str = "name") -> str:
    """The thing's name in the reader's language: `name_en` where he reads English and it has one, else `name`."""
    return (english() and getattr(thing, f"{name}_en", "")) or getattr(thing, name)


def unit(text: str) -> str:
    """A unit in the reader's language; one typed in later stays as it was typed."""
    return gettext(text) if text in UNITS else text


def joined(names: list[str]) -> str:
    """'甲、乙' or 'A, B'."""
    return (", " if english() else "、").join(names)


def in_chinese() -> translation.override:
    """`with in_chinese():` for what is Chinese whoever asks: documents, workbooks, sentences that are kept."""
    return translation.override(settings.LANGUAGE_CODE)
