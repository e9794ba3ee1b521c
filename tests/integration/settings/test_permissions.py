"""Who may see and change which settings: every table × every role, answered by bureau.authorization and nobody else."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from bureau.administration import Asking, SettingsAdmin
from bureau.authorization import ROLES
from bureau.models import Area, Grant, Section, User
from indicators.models import Indicator, ReportingForm, Target
from tests.integration.factories import person
from tests.integration.settings.forms import errors_of, send

pytestmark = pytest.mark.django_db

EVERYTHING = ("view", "add", "change", "delete")
WORDING = ("view", "change")
# What the office may; a reviewer's share below. Who holds neither permission may nothing at all.
OFFICE = {
    "bureau.area": EVERYTHING,
    "bureau.areasuccession": EVERYTHING,
    "bureau.areaalias": EVERYTHING,
    "bureau.section": EVERYTHING,
    "bureau.installation": WORDING,
    "bureau.specialday": EVERYTHING,
    "indicators.deadlinerule": EVERYTHING,
    "indicators.reopening": ("view",),
    "indicators.reminder": ("view",),
    "indicators.plan": WORDING,
    "indicators.clause": WORDING,
    "indicators.domain": WORDING,
    "indicators.planrevisionnote": WORDING,
    "indicators.breakdown": EVERYTHING,
    "indicators.dataitem": EVERYTHING,
    "indicators.balancerule": EVERYTHING,
    "indicators.softrule": EVERYTHING,
    "indicators.reportingform": EVERYTHING,
    "indicators.indicator": EVERYTHING,
    "indicators.reading": EVERYTHING,
    "indicators.indicatorversion": EVERYTHING,
    "indicators.target": EVERYTHING,
    "indicators.parameter": EVERYTHING,
    "indicators.targetrevision": ("view",),
    "indicators.equalityrole": ("view", "add", "change"),
    "indicators.tile": EVERYTHING,
    "indicators.publishedmonth": ("view",),
    "indicators.revision": ("view",),
    "bureau.auditevent": (),
    "tasks.phase": WORDING,
    "tasks.task": WORDING,
    "tasks.project": WORDING,
    "tasks.scheme": EVERYTHING,
    "tasks.criterion": EVERYTHING,
}
REVIEWER = {
    "indicators.breakdown": ("view",),
    "indicators.balancerule": ("view",),
    "indicators.softrule": ("view",),
    **dict.fromkeys(
        (
            "indicators.dataitem",
            "indicators.reportingform",
            "indicators.indicator",
            "indicators.reading",
            "indicators.indicatorversion",
            "indicators.target",
        ),
        EVERYTHING,
    ),
}
AUDITOR = {"bureau.auditevent": ("view",)}


def expected(role: str, table: str) -> tuple[str, ...]:
    by_role = {Grant.Role.OFFICE: OFFICE, Grant.Role.REVIEWER: REVIEWER, Grant.Role.AUDITOR: AUDITOR}
    return by_role.get(role, {}).get(table, ())


@pytest.fixture
def one_of(real_plan, db):
    """An account with one role, over the scope it takes."""
    town = Area.objects.filter(level="town").order_by("code")[0]
    village = Area.objects.filter(level="village").order_by("code")[0]
    section = Section.objects.get(code="jyj")
    scopes = {
        Grant.Role.TOWN_CLERK: town,
        Grant.Role.TOWN_CHECKER: town,
        Grant.Role.VILLAGE_ASSISTANT: village,
        Grant.Role.SECTION_CLERK: section,
        Grant.Role.REVIEWER: section,
    }

    def make(role: str) -> User:
        return person(f"one-{role}", (role, scopes.get(role)))

    return make


def test_every_table_registered_asks_our_authorization_and_stands_in_the_table_here():
    registered = {model._meta.label_lower: one for model, one in admin.site._registry.items()}
    assert set(registered) == set(OFFICE)
    for label, one in registered.items():
        assert isinstance(one, SettingsAdmin), label
        assert all(issubclass(inline, Asking) for inline in one.inlines), label
        assert one.actions is None, label
        for name in EVERYTHING:
            owner = next(c for c in type(one).__mro__ if f"has_{name}_permission" in vars(c))
            assert not owner.__module__.startswith("django."), (label, name)
    assert not list(admin.site.actions)


def test_a_class_that_asks_nobody_cannot_be_registered():
    with pytest.raises(TypeError):
        admin.site.register(User, admin.ModelAdmin)
    with pytest.raises(TypeError):
        admin.site.register(User)


@pytest.mark.parametrize("role", list(ROLES))
def test_each_role_may_what_the_table_says(role, one_of):
    request = RequestFactory().get("/settings/")
    request.user = one_of(role)
    for model, one in admin.site._registry.items():
        label = model._meta.label_lower
        may = tuple(name for name in EVERYTHING if getattr(one, f"has_{name}_permission")(request))
        assert may == expected(role, label), label


@pytest.mark.parametrize("role", [Grant.Role.OFFICE, Grant.Role.REVIEWER, Grant.Role.AUDITOR, Grant.Role.LEADER])
def test_the_pages_answer_as_the_permissions_say(role, one_of):
    client = Client()
    client.force_login(one_of(role))
    opens = any(expected(role, table) for table in OFFICE)
    assert client.get("/settings/").status_code == (200 if opens else 403)
    for table in OFFICE:
        app, name = table.split(".")
        listed = client.get(reverse(f"admin:{app}_{name}_changelist")).status_code
        assert listed == (200 if "view" in expected(role, table) else 403), table
        added = client.get(reverse(f"admin:{app}_{name}_add")).status_code
        assert added == (200 if "add" in expected(role, table) else 403), table


def test_a_superuser_who_is_staff_gets_nothing_by_it(real_plan, db):
    user = User.objects.create(username="root", is_superuser=True, is_staff=True)
    client = Client()
    client.force_login(user)
    assert client.get("/settings/").status_code == 403
    assert client.get("/settings/indicators/target/").status_code == 403


def test_the_office_needs_not_be_staff(one_of):
    client = Client()
    user = one_of(Grant.Role.OFFICE)
    assert not user.is_staff
    client.force_login(user)
    assert client.get("/settings/").status_code == 200


def test_who_is_not_signed_in_is_sent_to_our_own_page_and_there_is_no_other(db):
    client = Client()
    for path in ("/settings/", "/settings/indicators/target/", "/settings/jsi18n/"):
        assert client.get(path).headers["Location"] == f"/account/login/?next={path}"
    assert client.get("/settings/login/").headers["Location"] == "/account/login/?next=/settings/"
    for path in ("logout", "password_change", "password_change/done"):
        assert client.get(f"/settings/{path}/").headers["Location"].startswith("/account/login/")


def test_accounts_and_grants_are_not_settings():
    assert not admin.site.is_registered(User)
    assert not admin.site.is_registered(Grant)


def test_a_reviewer_reaches_his_sections_rows_and_others_read_like_nothing(people, sign_in):
    client = sign_in(people.reviewer)
    own = Indicator.objects.filter(section=people.jyj)[0]
    other = Indicator.objects.filter(section=people.sbj)[0]
    target = Target.objects.filter(reading__indicator__section=people.sbj)[0]
    form = ReportingForm.objects.filter(section=people.sbj)[0]
    assert client.get(f"/settings/indicators/indicator/{own.pk}/change/").status_code == 200
    listed = client.get("/settings/indicators/indicator/").content.decode()
    assert own.name in listed
    assert other.name not in listed
    for table, row in (("indicator", other), ("target", target), ("reportingform", form)):
        for page in ("change", "delete", "history"):
            there = client.get(f"/settings/indicators/{table}/{row.pk}/{page}/")
            absent = client.get(f"/settings/indicators/{table}/99999999/{page}/")
            assert (there.status_code, absent.status_code) == (404, 404), (table, page)
            assert there.content == absent.content, (table, page)
        assert (
            client.post(f"/settings/indicators/{table}/{row.pk}/change/", {"reason": "试试看能不能"}).status_code == 404
        )


def test_a_reviewer_cannot_put_his_indicator_into_another_section(people, sign_in):
    own = Indicator.objects.filter(section=people.jyj)[0]
    response = send(sign_in(people.reviewer), f"/settings/indicators/indicator/{own.pk}/change/", section=people.sbj.pk)
    assert response.status_code == 422
    assert set(errors_of(response)) == {"section"}


def test_which_reading_is_official_is_not_the_reviewers(people, sign_in):
    reading = Indicator.objects.get(code="A02").readings.get(official=False)
    page = sign_in(people.reviewer).get(f"/settings/indicators/reading/{reading.pk}/change/")
    fields = page.context["adminform"].form.fields
    assert "official" not in fields
    assert "decided_on" not in fields
    assert "name" in fields


def test_a_filter_by_a_number_no_column_holds_is_answered(people, sign_in):
    """SQLite cannot take the number (a wrong filter), PostgreSQL finds no row by it."""
    client = sign_in(people.office)
    answer = client.get(f"/settings/indicators/target/?reading={10**40}", follow=True)
    assert (answer.status_code, [status for _url, status in answer.redirect_chain]) in [(200, [302]), (200, [])]
