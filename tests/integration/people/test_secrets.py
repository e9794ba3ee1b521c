"""E5: a password leaves no trace in the database, in answers or in the log; nor does a one-time one."""

from __future__ import annotations

import json
import logging

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client

from bureau.models import User
from tests.integration.people.conftest import as_, sign_in

FIRST, SECOND, WRONG = "Quokka#1-Zwp8", "Narwhal#2-Zwp8", "Ibex#3-Zwp8xx"


@pytest.fixture
def everything_logged(caplog):
    caplog.set_level(logging.INFO)
    return caplog


def dumped() -> str:
    """Every row of every table as text, session contents decoded."""
    from django.contrib.sessions.models import Session

    rows = [serializers.serialize("json", model.objects.all()) for model in apps.get_models() if model._meta.managed]
    return "".join(rows) + json.dumps([one.get_decoded() for one in Session.objects.all()])


def test_passwords_are_nowhere_in_plain(staff, everything_logged):
    user = User.objects.create_user("lu.min", password=FIRST, display_name="陆敏", unit="百步镇")
    answers = [sign_in("lu.min", WRONG), sign_in("absent", WRONG)]
    client = Client()
    answers.append(sign_in("lu.min", FIRST, client))
    change = {"old_password": FIRST, "new_password1": SECOND, "new_password2": SECOND}
    answers.append(client.post("/account/password/", change | {"new_password2": WRONG}))
    answers.append(client.post("/account/password/", change))
    answers.append(client.get("/account/?stay"))
    reset = as_(staff.system).post(f"/accounts/{user.pk}/", {"action": "password"})
    once = reset.context["password"]
    answers.append(sign_in("lu.min", once, client))
    answers.append(client.get("/account/password/"))
    database = dumped()
    assert '"username": "lu.min"' in database, "the dump holds what it should"
    log = everything_logged.text
    bodies = "".join(answer.content.decode() + str(answer.headers) for answer in answers)
    for secret in (FIRST, SECOND, WRONG, once):
        assert secret not in database
        assert secret not in log
        assert secret not in bodies
