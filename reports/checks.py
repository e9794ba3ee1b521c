"""System checks of this floor: whether the machine can make PDF reports.

Asked where an installation is looked at (`manage.py check --database default`, `manage.py serve`), not before each
command: looking takes most of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from reports.printing import pdf_file


@register(Tags.database)
def pdf_reports(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Say what to install where no PDF can be made; Word and the preview need none of it."""
    why = pdf_file.why_not() if databases else ""
    return [Warning("Reports cannot be made as PDF on this machine.", hint=why, id="reports.W001")] if why else []
