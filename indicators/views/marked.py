"""Handing a refused file back with its bad cells marked."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse

from bureau import files
from bureau.exports import content_disposition
from bureau.models import StoredFile
from indicators.entry import marked
from indicators.entry.layout import Problem

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def marked_copy(kept: StoredFile, problems: Sequence[Problem], refused: bool) -> HttpResponse:
    """The download; Http404 for a file that was not refused, or whose scan let nothing of it be read."""
    if not refused or not marked.can_be(problems):
        raise Http404
    path = files.path_of(kept.sha256)
    if marked.is_book(path):
        response = HttpResponse(marked.book(path, problems), content_type=XLSX)
    else:
        response = HttpResponse(marked.csv(path.read_bytes(), problems), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition(marked.name_of(kept.name, path))
    return response
