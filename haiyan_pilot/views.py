"""What belongs to no page: the health check, the choice of language and the error pages."""

from __future__ import annotations

import logging
import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import TemplateDoesNotExist, loader
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from bureau.api import is_api, refusal
from bureau.context import as_last_seen
from bureau.middleware import is_script

logger = logging.getLogger(__name__)
# These stand alone: reading the session, the user or the installation may be what failed, or nobody needs it.
ALONE = {405, 413, 429, 500, 503}
RETRY_AFTER = 30


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


@login_not_required
@never_cache
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language chosen in a cookie and go back to the page it was chosen on."""
    return set_language(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when more was sent than is taken."""
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but without this right."""
    return error_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 as well: the form's token did not match, as after signing in again in another tab."""
    if is_script(request) and "HX-Request" not in request.headers:
        message = _("这一页已过期：你在别的窗口重新登录过。没有保存，填的数还在这一页；再试一次。")
        return JsonResponse({"error": "csrf", "message": message}, status=403)
    return error_page(request, 403, "errors/csrf.html")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what does not exist and for what lies outside the reader's scope."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it was the database that did not answer; nothing is asked of database or session any more."""
    gone = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    status = 503 if gone else 500
    return error_page(request if is_api(request) else None, status)


def error_page(request: HttpRequest | None, status: int, template: str = "") -> HttpResponse:
    """The page of an error; those of ALONE are made without the request and tell of the installation what is known."""
    if is_api(request):
        return refusal(status)
    if status in ALONE:
        request = None
    try:
        text = loader.render_to_string(template or f"errors/{status}.html", {} if request else as_last_seen(), request)
    except TemplateDoesNotExist:
        return HttpResponse(f"{status}", status=status, content_type="text/plain; charset=utf-8")
    response = HttpResponse(text, status=status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


class ErrorPageMiddleware:
    """Gives a refused method, which Django answers with an empty body, a page that says what to do."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            page = error_page(request, 405)
            response.content = page.content
            response.headers["Content-Type"] = page.headers["Content-Type"]
        return response
