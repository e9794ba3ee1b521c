"""What the office changes of the plan's work under the settings, and what it is led away from."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.models import Task
from tests.integration.settings.forms import errors_of, send

pytestmark = pytest.mark.django_db


def test_the_day_a_task_is_due_is_shown_and_changed_only_where_slippage_is_told(people, sign_in):
    one = Task.objects.get(code="T01")
    url, due_on = f"/settings/tasks/task/{one.pk}/change/", one.due_on
    client = sign_in(people.office)
    page = client.get(url).content.decode()
    assert f'{due_on} <a href="/tasks/T01/extension/">改期由责任科室申请延期</a>' in page
    assert send(client, url, starts_on="2015-06-01", due_on="2018-12-31").status_code == 302
    one.refresh_from_db()
    assert (one.starts_on, one.due_on) == (date(2015, 6, 1), due_on)
    refused = send(client, url, starts_on=due_on.isoformat())
    assert (refused.status_code, errors_of(refused)["starts_on"]) == (422, ["完成日期须晚于开始日期。"])
