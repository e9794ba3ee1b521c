"""Documents of editions, built by the background worker: handed over once, worked off, taken up again.

As indicators/jobs.py does it for imports: a job holds its progress while it works; one that began and is held by nobody
was killed, nothing of it stands, and it may begin again.
"""

from __future__ import annotations

import logging
from datetime import date

from django.db import OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django_tasks import task

from bureau import audit, clock, progress
from bureau.language import in_chinese
from bureau.models import User
from bureau.progress import Tell
from indicators.jobs import MOST_BEGINNINGS, WAITS, Course, patient
from reports import edition_files, issuing, printing
from reports.models import Build, Edition
from tasks.rules import Refused

logger = logging.getLogger(__name__)
State = Build.State
AT_ONCE = (Build.Kind.WORD, Build.Kind.EXCEL)


def ask(edition: Edition, kind: str, *, by: User, wanted: dict | None = None, address: str = "") -> Build:
    """Have a document built, or the edition made final; where that is under way already, nothing more is done.

    What is short is done at once, all else by the worker.
    """
    asked = {"wanted": wanted or {}, "asked_by": by, "handed_over_at": clock.now()}
    with transaction.atomic():
        build, made = Build.objects.get_or_create(edition=edition, kind=kind, defaults=asked)
        anew = asked | {"state": State.WORK, "begun_at": None, "begun": 0, "told": ""}
        mine = made or bool(Build.objects.filter(pk=build.pk).exclude(state=State.WORK).update(**anew))
        if mine and kind not in AT_ONCE:
            build_edition.enqueue(build.pk, address)
    if mine and kind in AT_ONCE:
        build_edition.func(build.pk, address)
    build.refresh_from_db()
    return build


def again(build: Build, *, address: str = "") -> None:
    """Begin anew what was broken off or not begun in good time."""
    if build.state == State.WORK and progress.standing(_name(build.pk)) is None:
        with transaction.atomic():
            mine = Build.objects.filter(pk=build.pk, state=State.WORK, begun_at=build.begun_at)
            if mine.update(handed_over_at=clock.now(), begun_at=None, begun=0):
                build_edition.enqueue(build.pk, address)


def course(build: Build) -> Course:
    """Where a job at WORK stands."""
    at_work = progress.standing(_name(build.pk))
    late = build.begun_at is None and clock.now() - build.handed_over_at > WAITS
    return Course(at_work, at_work is None and build.begun_at is not None, at_work is None and late)


def take_up() -> int:
    """Hand over once more what a killed worker left lying; how many. For when the service starts."""
    left = Build.objects.filter(state=State.WORK, begun_at__isnull=False)
    left = [one for one in left if course(one).broken_off]
    for one in left:
        if one.begun < MOST_BEGINNINGS:
            Build.objects.filter(pk=one.pk).update(handed_over_at=clock.now(), begun_at=None)
            build_edition.enqueue(one.pk, "")
        else:
            _fail(one.pk, _("后台两次中断，文件没有做成。请联系系统管理员。"))
    return len(left)


@task()
def build_edition(pk: int, address: str) -> str:
    """Build what was asked for, unless somebody else does it or it is done already; the state it came to."""
    try:
        with progress.working(_name(pk)) as tell, audit.coming_from(address), patient():
            mine = Build.objects.filter(pk=pk, state=State.WORK)
            if mine.update(begun_at=clock.now(), begun=F("begun") + 1):
                _try(mine.select_related("edition__report", "edition__release__county", "asked_by").get(), tell)
            return Build.objects.values_list("state", flat=True).get(pk=pk)
    except progress.Taken:
        return State.WORK


def _try(build: Build, tell: Tell) -> None:
    try:
        _do(build, tell)
        Build.objects.filter(pk=build.pk).update(state=State.DONE, told="")
    except Refused as refused:
        _fail(build.pk, str(refused))
    except printing.Unprintable as reason:
        _fail(build.pk, str(reason))
    except OperationalError:
        logger.exception("the database did not let build %s through", build.pk)
        _fail(build.pk, _("数据库正忙，没有做成。请过一会儿再试。"))
    except Exception:
        logger.exception("build %s could not be done", build.pk)
        _fail(build.pk, _("系统出错，没有做成。请再试一次；还不行，请联系系统管理员。"))


def _do(build: Build, tell: Tell) -> None:
    edition = build.edition
    if build.kind != Build.Kind.FINAL:
        edition_files.make(edition, build.kind, tell=tell)
        return
    wanted = build.wanted
    day = date.fromisoformat(wanted["signed_on"])
    ready = edition_files.ready(edition, wanted["number"], day, seen=wanted["seen"], tell=tell)
    tell("keep")
    with in_chinese():
        issuing.finalise(edition, ready, by=build.asked_by)


def _fail(pk: int, told: str) -> None:
    Build.objects.filter(pk=pk, state=State.WORK).update(state=State.FAILED, told=told)


def _name(pk: int) -> str:
    return f"report-{pk}"
