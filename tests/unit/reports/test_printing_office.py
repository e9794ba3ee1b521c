"""The Word document as an office suite lays it out: LibreOffice draws it, and the pages are measured."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from reports import printing
from reports.manuscript import Attachment, Heading
from tests.unit.reports.manuscripts import FULL_PAGES, MONTHLY

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
REPORT = replace(
    FULL_PAGES,
    blocks=(Heading(1, "一、就业"), *FULL_PAGES.blocks),
    attachments=(Attachment("逐月数据", (MONTHLY,)),),
    copies=("报：县政府。",),
    contents=True,
    demonstration=True,
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> list[str]:
    """The text of each page, laid out."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "report.docx").write_bytes(printing.word(REPORT))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, folder / "report.docx"]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    text = subprocess.run(
        ["pdftotext", "-layout", folder / "report.pdf", "-"], capture_output=True, text=True, check=True
    )
    sizes = subprocess.run(["pdfinfo", "-l", "99", folder / "report.pdf"], capture_output=True, text=True, check=True)
    found = re.findall(r"size:\s+([\d.]+) x ([\d.]+)", sizes.stdout)
    pages = text.stdout.rstrip("\f").split("\f")
    return [f"{_millimetres(size)}\n{page}" for size, page in zip(found, pages, strict=True)]


def _millimetres(size: tuple[str, str]) -> str:
    return "×".join(str(round(float(one) * 25.4 / 72)) for one in size)


def test_a_full_page_has_22_lines_of_28_characters(pages):
    lines = [line.strip() for line in pages[2].splitlines()[1:] if line.strip()]
    body = [line for line in lines if "—" not in line and "演示数据" not in line]
    assert [len(line) for line in body] == [28] * 22


def test_each_page_has_its_size_its_number_and_its_mark(pages):
    sizes = [page.partition("\n")[0] for page in pages]
    assert sizes[:4] == ["210×297"] * 4
    assert sizes[4] == "297×210"
    assert sizes[-1] == "210×297"  # the copies stand upright again
    for number, page in enumerate(pages, 1):
        assert "演示数据" in page
        if page.startswith("210"):
            assert re.search(rf"—\s*{number}\s*—", page), number


def test_the_contents_name_the_parts_before_they_begin(pages):
    assert "一、就业" in pages[0]
    assert "附件　逐月数据".replace("　", "") in re.sub(r"\s", "", pages[0])
    assert "一、就业" in pages[1]
