"""Takes the demonstration out again: figures, releases, documents and accounts go, the audit trail stays.

The trail names who acted and must not be changed, so an account that stands in it is not deleted but retired: renamed,
without password, grants or the mark of a demonstration account. Revisions are only ever added as well: the removal adds
a last one to each figure, and a real figure's numbers go on from there (docs/adr/0011).
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError

from bureau import files, installation
from bureau.fields import raw
from bureau.models import AreaAlias, Installation, StoredFile, User
from indicators.entry.approval import KEY, add_revisions
from indicators.history import DEMONSTRATION_ENDS
from indicators.models import (
    Completion,
    Entry,
    Evaluation,
    Figure,
    Import,
    OldFile,
    PublishedEvaluation,
    PublishedMonth,
    PublishedRollUp,
    PublishedSplit,
    Reminder,
    Reopening,
    RollUp,
    SpanTotal,
    Submission,
    Target,
    Transition,
    Upload,
)
from reports.demonstration import shares, work
from reports.demonstration.stage import REMOVED
from reports.models import Build, Document, Edition, PartRevision, PartText, Report
from tasks.models import (
    Assessment,
    AssessmentLine,
    ClearingPromise,
    Decision,
    Evidence,
    ManualPoint,
    Slip,
    Veto,
)

RETIRED = "removed-demonstration-"
# Each before what it points at.
TABLES = (
    AssessmentLine, ManualPoint, Veto, Assessment,
    Document, Build, PartRevision, PartText, Edition, Report,
    PublishedSplit, PublishedEvaluation, PublishedRollUp, PublishedMonth, Evaluation, RollUp, Figure,
    SpanTotal, OldFile, Import, Upload, Transition, Entry, Submission, Completion, Reopening, Reminder, Evidence,
    Slip, Decision, ClearingPromise,
)  # fmt: skip


def entries_of_others() -> int:
    """How many cells were typed by accounts that are not the demonstration's; these would go too."""
    return Entry.objects.filter(by__is_demonstration=False).count()


def remove(say: Callable[[str], None] = lambda text: None) -> None:
    """Delete all that is derived, typed, released and built, reset tasks and installation; all or nothing."""
    with transaction.atomic():
        here = Installation.objects.select_related("county").get()
        installation.lock_county(here.county_id)
        kept = _kept_files()
        ended = _last_revisions()
        for model in TABLES:
            gone = model.objects.all().delete()[0]
            say(f"{model._meta.label}: {gone}")
        StoredFile.objects.filter(pk__in=kept).delete()
        AreaAlias.objects.filter(by__is_demonstration=True).delete()
        work.remove()
        shares.remove()
        Target.objects.update(base_value=None, base_month=None)
        retired = _remove_accounts()
        Installation.objects.update(demonstration=False, business_date=None, go_live_month=None)
        add_revisions(ended, by=None, act=REMOVED, reason="", objects=here.county.code, more={"retired": retired})
        installation.raise_data_version(here.county_id)
        transaction.on_commit(lambda: _unlink(set(kept.values())))


def _last_revisions() -> list[tuple]:
    """A revision of each figure that ends it, in order of their keys."""
    rows = Figure.objects.annotate(units=raw("value")).order_by(*KEY)
    return [
        (*key, number + 1, units, state, None, None, submission, None, DEMONSTRATION_ENDS)
        for *key, number, units, state, submission in rows.values_list(*KEY, "revision", "units", "state", "submission")
    ]


def _kept_files() -> dict[int, str]:
    """Stored files of uploads, documents, evidence and demonstration accounts: id → SHA-256."""
    ids = {
        *Upload.objects.filter(file__isnull=False).values_list("file", flat=True),
        *Import.objects.values_list("file", flat=True),
        *OldFile.objects.values_list("file", flat=True),
        *Document.objects.values_list("file", flat=True),
        *Evidence.objects.values_list("file", flat=True),
        *StoredFile.objects.filter(owner__is_demonstration=True).values_list("pk", flat=True),
    }
    return dict(StoredFile.objects.filter(pk__in=ids).values_list("pk", "sha256"))


def _remove_accounts() -> int:
    """Delete the demonstration's accounts, retire those the audit trail names; how many were retired."""
    retired = 0
    for user in User.objects.filter(is_demonstration=True).order_by("pk"):
        user.grants.all().delete()
        try:
            with transaction.atomic():
                user.delete()
        except ProtectedError:
            user.username, user.display_name = f"{RETIRED}{user.pk}", f"{user.display_name}（已移除）"
            user.is_active = user.is_demonstration = False
            user.email = ""
            user.set_unusable_password()
            user.save()
            retired += 1
    return retired


def _unlink(hashes: set[str]) -> None:
    """Remove the accounts' file and the bytes no row names any more."""
    settings.DEMO_ACCOUNTS_FILE.unlink(missing_ok=True)
    for sha256 in hashes - set(StoredFile.objects.filter(sha256__in=hashes).values_list("sha256", flat=True)):
        files.path_of(sha256).unlink(missing_ok=True)
