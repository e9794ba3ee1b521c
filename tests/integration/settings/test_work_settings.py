"""What the office changes of the plan's work under the settings, and what it is led away from."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tasks.models import Task
from tests.integration.settings.forms import errors_of, send

pytestmark = pytest.mark.django_db


def test_a_task_is_brought_forward_here_and_put_off_only_where_another_grants_it(people, sign_in):
    one = Task.objects.get(code="T01")
    url, due_on = f"/settings/tasks/task/{one.pk}/change/", one.due_on
    client = sign_in(people.office)
    assert '<a href="/tasks/T01/extension/">这里只改早；改晚由责任科室申请延期</a>' in client.get(url).content.decode()
    refused = send(client, url, due_on="2018-12-31")
    assert (refused.status_code, errors_of(refused)["due_on"]) == (
        422,
        [f"原为 {due_on}，改晚须申请延期，由另一人批准。"],
    )
    refused = send(client, url, starts_on=due_on.isoformat())
    assert (refused.status_code, errors_of(refused)["due_on"]) == (422, ["完成日期须晚于开始日期。"])
    one.milestones.update(due_on=due_on - timedelta(1))
    assert send(client, url, starts_on="2015-06-01", due_on=(due_on - timedelta(1)).isoformat()).status_code == 302
    one.refresh_from_db()
    assert (one.starts_on, one.due_on) == (date(2015, 6, 1), due_on - timedelta(1))


def test_a_task_is_not_due_before_a_node_that_is_still_to_be_reached(people, sign_in):
    one = Task.objects.get(code="T01")  # its last node, 成果完成, stands on the day it is due
    client, url = sign_in(people.office), f"/settings/tasks/task/{one.pk}/change/"
    refused = send(client, url, due_on=(one.due_on - timedelta(1)).isoformat())
    assert errors_of(refused)["due_on"] == [f"节点“成果完成”定在 {one.due_on}，须先调整到这一天以前。"]
