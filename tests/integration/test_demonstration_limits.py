"""When the demonstration is filled in and when it is not: real accounts, production, a try that was broken off."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from bureau import months
from bureau.models import User
from indicators.models import Submission
from reports.demonstration import run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_plan")]
JUNE, JULY = months.parse("2017-06"), months.parse("2017-07")


def forms_of(month: int) -> Counter:
    return Counter(Submission.objects.filter(month=month).values_list("state", flat=True))


def test_it_is_not_filled_in_beside_a_real_account():
    User.objects.create(username="somebody")
    said = io.StringIO()
    call_command("demo", "--if-empty", stdout=said, stderr=said)
    assert said.getvalue() == ""
    with pytest.raises(CommandError, match="账号"):
        call_command("demo")


def test_it_does_not_belong_in_production(settings):
    settings.PRODUCTION = True
    said = io.StringIO()
    call_command("demo", "--if-empty", stdout=said)
    assert said.getvalue() == ""
    with pytest.raises(CommandError, match="production"):
        call_command("demo")


def test_what_was_broken_off_is_cleared_by_the_next_try(monkeypatch, settings, tmp_path):
    settings.DEMO_ACCOUNTS_FILE = tmp_path / "demo-accounts.txt"

    def power_cut(*args, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(run.current, "enter", power_cut)
        with pytest.raises(KeyboardInterrupt):
            call_command("demo", "--months", "1", stdout=io.StringIO())
    assert forms_of(JUNE) == {"approved": 47}
    assert not (tmp_path / "demo-accounts.txt").exists()
    call_command("demo", "--if-empty", "--months", "1", stdout=io.StringIO())
    assert forms_of(JUNE) == {"approved": 47}
    assert forms_of(JULY)["submitted"] == 14
    assert (tmp_path / "demo-accounts.txt").exists()
