"""The tables of tasks, key projects, phases and their monthly progress, of decisions and of promises to clear."""

from tasks.models.clearing import ClearingPromise
from tasks.models.decisions import Decision
from tasks.models.phases import Deliverable, Phase
from tasks.models.progress import Progress, Step
from tasks.models.work import Milestone, Project, State, Task, Work

__all__ = [
    "ClearingPromise",
    "Decision",
    "Deliverable",
    "Milestone",
    "Phase",
    "Progress",
    "Project",
    "State",
    "Step",
    "Task",
    "Work",
]
