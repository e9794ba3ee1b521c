"""Supervision slips against a small model of them: every role, any order of acts, days that pass, records that fail."""

from __future__ import annotations

from datetime import date, timedelta
from unittest import mock

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from bureau.models import AuditEvent, Grant, Installation
from tasks.models import Extension, Slip, SlipStep
from tests.integration.factories import EAST, W1, person
from tests.integration.tasks.pressing import TODAY
from tests.reliability.scale import number, result

pytestmark = pytest.mark.django_db

EVERYWHERE = ("leader", "office")
OF_SECTION = ("reviewer", "both")  # press what 就业局 answers for
CLERKS = {"section": ("writer", "helper", "both"), "town": ("clerk", "colleague")}
READERS = {"section": ("supporter", "other_reviewer"), "town": ("supporter", "other_reviewer", "checker")}
OUTSIDE = ("assistant", "auditor")
ACTORS = (*EVERYWHERE, *OF_SECTION, "writer", "helper", "clerk", "colleague", "checker", *READERS["section"], *OUTSIDE)
DAY = timedelta(days=1)
PRESSING = ("assign", "drop", "change", "send_back", "conclude", "decide_extension")
ANSWERING = ("accept", "answer", "ask_extension", "withdraw_extension")
LEADING = ("strike_off", "reopen")
WITHOUT_VERSION = ("ask_extension", "decide_extension", "withdraw_extension")
# What an act leads to, by hand: from where, to where ("": it stays).
TO = {
    "assign": (("raised",), "assigned"),
    "drop": (("raised",), "dropped"),
    "change": (("raised", "assigned"), ""),
    "accept": (("assigned",), "accepted"),
    "answer": (("accepted", "returned"), "answered"),
    "send_back": (("answered", "concluded"), "returned"),
    "conclude": (("answered",), "concluded"),
    "strike_off": (("concluded",), "struck_off"),
    "reopen": (("struck_off",), "concluded"),
    **dict.fromkeys(WITHOUT_VERSION, (("assigned", "accepted", "returned"), "")),
}


class Model:
    """What is expected of the slip raised last: state, version, time limit, who answered it, who asks for more time."""

    def __init__(self) -> None:
        self.state = self.owner = self.act = self.by = self.asker = ""
        self.today, self.version, self.moves, self.slips = TODAY, 0, 0, 0
        self.due = self.wanted = TODAY
        self.answered_by: set[str] = set()

    def raise_slip(self, actor: str, owner: str, short: bool) -> int:
        if actor not in (*EVERYWHERE, *OF_SECTION, "other_reviewer"):
            return 403
        if actor == "other_reviewer" or (owner == "town" and actor in OF_SECTION):
            return 422  # not among the units to choose from
        stands = self.owner == owner and self.state not in ("", "dropped", "struck_off")
        return 422 if short or (stands and self.due == self.today + 30 * DAY) else 302

    def raised(self, actor: str, owner: str) -> None:
        today, moves, slips = self.today, self.moves, self.slips
        self.__init__()
        self.state, self.owner, self.version, self.slips = "raised", owner, 1, slips + 1
        self.today, self.due = today, today + 30 * DAY
        self._note("raise", actor, moves)

    def presses(self, actor: str) -> bool:
        return actor in EVERYWHERE or (self.owner == "section" and actor in OF_SECTION)

    def answer_of(self, actor: str, act: str, words: str, fresh: bool) -> int:
        if actor in OUTSIDE:
            return 403
        works = actor in CLERKS[self.owner] + READERS[self.owner]
        if not self.presses(actor) and (not works or self.state in ("raised", "dropped")):
            return 404
        mine = (
            (act in PRESSING and self.presses(actor))
            or (act in ANSWERING and actor in CLERKS[self.owner])
            or (act in LEADING and actor in EVERYWHERE)
        )
        own = act in ("send_back", "conclude") and actor in self.answered_by
        if not mine or own or (act == "send_back" and self.state == "concluded" and actor not in EVERYWHERE):
            return 403
        if not fresh and act not in WITHOUT_VERSION:
            return 409
        if not words and act not in ("assign", "accept", "strike_off", "withdraw_extension"):
            return 422
        return 302 if self.state in TO[act][0] and self._fits(actor, act) else 422

    def _fits(self, actor: str, act: str) -> bool:
        """What beside the state an act asks for."""
        if act == "assign":
            return self.due > self.today
        if act == "ask_extension":
            return not self.asker and self.today <= self.due
        if act == "decide_extension":
            return bool(self.asker) and self.asker != actor
        return act != "withdraw_extension" or bool(self.asker)

    def moved(self, actor: str, act: str, granted: bool) -> None:
        self.state = TO[act][1] or self.state
        if act not in ("ask_extension", "withdraw_extension"):
            self.version += 1
        if act == "answer":
            self.answered_by.add(actor)
        if act == "ask_extension":
            self.asker, self.wanted = actor, self.due + 10 * DAY
        if act in ("answer", "decide_extension", "withdraw_extension"):
            if granted and act == "decide_extension":
                self.due = self.wanted
            self.asker = ""
        self._note(act, actor, self.moves)

    def _note(self, act: str, by: str, moves: int) -> None:
        self.act, self.by, self.moves = act, by, moves + 1


class Supervision(RuleBasedStateMachine):
    """The real thing beside the model, through the pages' requests; each run is taken back."""

    place = people = clients = None
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()
        self.model = Model()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    @rule(actor=st.sampled_from(ACTORS), owner=st.sampled_from(("section", "town")), short=st.booleans())
    def raise_slip(self, actor, owner, short):
        if self.model.state not in ("", "dropped", "struck_off"):
            owner = self.model.owner  # the same again; of another owner it would be another slip
        expected = self.model.raise_slip(actor, owner, short)
        if expected == 302 and self.model.state not in ("", "dropped", "struck_off"):
            return
        data = self._content(owner, self.model.today + 30 * DAY) | ({"subject": "催办"} if short else {})
        self._same(self._sent(actor, reverse("slip_new"), data), expected)
        if expected == 302:
            self.model.raised(actor, owner)
        self._stands()

    @precondition(lambda self: self.model.state)
    @rule(days=st.sampled_from((1, 5, 31)))
    def days_pass(self, days):
        self.model.today += days * DAY
        Installation.objects.update(business_date=self.model.today)

    @precondition(lambda self: self.model.state)
    @rule(
        actor=st.sampled_from(ACTORS),
        act=st.sampled_from(tuple(TO)),
        words=st.sampled_from((True, True, True, False)),
        fresh=st.sampled_from((True, True, True, False)),
        granted=st.booleans(),
        broken=st.sampled_from((False, False, False, True)),
    )
    def act(self, actor, act, words, fresh, granted, broken):
        self._try(actor, act, words, fresh, granted, broken)

    @precondition(lambda self: self.model.state not in ("", "dropped"))
    @rule(choice=st.randoms(use_true_random=False), granted=st.booleans())
    def next_act(self, choice, granted):
        """One of the acts that are next, by somebody who may: so that runs come far."""
        found = [
            (actor, act) for act in TO for actor in ACTORS if self.model.answer_of(actor, act, "words", True) == 302
        ]
        actor, act = choice.choice(sorted(found, key=lambda pair: pair[::-1]))
        self._try(actor, act, True, True, granted, False)

    def _try(self, actor, act, words, fresh, granted, broken):
        model, slip = self.model, Slip.objects.latest("pk")
        expected = model.answer_of(actor, act, words, fresh)
        data = {"action": act} | self._data(act, words, granted)
        data["seen"] = str(model.version if fresh else model.version - 1)
        url = reverse("slip", args=[slip.pk])
        if broken and expected == 302:
            with mock.patch.object(AuditEvent, "save", side_effect=RuntimeError("no record")):
                self._same(self._sent(actor, url, data), 500)
            return self._stands()
        self._same(self._sent(actor, url, data), expected)
        if expected == 302:
            model.moved(actor, act, granted)
        self._stands()

    def _content(self, owner: str, due: date) -> dict:
        return {
            "subject": "城镇新增就业进度滞后", "basis": "A01 连续 2 个月严重滞后", "requirement": "拿出补进度的办法",
            "owner": "s:jyj" if owner == "section" else f"t:{EAST}", "supporting": ["sbj"], "due_on": due.isoformat(),
        }  # fmt: skip

    def _data(self, act: str, words: bool, granted: bool) -> dict:
        """The form of an act; without `words` it says too little."""
        why, later = {"why": "情况确有变化" if words else "无"}, self.model.due + 10 * DAY
        if act == "change":
            told = {"problem": f"缺口 {self.model.moves} 人", "why": why["why"]}
            return self._content(self.model.owner, self.model.due) | told
        return {
            "answer": {"text": "已逐镇核对名单，缺口补齐。" if words else "办好了"},
            "conclude": {"verdict": "缺口已补，同意审结" if words else "好"},
            "ask_extension": {
                "until": later.isoformat(),
                "reason": "核对还要十天" if words else "",
            },
            "decide_extension": {"grant": ("yes" if granted else "no") if words else "", "note": "抓紧办理为要"},
        }.get(act, why)

    def _sent(self, actor: str, url: str, data: dict) -> int:
        client = self.clients[actor]
        client.raise_request_exception = False
        with transaction.atomic():
            return client.post(url, data).status_code

    def _same(self, status: int, expected: int) -> None:
        Supervision.steps += 1
        assert status == expected

    def _stands(self) -> None:
        """The slip, its steps and the trail are what the model says, no more and no less."""
        model = self.model
        assert Slip.objects.count() == model.slips
        told = AuditEvent.objects.filter(act__startswith="slip.")
        assert (told.count(), SlipStep.objects.count()) == (model.moves, model.moves)
        if not model.slips:
            return
        slip = Slip.objects.latest("pk")
        assert (slip.state, slip.version, slip.due_on) == (model.state, model.version, model.due)
        step, record = slip.steps.select_related("by").last(), told.select_related("by").order_by("sequence").last()
        assert (step.act, step.by.username, step.to_state) == (model.act, model.by, model.state)
        assert (record.act, record.by.username) == (f"slip.{model.act}", model.by)
        waiting = Extension.objects.filter(slip=slip, state="asked").values_list("asked_by__username", flat=True)
        assert list(waiting) == ([model.asker] if model.asker else [])


def test_no_order_of_acts_of_any_role_leads_away_from_the_model(place):
    runs, steps = number(suite=4, full=500), number(suite=15, full=30)
    role, section, east = Grant.Role, place.sections["jyj"], place.areas[EAST]
    more = {
        "both": [(role.SECTION_CLERK, section), (role.REVIEWER, section)],
        "checker": [(role.TOWN_CHECKER, east)],
        "assistant": [(role.VILLAGE_ASSISTANT, place.areas[W1])],
        "auditor": [(role.AUDITOR, None)],
    }
    people = {name: person(name, *grants) for name, grants in more.items()}
    people |= {name: getattr(place, name) for name in ACTORS if name not in people}
    Supervision.clients = {name: Client() for name in people}
    for name, client in Supervision.clients.items():
        client.force_login(people[name])
    Supervision.steps = 0
    quick = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Supervision, settings=quick)
    result("B6", f"supervision against its model, {runs} runs: steps that differ", Supervision.steps, 0)
    assert Supervision.steps >= runs
