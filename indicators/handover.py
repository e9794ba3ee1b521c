"""What of a clerk's entering passes with a hand-over (移交): sheets he began, workbooks he has not confirmed.

A sheet belongs to its place and month, not to a person: whoever holds the grant goes on with it, and each cell keeps
who typed it. So only what was sent and not confirmed has to change hands; who confirms it becomes the author of its
cells.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import months
from bureau.models import User
from bureau.people import handover
from indicators import access
from indicators.entry import importing
from indicators.models import Import, Submission, Upload

OPEN = (Submission.State.DRAFT, Submission.State.RETURNED)


def drafts_of(user: User) -> list[str]:
    """His open sheets, in words."""
    found = Submission.objects.filter(Q(entries__by=user) | Q(submitted_by=user), state__in=OPEN)
    return [_describe(one) for one in found.select_related("form", "place").order_by("month", "form__order").distinct()]


def uploads_of(user: User) -> list[str]:
    """His unconfirmed workbooks, in words."""
    found = Upload.objects.filter(by=user, state=Upload.State.PREVIEW, submission__state__in=OPEN)
    return [_describe(one.submission) for one in found.select_related("submission__form", "submission__place")]


def pass_drafts(giver: User, receiver: User) -> int:
    """How many open sheets the receiver can now go on with; nothing in them changes."""
    found = Submission.objects.filter(Q(entries__by=giver) | Q(submitted_by=giver), state__in=OPEN)
    sheets = found.select_related("form", "place").distinct()
    return sum(access.may_enter(receiver, one.form, one.place) for one in sheets)


def pass_uploads(giver: User, receiver: User) -> int:
    """Let the receiver confirm or drop the workbooks, where he may enter; how many."""
    found = Upload.objects.filter(by=giver, state=Upload.State.PREVIEW, submission__state__in=OPEN)
    moved = 0
    for upload in found.select_related("submission__form", "submission__place"):
        if access.may_enter(receiver, upload.submission.form, upload.submission.place):
            moved += Upload.objects.filter(pk=upload.pk).update(by=receiver)
    return moved


def imports_of(user: User) -> list[str]:
    """His unconfirmed long forms and templates of several sheets, by the file's name."""
    found = Import.objects.filter(by=user, state=Import.State.PREVIEW).select_related("file").order_by("pk")
    return [one.file.name for one in found]


def pass_imports(giver: User, receiver: User) -> int:
    """The same for files of many sheets: those of which the receiver may fill every cell; how many."""
    moved = 0
    for one in Import.objects.filter(by=giver, state=Import.State.PREVIEW):
        if importing.may_fill_all(importing.parts_of(one), by=receiver):
            moved += Import.objects.filter(pk=one.pk).update(by=receiver)
    return moved


def _describe(submission: Submission) -> str:
    words = {"form": submission.form.name, "month": months.label(submission.month)}
    state = submission.get_state_display()
    return _("%(month)s %(form)s（%(state)s）") % (words | {"state": state})


def register() -> None:
    """Called once, when the app is ready."""
    handover.register("drafts", drafts_of, pass_drafts, label=gettext_lazy("未办完的报表"))
    handover.register("uploads", uploads_of, pass_uploads, label=gettext_lazy("未确认的上传"))
    handover.register("imports", imports_of, pass_imports, label=gettext_lazy("未确认的导入"))
