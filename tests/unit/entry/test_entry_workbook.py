"""Template out, filled workbook in: what a clerk gets told, cell by cell."""

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bureau import months
from indicators.entry.layout import is_entered, plain_number
from indicators.entry.parse import parse, parse_workbook
from indicators.entry.rawbook import UploadRefused
from indicators.entry.scan import scan

# rows and columns of the template: first place in row 8, first item in column C
TOWN_ROW, FIRST_ROW, SECOND_ROW, THIRD_ROW = 8, 9, 10, 11
D22, D23, D25, D26, D27, ACTIVE, RETIRED, D62, D81 = "CDEFGHIJK"


@pytest.fixture
def read(hand):
    """Fill the template of a sheet with {address: value} or an edit, and parse it."""

    def run(entries, sheet=None, current=None):
        sheet = sheet or hand.make_sheet()

        def edit(page, book):
            if callable(entries):
                entries(page, book)
                return
            for address, value in entries.items():
                page[address] = value

        path = hand.save(hand.fill(hand.template(sheet), edit))
        return parse_workbook(current or sheet, scan(path), hand.key)

    return run


def rules(parsed, severity="hard"):
    return [(f"{one.column}{one.row}", one.rule) for one in parsed.problems if one.severity == severity]


def test_filled_cells_come_back_as_a_difference(hand, read):
    second = hand.second
    sheet = hand.make_sheet(
        values={hand.at(second, "D22"): hand.cell(1298, version=3), hand.at(second, "D23"): hand.cell(1200, version=2)}
    )
    parsed = read({f"{D23}{SECOND_ROW}": 1210, f"{D62}{SECOND_ROW}": 12.5}, sheet)
    kinds = {change.key.item: (change.kind, change.new.value, change.new.version) for change in parsed.changes}
    assert kinds == {
        "D22": ("same", Decimal(1298), 3),
        "D23": ("changed", Decimal(1210), 2),
        "D62": ("new", Decimal("12.5"), 0),
    }
    assert parsed.acceptable
    assert parsed.problems == ()


def test_the_limited_child_reads_the_same(hand):
    sheet = hand.make_sheet(values={hand.at(hand.second, "D62"): hand.cell("50000000000.12")})
    parsed = parse(sheet, hand.save(hand.template(sheet)), hand.key)
    assert [(change.kind, change.new.value) for change in parsed.changes] == [("same", Decimal("50000000000.12"))]


def test_an_empty_template_has_nothing_to_import(hand, read):
    with pytest.raises(UploadRefused, match="没有可导入的数据"):
        read({})


def test_words_and_blanks(hand, read):
    sheet = hand.make_sheet(
        values={hand.at(hand.first, "D22"): hand.cell(5)}, previous={hand.at(hand.first, "D26"): hand.cell(2)}
    )
    row = FIRST_ROW
    parsed = read({f"{D22}{row}": None, f"{D23}{row}": "不适用", f"{D25}{row}": "估120", f"{D26}{row}": "沿用"}, sheet)
    found = {change.key.item: (change.new.state, change.new.value) for change in parsed.changes}
    assert found == {"D23": ("na", None), "D25": ("estimate", Decimal(120)), "D26": ("carried", Decimal(2))}


def test_nothing_to_carry_over_is_refused(read):
    assert rules(read({f"{D26}{FIRST_ROW}": "沿用"})) == [("F9", "上月没有数，不能沿用")]


def test_all_errors_come_at_once_with_place_and_remedy(hand, read):
    parsed = read(
        {
            f"{D22}{FIRST_ROW}": "约50",
            f"{D23}{FIRST_ROW}": 1.5,
            f"{D25}{SECOND_ROW}": "-",
            f"{D26}{SECOND_ROW}": -1,
            f"{D81}{SECOND_ROW}": 3,
            f"{D22}{THIRD_ROW}": 3.001,
            f"{D62}{THIRD_ROW}": "97%",
        }
    )
    assert rules(parsed) == [
        ("C9", "“约50”不是数字"),
        ("D9", "人数须为整数"),
        ("E10", "“-”不表示数"),
        ("F10", "户数应为 0 或正整数"),
        ("K10", "本级不填此项"),
        ("C11", "人数须为整数"),
        ("J11", "填金额，不填百分比"),
    ]
    first = parsed.problems[0]
    assert (first.sheet, first.place, first.area_name) == ("填报", "第9行C列“城乡劳动者数”", "百步镇社区")
    assert all(problem.fix for problem in parsed.problems)
    assert not parsed.acceptable


def test_more_than_two_hundred_problems_are_counted_not_listed(hand):
    village = hand.make_sheet().rows[1]
    rows = tuple(replace(village, area=str(330424101300 + n), name=f"{n}村") for n in range(60))
    sheet = hand.make_sheet(rows=rows)

    def edit(page, _book):
        for row in range(8, 68):
            for column in "CDEFG":
                page[f"{column}{row}"] = "无"

    parsed = parse_workbook(sheet, scan(hand.save(hand.fill(hand.template(sheet), edit))), hand.key)
    assert (len(parsed.problems), parsed.omitted) == (200, 100)


def test_full_width_digits_are_listed_as_converted(read):
    parsed = read({f"{D22}{FIRST_ROW}": "１，２３４", f"{D23}{FIRST_ROW}": "12 "})
    assert parsed.converted == (("C9", "１，２３４", "1,234"), ("D9", "12 ", "12"))
    assert [change.new.value for change in parsed.changes] == [1234, 12]


def test_errors_and_formulas(hand, read):
    parsed = read({f"{D22}{FIRST_ROW}": "=1+1", f"{D23}{FIRST_ROW}": "#N/A", f"{D25}{FIRST_ROW}": True})
    assert rules(parsed) == [("C9", "公式没有计算结果"), ("D9", "公式出错"), ("E9", "逻辑值不是数字")]
    assert parsed.problems[1].value == "#N/A"


def test_a_computed_formula_is_taken_and_told(hand):
    sheet = hand.make_sheet()
    filled = hand.fill(hand.template(sheet), lambda page, _: page.__setitem__("C9", "=1+1"))
    computed = hand.repack(
        filled,
        {
            "xl/worksheets/sheet1.xml": lambda part: (
                part.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
                .replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
                .replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>")
            )
        },
    )
    parsed = parse_workbook(sheet, scan(hand.save(computed)), hand.key)
    assert rules(parsed, "info") == [("C9", "含公式，按当前显示值导入")]
    assert [change.new.value for change in parsed.changes] == [2]
    assert parsed.acceptable


def test_percent_and_date_formats_are_refused(read):
    def edit(page, _book):
        page["C9"], page["C9"].number_format = 0.97, "0.00%"
        page["D9"], page["D9"].number_format = 42370, "yyyy-mm-dd"

    assert rules(read(edit)) == [("C9", "单元格是百分比格式"), ("D9", "单元格是日期格式")]


def test_a_broken_balance_stands_at_its_cell(hand, read):
    parsed = read({f"{D22}{SECOND_ROW}": 1298, f"{D23}{SECOND_ROW}": 1326})
    assert rules(parsed) == [("D10", "已就业 1,326 大于城乡劳动者数 1,298")]


def test_a_balance_is_not_blamed_on_a_cell_already_refused(hand, read):
    sheet = hand.make_sheet(values={hand.at(hand.second, "D22"): hand.cell(10)})
    assert rules(read({f"{D22}{SECOND_ROW}": "二十", f"{D23}{SECOND_ROW}": 15}, sheet)) == [("C10", "“二十”不是数字")]


def test_reordered_columns_are_known_by_their_codes(hand, read):
    def edit(page, _book):
        for row in range(4, 12):  # D22 and D23 change places, hidden codes and all
            page[f"C{row}"].value, page[f"D{row}"].value = page[f"D{row}"].value, page[f"C{row}"].value
        page["C6"] = "改过的名称"
        page["C9"], page["D9"] = 7, 9

    assert {change.key.item: change.new.value for change in read(edit).changes} == {"D23": 7, "D22": 9}


def test_unknown_repeated_and_added_columns_are_named_by_letter(read):
    def edit(page, _book):
        page["D4"], page["E4"] = "D99", "D22"
        page["V9"] = "我的合计"
        page["C9"] = 1

    assert [rule for _, rule in rules(read(edit))] == [
        "D列的列代码“D99”不在本表内",
        "E列与C列重复（D22）",
        "V列没有列代码，不是模板的列",
    ]


def test_rows_of_other_places_and_months_are_refused(read):
    def edit(page, _book):
        page["A9"] = "330424102001"
        page["A10"] = "330424101999"
        page["A11"] = "abc"
        page["C9"] = page["C10"] = page["C11"] = 1

    assert rules(read(edit)) == [
        ("A9", "“于城社区”不属于本表（百步镇）"),
        ("A10", "不在2016年9月区划内"),
        ("A11", "区划代码“abc”不对"),
    ]


def test_a_known_name_under_a_wrong_code_is_told_the_right_one(read):
    problem = read({"A10": "330424101999", "C10": 1}).problems[0]
    assert (problem.value, problem.fix) == ("横港村", "应为“横港村”（330424101201）")


def test_a_repeated_row_is_refused(hand, read):
    parsed = read({"A11": hand.second, "B11": "横港村", "C10": 4, "C11": 5})
    assert rules(parsed) == [("A11", "第11行与第10行重复")]
    assert [change.new.value for change in parsed.changes] == [4]


def test_codes_that_slipped_beside_the_names_are_noticed(hand, read):
    parsed = read({"A10": hand.third, "A11": hand.second, "C10": 4})
    assert rules(parsed) == [("B10", "区划代码与名称不符"), ("B11", "区划代码与名称不符")]


def test_figures_without_a_code_are_refused(read):
    assert rules(read({"A9": None, "C9": 4})) == [("A9", "有数但没有区划代码")]
    assert rules(read({"C12": 4, "C8": None})) == [("A12", "有数但没有区划代码")]


def test_merged_and_hidden_cells_are_refused(read):
    def edit(page, book):
        page["C9"], page["D10"], page["E11"] = 1, 2, 3
        page.merge_cells("H8:I9")
        page.row_dimensions[10].hidden = True
        page.column_dimensions["E"].hidden = True
        other = book.create_sheet("暗表")
        other["A1"], other.sheet_state = 5, "hidden"

    assert {rule for _, rule in rules(read(edit))} == {
        "合并单元格 H8:I9",
        "第10行被隐藏但有数据",
        "E列被隐藏但有数据",
        "工作表“暗表”被隐藏但有数据",
    }


def test_a_template_of_another_place_month_or_form_says_whose_it_is(hand, read):
    sheet = hand.make_sheet()
    with pytest.raises(UploadRefused) as refused:
        read({"C9": 1}, sheet, replace(sheet, place_code="330424102", place_name="于城镇"))
    assert refused.value.reasons == ["模板属于“百步镇 2016年9月”，当前为“于城镇 2016年9月”；请重新下载模板"]
    with pytest.raises(UploadRefused, match="模板属于“百步镇 2016年9月”，当前为“百步镇 2016年10月”"):
        read({"C9": 1}, sheet, replace(sheet, month=months.make(2016, 10)))
    with pytest.raises(UploadRefused, match="模板属于“盐均02 百步镇 2016年9月”"):
        read({"C9": 1}, sheet, replace(sheet, form_code="yj03", form_number="盐均03"))
    with pytest.raises(UploadRefused, match="模板是旧版（1），现为 2"):
        read({"C9": 1}, sheet, replace(sheet, version="2"))


def test_a_template_whose_identity_was_touched_is_refused(hand, read):
    with pytest.raises(UploadRefused, match="模板标识被改动"):
        read(
            lambda page, book: book["_meta"].__setitem__("B2", book["_meta"]["B2"].value.replace("2016-09", "2016-10"))
        )
    with pytest.raises(UploadRefused, match="缺少模板标识"):
        read(lambda page, book: book.remove(book["_meta"]))
    with pytest.raises(UploadRefused, match="有 2 张填报表"):
        read(lambda page, book: book.copy_worksheet(page))


def test_the_template_locks_headings_and_shows_what_a_clerk_needs(hand):
    previous = {hand.at(hand.second, "D22"): hand.cell(1290)}
    content = hand.template(hand.make_sheet(previous=previous), demonstration=True)
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book["填报"]
    assert [sheet.title for sheet in book] == ["填报", "填表说明", "_meta"]
    assert book["_meta"].sheet_state == "veryHidden"
    assert page["A1"].value == "盐均02 村社区就业月报（演示数据）"
    assert "百步镇" in page["A2"].value
    assert "2016年9月" in page["A2"].value
    assert page.protection.sheet
    assert page["C5"].protection.locked
    assert not page["C9"].protection.locked
    assert page["C8"].protection.locked
    assert page["C8"].fill.patternType
    assert page["M10"].value == 1290
    assert page["M10"].protection.locked
    assert page.freeze_panes == "C8"
    assert page.row_dimensions[4].hidden
    assert len(page.data_validations.dataValidation) == 9


def test_names_that_look_like_formulas_stay_texts(hand):
    sheet = hand.make_sheet()
    evil = replace(sheet.columns[0], name="=1+1", definition="=cmd|' /C calc'!A0")
    sheet = replace(sheet, columns=(evil, *sheet.columns[1:]), place_name="+百步")
    book = scan(hand.save(hand.template(sheet)))
    assert not any(cell.formula for page in book.sheets for cell in page.cells.values())
    assert book.sheet("填报").text(6, 3) == "=1+1"


def cells_of(sheet, hand):
    """Any entries for the sheet's cells: nothing, a number of the column's decimals, or one of the states."""

    def cell(column):
        number = st.integers(0, 10**8 if column.decimals == 0 else 10**13 - 1)
        value = number.map(lambda n: Decimal(n).scaleb(-column.decimals))
        return st.one_of(
            st.none(),
            value.map(hand.cell),
            value.map(lambda v: hand.cell(v, "estimate")),
            st.just(hand.cell(None, "na")),
            value.map(lambda v: hand.cell(v, "carried")),
        )

    keys = {
        hand.at(row.area, column.item, column.category): cell(column)
        for row in sheet.rows
        for column in sheet.columns
        if is_entered(row, column)
    }
    return st.fixed_dictionaries(keys).map(lambda found: {key: one for key, one in found.items() if one is not None})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_entries_survive_the_round_trip_exactly(hand, data):
    empty = hand.make_sheet(rules=())
    values = data.draw(cells_of(empty, hand))
    carried = {key: hand.cell(one.value) for key, one in values.items() if one.state == "carried"}
    sheet = replace(empty, values=values, previous=carried)
    assume(values)
    again = parse_workbook(sheet, scan(hand.save(hand.template(sheet), "again.xlsx")), hand.key)
    assert {change.kind for change in again.changes} == {"same"}
    places = {row.area: number for number, row in enumerate(empty.rows, 8)}
    letters = {
        (column.item, column.category): letter for letter, column in zip("CDEFGHIJK", empty.columns, strict=True)
    }
    words = {"na": lambda _: "不适用", "carried": lambda _: "沿用", "estimate": lambda v: f"估{plain_number(v)}"}

    def edit(page, _book):
        for key, one in values.items():
            address = f"{letters[key.item, key.category]}{places[key.area]}"
            page[address] = words.get(one.state, lambda v: v)(one.value)

    blank = replace(empty, previous=carried)
    filled = hand.fill(hand.template(blank), edit)
    parsed = parse_workbook(blank, scan(hand.save(filled, "filled.xlsx")), hand.key)
    assert rules(parsed) == []
    assert {change.key: (change.new.value, change.new.state) for change in parsed.changes} == {
        key: (one.value, one.state) for key, one in values.items()
    }
