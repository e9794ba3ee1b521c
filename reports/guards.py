"""What the database itself keeps of this floor: a final edition and its documents are never changed, nor deleted.

Nor is a discarded edition: what was written in it stays on record.

The demonstration's own may be deleted, so that it can be taken out again.
"""

from bureau.trail.guards import Frozen

SINCE = ("reports", "0002_reports")
EDITIONS = Frozen(
    "reports_edition",
    SINCE,
    final="OLD.state IN ('final', 'discarded')",
    lasting="OLD.state IN ('final', 'discarded') AND NOT OLD.demonstration",
)
DOCUMENTS = Frozen("reports_document", SINCE, final="OLD.fixed", lasting="OLD.fixed AND NOT OLD.demonstration")
