"""Long imports (长表), read and written by the background worker: handed over, worked off, taken up again.

A job holds its progress (bureau/progress.py) while it works. One that began and is held by nobody was killed; nothing
of it stands, for each writes in one transaction at its end, and it may begin again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django_tasks import task

from bureau import audit, clock, progress
from bureau.models import User
from bureau.progress import Standing, Tell
from indicators.entry import importing, workflow
from indicators.models import Import

logger = logging.getLogger(__name__)
State = Import.State
AT_WORK = (State.READING, State.WRITING)
MOST_BEGINNINGS = 2  # what kills its worker twice would do so for ever
WAITS = timedelta(minutes=1)  # longer, and there may be no worker
KEPT_CLASHES = 1_000
STATEMENT_SECONDS, LOCK_SECONDS = 600, 60


@dataclass(frozen=True)
class Course:
    """Where a job stands: waiting for a worker, worked at, or broken off; `late` when no worker came in good time."""

    at_work: Standing | None
    broken_off: bool
    late: bool


def receive(content: bytes, name: str, *, by: User, address: str = "") -> Import:
    """Read a file at once, or, where it is long, hand it to the worker."""
    if len(content) <= settings.IMPORT_AT_ONCE_BYTES:
        return importing.read(content, name, by=by)
    one = importing.keep(content, name, by=by)
    with transaction.atomic():
        one.state, one.handed_over_at = State.READING, clock.now()
        one.save()
        read_import.enqueue(one.pk, address)
    return one


def confirm(one: Import, *, by: User, address: str = "") -> None:
    """Write a preview at once, or, where it has many cells, hand it to the worker; importing.confirm's refusals."""
    if sum(part.new + part.changed for part in one.parts.defer("changes")) <= settings.IMPORT_AT_ONCE_CELLS:
        importing.confirm(one, by=by)
    elif one.by_id == by.pk and one.state == State.PREVIEW:
        _hand_over(one, State.PREVIEW, State.WRITING, address)


def again(one: Import, *, address: str = "") -> None:
    """Begin anew what was broken off or could not be read; at the wish of who sent the file."""
    if one.state == State.FAILED:
        _hand_over(one, State.FAILED, State.READING, address)
    elif one.state in AT_WORK and progress.standing(_name(one.pk)) is None:
        _hand_over(one, one.state, one.state, address)


def course(one: Import) -> Course:
    """Where the job of an import in AT_WORK stands."""
    at_work = progress.standing(_name(one.pk))
    late = one.begun_at is None and one.handed_over_at is not None and clock.now() - one.handed_over_at > WAITS
    return Course(at_work, at_work is None and one.begun_at is not None, at_work is None and late)


def take_up() -> int:
    """Hand over once more what a killed worker left lying; how many. For when the service starts."""
    left = [one for one in Import.objects.filter(state__in=AT_WORK, begun_at__isnull=False) if course(one).broken_off]
    for one in left:
        if one.begun < MOST_BEGINNINGS:
            Import.objects.filter(pk=one.pk).update(handed_over_at=clock.now(), begun_at=None)
            _enqueue(one.state, one.pk, "")
        else:
            _end(one, one.state, _("后台两次中断，没有写入任何数。文件太大就分成几个，再上传。"))
    return len(left)


@task()
def read_import(pk: int, address: str) -> str:
    """Read the file of an import into its preview; the state it came to."""
    return _work(pk, State.READING, address, lambda one, tell: importing.fill(one, tell=tell))


@task()
def write_import(pk: int, address: str) -> str:
    """Write the preview of an import, the whole or nothing; the state it came to."""
    return _work(pk, State.WRITING, address, lambda one, tell: importing.confirm(one, by=one.by, tell=tell))


def _name(pk: int) -> str:
    return f"import-{pk}"


def _hand_over(one: Import, before: str, state: str, address: str) -> None:
    """Once only, however often it is asked for at the same time."""
    with transaction.atomic():
        asked = Import.objects.filter(pk=one.pk, state=before)
        if asked.update(state=state, handed_over_at=clock.now(), begun_at=None, begun=0, told="", clashes=[]):
            _enqueue(state, one.pk, address)


def _enqueue(state: str, pk: int, address: str) -> None:
    (read_import if state == State.READING else write_import).enqueue(pk, address)


def _work(pk: int, state: str, address: str, act: Callable[[Import, Tell], object]) -> str:
    """Do the work unless somebody else does it or it is done already."""
    try:
        with progress.working(_name(pk)) as tell, audit.coming_from(address), patient():
            mine = Import.objects.filter(pk=pk, state=state)
            if mine.update(begun_at=clock.now(), begun=F("begun") + 1):
                _try(mine.select_related("file", "by").get(), state, act, tell)
            return Import.objects.values_list("state", flat=True).get(pk=pk)
    except progress.Taken:
        return state


@contextmanager
def patient() -> Iterator[None]:
    """A job may wait for its turn, and take its time, where a page may not (haiyan_pilot/databases.py)."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = '{STATEMENT_SECONDS}s'; SET lock_timeout = '{LOCK_SECONDS}s'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout; RESET lock_timeout")


def _try(one: Import, state: str, act: Callable[[Import, Tell], object], tell: Tell) -> None:
    try:
        act(one, tell)
    except importing.Clash as clash:
        _end(one, state, str(clash), importing.packed_clashes(clash.clashes[:KEPT_CLASHES]))
    except workflow.Refused as refused:
        _end(one, state, str(refused))
    except OperationalError:
        logger.exception("the database did not let import %s through", one.pk)
        _end(one, state, _("数据库正忙，没有写入任何数。请过一会儿再试。"))
    except Exception:
        logger.exception("import %s could not be done", one.pk)
        _end(one, state, _("系统出错，没有写入任何数。请再试一次；还不行，请联系系统管理员。"))


def _end(one: Import, state: str, told: str, clashes: list | None = None) -> None:
    """The job came to nothing: a preview stands as before, a file not read is told so."""
    came_to = State.FAILED if state == State.READING else State.PREVIEW
    Import.objects.filter(pk=one.pk, state=state).update(state=came_to, told=told, clashes=clashes or [])
