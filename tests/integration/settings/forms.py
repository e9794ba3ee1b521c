"""A settings form as the browser would send it back, and what it says when it is not saved."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.test import Client

from indicators.models import Clause, Plan

REASON = "测试改一下设置看看"


def filled(client: Client, url: str) -> dict[str, Any]:
    """The fields of the page's form as they stand, inlines with their management forms, as a browser sends them."""
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    data: dict[str, Any] = {}
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            if hasattr(value, "__iter__") and not isinstance(value, str):
                value = [getattr(one, "pk", one) for one in value]
            data[bound.html_name] = "on" if value is True else value
    return data


def send(client: Client, url: str, reason: str = REASON, **changes: Any):
    """Open the form, change these fields (None empties one), save; what it would change is confirmed where asked."""
    answer = ask(client, url, reason, **changes)
    return confirm(client, url, answer) if answer.status_code == 200 and "digest" in answer.context else answer


def ask(client: Client, url: str, reason: str = REASON, **changes: Any):
    """The same, as far as the page that says what would change."""
    data = filled(client, url) | {"reason": reason} | changes
    return client.post(url, {name: value for name, value in data.items() if value is not None})


def confirm(client: Client, url: str, page, **more: str):
    """Send the form of the page that says what would change."""
    data: dict[str, Any] = {"effect": page.context["digest"]} | more
    for name, text in page.context["fields"]:
        data.setdefault(name, []).append(text)
    return client.post(url, data)


def errors_of(response) -> dict[str, list[str]]:
    """Field → messages of a form that was not saved; '' for the form's own and the inlines'."""
    form = response.context["adminform"].form
    found = {("" if name == "__all__" else name): list(messages) for name, messages in form.errors.items()}
    for inline in response.context["inline_admin_formsets"]:
        for one in inline.formset.errors:
            for name, messages in one.items():
                found.setdefault(f"inline.{name}", []).extend(messages)
        found.setdefault("inline", []).extend(inline.formset.non_form_errors())
    return {name: messages for name, messages in found.items() if messages}


def clause(county: SimpleNamespace) -> int:
    """A clause of the small plan, made when first asked for."""
    plan = Plan.objects.get(county=county.county)
    return Clause.objects.get_or_create(plan=plan, number="四(一)1", defaults={"order": 1, "title": "就业"})[0].pk
