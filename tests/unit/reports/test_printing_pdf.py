"""The PDF: A4 pages with the standard's lines, Chinese fonts inside, the same bytes again, or a clear refusal."""

from __future__ import annotations

import gc
import re
import subprocess
from dataclasses import replace

import pytest

from reports import printing
from reports.manuscript import Chart, Column, Heading, Paragraph, Table
from reports.printing import drawn, pdf_file
from tests.unit.reports.manuscripts import FULL_PAGES, HANZI, JOBS, RICH


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    path.write_bytes(printing.pdf(RICH))
    return path


def asked(*command) -> str:
    return subprocess.run([str(one) for one in command], capture_output=True, text=True, check=True).stdout


def test_pages_are_a4_upright_or_on_their_side(made):
    sizes = re.findall(r"size:\s+([\d.]+) x ([\d.]+)", asked("pdfinfo", "-l", "99", made))
    millimetres = [tuple(round(float(one) * 25.4 / 72) for one in size) for size in sizes]
    assert set(millimetres) == {(210, 297), (297, 210)}
    assert millimetres[:4] == [(210, 297)] * 4
    assert millimetres[4] == (297, 210)  # the first attachment
    assert millimetres[-1] == (210, 297)


def test_it_names_title_author_and_day_and_is_tagged(made):
    info = asked("pdfinfo", "-isodates", made)
    assert re.search(r"Title:\s+海盐县就业和社会保障基本公共服务均等化改革试点工作总结评估报告", info)
    assert re.search(r"Author:\s+海盐县人力资源和社会保障局", info)
    assert re.search(r"Tagged:\s+yes", info)
    assert "2017-07-05T00:00:00Z" in info


def test_its_bookmarks_are_the_headings(made):
    outline = asked("pdftohtml", "-xml", "-stdout", "-i", made).partition("<outline>")[2]
    assert re.findall(r'<item page="(\d+)">([^<]+)', outline)[:3] == [
        ("2", "一、试点基本情况"), ("2", "二、目标完成情况"), ("2", "（一）就业政策城乡一体"),
    ]  # fmt: skip


def test_chinese_fonts_are_inside(made):
    fonts = asked("pdffonts", made).splitlines()[2:]
    assert any(re.search(r"CJK|Song|Hei|Kai|Ming", font) for font in fonts)
    assert all(re.search(r"\byes\s+(yes|no)\s+yes\b", font) for font in fonts)  # embedded, and readable again


def test_text_figures_and_marks_are_there(made):
    text = asked("pdftotext", "-layout", made, "-")
    assert "4,080" in text
    assert "附表1" in text
    pages = text.rstrip("\f").split("\f")
    assert all("演示数据" in page for page in pages)
    assert re.search(r"一、试点基本情况[ .…]+2", pages[0])  # the contents know the page
    for number, page in enumerate(pages, 1):
        assert re.search(rf"—\s*{number}\s*—", page.replace("\n", "")), number


def test_page_numbers_stand_outside(made):
    text = asked("pdftotext", "-bbox", made, "-")
    pages = re.findall(r"<page .*?</page>", text, re.S)[:4]
    for number, page in enumerate(pages, 1):
        marks = re.findall(rf'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>{number}<', page)
        x = max((float(y), float(x)) for x, y in marks)[1] * 25.4 / 72
        assert (x > 160) if number % 2 else (x < 50), number


def test_the_same_manuscript_gives_the_same_bytes():
    short = replace(FULL_PAGES, blocks=(Heading(1, "一、就业"), Chart("图1　就业", JOBS, "折线图。")))
    first = printing.pdf(short)
    drawn.svg.cache_clear()
    assert printing.pdf(short) == first


def test_a_full_page_has_22_lines_of_28_characters(tmp_path):
    path = tmp_path / "full.pdf"
    path.write_bytes(printing.pdf(FULL_PAGES))
    page = asked("pdftotext", "-layout", "-f", "2", "-l", "2", path, "-")
    lines = [line.strip() for line in page.splitlines() if "—" not in line and line.strip()]
    assert [len(line) for line in lines] == [28] * 22


def test_a_short_table_stays_whole_and_a_long_one_parts_amid_its_rows(tmp_path):
    def table(caption: str, rows: int) -> Table:
        cells = tuple(((f"第{n}行",),) for n in range(1, rows + 1))
        return Table(caption, (Column("表头", 30),), cells, notes=("注：完。",))

    # 35 lines fill a page and most of the next, which has no room for the ten lines of the short table
    blocks = (Paragraph((HANZI * 42,)), table("表1　短表", 12), table("表2　长表", 30))
    path = tmp_path / "tables.pdf"
    path.write_bytes(printing.pdf(replace(FULL_PAGES, blocks=blocks)))
    pages = asked("pdftotext", "-layout", path, "-").rstrip("\f").split("\f")
    rows = [[int(n) for n in re.findall(r"第(\d+)行", page)] for page in pages]
    short = next(n for n, page in enumerate(pages) if "短表" in page)
    assert short == 2
    assert rows[:short] == [[], []]
    assert rows[short][:12] == list(range(1, 13))
    begun = next(n for n, page in enumerate(pages) if "长表" in page)
    first = rows[begun][12:] if begun == short else rows[begun]
    assert first + rows[begun + 1] == list(range(1, 31))
    assert min(len(first), len(rows[begun + 1])) >= 3
    assert pages[begun + 1].count("表头") == 1


def test_dead_objects_are_collected_again_afterwards():
    printing.pdf(FULL_PAGES)
    assert gc.isenabled()


def test_nothing_is_fetched(monkeypatch, tmp_path):
    secret = tmp_path / "secret.css"
    secret.write_text("body { color: red }")
    asked_for = []
    real = pdf_file.fetcher()

    class Watched(type(real)):
        def fetch(self, url, headers=None):
            asked_for.append(url.partition(",")[0])
            return super().fetch(url, headers)

    monkeypatch.setattr(pdf_file, "fetcher", lambda: Watched(allowed_protocols=("data",)))
    link = f'<img src="file://{secret}"><img src="http://example.org/x.png">'
    monkeypatch.setattr(pdf_file, "html", lambda manuscript, standalone: f"<html><body>文{link}</body></html>")
    assert printing.pdf(FULL_PAGES).startswith(b"%PDF")
    with pytest.raises(ValueError, match="disallowed"):
        real.fetch(f"file://{secret}")
    assert {url.partition(":")[0] for url in asked_for} == {"file", "http"}  # asked for, and refused


def test_without_a_chinese_font_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(pdf_file, "chinese_fonts", lambda: ())
    with pytest.raises(printing.Unprintable, match="fonts-noto-cjk"):
        printing.pdf(RICH)


@pytest.mark.parametrize("error", [ImportError("no module"), OSError("cannot load library 'libpango-1.0-0'")])
def test_without_pango_it_says_what_to_install(monkeypatch, error):
    def absent():
        raise error

    monkeypatch.setattr(pdf_file, "_weasyprint", absent)
    with pytest.raises(printing.Unprintable, match=r"libpango-1\.0-0 libpangoft2-1\.0-0 libharfbuzz-subset0"):
        printing.pdf(replace(RICH, draft=True))
