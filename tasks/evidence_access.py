"""Who may see a file of evidence (佐证材料), and who may attach one or take it away: it follows from what has it."""

from __future__ import annotations

from bureau.authorization import Permission, can
from bureau.models import User
from tasks import access
from tasks.evidence import Owner
from tasks.models import Deliverable, Progress
from tasks.slips import access as slip_access


def may_see(user: User, owner: Owner) -> bool:
    """An approved report's and a paper's: all readers; another report's: the sections at it; a slip's: who sees it."""
    if isinstance(owner, Deliverable):
        return can(user, Permission.READ_RELEASES)
    if isinstance(owner, Progress):
        if owner.state == Progress.State.APPROVED:
            return can(user, Permission.READ_RELEASES)
        return access.may_read_reports(user, owner.work)
    return slip_access.sees(user, owner)


def may_change(user: User, owner: Owner) -> bool:
    """Attach and take away: the lead section's clerk, the office for papers, whoever answers or presses a slip."""
    if isinstance(owner, Progress):
        return access.may_report(user, owner.work)
    if isinstance(owner, Deliverable):
        return can(user, Permission.MANAGE_SETTINGS)
    return slip_access.may_attach(user, owner)
