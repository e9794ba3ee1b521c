"""Reads the installation row and raises the data version; the lock every writing transaction takes first."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import F, Subquery
from django.http import HttpRequest

from bureau.models import Area, Changes, DataVersion, Installation


def current() -> Installation | None:
    """The installation, or None before the plan is loaded."""
    return Installation.objects.select_related("county__data_version").filter(pk=1).first()


def of_request(request: HttpRequest) -> Installation | None:
    """The same, read once a request; with `every` and `settled` of Changes (None before any act is on record)."""
    if not hasattr(request, "_installation"):
        counted = Changes.objects.filter(pk=1)
        request._installation = (
            Installation.objects.select_related("county__data_version")
            .annotate(every=Subquery(counted.values("every")), settled=Subquery(counted.values("settled")))
            .filter(pk=1)
            .first()
        )
    return request._installation


def county() -> Area:
    """The county of this installation; Installation.DoesNotExist before the plan is loaded."""
    return Installation.objects.select_related("county").get(pk=1).county


def lock_county(county_id: int) -> None:
    """Take the county's row lock: the first act of every transaction that writes figures or what they depend on.

    SQLite's IMMEDIATE transactions lock the whole database and need no more.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the county is locked inside a transaction only")
    Area.objects.select_for_update().filter(pk=county_id).values_list("pk").get()


def raise_data_version(county_id: int) -> int:
    """Raise and return the county's data version: the last act of a changing transaction."""
    if not DataVersion.objects.filter(county_id=county_id).update(number=F("number") + 1):
        DataVersion.objects.create(county_id=county_id, number=1)
    return DataVersion.objects.get(county_id=county_id).number


def data_version(county_id: int) -> int:
    """The county's data version, 0 before anything was written."""
    return DataVersion.objects.filter(county_id=county_id).values_list("number", flat=True).first() or 0
