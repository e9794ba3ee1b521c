"""The Word document as an office suite lays it out: LibreOffice draws it, and the pages are measured."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from reports import printing
from reports.manuscript import Attachment, Column, Heading, Paragraph, Table
from tests.unit.reports.manuscripts import FULL_PAGES, HANZI, MONTHLY

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def table(caption: str, rows: int) -> Table:
    """Row n says 第n行."""
    return Table(
        caption, (Column("表头", 30),), tuple(((f"第{n}行",),) for n in range(1, rows + 1)), notes=("注：完。",)
    )


NARROW = Table("附表2", tuple(Column(f"2016-{n:02d}", 13.5) for n in range(1, 13)), ((("1",),) * 12,), landscape=True)
REPORT = replace(
    FULL_PAGES,
    blocks=(
        Heading(1, "一、就业"),
        *FULL_PAGES.blocks,  # 60 times 23 Hanzi: the rest of this page, a full one, and a few lines
        Heading(1, "二、参保"),
        Paragraph((HANZI * 14,)),  # 12 lines
        table("表1　短表", 12),  # 12 rows with head, caption and note take nine lines, which are not left here
        table("表2　长表", 30),
        Heading(2, "（一）结尾"),
    ),
    attachments=(Attachment("逐月数据", (MONTHLY, NARROW)),),
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


def rows_of(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"第\s*(\d+)\s*行", page)]


def test_a_full_page_has_22_lines_of_28_characters(pages):
    lines = [line.strip() for line in pages[2].splitlines()[1:] if line.strip()]
    body = [line for line in lines if "—" not in line and "演示数据" not in line]
    assert [len(line) for line in body] == [28] * 22


def test_each_page_has_its_size_its_number_and_its_mark(pages):
    sizes = [page.partition("\n")[0] for page in pages]
    side = sizes.index("297×210")
    assert side > 4
    assert sizes[:side] == ["210×297"] * side
    assert sizes[-1] == "210×297"  # the copies stand upright again
    for number, page in enumerate(pages, 1):
        assert "演示数据" in page
        if page.startswith("210"):
            assert re.search(rf"—\s*{number}\s*—", page), number


def test_each_line_of_the_contents_names_the_page_where_its_part_begins(pages):
    told = dict(re.findall(r"^\s*(\S.*?)[ .…]{3,}(\d+)\s*$", pages[0], re.M))
    named = {re.sub(r"\s", "", name): int(number) for name, number in told.items()}
    assert list(named) == ["一、就业", "二、参保", "（一）结尾", "附件逐月数据"]
    for name, heading in (*zip(named, list(named)[:3], strict=False), ("附件逐月数据", "逐月数据")):
        begins = [number for number, page in enumerate(pages, 1) if re.search(rf"^\s*{heading}\s*$", page, re.M)]
        assert begins == [named[name]], name
    assert len(set(named.values())) == 4


def test_a_short_table_stays_whole_on_the_next_page(pages):
    before, whole = (next(n for n, page in enumerate(pages) if n and name in page) for name in ("二、参保", "短表"))
    assert whole == before + 1
    assert rows_of(pages[before]) == []
    assert rows_of(pages[whole])[:12] == list(range(1, 13))


def test_a_long_table_parts_amid_its_rows_and_repeats_its_head(pages):
    begun = next(n for n, page in enumerate(pages) if "长表" in page)
    first, rest = rows_of(pages[begun].partition("长表")[2]), rows_of(pages[begun + 1])
    assert first + rest == list(range(1, 31))
    assert len(first) >= 3
    assert len(rest) >= 3
    assert pages[begun + 1].count("表头") == 1


def test_months_in_narrow_columns_stay_whole(pages):
    page = next(page for page in pages if "附表2" in re.sub(r"\s", "", page))
    assert re.findall(r"2016-\d\d", page) == [f"2016-{n:02d}" for n in range(1, 13)]
