"""What the database itself holds of rows that belong to one of several things."""

from __future__ import annotations

from django.db.models import Q


def exactly_one(*names: str) -> Q:
    """One of these keys is set, the others are not."""
    found = Q()
    for chosen in names:
        found |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return found


def at_most_one(*names: str) -> Q:
    """One of these keys is set, or none."""
    return exactly_one(*names) | Q(**{f"{name}__isnull": True for name in names})
