"""How the plan itself went in the demonstration: a phase closed with its papers, a project extended, a node moved."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from bureau.models import Installation, User
from reports.demonstration.people import People
from tasks import evidence, extending, moving, phases
from tasks.models import Deliverable, Extension, Milestone, MilestoneMove, Phase, Project

PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)  # an empty sheet: the demonstration's papers have titles, no text
FILED, CLOSED, CLOSED_ON = ("G01", "G02", "G03", "G04"), "prepare", date(2015, 6, 30)
EXTENDED, ASKED_ON, UNTIL = "P07", date(2017, 7, 24), date(2018, 3, 31)
MOVED, MOVED_TO = "P07-4", date(2018, 2, 28)
BECAUSE = "数据库与省级平台对接的接口规范七月才印发，联调须顺延。"


def change(acting: People, clerk: User, reviewer: User) -> None:
    """The papers get their files, the first phase is closed; `clerk` asks for a later day and the office grants it."""
    for paper in Deliverable.objects.filter(code__in=FILED).order_by("code"):
        file = SimpleUploadedFile(f"{paper.document}.pdf", PAGE + f"% {paper.code}\n".encode())
        evidence.attach(file, by=acting.office, deliverable=paper)
    phases.close(Phase.objects.get(code=CLOSED), on=CLOSED_ON, note="演示", by=acting.office)
    before = Installation.objects.values_list("business_date", flat=True).get()
    Installation.objects.update(business_date=ASKED_ON)
    asked = extending.ask(Project.objects.get(code=EXTENDED), to=UNTIL, reason=BECAUSE, by=clerk)
    extending.decide(asked, granted=True, by=acting.office)
    moving.move(Milestone.objects.get(code=MOVED), to=MOVED_TO, reason=BECAUSE, by=reviewer)
    Installation.objects.update(business_date=before)


def restore() -> None:
    """Every day stands as first planned again, every phase is open."""
    for extension in Extension.objects.filter(state=Extension.State.GRANTED, slip__isnull=True).order_by("-pk"):
        work = extending.work_of(extension)
        type(work).objects.filter(pk=work.pk).update(due_on=extension.from_on)
    for one in MilestoneMove.objects.order_by("-pk"):
        Milestone.objects.filter(pk=one.milestone_id).update(due_on=one.from_on)
    Extension.objects.filter(slip__isnull=True).delete()
    MilestoneMove.objects.all().delete()
    Phase.objects.update(closed_on=None, closed_by=None, closing_note="")
