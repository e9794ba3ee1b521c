"""The page that describes the read API to people, made of its own OpenAPI description."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


class Page(DocsBase):
    """A table of addresses, then what each takes and gives."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        described = api.get_openapi_schema()
        shared, lists = lists_of(described)
        return render(
            request,
            "api/docs.html",
            {
                "breadcrumb": [
                    {"label": _("接口令牌"), "url": reverse("tokens")},
                    {"label": _("接口说明"), "url": ""},
                ],
                "title": api.title,
                "description": api.description,
                "shared": shared,
                "lists": lists,
                "schema_url": reverse("api:openapi-json"),
            },
        )


def lists_of(described: dict) -> tuple[list[dict], list[dict]]:
    """Of an OpenAPI description: the words of the query that every address takes, and each address with its own.

    A word is {name, note}; an address {path, name, anchor, words, columns}, its columns those of a row.
    """
    operations = {path: found["get"] for path, found in described["paths"].items()}
    words = {path: [_word(one) for one in operation["parameters"]] for path, operation in operations.items()}
    shared = [word for word in next(iter(words.values())) if all(word in of_one for of_one in words.values())]
    lists = [
        {
            "path": path,
            "name": operation["summary"],
            "anchor": path.rsplit("/", 1)[-1],
            "words": [word for word in words[path] if word not in shared],
            "columns": _columns(operation, described["components"]["schemas"]),
        }
        for path, operation in operations.items()
    ]
    return shared, lists


def _word(parameter: dict) -> dict:
    return {"name": parameter["name"], "note": parameter["description"]}


def _columns(operation: dict, schemas: dict) -> list[dict]:
    """The columns of one of the answer's `items`."""
    answer = schemas[_named(operation["responses"][200]["content"]["application/json"]["schema"])]
    row = schemas[_named(answer["properties"]["items"]["items"])]
    return [{"name": name, "note": field["description"]} for name, field in row["properties"].items()]


def _named(reference: dict) -> str:
    return reference["$ref"].rsplit("/", 1)[-1]
