"""What the database itself keeps of this floor: a final edition and its documents are never changed, nor deleted.

The demonstration's own may be deleted, so that it can be taken out again.
"""

from bureau.trail.guards import Frozen

SINCE = ("reports", "0002_reports")
EDITIONS = Frozen(
    "reports_edition", SINCE, final="OLD.state = 'final'", lasting="OLD.state = 'final' AND NOT OLD.demonstration"
)
DOCUMENTS = Frozen("reports_document", SINCE, final="OLD.fixed", lasting="OLD.fixed AND NOT OLD.demonstration")
