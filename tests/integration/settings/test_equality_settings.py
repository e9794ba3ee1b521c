"""What the office sets for equality: weights and comparisons with their reasons, the tiles of the schematic map."""

from __future__ import annotations

import pytest

from bureau.models import AuditEvent
from indicators.models import EqualityRole, Tile
from tests.integration.settings.forms import errors_of, send

pytestmark = pytest.mark.django_db


def test_a_weight_is_changed_with_a_reason_and_dated(people, sign_in):
    role = EqualityRole.objects.get(indicator__code="A04")
    url = f"/settings/indicators/equalityrole/{role.pk}/change/"
    assert send(sign_in(people.office), url, weight="2.5", source="县均等化办通知").status_code == 302
    role.refresh_from_db()
    assert (str(role.weight), role.source) == ("2.5000", "县均等化办通知")
    assert role.amended_at is not None
    assert AuditEvent.objects.order_by("sequence").last().detail["weight"] == ["1", "2.5"]
    assert sign_in(people.office).get(url.replace("change", "delete")).status_code == 403


def test_two_groups_must_be_named_and_a_tile_holds_one_town(people, sign_in):
    role, client = EqualityRole.objects.get(indicator__code="A06"), sign_in(people.office)
    refused = send(client, f"/settings/indicators/equalityrole/{role.pk}/change/", pair="职工")
    assert errors_of(refused)[""] == ["两类人比较须写明是哪两类人，例如 职工 / 居民。"]
    assert send(client, f"/settings/indicators/equalityrole/{role.pk}/change/", weight="-1").status_code == 422
    tile = Tile.objects.get(area__code="330424105")
    refused = send(client, f"/settings/indicators/tile/{tile.pk}/change/", row="3", column="2")
    assert errors_of(refused)[""] == ["这一格已有别的镇（街道）。"]
    assert send(client, f"/settings/indicators/tile/{tile.pk}/change/", row="9").status_code == 422
    assert send(client, f"/settings/indicators/tile/{tile.pk}/change/", row="4", column="1").status_code == 302
