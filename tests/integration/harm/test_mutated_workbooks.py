"""C1: workbooks spoilt in their archive, their XML or their cells: no server error, no dead worker, no row changed."""

import random
import re
import resource

import pytest

from indicators.models import Upload
from tests.integration.factories import E1, EAST, START, W2, fill
from tests.integration.harm import workbooks
from tests.reliability.dumps import changes, dump
from tests.reliability.scale import FULL, number, result

pytestmark = pytest.mark.django_db

SHEET = ("village", EAST, START)
# what an upload leaves behind: its file, itself, the record of its refusal
OF_UPLOADING = {
    "sessions.Session", "bureau.AuditEvent", "bureau.AuditHead", "bureau.Changes", "bureau.StoredFile",
    "indicators.Upload",
}  # fmt: skip
PARTS = 20 if FULL else 1
MOST_MEMORY = 512 * 1024  # kB


@pytest.fixture
def workbook(tiny, clerk) -> bytes:
    """A real template with figures in two rows, over a draft that holds others."""
    fill(tiny, *SHEET, {(E1, "D22"): 118, (E1, "D23"): 100, (W2, "D22"): 40})
    content = workbooks.template(clerk, *SHEET)
    at = workbooks.addresses(content)
    return workbooks.filled(content, {at[E1, "D22"]: 120, at[W2, "D23"]: 30, at[E1, "D27"]: "不适用"})


@pytest.mark.parametrize("part", range(PARTS))
def test_no_spoilt_workbook_breaks_anything_or_changes_a_figure(clerk, workbook, part):
    before, errors, refused = dump(OF_UPLOADING), [], 0
    tried = number(suite=15, full=500)
    for seed in range(part * tried, (part + 1) * tried):
        spoilt = workbooks.mutated(workbook, random.Random(seed))
        answer = workbooks.upload(clerk, spoilt, *SHEET)
        shown = clerk.get(answer.url) if answer.status_code == 302 else answer
        if shown.status_code not in (200, 422):
            errors.append((seed, answer.status_code, shown.status_code))
        elif shown.status_code == 422:
            refused += 1
            if not re.search("[\u4e00-\u9fff]", shown.content.decode()):
                errors.append((seed, "no reason"))
    changed = changes(before, dump(OF_UPLOADING))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    result("C1", "mutated workbooks: errors, rows changed", tried, len(errors) + len(changed))
    assert errors == []
    assert changed == {}, "a preview writes nothing, whatever the file"
    assert refused > tried / 2, "most of them really were spoilt"
    assert peak < MOST_MEMORY, f"a child took {peak} kB"
    assert set(Upload.objects.values_list("state", flat=True)) <= {"refused", "preview"}
