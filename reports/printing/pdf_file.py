"""A manuscript as PDF: the preview's own HTML on A4 by WeasyPrint, tagged for readers who do not see it.

WeasyPrint needs Pango of the system and a Chinese font; without the font it says nothing and prints boxes, so both are
looked for first. Nothing is fetched: no network, no files beyond our style sheets.
"""

from __future__ import annotations

import gc
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings

from reports.manuscript import Manuscript
from reports.printing.page import html

SHEETS = ("report.css", "report-tables.css", "report-pages.css")
NO_PANGO = (
    "本机缺少生成PDF所需的系统组件（Pango、HarfBuzz），不能生成PDF。请管理员安装，"
    "例如：apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
NO_FONT = "本机没有中文字体，生成的PDF会全是方框，因此不生成。请管理员安装，例如：apt-get install fonts-noto-cjk"


class Unprintable(Exception):
    """This machine cannot make a PDF; the message says in Chinese what to install."""


def pdf(manuscript: Manuscript) -> bytes:
    """The PDF as bytes; the same manuscript gives the same bytes. Unprintable where the machine lacks something."""
    why = why_not()
    if why:
        raise Unprintable(why)
    library = _weasyprint()
    text = html(manuscript, standalone=True)
    with _uncollected():
        return library.HTML(string=text, url_fetcher=fetcher()).write_pdf(
            stylesheets=[library.CSS(string=sheet, url_fetcher=fetcher()) for sheet in _sheets()],
            pdf_variant="pdf/ua-1",
            pdf_identifier=hashlib.sha256(text.encode()).hexdigest()[:32].encode(),
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """The layout keeps each of its million objects to the end: looking for dead ones takes a third of its time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def why_not() -> str:
    """Why this machine makes no PDF, in Chinese; empty where it does."""
    try:
        _weasyprint()
    except (ImportError, OSError):
        return NO_PANGO
    return "" if chinese_fonts() else NO_FONT


def _weasyprint() -> Any:
    """The library, imported when the first PDF is made: it takes most of a second and the system's Pango."""
    import weasyprint
    import weasyprint.urls

    return weasyprint


def fetcher() -> Any:
    """Refuses every address but pictures that stand in the page itself."""
    return _weasyprint().urls.URLFetcher(allowed_protocols=("data",))


@cache
def chinese_fonts() -> tuple[str, ...]:
    """The fonts that fontconfig, which WeasyPrint asks too, knows to cover Chinese."""
    asked = shutil.which("fc-list")
    if asked is None:
        return ()
    found = subprocess.run([asked, ":lang=zh-cn", "family"], capture_output=True, text=True, timeout=30, check=False)
    return tuple(sorted({line.strip() for line in found.stdout.splitlines() if line.strip()}))


def _sheets() -> list[str]:
    folder = settings.BASE_DIR / "static" / "css"
    return [(folder / name).read_text(encoding="utf-8") for name in SHEETS]
