"""Keeps files under FILES_ROOT by their SHA-256, one StoredFile row a keeping; served only after a permission check."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from pathlib import Path

from django.conf import settings
from django.db import transaction

from bureau import clock
from bureau.models import Area, Section, StoredFile, User


def path_of(sha256: str) -> Path:
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256


def keep(
    content: bytes,
    name: str,
    *,
    purpose: str,
    owner: User | None,
    area: Area | None = None,
    section: Section | None = None,
) -> StoredFile:
    """Write the content once (durably, under a name of our own making) and add its row."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        draft = path.with_name(f"{sha256}.{os.getpid()}.part")
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.chmod(0o640)
        draft.replace(path)
    return StoredFile.objects.create(
        sha256=sha256,
        name=name[-200:],
        size=len(content),
        purpose=purpose,
        owner=owner,
        area=area,
        section=section,
        at=clock.now(),
    )


def forget(kept: Collection[int]) -> None:
    """Delete these keepings, and after the commit the contents that nobody else keeps."""
    rows = StoredFile.objects.filter(pk__in=kept)
    contents = set(rows.values_list("sha256", flat=True))
    rows.delete()
    transaction.on_commit(lambda: _unlink(contents))


def _unlink(contents: Collection[str]) -> None:
    still = set(StoredFile.objects.filter(sha256__in=contents).values_list("sha256", flat=True))
    for sha256 in set(contents) - still:
        path_of(sha256).unlink(missing_ok=True)


def content_of(file: StoredFile) -> bytes:
    """The kept bytes; OSError when the file is gone."""
    return path_of(file.sha256).read_bytes()
