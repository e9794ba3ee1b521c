"""How far this installation's demonstration is, as the audit trail tells: begun, filled, removed, or never there."""

from __future__ import annotations

from bureau.models import AuditEvent

BEGUN, FILLED, REMOVED = "demonstration.begin", "demonstration.fill", "demonstration.remove"


def stage() -> str:
    """The last of these acts, empty where there was none. BEGUN: it was broken off and is cleared by the next try."""
    last = AuditEvent.objects.filter(act__in=(BEGUN, FILLED, REMOVED)).order_by("sequence").last()
    return last.act if last else ""
