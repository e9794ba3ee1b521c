"""Settings of tasks: phases and their papers, tasks and projects as the plan words them; progress is reported elsewhere."""

from __future__ import annotations


from indicators.administration import rules
from tasks.models import Project, Task


def work_codes() -> list[str]:
    """Codes that formulas may name: P01, T04."""
    return [*Task.objects.values_list("code", flat=True), *Project.objects.values_list("code", flat=True)]


rules.work_codes.append(work_codes)
