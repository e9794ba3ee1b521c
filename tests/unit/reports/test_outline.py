"""The outline of reports: which parts people write, by whom, in which order."""

from __future__ import annotations

import pytest

from reports import outline
from reports.outline import Subject

DOMAINS = [Subject("一", "就业"), Subject("四", "医保")]
CORE = [Subject("A01", "新增就业", "jyj"), Subject("A06", "医保差距", "yb")]


def keys(kind: str) -> list[str]:
    return [part.key for part in outline.parts(kind, domains=DOMAINS, indicators=CORE)]


def test_the_parts_of_each_report_stand_in_the_order_of_print():
    assert keys("bulletin") == ["problems", "demands"]
    assert keys("phase") == ["practice/一", "practice/四", "problems", "plan"]
    assert keys("evaluation") == [
        "background", "practice/一", "practice/四", "cause/A01", "next/A01", "cause/A06", "next/A06", "experience",
        "problems", "plan", "case",
    ]  # fmt: skip


def test_an_indicators_own_section_writes_about_it_the_office_what_is_nobodys():
    found = {part.key: part for part in outline.parts("evaluation", domains=DOMAINS, indicators=CORE)}
    assert (found["cause/A06"].section, found["cause/A06"].title) == ("yb", "A06 医保差距：原因")
    assert (found["practice/四"].section, found["problems"].section) == ("yb", "bgs")
    assert [key for key, part in found.items() if not part.required] == ["case"]


@pytest.mark.parametrize(
    ("key", "called", "required"),
    [("cause/A01", "A01 原因", True), ("case", "典型案例", False), ("gone/A01", "gone/A01", False)],
)
def test_a_part_is_known_by_its_key_alone(key, called, required):
    assert outline.short("evaluation", key) == called
    assert outline.required("evaluation", key) is required
