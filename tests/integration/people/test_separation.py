"""三权分立: the database itself keeps the administrators' offices apart from each other and from business."""

from __future__ import annotations

import itertools
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from bureau.models import Duty, Grant, Section, User

Role = Grant.Role
ADMINISTRATORS = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)
APART = [(one, other) for one in ADMINISTRATORS for other in Role if one != other]


def values_of(role: str) -> dict:
    """What a grant of the role needs besides its holder."""
    if role in (Role.SECTION_CLERK, Role.REVIEWER):
        return {"role": role, "section": Section.objects.get_or_create(code="jyj", name="就业局")[0]}
    if role in (Role.VILLAGE_ASSISTANT, Role.TOWN_CLERK, Role.TOWN_CHECKER):
        from bureau.models import Area

        return {"role": role, "area": Area.objects.get_or_create(code="330424101", level="county", number=1)[0]}
    return {"role": role}


@pytest.fixture
def user(db) -> User:
    return User.objects.create(username="one")


def test_there_are_three_administrators_and_seven_other_roles():
    assert len(APART) == 27, "each administrator against the nine other roles"


@pytest.mark.parametrize(("first", "second"), [*APART, *((b, a) for a, b in APART if b not in ADMINISTRATORS)])
@pytest.mark.parametrize("way", ["save", "bulk_create"])
def test_no_two_that_must_be_apart_meet_in_one_account(user, first, second, way):
    Grant.objects.create(user=user, **values_of(first))
    grant = Grant(user=user, **values_of(second))
    write = grant.save if way == "save" else lambda: Grant.objects.bulk_create([grant])
    with pytest.raises(IntegrityError), transaction.atomic():
        write()
    assert [grant.role for grant in user.grants.all()] == [first]


@pytest.mark.parametrize("pair", list(itertools.combinations([r for r in Role if r not in ADMINISTRATORS], 2)))
def test_business_roles_join_freely(user, pair):
    for role in pair:
        Grant.objects.create(user=user, **values_of(role))
    assert user.grants.count() == 2
    assert user.duty.kind == Duty.Kind.BUSINESS


def raw(sql: str, *params: object) -> None:
    """Run it past all of Django, deferred checks included."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        connection.check_constraints()


INSERT = "INSERT INTO bureau_grant (user_id, duty_id, role) VALUES (%s, %s, %s)"


@pytest.mark.parametrize(("first", "second"), APART)
def test_raw_sql_does_not_join_them_either(user, first, second):
    values = values_of(first)
    Grant.objects.create(user=user, **values)
    scope = {key: value.pk for key, value in values_of(second).items() if key != "role"}
    columns = "".join(f", {key}_id" for key in scope)
    insert = f"INSERT INTO bureau_grant (user_id, duty_id, role{columns}) VALUES (%s, %s, %s{', %s' * len(scope)})"
    held, demanded = f"{user.pk}:{Duty.kind_of(first)}", f"{user.pk}:{Duty.kind_of(second)}"
    for duty in (held, demanded, None, ""):
        with pytest.raises(IntegrityError):
            raw(insert, user.pk, duty, second, *scope.values())
    with pytest.raises(IntegrityError):
        raw("INSERT INTO bureau_duty (key, user_id, kind) VALUES (%s, %s, %s)", demanded, user.pk, Duty.kind_of(second))
    with pytest.raises(IntegrityError):
        raw("UPDATE bureau_grant SET role = %s WHERE user_id = %s", second, user.pk)
    with pytest.raises(IntegrityError):
        raw("UPDATE bureau_duty SET kind = %s WHERE user_id = %s", Duty.kind_of(second), user.pk)
    with pytest.raises(IntegrityError):
        raw("UPDATE bureau_duty SET kind = %s, key = %s WHERE user_id = %s", Duty.kind_of(second), demanded, user.pk)


def test_a_grant_does_not_borrow_another_accounts_duty(user):
    other = User.objects.create(username="other")
    Grant.objects.create(user=other, role=Role.AUDITOR)
    Grant.objects.create(user=user, role=Role.OFFICE)
    with pytest.raises(IntegrityError):
        raw(INSERT, user.pk, f"{other.pk}:auditor", Role.AUDITOR)
    with pytest.raises(IntegrityError):
        raw("UPDATE bureau_grant SET user_id = %s WHERE user_id = %s", user.pk, other.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", [Role.SECURITY_ADMINISTRATOR, Role.LEADER])
def test_of_two_transactions_at_once_one_is_refused(second):
    user = User.objects.create(username="one")
    both_ready, outcomes = threading.Barrier(2), []

    def give(role: str) -> None:
        try:
            both_ready.wait(10)
            with transaction.atomic():
                Grant.objects.create(user_id=user.pk, role=role)
            outcomes.append("given")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=[role]) for role in (Role.AUDITOR, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["given", "refused"]
    assert user.grants.count() == 1
