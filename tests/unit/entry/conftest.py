"""A small sheet of one town with three villages, its template, and hands to fill and to spoil workbooks."""

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest

from bureau import months
from indicators.entry.layout import BalanceRule, Cell, CellKey, Column, Row, Sheet, SoftRule
from indicators.entry.template import write_template

KEY = b"a key of the test"
TOWN, FIRST, SECOND, THIRD = "330424101", "330424101001", "330424101201", "330424101202"
VILLAGE = frozenset({"village"})


def make_sheet(**changes) -> Sheet:
    columns = (
        Column("D22", "城乡劳动者数", "人", kind="stock", levels=VILLAGE),
        Column("D23", "其中已就业", "人", kind="stock", levels=VILLAGE),
        Column("D25", "新发现", "户", levels=VILLAGE),
        Column("D26", "已消除", "户", levels=VILLAGE),
        Column("D27", "期末户数", "户", kind="stock", levels=VILLAGE),
        Column("D31", "参保人数", "人", "active", "在职", kind="stock", levels=VILLAGE),
        Column("D31", "参保人数", "人", "retired", "离退休", kind="stock", levels=VILLAGE),
        Column("D62", "基金支付", "元", decimals=2, kind="ytd", levels=VILLAGE | {"town"}),
        Column("D81", "已建机构", "个", kind="stock", levels=frozenset({"town"})),
    )
    names = {TOWN: "百步镇", FIRST: "百步镇社区", SECOND: "横港村", THIRD: "新升村"}
    rows = tuple(Row(code, name, "town" if code == TOWN else "village") for code, name in names.items())
    fields = {
        "form_code": "yj02",
        "form_number": "盐均02",
        "form_name": "村社区就业月报",
        "place_code": TOWN,
        "place_name": "百步镇",
        "month": months.make(2016, 9),
        "version": "1",
        "rows": rows,
        "columns": columns,
        "rules": (
            BalanceRule("R08", "D23 <= D22", "已就业的不多于劳动者"),
            BalanceRule("R34", "D27 = prev(D27) + D25 - D26"),
            BalanceRule("R37", "D62 >= prev(D62)"),
        ),
        "soft_rules": (SoftRule("S01", "month", "flow stock"),),
        "month_areas": names | {"330424": "海盐县", "330424102": "于城镇", "330424102001": "于城社区"},
    }
    return Sheet(**(fields | changes))


def fill(content: bytes, edit: Callable) -> bytes:
    """The workbook as openpyxl saves it after `edit(data sheet, workbook)`."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book["填报"], book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repack(content: bytes, replace: dict[str, Callable[[bytes], bytes]] | None = None, add=()) -> bytes:
    """The package with some parts rewritten and others (name, bytes) added at the end."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            target.writestr(entry.filename, (replace or {}).get(entry.filename, bytes)(part))
        for name, part in add:
            target.writestr(name, part)
    return out.getvalue()


@pytest.fixture(scope="session")
def hand(tmp_path_factory):
    """make_sheet, fill, repack, template(sheet), save(bytes) -> path, and the codes of the places."""
    folder = tmp_path_factory.mktemp("workbooks")

    def save(content: bytes, name: str = "upload.xlsx"):
        path = folder / name
        path.write_bytes(content)
        return path

    return SimpleNamespace(
        make_sheet=make_sheet,
        fill=fill,
        repack=repack,
        save=save,
        key=KEY,
        template=lambda sheet, **options: write_template(sheet, KEY, **options),
        cell=lambda value, state="value", version=0: Cell(None if value is None else Decimal(value), state, version),
        at=CellKey,
        town=TOWN,
        first=FIRST,
        second=SECOND,
        third=THIRD,
    )
