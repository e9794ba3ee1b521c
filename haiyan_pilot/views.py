"""What belongs to no page: the health check and the error pages."""

from __future__ import annotations

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import TemplateDoesNotExist, loader
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503; for monitoring, says nothing more."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        logger.exception("the database does not answer")
        return JsonResponse({"status": "database does not answer"}, status=503)
    return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when more was sent than is taken."""
    return _page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but without this right."""
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 as well: the form's token did not match, as after signing in again in another tab."""
    return _page(request, 403, {"message": _("这一页已过期：请返回、刷新，再提交一次。填写的内容没有保存。")})


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what does not exist and for what lies outside the reader's scope."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: nothing is asked of the database or the session any more."""
    return _page(None, 500)


def _page(request: HttpRequest | None, status: int, context: dict | None = None) -> HttpResponse:
    # 413 and 500 stand alone: reading the session or the user may be what failed.
    if status in (413, 500):
        request = None
    try:
        text = loader.render_to_string(f"errors/{status}.html", context or {}, request)
    except TemplateDoesNotExist:
        return HttpResponse(f"{status}", status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(text, status=status)
