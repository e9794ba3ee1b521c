"""The tables of tasks, key projects, phases, their monthly progress, decisions, supervision, promises to clear."""

from tasks.models.clearing import ClearingPromise
from tasks.models.decisions import Decision
from tasks.models.evidence import Evidence
from tasks.models.phases import Deliverable, Phase
from tasks.models.progress import Progress, Step
from tasks.models.supervision import Extension, Slip, SlipStep
from tasks.models.work import Milestone, MilestoneMove, Project, State, Task, Work

__all__ = [
    "ClearingPromise",
    "Decision",
    "Deliverable",
    "Evidence",
    "Extension",
    "Milestone",
    "MilestoneMove",
    "Phase",
    "Progress",
    "Project",
    "Slip",
    "SlipStep",
    "State",
    "Step",
    "Task",
    "Work",
]
