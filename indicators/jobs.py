"""Work of this floor for the background worker: long files are read there, while a page tells how far it is."""

from __future__ import annotations

from django_tasks import task

from indicators.entry import importing
from indicators.models import Import


@task()
def read_import(pk: int) -> str:
    """Read a kept file into its preview; the state it is in then."""
    return importing.read(Import.objects.select_related("file", "by").get(pk=pk)).state
