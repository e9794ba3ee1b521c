"""补录已审: the reviewer signs for all handed-in back-fill of some forms and months in one act, with its basis.

The section that kept its figures elsewhere before go-live has reviewed them already; what it signs for here it names.
What cannot be among them (one's own, not yet checked by the town, inside a total of a span) is told one by one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from bureau.installation import lock_county
from bureau.models import Area, Installation, User
from indicators.entry import exclusion, workflow
from indicators.models import Entry, ReportingForm, Submission, Transition

BASIS_LENGTH = 5
MOST = 3000  # submissions in one act


@dataclass(frozen=True)
class Batch:
    """What one act would approve: the submissions with their contents as seen, and those left out with why."""

    ready: Sequence[Submission]
    left_out: Sequence[tuple[Submission, str]]
    seen: Mapping[int, str]

    @property
    def digest(self) -> str:
        """Of all that would be approved: what the reviewer had before him."""
        sha = hashlib.sha256()
        for pk in sorted(self.seen):
            sha.update(f"{pk}:{self.seen[pk]}\n".encode())
        return sha.hexdigest()


def batch(installation: Installation, forms: Collection[ReportingForm], first: int, last: int, user: User) -> Batch:
    """All that waits of these forms in these months, as far as they lie before go-live."""
    go_live = installation.go_live_month
    waiting = list(
        Submission.objects.filter(
            form__in=[one.pk for one in forms], state__in=workflow.WAITING, month__gte=first, month__lte=last,
            month__lt=go_live if go_live is not None else first,
        )
        .select_related("form", "place__county")
        .order_by("form__order", "form__code", "month", "place__code")[:MOST]
    )  # fmt: skip
    own, checked = _of_the_user(waiting, user)
    spans_in_the_way = bool(exclusion.against_finer(waiting))
    ready, left_out = [], []
    for one in waiting:
        why = ""
        if one.pk in own:
            why = _("有你填的数，须由他人审核")
        elif one.pk in checked:
            why = _("你初审过，须由他人审核")
        elif one.awaits_town_check:
            why = _("须先经镇（街道）初审。")
        elif spans_in_the_way:
            why = exclusion.against_finer([one])
        if why:
            left_out.append((one, why))
        else:
            ready.append(one)
    return Batch(ready, left_out, workflow.content_digests([one.pk for one in ready]))


def _of_the_user(waiting: Sequence[Submission], user: User) -> tuple[set[int], set[int]]:
    """Ids of those he typed or handed in, and of those he checked for the town."""
    ids = [one.pk for one in waiting]
    typed = set(Entry.objects.filter(submission__in=ids, by=user).values_list("submission_id", flat=True))
    own = typed | {one.pk for one in waiting if one.submitted_by_id == user.pk}
    checks = Transition.objects.filter(submission__in=ids, act="town_check", by=user)
    return own, set(checks.values_list("submission_id", flat=True))


@transaction.atomic
def approve(
    installation: Installation,
    forms: Collection[ReportingForm],
    first: int,
    last: int,
    *,
    by: User,
    seen: str,
    basis: str,
) -> Batch:
    """Approve the batch as it was seen, in one act with one audit record; all of it or none."""
    basis = basis.strip()
    if len(basis) < BASIS_LENGTH:
        raise workflow.Refused(_("请写明认定依据，至少 5 个字。"))
    county: Area = installation.county
    lock_county(county.pk)
    found = batch(installation, forms, first, last, by)
    if not found.ready:
        raise workflow.Refused(_("这些报表和月份里没有可以认定的补录。"))
    if found.digest != seen:
        raise workflow.Conflict(_("数据已变动，请重新核对。"))
    workflow.approve_all(found.ready, by=by, seen=found.seen, basis=basis)
    return found
