"""Other spellings of places (区划别名) in the settings: written as they are compared, once each, on record."""

from __future__ import annotations

import pytest

from bureau.models import AreaAlias, AuditEvent
from tests.integration.factories import E1, EAST, W1
from tests.integration.settings.forms import errors_of, send

pytestmark = pytest.mark.django_db
ADD = "/settings/bureau/areaalias/add/"


def test_a_spelling_is_added_put_right_and_taken_away(tiny, sign_in):
    office = sign_in(tiny.office)
    answer = send(office, ADD, text="永 兴（老写法）", area=tiny.areas[E1].pk)
    assert answer.status_code == 302, errors_of(answer)
    one = AreaAlias.objects.get()
    assert (one.text, one.county, one.within, one.by) == ("永兴(老写法)", tiny.county, None, tiny.office)
    change = f"/settings/bureau/areaalias/{one.pk}/change/"
    assert send(office, change, area=tiny.areas[W1].pk).status_code == 302
    assert AuditEvent.objects.get(act="setting.change").detail == {"area": [E1, W1]}
    gone = office.post(change.replace("change", "delete"), {"post": "yes", "reason": "写法不再用了"})
    assert gone.status_code == 302
    assert not AreaAlias.objects.exists()


def test_a_spelling_stands_once_in_the_county_and_once_in_a_town(tiny, sign_in):
    office = sign_in(tiny.office)
    for within in (None, tiny.areas[EAST].pk):
        typed = {"text": "永兴", "area": tiny.areas[E1].pk, "within": within}
        assert send(office, ADD, **typed).status_code == 302
        again = send(office, ADD, **typed)
        assert errors_of(again)["text"] == ["这个写法已有；要改指别处，改那一条。"]
    assert AreaAlias.objects.count() == 2
