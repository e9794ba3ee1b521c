"""P06: which villages have a station, ticked off from the approved figures of the form, never typed a second time."""

from __future__ import annotations

import pytest
from django.test import Client

from bureau import months
from bureau.models import Area
from bureau.places import Tree
from indicators import evaluate, publish, rollup
from indicators.models import DataItem, FormItem
from tasks.models import Project
from tests.integration import factories
from tests.integration.factories import E1, E3, W1, Aim, Formula, put

pytestmark = pytest.mark.django_db
JUNE = months.make(2016, 6)


@pytest.fixture
def stations(place):
    """East: E1 has one, E3 not; West: W1 has one, W2 did not report."""
    section = place.sections["sbj"]
    place.items["D91"] = DataItem.objects.create(code="D91", name="设站", unit="个", kind="stock", order=90)
    FormItem.objects.create(form=place.forms["network"], item=place.items["D91"], level=Area.Level.VILLAGE, order=90)
    DataItem.objects.create(
        code="D90", name="村数", unit="个", kind="stock", automatic=True, counts_levels=[Area.Level.VILLAGE.value]
    )
    indicator = factories._indicator(
        Formula("A20", "level", "D91", "D90", scale=100, aims=(Aim("=", "100"),)), section, place.areas
    )
    project = Project.objects.create(
        code="P06", name="电商服务站", quantity_from="A20", clause=place.project.clause, lead=section,
        starts_on=place.project.starts_on, due_on=place.project.due_on,
    )  # fmt: skip
    project.indicators.add(indicator)
    put(place, [(JUNE, {(E1, "D91"): 1, (E3, "D91"): 0, (W1, "D91"): 1})])
    tree = Tree(place.county.pk)
    rollup.refresh(tree)
    evaluate.refresh(tree)
    publish.publish(place.county, JUNE, by=place.office, reason="")
    return place


def shown(user) -> dict[str, tuple]:
    """Town → counts, villages without, villages with, not reported, whether it leads to a sheet."""
    client = Client()
    client.force_login(user)
    answer = client.get("/tasks/P06/")
    assert answer.status_code == 200
    return {
        line["town"]: (line["counts"], line["without"], line["with"], line["unknown"], bool(line["sheet_url"]))
        for line in answer.context["stations"].lines
    }


def test_the_office_and_the_lead_section_see_every_village(stations):
    every = {"101": ("1 / 2", "203", "201", "", False), "102": ("1 / 2", "", "201", "202", False)}
    assert shown(stations.office) == every
    sheets = {town: (*line[:4], True) for town, line in every.items()}
    assert shown(stations.reviewer) == sheets  # the form is his section's
    assert shown(stations.other_reviewer) == every  # the project is his section's


def test_a_town_sees_its_own_villages_and_is_led_to_its_sheet(stations):
    assert shown(stations.clerk) == {"101": ("1 / 2", "203", "201", "", True), "102": ("1 / 2", "", "", "", False)}


def test_all_others_see_the_released_counts_of_the_towns(stations):
    assert shown(stations.leader) == {"101": ("1 / 2", "", "", "", False), "102": ("1 / 2", "", "", "", False)}


def test_a_project_that_counts_no_places_has_no_such_list(stations):
    client = Client()
    client.force_login(stations.office)
    assert client.get("/tasks/P05/").context["stations"] is None
