"""What every floor's part of the read API (/api/v1/) shares: who asks, by token or session, and how it says no.

Answers are Chinese whatever the reader's cookie says: they are data for programs, and the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja.security import HttpBearer
from ninja.security.base import AuthBase

from bureau.addresses import client_address
from bureau.authorization import Permission, can
from bureau.language import in_chinese
from bureau.people import tokens

PREFIX = "/api/"
CODES = {
    400: "bad_request", 401: "signed_out", 403: "forbidden", 404: "not_found", 405: "method", 413: "too_large",
    422: "invalid", 429: "too_many", 500: "server", 503: "database",
}  # fmt: skip


def is_api(request: HttpRequest | None) -> bool:
    return request is not None and request.path.startswith(PREFIX)


def refusal(status: int, message: str = "", **more: Any) -> JsonResponse:
    """How the API says no: a code for programs, the reason for people."""
    body = {"error": CODES.get(status, str(status)), "message": message or _words(status), **more}
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="haiyan-pilot"'
    return response


def _words(status: int) -> str:
    words = {
        400: _("请求不完整或已损坏。"),
        401: _("没有登录。在请求头写 Authorization: Bearer 令牌；令牌在“我的账号”里生成。"),
        403: _("这个账号没有查看数据的权限。"),
        404: _("没有这一项，或者不在查看范围内。"),
        405: _("这里只能读：请用 GET。"),
        413: _("发来的内容太大。"),
        422: _("参数不对。"),
        429: _("请求太多，请稍后再试。"),
        503: _("数据库暂时没有回应，请稍后再试。"),
    }
    return words.get(status, _("系统出错，已记入日志。"))


class TokenMiddleware:
    """Under /api/: signs in whoever bears a token, for this request only, and answers in Chinese.

    A request with an Authorization header is judged by it alone, whatever session comes with it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request):
            return self.get_response(request)
        with in_chinese():
            refused = self.sign_in(request) if "Authorization" in request.headers else None
            response = refused or self.get_response(request)
        response.headers["Content-Language"] = "zh-hans"
        patch_vary_headers(response, ("Authorization", "Accept", "Cookie"))
        return response

    def sign_in(self, request: HttpRequest) -> HttpResponse | None:
        """Make the token's owner the request's user, or say why not."""
        scheme, _space, text = request.headers["Authorization"].partition(" ")
        token = tokens.find(text.strip()) if scheme.lower() == "bearer" else None
        if token is not None:
            request.user, request.api_token = token.user, token  # type: ignore[attr-defined]
            return None
        if tokens.too_many_wrong(client_address(request)):
            response = refusal(429, _("错误的令牌太多，10 分钟后再试。"))
            response.headers["Retry-After"] = str(int(tokens.WRONG_IN.total_seconds()))
            return response
        return refusal(401, _("令牌不对、已到期或已作废。"))


def by_token(request: HttpRequest) -> bool:
    """Did a token sign this request in?"""
    return hasattr(request, "api_token")


def _reader(request: HttpRequest) -> Any:
    if not can(request.user, Permission.READ_RELEASES):
        raise PermissionDenied
    return request.user


class ByToken(HttpBearer):
    """The middleware has signed the token's owner in already, or refused; here his right is asked."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return _reader(request) if by_token(request) else None


class BySession(AuthBase):
    """A person signed in in his browser; nothing here writes, so there is no form's token to check."""

    openapi_type, openapi_in, openapi_name = "apiKey", "cookie", "sid"

    def __call__(self, request: HttpRequest) -> Any:
        return _reader(request)
