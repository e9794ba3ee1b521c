"""What a form that was sent leads to: the act, or the page again with why not."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.forms import BaseForm
from django.http import HttpResponse

from tasks.rules import Conflict, Refused


def acted(form: BaseForm, act: Callable[[], HttpResponse]) -> tuple[HttpResponse | None, HTTPStatus]:
    """The answer of `act`, done where the form holds; else None, and the status of the page that shows the form again.

    What a rule refuses is told on the form: 409 where somebody was faster, 422 like any other mistake.
    """
    if not form.is_valid():
        return None, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        return act(), HTTPStatus.OK
    except Refused as refused:
        form.add_error(None, str(refused))
        clash = isinstance(refused, Conflict)
        return None, HTTPStatus.CONFLICT if clash else HTTPStatus.UNPROCESSABLE_ENTITY
