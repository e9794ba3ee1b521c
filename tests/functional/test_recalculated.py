"""LibreOffice works the annex's ratios out anew and comes to what was printed, halves and all."""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from reports.annex import write
from reports.annex.sheet import Column, Ratio, Sheet, part, ratio_or_number
from reports.documents import cells
from tests.unit.reports.samples import CONTENT

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
COUNT = 600


def _ratios() -> list[tuple[Decimal, Decimal, Ratio]]:
    """Ratios as the county's, a third of them exactly half way between two printed values."""
    dice, found = random.Random(2017), []
    while len(found) < COUNT:
        places, scale = dice.choice((0, 1, 2, 3)), dice.choice((1, 100, 1000))
        below = Decimal(dice.choice((dice.randint(1, 400_000), 10 ** dice.randint(2, 6))))
        above = Decimal(dice.randint(-200_000, 400_000))
        if len(found) % 3 == 0:
            below, half = Decimal(10**6), dice.randint(1, 99_999) * 2 + 1
            above = Decimal(half) * below / (2 * 10**places * scale)
        printed = cells.rounded(Fraction(above) / Fraction(below) * scale, places)
        text = f"{printed:,f}".replace("-", "\u2212")
        one = ratio_or_number(printed, text, places, (above, below), scale, (0, 1))
        assert isinstance(one, Ratio)
        found.append((above, below, one))
    return found


def _without_results(data: bytes) -> bytes:
    """The same workbook with no result kept beside any formula, so that whoever opens it must work it out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part)
            new.writestr(name, part)
    return out.getvalue()


def test_every_ratio_comes_to_the_printed_value(tmp_path: Path):
    ratios = _ratios()
    columns = (Column("分子", 14), Column("分母", 14), Column("值", 14))
    sheet = Sheet("比率", columns, [(part(above), part(below), one) for above, below, one in ratios])
    book = tmp_path / "ratios.xlsx"
    book.write_bytes(_without_results(write(CONTENT, [sheet])))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    order = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*order, str(tmp_path / "out"), str(book)], check=True, capture_output=True, timeout=180)
    shown = openpyxl.load_workbook(tmp_path / "out" / "ratios.xlsx", data_only=True)["比率"]
    worked_out = [row[2] for row in shown.iter_rows(min_row=5, max_row=4 + COUNT, values_only=True)]
    assert [Decimal(repr(value)) for value in worked_out] == [one.printed for _above, _below, one in ratios]
