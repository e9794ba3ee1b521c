"""The tables of tasks, key projects, phases, their monthly progress, decisions, supervision, promises, assessment."""

from tasks.models.assessment import Assessment, AssessmentLine, Criterion, ManualPoint, Scheme, Veto
from tasks.models.clearing import ClearingPromise
from tasks.models.decisions import Decision
from tasks.models.evidence import Evidence
from tasks.models.phases import Deliverable, Phase
from tasks.models.progress import Progress, Step
from tasks.models.supervision import Extension, Slip, SlipStep
from tasks.models.work import Milestone, MilestoneMove, Project, State, Task, Work

__all__ = [
    "Assessment",
    "AssessmentLine",
    "ClearingPromise",
    "Criterion",
    "Decision",
    "Deliverable",
    "Evidence",
    "Extension",
    "ManualPoint",
    "Milestone",
    "MilestoneMove",
    "Phase",
    "Progress",
    "Project",
    "Scheme",
    "Slip",
    "SlipStep",
    "State",
    "Step",
    "Task",
    "Veto",
    "Work",
]
