"""`manage.py rebuild`: recompute roll-ups and evaluations of the county from the approved figures, all of them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from bureau import audit
from bureau.installation import county, lock_county, raise_data_version
from bureau.places import Tree
from indicators import evaluate, rollup
from indicators.models import Evaluation, RollUp


class Command(BaseCommand):
    """Releases are not touched."""

    help = "由审定数重算全部汇总与评估；已发布的月份不变"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        here = county()
        lock_county(here.pk)
        tree = Tree(here.pk)
        rollup.refresh(tree)
        evaluate.refresh(tree)
        counts = {
            "roll_ups": RollUp.objects.filter(county=here.pk).count(),
            "evaluations": Evaluation.objects.filter(county=here.pk).count(),
        }
        audit.record("derived.rebuild", by=None, object=here.code, detail=counts)
        raise_data_version(here.pk)
        self.stdout.write(f"rebuilt: {counts['roll_ups']} roll-ups, {counts['evaluations']} evaluations")
