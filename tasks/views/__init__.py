"""The pages of tasks: the list, one task or project, its monthly reports, the phases."""
