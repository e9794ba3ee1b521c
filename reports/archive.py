"""Gives a release's documents: built once, kept by SHA-256, and the same bytes ever after."""

from __future__ import annotations

from django.db import transaction

from bureau import files
from bureau.models import StoredFile
from indicators.models import PublishedMonth
from indicators.queries import at_release
from reports.assemble import build
from reports.models import Document


def document(release: PublishedMonth, kind: str) -> StoredFile:
    """The kept file of a release's 'word' or 'excel' document; built when there is none, once however many ask."""
    kept = _kept(release, kind)
    if kept is not None:
        return kept
    with transaction.atomic():
        PublishedMonth.objects.select_for_update().only("pk").get(pk=release.pk)
        kept = _kept(release, kind)
        if kept is None:
            name, content, _type = build(at_release(release), kind)
            kept = files.keep(content, name, purpose="document", owner=None)
            Document.objects.update_or_create(release=release, edition=None, kind=kind, defaults={"file": kept})
    return kept


def _kept(release: PublishedMonth, kind: str) -> StoredFile | None:
    found = Document.objects.filter(release=release, edition=None, kind=kind).select_related("file").first()
    return found.file if found is not None and files.path_of(found.file.sha256).exists() else None
