"""Settings of the plan and the catalogue: forms, rules shared with the plan's files, and what follows from a change."""
