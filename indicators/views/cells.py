"""The cells a sheet's page saves by itself (自动保存): JSON in, JSON out; all of a request or none of it."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.authorization import Permission, requires
from indicators import access, cells_page, grid_page
from indicators import entry_pages as page
from indicators.entry import content, grid, sent, sheets, workflow
from indicators.entry.handing_in import save_sheet
from indicators.entry.layout import CellKey, Sheet
from indicators.views.where import owner, reach_of, sheet_of, submission_of, writable

logger = logging.getLogger("django.security.cells")


@require_POST
@requires(Permission.ENTER)
def cells(request: HttpRequest, form: str, place: str, month: str) -> JsonResponse:
    """Save the changed cells of a draft. Sent again after a lost answer, it changes nothing and says the same."""
    reach = reach_of(request, form, place, month)
    if not reach.may_type:
        raise Http404
    try:
        found = sent.read_body(_body(request), owner(request, reach))
    except sent.OtherPage as other:
        return _no("other_page", str(other), HTTPStatus.FORBIDDEN)
    except sent.Malformed as malformed:
        logger.warning("malformed cells of %s: %s", " ".join(reach.args), malformed)
        return _no("malformed", str(malformed), HTTPStatus.BAD_REQUEST)
    return _save(request, reach, found)


def _body(request: HttpRequest) -> bytes:
    """The body of a JSON request; sent.Malformed where it is of another kind, too large, or broken off."""
    if request.content_type != "application/json" or "Content-Encoding" in request.headers:
        raise sent.Malformed(_("只收这一页发来的内容，没有保存。"))
    try:
        return request.body
    except RequestDataTooBig:
        raise sent.Malformed(_("一次发来的内容过大，没有保存。")) from None
    except UnreadablePostError:
        raise sent.Malformed(_("内容没有发完，没有保存。")) from None


def _save(request: HttpRequest, reach: access.Reach, found: list[sent.SentCell]) -> JsonResponse:
    sheet, names = sheet_of(reach)
    rows = writable(reach)
    known = {grid.field_name(key): key for row, _c, key in grid.cells(sheet) if rows is None or row.area in rows}
    if any(one.name not in known for one in found):
        raise Http404
    keys = {known[one.name]: one for one in found}
    typed = sent.read(sheet, keys)
    if typed.problems:
        return JsonResponse(cells_page.refused(typed.problems), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    changes = sheets.changes(typed.changes, names) + sheets.clearings(typed.cleared, names)
    try:
        save_sheet(reach.form, reach.place, reach.month, changes, by=request.user)
    except workflow.Conflict as conflict:
        now, _names = sheet_of(reach)
        theirs = grid_page.theirs(conflict.cells, names)
        return JsonResponse(cells_page.conflict(now, theirs), status=HTTPStatus.CONFLICT)
    except workflow.PeriodClosed as ended:
        return _no("closed", str(ended) + _("没有保存。"), HTTPStatus.CONFLICT)
    except workflow.Closed:
        submission = submission_of(reach)
        message = _("这份报表“%(state)s”，不能再改，没有保存。") % {"state": submission.state_word}
        return _no("closed", message + page.last_step(submission), HTTPStatus.CONFLICT)
    return JsonResponse(_saved(reach, sheet, names, keys))


def _saved(reach: access.Reach, sheet: Sheet, names: sheets.Names, keys: Collection[CellKey]) -> dict:
    """The answer, made of what stands alone, so that a retry is answered as the first time was."""
    stored = content.standing_cells(submission_of(reach))
    moments = [stored[ids][5] for ids in map(names.ids, keys) if ids in stored]
    now = replace(sheet, values=sheets.standing(stored, names))
    return cells_page.saved(now, keys, max(moments, default=None))


def _no(error: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"error": error, "message": message}, status=status)
