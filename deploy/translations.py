"""Collect the texts of code and templates into locale/en, for maintainers: `make translations`.

No system gettext is needed. The msgids are the Chinese texts. What was translated before is kept;
`manage.py prepare` compiles the catalogues.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CODE = ("bureau", "indicators", "tasks", "reports", "haiyan_pilot")
TARGET = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    **dict.fromkeys(("_", "N_", "_now", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}


def as_python(template: str) -> bytes:
    """A template's texts as calls of gettext, each on its line."""
    from django.utils.translation.template import templatize

    # Indentation means nothing in a template, and would stop the reader of Python.
    return "\n".join(line.strip() for line in templatize(template).splitlines()).encode()


def sources() -> Iterator[tuple[str, bytes]]:
    """Each file that may hold texts: its path in the tree, and its content as Python."""
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_bytes()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield path.relative_to(ROOT).as_posix(), as_python(path.read_text(encoding="utf-8"))


def collected() -> Catalog:
    """A catalogue of all texts and the files they stand in; no line numbers: it changes only when a text does."""
    catalogue = Catalog(project="haiyan-pilot", charset="utf-8")
    for path, content in sources():
        for _line, message, comments, context in extract("python", BytesIO(content), KEYWORDS, ("Translators:",)):
            catalogue.add(message, None, [(path, 0)], auto_comments=comments, context=context)
    return catalogue


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from django.conf import settings

    settings.configure()
    template = collected()
    if TARGET.exists():
        with TARGET.open("rb") as file:
            catalogue = read_po(file, locale="en", charset="utf-8")
    else:
        header = "# English texts; the msgids are the Chinese ones. Collected by `make translations`."
        catalogue = Catalog(locale="en", project="haiyan-pilot", charset="utf-8", header_comment=header)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.fuzzy = False
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("wb") as file:
        write_po(file, catalogue, width=120, include_lineno=False, ignore_obsolete=True, sort_output=True)
    missing = sum(1 for message in catalogue if message.id and not message.string)
    print(f"{TARGET.relative_to(ROOT)}: {len(catalogue)} texts, {missing} not translated")


if __name__ == "__main__":
    main()
