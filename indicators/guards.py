"""What the database itself keeps of this floor: revisions and adjustments are only ever added."""

from bureau.trail.guards import Guard

REVISIONS = Guard(
    "indicators_revision",
    ("indicators", "0003_revisions_only_added"),
    (("id",), ("county", "area", "item", "category", "month", "number")),
)
ADJUSTMENTS = Guard("indicators_adjustment", ("indicators", "0007_soft_rules_and_adjustments"))
