"""Every duty of the plan's sections four and five is carried by a task or project tied to its clause, and back.

Listed by hand from the plan, each in a few words of our own; nothing here is read from the fixtures.
"""

from __future__ import annotations

import re

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from bureau.models import Grant
from indicators.models import Clause, Indicator
from tasks.models import Deliverable, Project, Task
from tests.integration.factories import person

# Clause, the duty in short, the tasks and projects that carry it.
DUTIES: tuple[tuple[str, str, str], ...] = (
    ("四(一)1", "免费就业服务不分城乡", "T01"),
    ("四(一)1", "就业困难人员援助不分城乡", "T01 T02"),
    ("四(一)1", "特定群体专项服务", "T01 T02"),
    ("四(一)1", "服务资源在城乡间配置", "T01"),
    ("四(一)1", "毕业生、转移劳动力、失业人员、残疾人就业", "T02"),
    ("四(一)1", "零就业家庭出现一户消除一户", "T03"),
    ("四(一)1", "失业保险参保职工政策统一", "T04"),
    ("四(一)2", "劳务合作社规范", "T05"),
    ("四(一)2", "用工信息共享与对接", "T05"),
    ("四(一)2", "富余劳动力应转尽转", "T05"),
    ("四(一)3", "培训政策城乡统一", "T06"),
    ("四(一)3", "在岗职工技能提升", "T06"),
    ("四(一)3", "失业和转移人员培训", "T06"),
    ("四(一)3", "愿意培训的都能培训", "T06"),
    ("四(二)1", "社保、培训、岗位补贴和贴息", "T07"),
    ("四(二)1", "咨询到跟踪的全程创业服务", "T08"),
    ("四(二)1", "三千人创业培训", "T08"),
    ("四(二)2", "特色创业小镇方案", "T09"),
    ("四(二)2", "两个特色创业小镇", "T09 P01 P02"),
    ("四(二)2", "农村电商创业", "T10"),
    ("四(二)2", "电商创业孵化园", "T10 P03"),
    ("四(二)2", "农村电商平台", "T10 P04"),
    ("四(二)2", "农村电商物流企业", "T10 P05"),
    ("四(二)2", "村村有电商服务站", "T10 P06"),
    ("四(三)1", "户籍居民全部参保登记", "T11 P14"),
    ("四(三)1", "农村大龄未参保人员扩面", "T12"),
    ("四(三)1", "残疾人和三低人员参保补贴", "T12"),
    ("四(三)1", "应保尽保、都享受待遇", "T12"),
    ("四(三)2", "被征地人员保障办法统一", "T13 P13"),
    ("四(三)2", "被征地人员待遇统一并提高", "T13"),
    ("四(三)2", "被征地人员待遇调整机制", "T13"),
    ("四(三)3", "合作社、家庭农场、职业农民参加职工养老", "T14"),
    ("四(三)3", "被征地、居民养老和残疾人员转接职工养老", "T14"),
    ("四(三)3", "职工养老待遇人员占比与人均待遇", "T14"),
    ("四(三)4", "缴费基数核定", "T15"),
    ("四(三)4", "缴费基数督查", "T15"),
    ("四(四)1", "两项医保管理接轨", "T16"),
    ("四(四)1", "两项医保经办接轨", "T16"),
    ("四(四)1", "两项医保待遇差距缩小", "T16"),
    ("四(四)2", "统一大病保险", "T17 P12"),
    ("四(四)2", "大病筹资下限", "T17"),
    ("四(四)2", "住院自付分段二次补助", "T17"),
    ("四(四)3", "报销向基层倾斜", "T18"),
    ("四(四)3", "分级诊疗", "T18"),
    ("四(五)1一", "基层平台四化", "T19 P11"),
    ("四(五)1一", "服务标准", "T19 P11"),
    ("四(五)1二", "专职协理员", "T20"),
    ("四(五)1二", "基层业务培训", "T20"),
    ("四(五)1三", "流程精简", "T21"),
    ("四(五)1三", "审批审核事项下放", "T21"),
    ("四(五)1三", "镇村窗口扩容", "T21"),
    ("四(五)1", "法律法规宣传", "T22"),
    ("四(五)2一", "网上办事平台", "T23 P09"),
    ("四(五)2一", "县镇村信息网络贯通", "P10"),
    ("四(五)2二", "就业状态入户调查登记", "T24"),
    ("四(五)2二", "基础信息数据库", "T24 P07"),
    ("四(五)2二", "实名制动态管理", "T24"),
    ("四(五)2三", "人力资源市场信息网络", "T25 P08"),
    ("四(五)2三", "供求信息统一采集发布", "T25"),
    ("五(一)", "领导小组", "T26"),
    ("五(二)", "配套政策和措施", "T28 T29"),
    ("五(二)", "定量指标体系", "T27"),
    ("五(二)", "重点建设项目表", "T28"),
    ("五(二)", "时间表和路线图", "T28"),
    ("五(二)", "监督检查", "T29"),
    ("五(二)", "目标倒逼", "T29"),
    ("五(二)", "考核和问责", "T29"),
    ("五(三)1", "全面摸底调研", "T30"),
    ("五(三)1", "实施方案", "T30"),
    ("五(三)1", "指标体系", "T27 T30"),
    ("五(三)2", "项目推进计划", "T31"),
    ("五(三)2", "明确项目负责科室", "T31"),
    ("五(三)2", "研究解决问题", "T31"),
    ("五(三)3", "全面总结", "T32"),
    ("五(三)3", "经验材料", "T32"),
)
# A duty's part that stands under a clause beside its own: the indicator system is asked for in 五(二) and 五(三)1.
BESIDE = {("五(三)1", "T27")}
PAPERS = {
    "G01": "五(三)1",
    "G02": "五(三)1",
    "G03": "五(三)1",
    "G04": "五(三)2",
    "G05": "五(三)2",
    "G06": "五(三)3",
    "G07": "五(三)3",
}


@pytest.fixture(scope="module")
def ledger(real_plan, django_db_blocker) -> dict[str, str]:
    """Code of a task or project → the number of its clause, as loaded."""
    with django_db_blocker.unblock():
        rows = [model.objects.values_list("code", F("clause__number")) for model in (Task, Project)]
        return {code: number for found in rows for code, number in found}


@pytest.fixture
def reader(db) -> Client:
    client = Client()
    client.force_login(person("reader", (Grant.Role.LEADER, None)))
    return client


@pytest.mark.parametrize(("clause", "duty", "codes"), DUTIES, ids=[f"{clause} {duty}" for clause, duty, _c in DUTIES])
def test_every_duty_is_a_task_or_project_of_its_clause(ledger, clause, duty, codes):
    for code in codes.split():
        assert code in ledger, f"{duty}: no {code}"
        assert ledger[code] == clause or (clause, code) in BESIDE, f"{duty}: {code} is of {ledger[code]}"


def test_every_task_and_project_of_the_plan_carries_a_duty(ledger):
    carrying = {code for _clause, _duty, codes in DUTIES for code in codes.split()}
    assert carrying == set(ledger) == {*(f"T{n:02}" for n in range(1, 33)), *(f"P{n:02}" for n in range(1, 15))}


def test_every_clause_that_asks_for_something_in_four_and_five_has_its_duty(db, ledger):
    lowest = Clause.objects.filter(children__isnull=True, number__regex="^[四五]").values_list("number", flat=True)
    assert {clause for clause, _duty, _codes in DUTIES} >= set(lowest)


def test_the_papers_of_the_phases_belong_to_their_tasks(db, ledger):
    for paper in Deliverable.objects.select_related("phase__clause").prefetch_related("tasks__clause"):
        clauses = {task.clause.number for task in paper.tasks.all()}
        assert paper.phase.clause.number == PAPERS[paper.code]
        assert PAPERS[paper.code] in clauses or paper.code == "G04", paper.code
    assert Deliverable.objects.count() == len(PAPERS)


def test_each_clause_leads_to_its_indicators_and_tasks_and_each_task_back(reader, ledger):
    """Of sections three to five, as the pages have it."""
    by_clause: dict[str, set[str]] = {}
    for code, number in ledger.items():
        by_clause.setdefault(number, set()).add(code)
    for clause in Clause.objects.filter(number__regex="^[三四五]"):
        text = reader.get(reverse("clause", args=[clause.number])).content.decode()
        links = set(re.findall(r'href="(/[^"?#]*)', text))
        indicators = Indicator.objects.filter(clauses=clause).values_list("code", flat=True)
        wanted = {reverse("indicator", args=[code]) for code in indicators}
        wanted |= {reverse("task", args=[code]) for code in by_clause.get(clause.number, ())}
        assert wanted <= links, f"{clause.number} lacks {wanted - links}"
        if not clause.children.exists():
            assert wanted, f"{clause.number} leads nowhere"
    for code, number in ledger.items():
        text = reader.get(reverse("task", args=[code])).content.decode()
        assert (
            f'href="{reverse("clause", args=[number])}"' in text or f'href="{reverse("clause", args=[number])}?' in text
        ), code
