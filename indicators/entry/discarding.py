"""Throws away what was sent and never confirmed: old previews and refusals, with their files, told in the trail.

What a person confirmed stays with its original. Figures are never touched: a preview has written none.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from bureau import audit, clock, files
from bureau.installation import lock_county
from bureau.models import Installation, StoredFile
from indicators.models import Import, Upload

KEPT_DAYS = 30


@transaction.atomic
def discard(days: int = KEPT_DAYS) -> int:
    """Everything unconfirmed that was sent more than `days` ago; how many files. Nothing to do leaves no record."""
    county = Installation.objects.values_list("county_id", flat=True).first()
    if county is None:
        return 0
    lock_county(county)
    before = clock.now() - timedelta(days=days)
    found = {
        "uploads": Upload.objects.filter(at__lt=before).exclude(state=Upload.State.CONFIRMED),
        "imports": Import.objects.filter(at__lt=before).exclude(state=Import.State.CONFIRMED),
    }
    counts = {name: rows.count() for name, rows in found.items()}
    if not any(counts.values()):
        return 0
    wanted = {pk for rows in found.values() for pk in rows.values_list("file", flat=True)}
    kept = StoredFile.objects.filter(pk__in=wanted)
    told = [{"name": file.name, "file": file.sha256} for file in kept.order_by("pk")]
    ids = [file.pk for file in kept]
    for rows in found.values():
        rows.delete()
    files.forget(ids)
    audit.record("imports.discard", by=None, object=f"> {days}", detail=counts | {"days": days, "files": told})
    return len(told)
