"""Work for the background worker: the overview and the documents of a month just released."""

from __future__ import annotations

from django_tasks import task

from indicators.models import PublishedMonth
from reports.archive import document
from reports.models import Document
from reports.prepared import prepare_overviews


@task()
def render_overviews() -> int:
    """Have every reader's overview ready; how many were made."""
    return prepare_overviews()


@task()
def build_documents(release: int) -> list[str]:
    """Build and keep every document of a release; the kept files' SHA-256."""
    found = PublishedMonth.objects.select_related("county").get(pk=release)
    return [document(found, kind).sha256 for kind in (Document.Kind.WORD, Document.Kind.EXCEL)]
