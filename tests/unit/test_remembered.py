"""Rows rendered once: a page that shows an equal row again gets the same text, in each language its own."""

from django.template import engines
from django.utils.translation import override

from bureau.templatetags import remembered

TABLE = (
    "{% load remembered %}{% for row in rows %}"
    "{% remembered 'partials/coverage.html' text=row.text short=row.short %}{% endfor %}"
)


def rendered(*rows) -> str:
    return engines["django"].from_string(TABLE).render({"rows": rows, "text": "not of the row"})


def test_rows_are_rendered_by_what_they_are_given_alone():
    full, short = {"text": "9/9 镇街", "short": False}, {"text": "8/9 <镇街>", "short": True}
    assert rendered(full, short, {"text": "", "short": True}, full).replace("\n", "") == (
        '<span class="second">9/9 镇街</span>'
        '<span class="second coverage-short">8/9 &lt;镇街&gt;</span>'
        '<span class="second">9/9 镇街</span>'
    )


def test_an_equal_row_is_rendered_once_a_language(monkeypatch):
    monkeypatch.setattr(remembered, "_texts", {})
    for language in ("zh-hans", "en", "zh-hans"):
        with override(language):
            rendered({"text": "9/9", "short": False}, {"text": "9/9", "short": False})
    assert len(remembered._texts) == 2


def test_what_is_remembered_does_not_grow_without_end(monkeypatch):
    monkeypatch.setattr(remembered, "_texts", {})
    monkeypatch.setattr(remembered, "MOST", 3)
    rendered(*({"text": str(number), "short": False} for number in range(5)))
    assert len(remembered._texts) == 2
