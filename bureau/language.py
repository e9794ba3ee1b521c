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
from django.utils.translation import gettext_lazy as _

ENGLISH = "en"
# The units of the plan's data as it is loaded; any other stays as typed.
UNITS = {
    "个": _("个"),
    "个百分点": _("个百分点"),
    "百分点": _("百分点"),
    "人": _("人"),
    "人次": _("人次"),
    "人/年": _("人/年"),
    "件": _("件"),
    "份": _("份"),
    "条": _("条"),
    "笔": _("笔"),
    "元": _("元"),
    "元/月": _("元/月"),
    "元/年": _("元/年"),
    "元/人": _("元/人"),
    "元/人·年": _("元/人·年"),
    "万元": _("万元"),
    "家": _("家"),
    "户": _("户"),
    "项": _("项"),
    "是/否": _("是/否"),
    "日期": _("日期"),
    "个/村（社区）": _("个/村（社区）"),
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
    return str(UNITS.get(text, text))


def joined(names: list[str]) -> str:
    """'甲、乙' or 'A, B'."""
    return (", " if english() else "、").join(names)


def in_chinese() -> translation.override:
    """`with in_chinese():` for what is Chinese whoever asks: documents, workbooks, sentences that are kept."""
    return translation.override(settings.LANGUAGE_CODE)
