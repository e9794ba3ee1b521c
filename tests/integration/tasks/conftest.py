"""For the tests of tasks: a section at work."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.integration.tasks.workplace import workplace


@pytest.fixture
def place(tiny) -> SimpleNamespace:
    """The small county with a task, a project and people on them."""
    return workplace(tiny)
