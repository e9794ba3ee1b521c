"""`manage.py exportevaluations` writes byte for byte what the API gives for the same selection."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from tests.integration.factories import COUNTY, EAST

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"month": "2015-01", "version": "1"},
        {"since": "2015-01", "until": "2015-02", "area": COUNTY},
        {"area": [COUNTY, EAST], "indicator": "A01", "reading": "official"},
        {"version": "live"},
        {"month": "2015-01", "version": "live"},
    ],
)
def test_the_file_is_the_answer(reviewer, tmp_path, form, query):
    file = tmp_path / "evaluations"
    options = {
        name: [value] if name in ("area", "indicator") and isinstance(value, str) else value
        for name, value in query.items()
    }
    options["release"] = options.pop("version", None)
    call_command("exportevaluations", file, format=form, verbosity=0, **options)
    answer = reviewer("evaluations", format=form, **query)
    assert answer.status_code == 200
    assert file.read_bytes() == answer.content


def test_as_it_is_typed(leader, tmp_path, capsys):
    file = tmp_path / "a.csv"
    call_command("exportevaluations", str(file), "--month", "2015-02", "--version", "1", "--area", COUNTY)
    assert file.read_bytes() == leader("evaluations", month="2015-02", version="1", area=COUNTY, format="csv").content
    assert "行" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--month", "2015-13"], "月份写作"),
        (["--month", "2015-03"], "没有这个月份或版本的发布"),
        (["--version", "7"], "没有这个月份或版本的发布"),
        (["--version", "x"], "没有这个月份或版本的发布"),
        (["--area", "330424101201"], "没有这个指标"),
        (["--indicator", "Z99"], "没有这个指标"),
    ],
)
def test_what_is_not_there_writes_no_file(county, db, tmp_path, words, why):
    with pytest.raises(CommandError, match=why):
        call_command("exportevaluations", str(tmp_path / "a"), *words)
    assert not (tmp_path / "a").exists()
