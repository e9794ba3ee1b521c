"""B6: the workflow against a small model of it: every role, any order of acts, the same answers and figures."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from bureau.models import Grant
from indicators.entry import grid, sheets, workflow
from indicators.models import Entry, Figure, Submission
from tests.integration.entry.browsing import url_of
from tests.integration.factories import E1, EAST, START, W2, person, tiny_county
from tests.reliability.scale import number, result

pytestmark = pytest.mark.django_db

SHEET = ("village", EAST, START)
WHOLE = ("clerk", "colleague", "both")  # type the whole sheet and hand it in
READERS = ("checker", "reviewer", "section")  # see it, type nothing
STRANGERS = ("stranger",)  # a reviewer of another section: it is not there
OUTSIDE = ("leader", "office", "auditor")  # have no right to typed figures at all
ACTORS = (*WHOLE, "assistant", *READERS, *STRANGERS, *OUTSIDE)
CELLS = ((E1, "D22"), (W2, "D22"))
REASON = "重复计了两人"
WAITING = ("submitted",)


class Model:
    """What is expected: the state, the cells with who typed them, the approved figures, the last act."""

    def __init__(self) -> None:
        self.state, self.cells, self.figures = "", {}, {}
        self.submitter, self.last = "", ("", "")

    @property
    def open(self) -> bool:
        return self.state in ("", "draft", "returned")

    def save(self, actor: str, cell: tuple, value: int) -> int:
        if actor in OUTSIDE:
            return 403
        if actor not in (*WHOLE, "assistant") or (actor == "assistant" and cell[0] != W2):
            return 404
        stands = cell in self.cells and self.cells[cell][0] == value
        if stands:
            return 302  # as shown: no change, whatever the state
        if not self.open:
            return 409
        self.state = self.state or "draft"
        self.cells[cell] = (value, actor)
        return 302

    def whole(self, actor: str) -> int:
        return 403 if actor in OUTSIDE else 0 if actor in WHOLE else 404

    def submit(self, actor: str) -> int:
        if refused := self.whole(actor):
            return refused
        if not self.state:
            return 422
        if not self.open:
            return 302 if self.state in WAITING and self.submitter == actor else 409
        return self._move("submitted", "submit", actor)

    def withdraw(self, actor: str) -> int:
        if refused := self.whole(actor):
            return refused
        if not self.state:
            return 404
        if self.state not in WAITING:
            return 302 if self.last == ("withdraw", actor) else 409
        return self._move("draft", "withdraw", actor)

    def correct(self, actor: str) -> int:
        if actor not in (*WHOLE, "assistant", "section"):
            return 403
        if actor not in WHOLE or not self.state:
            return 404
        if self.state != "approved":
            return 302 if self.last == ("correct", actor) else 422
        return self._move("draft", "correct", actor)

    def decide(self, actor: str, decision: str, fresh: bool) -> int:
        if actor not in ("reviewer", "both", "stranger"):
            return 403
        if actor == "stranger":
            return 404
        if self.state not in WAITING:
            return 409
        if decision == "return":
            return self._move("returned", "return", actor)
        if not fresh:
            return 409
        if actor == self.submitter or actor in {who for _value, who in self.cells.values()}:
            return 422
        self.figures = {cell: value for cell, (value, _who) in self.cells.items()}
        return self._move("approved", "approve", actor)

    def _move(self, state: str, act: str, actor: str) -> int:
        self.state, self.last = state, (act, actor)
        if act == "submit":
            self.submitter = actor
        return 302


actors, cells = st.sampled_from(ACTORS), st.sampled_from(CELLS)


class Workflow(RuleBasedStateMachine):
    """The real thing beside the model, through the pages' requests; each run in a transaction of its own."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()
        self.tiny, self.model = tiny_county(), Model()
        section, east = self.tiny.sections["jyj"], self.tiny.areas[EAST]
        role = Grant.Role
        granted = {
            "both": [(role.TOWN_CLERK, east), (role.REVIEWER, section)],
            "assistant": [(role.VILLAGE_ASSISTANT, self.tiny.areas[W2])],
            "checker": [(role.TOWN_CHECKER, east)],
            "section": [(role.SECTION_CLERK, section)],
            "stranger": [(role.REVIEWER, self.tiny.sections["sbj"])],
            "leader": [(role.LEADER, None)],
            "auditor": [(role.AUDITOR, None)],
        }
        found = {name: person(name, *grants) for name, grants in granted.items()}
        found |= {name: getattr(self.tiny, name) for name in ("clerk", "colleague", "reviewer", "office")}
        self.people, self.clients = found, {name: Client() for name in found}
        for name, client in self.clients.items():
            client.force_login(found[name])

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    @rule(actor=actors, cell=cells, value=st.integers(1, 3))
    def save(self, actor, cell, value):
        sheet, _names = sheets.build(self.tiny.forms["village"], self.tiny.areas[EAST], START)
        seen = grid.pack(sheet.values, f"village {EAST} 2015-01 {self.people[actor].pk}")
        data = {"action": "save", "seen": seen, f"c.{cell[0]}.{cell[1]}": str(value)}
        self._same(self.clients[actor].post(url_of(*SHEET), data), self.model.save(actor, cell, value))

    @rule(actor=actors)
    def submit(self, actor):
        answer = self.clients[actor].post(url_of(*SHEET), {"action": "submit", "incomplete": "yes"})
        self._same(answer, self.model.submit(actor))

    @rule(actor=actors)
    def withdraw(self, actor):
        self._same(self.clients[actor].post(url_of(*SHEET), {"action": "withdraw"}), self.model.withdraw(actor))

    @rule(actor=actors)
    def correct(self, actor):
        answer = self.clients[actor].post(f"{url_of(*SHEET)}correct/", {"reason": REASON})
        self._same(answer, self.model.correct(actor))

    @precondition(lambda self: self.model.state)
    @rule(
        actor=st.sampled_from(("reviewer", "reviewer", "both", "stranger", "clerk", "leader")),
        decision=st.sampled_from(("approve", "approve", "return")),
        fresh=st.sampled_from((True, True, False)),
    )
    def decide(self, actor, decision, fresh):
        one = Submission.objects.get()
        seen = workflow.content_digest(one) if fresh else "0" * 64
        data = {"decision": decision, "seen": seen, "reason": REASON}
        answer = self.clients[actor].post(f"/review/{one.pk}/", data)
        self._same(answer, self.model.decide(actor, decision, fresh))

    def _same(self, answer, expected: int) -> None:
        Workflow.steps += 1
        assert answer.status_code == expected
        state = Submission.objects.values_list("state", flat=True).first() or ""
        typed = Entry.objects.values_list("area__code", "item__code", "value", "by__username")
        assert state == self.model.state
        assert {(a, i): (v, who) for a, i, v, who in typed} == self.model.cells
        codes = {area.pk: code for code, area in self.tiny.areas.items()}
        assert {(codes[one.area], "D22"): one.value for one in Figure.objects.all()} == self.model.figures


def test_no_order_of_acts_of_any_role_leads_away_from_the_model(db):
    runs, steps = number(suite=2, full=2_000), number(suite=12, full=50)
    Workflow.steps = 0
    quick = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Workflow, settings=quick)
    result("B6", f"workflow against its model, {runs} runs: steps that differ", Workflow.steps, 0)
    assert Workflow.steps >= runs
