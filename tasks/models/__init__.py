"""The tables of tasks, key projects, phases and their monthly progress."""

from tasks.models.phases import Deliverable, Phase
from tasks.models.progress import Progress, Step
from tasks.models.work import Milestone, Project, State, Task, Work

__all__ = ["Deliverable", "Milestone", "Phase", "Progress", "Project", "State", "Step", "Task", "Work"]
