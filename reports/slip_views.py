"""A supervision slip (督办单) as a Word form, for those who see the slip; thin."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bureau.authorization import requires
from bureau.context import installation_of
from reports import slip_document
from reports.assemble import BUILDERS
from reports.documents.safe import content_disposition
from tasks.slips.access import WORKING, slip_or_404


@require_safe
@requires(*WORKING)
def slip_word(request: HttpRequest, pk: int) -> HttpResponse:
    here = installation_of(request)
    if here is None:
        raise Http404
    name, content = slip_document.build(slip_or_404(request.user, here.county_id, pk), here)
    response = HttpResponse(content, content_type=BUILDERS["word"][3])
    response["Content-Disposition"] = content_disposition(name)
    return response
