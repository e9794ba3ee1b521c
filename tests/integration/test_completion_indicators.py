"""Indicators that count completed projects stand at 0 while none is completed, instead of being absent."""

from __future__ import annotations

import pytest

from indicators.models import Evaluation
from tests.integration import factories
from tests.integration.factories import COUNTY, EAST, START, Aim, Formula


@pytest.mark.django_db
def test_a_project_nobody_completed_shows_as_zero_once_figures_are_approved(tiny):
    formula = Formula("A19", "level", "P05", value="N", aims=(Aim(">=", "1", path="steps"),))
    indicator = factories._indicator(formula, tiny.sections["jyj"], tiny.areas)

    factories.approved(tiny, "town", EAST, START, {(EAST, "D01"): 5, (EAST, "D02"): 1})

    rows = Evaluation.objects.filter(indicator=indicator.pk, month=START)
    assert [(row.area, row.value) for row in rows] == [(tiny.areas[COUNTY].pk, 0)]
