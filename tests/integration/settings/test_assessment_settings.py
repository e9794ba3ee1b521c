"""What the office sets for assessment: weights and thresholds with their reasons; what cannot be is told."""

from __future__ import annotations

import pytest

from bureau.models import AuditEvent
from tasks.models import Criterion, Scheme
from tests.integration.settings.forms import errors_of, send

pytestmark = pytest.mark.django_db


def test_a_weight_is_changed_with_a_reason_and_recorded(people, sign_in):
    one = Criterion.objects.get(scheme__code="towns", code="forms")
    url = f"/settings/tasks/criterion/{one.pk}/change/"
    assert send(sign_in(people.office), url, weight="25").status_code == 302
    one.refresh_from_db()
    assert (one.weight, one.clause.number, one.indicators.count()) == (25, "五(二)", 0)
    assert AuditEvent.objects.order_by("sequence").last().detail["weight"] == ["20", "25"]


@pytest.mark.parametrize(
    ("code", "typed", "where", "said"),
    [
        ("forms", {"weight": "0"}, "weight", "权重须大于 0；加减分项的权重是 0。"),
        ("targets", {"zero_below": "101"}, "", "不得分的界线不能高于满分起点。"),
        ("hand", {"cap": "6"}, "", "迟办所计的比例在 0 和 100 之间，扣分不为负，加分上限在 0 和 5 之间。"),
    ],
)
def test_a_criterion_that_could_not_be_scored_is_refused(people, sign_in, code, typed, where, said):
    one = Criterion.objects.get(scheme__code="towns", code=code)
    refused = send(sign_in(people.office), f"/settings/tasks/criterion/{one.pk}/change/", **typed)
    assert (refused.status_code, errors_of(refused)[where]) == (422, [said])


def test_grades_stand_in_order_and_a_code_once(people, sign_in):
    client, scheme = sign_in(people.office), Scheme.objects.get(code="towns")
    refused = send(client, f"/settings/tasks/scheme/{scheme.pk}/change/", good="95")
    assert errors_of(refused)[""] == ["等次起点须由高到低：优秀、良好、合格。"]
    refused = send(client, "/settings/tasks/scheme/add/", code="towns", name="另一个", of="towns", from_year="2018")
    assert errors_of(refused)["code"] == ["已有这个代码的方案。"]
    added = send(client, "/settings/tasks/scheme/add/", code="towns18", name="另一个", of="towns", from_year="2018")
    assert added.status_code == 302
    assert Scheme.objects.get(code="towns18").county == scheme.county
