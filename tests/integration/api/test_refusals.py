"""Malformed questions are answered in Chinese with the reason, never with a fault; before any data, with nothing."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from indicators.api import results
from tests.integration.api.conftest import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(tiny) -> Program:
    return Program(tiny.clerk)


WRONG = {
    "month": ["2017-13", "2017-6", "0000-00", "99999-01", "2017-06\n", "２０１７-06", "\0", "九月"],
    "version": ["0", "-1", "1.5", "9" * 30, "latest", "\0"],
    "since": ["2017", "x" * 5000],
    "until": ["2017-00"],
    "limit": ["0", "-1", "10001", "9" * 400, "1e3", "NaN", ""],
    "offset": ["-1", "9" * 400, "x"],
    "format": ["xml", "CSV"],
    "indicator": ["\0", "A 01", "数" * 700, "' OR 1=1 --"],
    "area": ["\ud800".encode("utf-8", "surrogatepass"), "../etc"],
    "reading": ["a b"],
}


def test_what_is_wrong_is_named_with_its_rule(program):
    for name, values in WRONG.items():
        for value in values:
            answer = program("evaluations", **{name: value})
            assert answer.status_code == 422, (name, value)
            told = answer.json()
            assert (told["error"], list(told["parameters"])) == ("invalid", [name]), value
            assert told["message"].startswith(f"参数 {name}："), value
    assert program("evaluations", month="2017-13").json()["message"] == "参数 month：月份写作 2017-06。"


def test_a_misspelt_filter_is_refused_rather_than_passed_over(program):
    answer = program("evaluations", indicators="A01")
    assert (answer.status_code, answer.json()["message"]) == (422, "参数 indicators：没有这个参数，请核对拼写。")
    assert program("plan", indicator="A01").status_code == 422


def test_a_filter_takes_a_hundred_codes_and_no_more(program):
    assert program("items", item=["D01"] * 100).status_code == 200
    assert program("items", item=["D01"] * 101).status_code == 422


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("evaluations", {"indicator": "Z99"}),
        ("evaluations", {"area": "330424999"}),
        ("evaluations", {"area": "330424101201"}),
        ("evaluations", {"reading": "none"}),
        ("evaluations", {"month": "2015-01"}),
        ("figures", {"item": "D999"}),
        ("figures", {"category": "none"}),
        ("indicators", {"indicator": "Z99"}),
        ("targets", {"area": "330424999"}),
        ("nothing", {}),
        ("", {}),
    ],
)
def test_what_is_not_there_is_told_in_one_sentence(program, address, query):
    answer = program(address, **query)
    assert answer.status_code == 404
    assert answer.json() == {"error": "not_found", "message": "没有这一项，或者不在查看范围内。"}


def test_answers_are_chinese_whatever_language_was_chosen(program):
    program.client.cookies["language"] = "en"
    answer = program("evaluations", month="x")
    assert (answer.json()["message"], answer["Content-Language"]) == ("参数 month：月份写作 2017-06。", "zh-hans")
    assert program("nothing").json()["message"] == "没有这一项，或者不在查看范围内。"


def test_a_fault_says_nothing_of_its_cause(program, monkeypatch):
    def fails(*args, **options):
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(results, "Evaluations", fails)
    answer = program("evaluations")
    assert (answer.status_code, answer.json()) == (500, {"error": "server", "message": "系统出错，已记入日志。"})


def test_a_database_that_is_gone_is_named_so(program, monkeypatch):
    def gone(*args, **options):
        raise OperationalError("no route")

    monkeypatch.setattr(results, "Figures", gone)
    answer = program("figures")
    assert (answer.status_code, answer.json()["error"]) == (503, "database")


def test_before_anything_is_released_readers_get_empty_lists(program):
    answer = program("evaluations").json()
    assert (answer["month"], answer["version"], answer["items"]) == (None, None, [])
    assert program.rows("areas") == []
    assert len(program.rows("indicators")) == 13
