"""The ground floor's tables: places, sections, people, holidays, the audit trail, the installation, files."""

from bureau.models.areas import Area, AreaSpan, AreaSuccession, Section
from bureau.models.audit import AuditEvent, AuditHead
from bureau.models.calendar import SpecialDay
from bureau.models.files import StoredFile
from bureau.models.handing import GrantRequest, Handover
from bureau.models.installation import Changes, DataVersion, Installation
from bureau.models.people import Duty, Grant, UsedPassword, User

__all__ = [
    "Area",
    "AreaSpan",
    "AreaSuccession",
    "AuditEvent",
    "AuditHead",
    "Changes",
    "DataVersion",
    "Duty",
    "Grant",
    "GrantRequest",
    "Handover",
    "Installation",
    "Section",
    "SpecialDay",
    "StoredFile",
    "UsedPassword",
    "User",
]
