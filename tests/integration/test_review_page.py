"""The reviewer's page: a decision that cannot stand is explained, and nothing chosen or typed is lost."""

import pytest

from bureau.models import Grant
from indicators.models import Submission
from tests.integration import factories
from tests.integration.factories import EAST, START, person


@pytest.mark.django_db
def test_a_return_without_a_reason_is_refused_and_the_choice_stays(tiny, client):
    waiting = factories.hand_in(tiny, "town", EAST, START, {(EAST, "D01"): 5, (EAST, "D02"): 1})
    reviewer = person("section.head", (Grant.Role.REVIEWER, waiting.form.section))
    client.force_login(reviewer, backend="bureau.people.backend.AccountBackend")

    answer = client.post(f"/review/{waiting.pk}/", {"decision": "return", "reason": "缺"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="return" checked' in page
    assert 'value="approve" required checked' not in page
    assert "退回须写明原因，至少 5 个字。" in page
    assert ">缺</textarea>" in page
    waiting.refresh_from_db()
    assert waiting.state == Submission.State.SUBMITTED
