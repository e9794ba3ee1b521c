"""Supervision slips (督办单): their moves, who may see and do what, what raises them, their pages."""
