"""The OpenAPI description: complete, nothing dangling, in the field's terms; its page loads our files only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bureau.models import User
from haiyan_pilot.api import api

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return api.get_openapi_schema(path_prefix="/api/v1/")


def every(node: Any) -> Iterator[dict[str, Any]]:
    """Every object within."""
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from every(part)


def test_it_is_valid_openapi(described):
    assert described["openapi"].startswith("3.1")
    assert described["info"]["title"] == "海盐试点监测数据接口"
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    assert {method for path in described["paths"].values() for method in path} == {"get"}
    assert len(operations) == 18
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    for operation in operations:
        assert operation["responses"][200]["content"]["application/json"]["schema"]
        assert operation["security"] == [{"ByToken": []}, {"BySession": []}]
        given = [(one["in"], one["name"]) for one in operation["parameters"]]
        assert len(set(given)) == len(given)
        assert all("schema" in one for one in operation["parameters"])
    schemas = described["components"]["schemas"]
    for node in every(described):
        if "$ref" in node:
            assert node["$ref"].removeprefix("#/components/schemas/") in schemas
        if isinstance(node.get("type"), str):
            assert node["type"] in {"object", "array", "string", "integer", "boolean", "null", "http", "apiKey"}
            assert node["type"] != "array" or "items" in node
        if isinstance(node.get("required"), list):
            assert set(node["required"]) <= set(node["properties"])
    assert set(described["components"]["securitySchemes"]) == {"ByToken", "BySession"}


def test_everything_shown_to_people_is_said_in_chinese(described):
    for path in described["paths"].values():
        for operation in path.values():
            assert CHINESE.search(operation["summary"]), operation["operationId"]
            for one in operation["parameters"]:
                assert CHINESE.search(one["schema"]["description"]), (operation["operationId"], one["name"])
    for name, schema in described["components"]["schemas"].items():
        for key, field in schema["properties"].items():
            assert CHINESE.search(field["description"]), (name, key)


def test_no_number_is_a_json_number_but_counts(described):
    """An exact decimal is text; integers are counts of places, digits, versions."""
    kinds = {node["type"] for node in every(described["components"]) if isinstance(node.get("type"), str)}
    assert "number" not in kinds
    value = described["components"]["schemas"]["EvaluationsRow"]["properties"]["value"]
    assert re.fullmatch(value["pattern"], "-97.25")
    assert not re.fullmatch(value["pattern"], "1E+3")


ROWS = {
    "/api/v1/plan": "Plan", "/api/v1/clauses": "Clauses", "/api/v1/domains": "Domains", "/api/v1/sections": "Sections",
    "/api/v1/areas": "Areas", "/api/v1/items": "Items", "/api/v1/categories": "Categories",
    "/api/v1/indicators": "Indicators", "/api/v1/readings": "Readings", "/api/v1/formulas": "Formulas",
    "/api/v1/targets": "Targets", "/api/v1/target-revisions": "TargetRevisions", "/api/v1/releases": "Releases",
    "/api/v1/corrections": "Corrections", "/api/v1/evaluations": "Evaluations", "/api/v1/figures": "Figures",
    "/api/v1/parameters": "Parameters", "/api/v1/forecasts": "Forecasts",
}  # fmt: skip


@pytest.mark.django_db
def test_its_page_asks_for_a_readers_sign_in_and_tells_every_address_word_and_column(tiny, client, described):
    assert client.get("/api/v1/docs").status_code == 302
    client.force_login(tiny.clerk)
    answer = client.get("/api/v1/docs")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert {one["path"]: len(one["columns"]) for one in answer.context["lists"]} == {
        path: len(described["components"]["schemas"][f"{name}Row"]["properties"]) for path, name in ROWS.items()
    }
    evaluations = next(one for one in answer.context["lists"] if one["path"] == "/api/v1/evaluations")
    assert [word["name"] for word in evaluations["words"]] == ["indicator", "area", "reading", "since", "until"]
    assert [word["name"] for word in answer.context["shared"]] == ["month", "version", "format", "limit", "offset"]
    assert all(one.startswith(("/", "#")) for one in re.findall(r'(?:src|href)="([^"]+)"', text))
    assert "http" not in text
    User.objects.filter(pk=tiny.clerk.pk).update(must_change_password=True)
    assert client.get("/api/v1/docs")["Location"] == "/account/password/", "a person is led, a program told"
    assert client.get("/api/v1/openapi.json").json()["error"] == "password"
    User.objects.filter(pk=tiny.clerk.pk).update(must_change_password=False)
    assert client.get("/api/v1/openapi.json").json()["info"]["version"] == "1.0.0"
