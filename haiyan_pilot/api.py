"""The read API (/api/v1/) put together from the floors' parts; its description is shown under /api/v1/docs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from bureau.api import BySession, ByToken, refusal
from bureau.authorization import Permission, requires
from haiyan_pilot.api_page import Page
from indicators.api import aims, catalogue, outlook, plan, releases, results

DESCRIPTION = (
    "只读。凭令牌（请求头 Authorization: Bearer 令牌，在“我的账号”里生成）或浏览器登录；"
    "看到的与本人在网页上看到的一样。"
    "数都是精确的十进制文字（“97.25”），不是 JSON 的数，以免丢失末位；月份写作 2017-06。"
    "每个地址都可取 JSON 或 CSV；ETag 不变时答 304。"
)
RULES = {
    "month": "月份写作 2017-06。",
    "since": "月份写作 2017-06。",
    "until": "月份写作 2017-06。",
    "version": "写发布版本号（1、2……），或 live。",
    "format": "写 json 或 csv。",
    "limit": "写 1 至 10000 的整数。",
    "offset": "写 0 或更大的整数，不超过 10000000。",
}
A_CODE = "写代码，由字母、数字和 . _ - 组成；一次最多 100 个。"
UNKNOWN = "没有这个参数，请核对拼写。"


api = NinjaAPI(
    title="海盐试点监测数据接口",
    version="1.0.0",
    description=DESCRIPTION,
    docs=Page(),
    docs_decorator=requires(Permission.READ_RELEASES),
    urls_namespace="api",
    auth=[ByToken(), BySession()],
)
for part in (plan, catalogue, aims, releases, results, outlook):
    api.add_router("", part.router)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422, naming each word that is wrong and its rule."""
    told: dict[str, str] = {}
    for one in error.errors:
        words = [part for part in one["loc"] if isinstance(part, str) and part not in ("query", "asked")]
        name = words[0] if words else ""
        told.setdefault(name, UNKNOWN if one["type"] == "unknown" else RULES.get(name, A_CODE))
    message = "".join(f"参数 {name}：{rule}" for name, rule in told.items())
    return refusal(422, message, parameters=told)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return refusal(error.status_code)


def _up(request: HttpRequest, error: Exception) -> HttpResponse:
    """To Django, whose handlers log, put on record and answer (haiyan_pilot/views.py); never a trace."""
    raise error


for kind in (Http404, PermissionDenied, Exception):
    api.add_exception_handler(kind, _up)


def read_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers GET, and HEAD as GET; anything else is 405. Nothing here writes, so no form's token is asked for."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        asked_by, request.method = request.method, "GET"
        try:
            return view(request, *args, **kwargs)
        finally:
            request.method = asked_by

    guarded.csrf_exempt = True  # type: ignore[attr-defined]
    return guarded


patterns, app_name, namespace = api.urls
for pattern in patterns:
    pattern.callback = read_only(pattern.callback)
urls = (patterns, app_name, namespace)
