"""The second subsidy and the contribution-base line as pages: dated parameters, many cases, refusals."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bureau.models import Grant, Installation, StoredFile
from indicators import contribution_base
from indicators.entry import subsidy_cases
from indicators.models import Parameter, Upload
from indicators.subsidy_scheme import NoScheme, Schemes, value_problem
from tests.integration.factories import person

pytestmark = pytest.mark.django_db
D = Decimal
DAY = date(2017, 6, 30)


@pytest.fixture
def browser(real_plan, db) -> Client:
    client = Client()
    client.force_login(person("leader", (Grant.Role.LEADER, None)))
    return client


@pytest.fixture
def scanned_here(monkeypatch) -> None:
    """Workbooks scanned in this process."""
    from indicators.entry.scan import scan

    monkeypatch.setattr(subsidy_cases, "read_workbook", scan)


def sheet(*rows, hide: str = "") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if hide:
        book.active.row_dimensions[int(hide)].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(text: str) -> bytes:
    return text.encode()


def send(browser: Client, content: bytes, name: str = "a.csv", **more):
    return browser.post("/subsidy/cases/", {"file": SimpleUploadedFile(name, content), **more})


# --- one person ---


def test_an_amount_and_a_day_give_the_bands_and_the_other_readings(browser):
    page = browser.get("/subsidy/", {"amounts": "80,000.00", "day": "2017-06-30"})
    result = page.context["result"]
    assert (result["subsidy"], result["left"]) == ("40,250.00", "39,750.00")
    assert [(one["amount"], one["rate"], one["subsidy"]) for one in result["segments"]] == [
        ("15,000.00", "0%", "0.00"),
        ("35,000.00", "55%", "19,250.00"),
        ("30,000.00", "70%", "21,000.00"),
    ]
    assert [(one["subsidy"], one["off"], one["in_use"]) for one in result["readings"]] == [
        ("40,250.00", "0.00", True),
        ("56,000.00", "+15,750.00", False),
        ("45,500.00", "+5,250.00", False),
    ]
    text = page.content.decode()
    assert "四(四)2" in text
    assert "待确认" in text


def test_several_stays_of_a_year_are_added_up(browser):
    """9,000 + 12,000 = 21,000: 3,300 for the year, nothing stay by stay."""
    for typed in ("9000 + 12000", "9000、12000", "９０００ 12,000元"):
        result = browser.get("/subsidy/", {"amounts": typed}).context["result"]
        assert (result["paid"], result["subsidy"]) == ("21,000.00", "3,300.00")
        assert (result["readings"][-1]["subsidy"], result["readings"][-1]["off"]) == ("0.00", "−3,300.00")


def test_half_a_fen_stands_in_the_band_and_is_rounded_in_the_sum(browser):
    result = browser.get("/subsidy/", {"amounts": "15000.01"}).context["result"]
    assert (result["segments"][1]["subsidy"], result["subsidy"]) == ("0.0055", "0.01")


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        ("-1", "自付金额不能为负数"),
        ("1.001", "自付金额最多两位小数（到分）"),
        ("100000000", "自付金额过大（上限 99,999,999.99 元），请核对单位是不是元"),
        ("60000000 60000000", "自付金额过大（上限 99,999,999.99 元），请核对单位是不是元"),
        ("三万", "“三万”不是金额，应写成 30000.00 这样的数，单位元"),
        ("NaN", "“NaN”不是金额，应写成 30000.00 这样的数，单位元"),
        ("1e5", "“1e5”不是金额，应写成 30000.00 这样的数，单位元"),
        ("1_000", "“1_000”不是金额，应写成 30000.00 这样的数，单位元"),
        ("٣٤", "“٣٤”不是金额，应写成 30000.00 这样的数，单位元"),
        ("1,0000", "“1,0000”不是金额，应写成 30000.00 这样的数，单位元"),
        ("", "请填自付金额。"),
        ("1 " * 51, "一次最多合计 50 笔"),
        ("9" * 601, "文字过长（最多 600 个字符）"),
    ],
)
def test_what_is_no_amount_is_said_in_chinese(browser, amounts, told):
    page = browser.get("/subsidy/", {"amounts": amounts})
    assert (page.status_code, page.context["asked"].errors) == (422, {"amounts": told})
    assert page.context["result"] is None


@pytest.mark.parametrize("field", ["amounts", "day"])
def test_an_identity_number_is_sent_away_and_not_repeated(browser, field):
    page = browser.get("/subsidy/", {field: "３3042419620304051X"}, follow=True)
    assert page.redirect_chain == [("/subsidy/", 302)]
    text = page.content.decode()
    assert "疑似身份证号码" in text
    assert "19620304" not in text


def test_a_day_without_a_scheme_and_a_day_that_is_none(browser):
    before = browser.get("/subsidy/", {"amounts": "30000", "day": "2014-12-31"})
    assert before.status_code == 422
    assert before.context["asked"].errors == {"day": "2014-12-31没有生效的补助参数：W03 W04 W05 W06"}
    for day in ("2017-02-29", "x", "99999-01-01"):
        assert "day" in browser.get("/subsidy/", {"amounts": "30000", "day": day}).context["asked"].errors


def test_the_clause_and_the_indicators_lead_there(browser):
    assert 'href="/subsidy/"' in browser.get("/plan/四(四)2/").content.decode()
    assert 'href="/contribution-base/"' in browser.get("/plan/四(三)4/").content.decode()
    assert 'href="/subsidy/"' in browser.get("/indicators/A14/").content.decode()
    assert 'href="/contribution-base/"' in browser.get("/indicators/A12b/").content.decode()


# --- dated parameters ---


def test_a_scheme_holds_from_its_day_on(real_plan):
    """From 2017-01-01 the second band pays 80 %: 80,000 pays 19,250 + 24,000."""
    Parameter.objects.create(code="W06", name="x", series="新", unit="%", value=D(80), valid_from=date(2017, 1, 1))
    schemes = Schemes()
    assert schemes.on(date(2016, 12, 31)).scheme.rates == (55, 70)
    assert schemes.on(date(2017, 1, 1)).scheme.rates == (55, 80)
    assert schemes.on(DAY).funding == 30


def test_parameters_that_contradict_each_other_give_no_scheme(real_plan):
    Parameter.objects.filter(code="W04").update(value=D(15000))
    with pytest.raises(NoScheme) as none:
        Schemes().on(DAY)
    assert none.value.missing == ()


def _from(day: date, **values) -> None:
    for code, value in values.items():
        Parameter.objects.create(
            code=code, name="x", series="新", unit="代码", value=D(value), valid_from=day, standing="official"
        )


@pytest.fixture
def changed(browser) -> Client:
    """From 2017 the whole amount at its band's rate, 50,000 a case at most, stay by stay."""
    _from(date(2017, 1, 1), W07=2, W08=50000, W09=2)
    return browser


def test_reading_cap_and_what_is_added_up_hold_from_their_day_on(changed):
    """80,000 × 70 % is 56,000, of which 50,000 are paid; the year before as segmented: 40,250."""
    ask = {"amounts": "80000", "day": "2017-06-30"}
    page = changed.get("/subsidy/", ask)
    assert page.context["result"]["subsidy"] == "50,000.00"
    assert page.context["result"]["capped"] == "按封顶线 50,000.00 元补助"
    assert [(one["amount"], one["subsidy"]) for one in page.context["result"]["segments"]] == [
        ("0.00", "0.00"),
        ("0.00", "0.00"),
        ("80,000.00", "56,000.00"),
    ]
    assert page.context["reading"] == {"words": "全额按档、逐次住院计算、封顶 50,000.00 元", "pending": False}
    assert page.context["period"] == "2017-01-01 起适用的一组"
    (other,) = page.context["other_sets"]
    assert other["label"] == "2015-01-01 至 2016-12-31 适用的一组"
    assert other["words"] == "分段计算、按结算年度累计、不封顶"
    before = changed.get(other["url"])
    assert before.context["result"]["subsidy"] == "40,250.00"
    assert before.context["reading"]["pending"]


def test_stay_by_stay_is_reckoned_where_the_parameter_says_so(changed):
    """15,000 and 60,000 whole: 8,250 + 42,000; as a year 75,000 × 70 % = 52,500, capped at 50,000."""
    result = changed.get("/subsidy/", {"amounts": "15000 60000", "day": "2017-06-30"}).context["result"]
    assert result["subsidy"] == "50,250.00"
    assert [(one["name"], one["subsidy"]) for one in result["readings"]][-1] == ("按结算年度累计", "50,000.00")


def test_a_sheet_takes_each_case_by_the_set_of_its_day(changed):
    content = csv("序号,自付金额,结算日期\n1,80000,2016-12-31\n2,80000,2017-01-01\n3,15000,2017-01-01\n")
    assert send(changed, content).context["subsidy"] == "98,500.00"  # 40,250 + 50,000 + 8,250
    answer = openpyxl.load_workbook(io.BytesIO(send(changed, content, workbook="1").content)).active
    assert answer["H7"].value == "=ROUND(IF(AND(C7>=D7,C7<E7),C7,0),2)"
    assert answer["J7"].value == "=MIN(ROUND((ROUND(H7*100,0)*F7+ROUND(I7*100,0)*G7)/100,0)/100,M7)"
    assert [(answer[f"L{row}"].value, answer[f"M{row}"].value) for row in (6, 7)] == [
        ("分段计算", None),
        ("全额按档", 50000),
    ]


def test_without_the_three_the_sentence_is_read_as_before(browser):
    Parameter.objects.filter(code__in=["W07", "W08", "W09"]).delete()
    page = browser.get("/subsidy/", {"amounts": "80000", "day": "2017-06-30"})
    assert page.context["result"]["subsidy"] == "40,250.00"
    assert page.context["reading"] == {"words": "分段计算、按结算年度累计、不封顶", "pending": True}


def test_a_choice_that_is_none_gives_no_scheme_and_is_refused_in_the_settings(real_plan):
    assert value_problem("W07", D(4)) == "W07 只能取 1、2、3"
    assert value_problem("W09", D("1.5")) == "W09 只能取 1、2"
    assert value_problem("W08", D("-1")) == "W08 是金额，单位元，不能为负，最多两位小数"
    assert value_problem("W05", D(101)) == "W05 是比例，应在 0 至 100 之间"
    assert [value_problem(code, D(1)) for code in ("W05", "W07", "W08", "W09", "W01")] == [""] * 5
    Parameter.objects.filter(code="W07").update(value=D(4))
    with pytest.raises(NoScheme):
        Schemes().on(DAY)


# --- many cases ---

GOOD = csv('序号,自付金额（元）,结算日期\r\n1,15000.01,\r\n2,"80,000",2016年3月1日\r\n3,9000,2017/5/6\r\n')


def test_a_text_file_of_cases_is_answered_with_totals(browser):
    page = send(browser, GOOD, day="2017-06-30")
    assert page.status_code == 200
    assert [page.context[name] for name in ("count", "paid", "subsidy", "left")] == [
        3, "104,000.01", "40,250.01", "63,750.00",
    ]  # fmt: skip
    assert [(one["number"], one["day"], one["subsidy"]) for one in page.context["rows"]] == [
        (1, "2017-06-30", "0.01"),
        (2, "2016-03-01", "40,250.00"),
        (3, "2017-05-06", "0.00"),
    ]
    assert not StoredFile.objects.exists()
    assert not Upload.objects.exists()


def test_a_workbook_of_cases_goes_through_the_limited_child(browser):
    """Numbers as doubles (15000.01), real dates, blank rows between."""
    content = sheet(["结算日期", "序号", "自付金额"], [date(2016, 3, 1), 1, 15000.01], [], [None, "2", "200000"])
    page = send(browser, content, "a.xlsx", day="2017-06-30")
    assert [(one["number"], one["day"], one["subsidy"]) for one in page.context["rows"]] == [
        (1, "2016-03-01", "0.01"),
        (2, "2017-06-30", "124,250.00"),
    ]


def test_the_answer_as_a_workbook_has_live_formulas_and_the_same_sums(browser):
    answer = send(browser, GOOD, day="2017-06-30", workbook="1")
    assert answer["Content-Disposition"].startswith("attachment")
    formulas = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    values = openpyxl.load_workbook(io.BytesIO(answer.content), data_only=True).active
    assert formulas["J6"].value == "=ROUND((ROUND(H6*100,0)*F6+ROUND(I6*100,0)*G6)/100,0)/100"
    assert [values[f"J{row}"].value for row in (4, 6, 7, 8)] == [40250.01, 0.01, 40250, 0]
    assert (formulas["J4"].value, formulas["K7"].value) == ("=SUM(J6:J8)", "=C7-J7")


def test_the_template_is_taken_back_when_filled(browser, scanned_here):
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/subsidy/cases/template.xlsx").content))
    book.active.append([1, 30000, date(2017, 1, 5)])
    out = io.BytesIO()
    book.save(out)
    assert send(browser, out.getvalue(), "a.xlsx").context["subsidy"] == "8,250.00"


def problems(page) -> list[tuple]:
    assert page.status_code == 422
    return [(one["row"], one["column"], one["rule"]) for one in page.context["problems"]]


def test_columns_about_people_are_refused_by_name(browser):
    page = send(browser, csv("序号,姓名,自付金额,身份证号\r\n1,王小明,30000,33042419620304051X\r\n"))
    assert problems(page) == [
        ("", "B", "不收“姓名”这一列；只要序号、自付金额、结算日期"),
        ("", "D", "不收“身份证号”这一列；只要序号、自付金额、结算日期"),
    ]
    assert "王小明" not in page.content.decode()


def test_every_bad_cell_is_told_at_once_and_nothing_personal_repeated(browser):
    page = send(
        browser,
        csv(
            "序号,自付金额,结算日期\n1,-5,\n王小明,100,\n3,王小明,\n33042419620304051X,100,\n1,100,2017-13-01\n"
            "6,1.234,2014-01-01\n,100,\n8,,\n9,330424196203040512,\n10,1e9,,备注\n11,100000000,\n12,=1+1,\n"
        ),
    )
    assert problems(page) == [
        (2, "B", "自付金额不能为负数"),
        (3, "A", "疑似姓名，本系统不收个人信息；序号只写数字"),
        (4, "B", "不是金额；只写数，单位元，不写文字"),
        (5, "A", "疑似身份证号码，本系统不收个人信息，请删去"),
        (6, "A", "序号 1 与第2行重复"),
        (6, "C", "日期写法不对，应为 2017-06-30 这样。"),
        (7, "B", "自付金额最多两位小数（到分）"),
        (7, "C", "2014-01-01没有生效的补助参数：W03 W04 W05 W06"),
        (8, "A", "缺少序号"),
        (9, "B", "缺少自付金额"),
        (10, "B", "疑似身份证号码，本系统不收个人信息，请删去"),
        (11, "D", "这一列没有标题，不能有内容"),
        (11, "B", "不是金额；只写数，单位元，不写文字"),
        (12, "B", "自付金额过大（上限 99,999,999.99 元），请核对单位是不是元"),
        (13, "B", "不是金额；只写数，单位元，不写文字"),
    ]
    text = page.content.decode()
    assert "王小明" not in text
    assert "19620304" not in text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "没有可计算的数据"),
        (csv("序号,自付金额\n"), "没有可计算的数据"),
        (csv("序号\n1\n"), "第一行缺少标题：自付金额"),
        (csv("序号,自付金额,自付金额\n1,2,3\n"), "“自付金额”这一列重复"),
        (
            csv("序号,自付金额\n") + b"\n".join(b"%d,1" % one for one in range(1, 5002)),
            "一次最多 5000 行，请分成几个文件",
        ),
        (b"PK\x03\x04broken", "文件已损坏或大小不符，请用表格软件重新另存为 .xlsx 后再传"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "不是 .xlsx 文件（可能是 .xls 或 .et），请另存为 .xlsx 后再传"),
        (b"\0\1\2", "不是 CSV 文本文件；请另存为“CSV UTF-8”后再传"),
        (sheet(["序号", "自付金额"], [1, 2], [2, 3], hide="3"), "第3行被隐藏但有数据；取消隐藏或筛选，核对后再传"),
        (sheet(["序号", "自付金额"], [1, "=1+1"]), "公式没有算出结果，请改成数"),
        (sheet(["序号", "自付金额"], [1, True]), "不是金额；只写数，单位元，不写文字"),
        (sheet(["序号", "自付金额"], [1, date(2017, 1, 1)]), "单元格是日期或百分比格式，请改成数"),
        (sheet(["序号", "自付金额"], [1, 15000.005]), "自付金额最多两位小数（到分）"),
        (sheet(["序号", "自付金额"], [1, 330424620304051]), "疑似身份证号码，本系统不收个人信息，请删去"),
    ],
)
def test_files_that_cannot_be_taken(browser, scanned_here, content, told):
    assert told in [rule for _row, _column, rule in problems(send(browser, content))]


def test_five_thousand_cases_are_taken(browser):
    content = csv("序号,自付金额\n") + b"\n".join(b"%d,15000.01" % one for one in range(1, 5001))
    page = send(browser, content)
    assert (page.context["count"], page.context["subsidy"], len(page.context["rows"])) == (5000, "50.00", 100)


def test_nothing_sent_is_an_error_of_the_form(browser):
    page = browser.post("/subsidy/cases/", {})
    assert page.status_code == 422
    assert page.context["form"].errors["file"] == ["请选择一个 .csv 或 .xlsx 文件。"]


# --- the contribution-base line ---

SERIES = [  # catalogue 5.3, worked out there by hand
    ("2013年", "全社会单位在岗职工", "44,513", "3,709.42", "2,967.53", "2,225.65"),
    ("2014年", "全社会单位就业人员", "48,145", "4,012.08", "3,209.67", "2,407.25"),
    ("2014年", "全社会单位在岗职工", "48,372", "4,031.00", "3,224.80", "2,418.60"),
    ("2015年", "全社会单位就业人员", "51,463", "4,288.58", "3,430.87", "2,573.15"),
    ("2016年", "全社会单位就业人员", "56,068", "4,672.33", "3,737.87", "2,803.40"),
]


def test_every_wage_of_the_catalogue_has_its_lines(browser):
    rows = browser.get("/contribution-base/").context["wages"]
    told = [tuple(one[name] for name in ("year", "series", "yearly", "monthly", "line", "floor")) for one in rows]
    assert told[:5] == SERIES
    assert told[5][2:5] == ("73,326", "6,110.50", "4,888.40")
    assert [one["in_use"] for one in rows] == [True, True, False, True, True, False]
    assert [one["pending"] for one in rows] == [True, True, True, True, False, True]


def test_the_line_moves_in_the_months_a_wage_comes_into_force(browser):
    Installation.objects.update(business_date=date(2017, 5, 9))
    page = browser.get("/contribution-base/")
    rows = page.context["rows"]
    assert len(rows) == 36
    assert [(one["month"], one["line"]) for one in rows if one["changed"]] == [
        ("2015年6月", "3,209.67"),
        ("2016年6月", "3,430.87"),
        ("2017年6月", "3,737.87"),
    ]
    assert (rows[0]["month"], rows[0]["line"], rows[-1]["line"]) == ("2015年1月", "2,967.53", "3,737.87")
    assert page.context["headline"] == "2017年5月缴费基数底线每月 3,430.87 元"


def test_csv_and_workbook_say_the_same(browser):
    lines = browser.get("/contribution-base/months.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 37
    assert lines[1].split(",")[:8] == [
        "2015-01", "2013年", "全社会单位在岗职工", "44513", "3709.42", "80", "2967.53", "2225.65",
    ]  # fmt: skip
    content = browser.get("/contribution-base/months.xlsx").content
    formulas = openpyxl.load_workbook(io.BytesIO(content)).active
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True).active
    assert (formulas["G5"].value, values["G5"].value, values["G40"].value) == ("=ROUND(D5*F5/1200,2)", 2967.53, 3737.87)


def test_another_share_in_the_target_moves_the_line(real_plan):
    """75 % of 44,513 / 12 is 2,782.0625."""
    from bureau.models import Area
    from indicators.models import Target

    county = Area.objects.get(level=Area.Level.COUNTY)
    Target.objects.filter(reading__indicator__code="A12b", area=county).update(value=D(75))
    assert contribution_base.table(county.pk).months[0].lines.share == D("2782.06")
