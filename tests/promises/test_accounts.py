"""Promise 1 as a law: whatever happens, everybody is in a named state, and the past stays told."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from corridor.journal.append import Draft, append
from corridor.journal.entries import EntryWithdrawn
from corridor.journal.node import Node
from corridor.oversight import accounts as told
from corridor.people import models, whereabouts
from corridor.people.acts import Refusal, leave_household, link, register, unlink
from corridor.people.queries import STATES, accounts, counts
from corridor.stops.convoy import acts as convoys
from corridor.stops.convoy import queries as convoy_queries
from corridor.stops.waiting import acts as waiting
from corridor.stops.waiting import models as waiting_models
from corridor.stops.waiting import queries
from tests import cast
from tests.journeys.test_road import opened
from tests.nodes import Clock

HOUR = 60 * 60 * 1000
VEHICLES = [convoys.VehicleDraft("Bus", 8, lying=1)]

#: Where somebody who once asked to leave may be found: on the list, in a seat, or in a named state.
ENDS = {*queries.AWAY, "aboard", "at_site", "not_accounted_for"}

MANY = settings(
    max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


class Day:
    """A day at a site on which anything may happen, in any order."""

    def __init__(self, node: Node, clock: Clock, data: st.DataObject) -> None:
        self.node, self.clock, self.data = node, clock, data
        if not queries.places(node, "pickup"):
            opened(node)
        self.school = queries.places(node, "pickup")[0].id
        self.camp = queries.places(node, "reception")[0].id
        self.persons = [p for one in register(node, cast.REGISTRAR, [cast.AMALS, cast.SAMIRA,
                                              cast.NADIA]) for p in one.persons]  # fmt: skip
        self.convoy = ""

    def anything(self) -> None:
        """One act; a refusal changes nothing."""
        self.clock.now += self.data.draw(st.sampled_from([0, 60_000, HOUR]))
        what: Any = self.data.draw(st.sampled_from([
            self.join, self.move, self.plan, self.board, self.drive, self.arrive, self.link,
            self.unlink, self.withdraw, self.leave,
        ]))  # fmt: skip
        with suppress(Refusal):
            what()

    def some(self) -> list[str]:
        return self.data.draw(
            st.lists(st.sampled_from(self.persons), min_size=1, max_size=4, unique=True)
        )

    def join(self) -> None:
        waiting.join(self.node, cast.REGISTRAR, self.some(), self.school)

    def move(self) -> None:
        state = self.data.draw(st.sampled_from(sorted(whereabouts.MOVES)))
        whereabouts.move(self.node, cast.MARSHAL, self.some(), state)

    def plan(self) -> None:
        self.convoy = convoys.plan(
            self.node, cast.COORDINATOR, "One", self.school, self.camp, self.clock.now, VEHICLES
        )
        convoys.fill(self.node, cast.COORDINATOR, self.convoy)

    def board(self) -> None:
        if self.convoy:
            convoys.board(self.node, cast.MARSHAL, self.convoy, self.some())

    def drive(self) -> None:
        if self.convoy:
            convoys.judge(self.node, cast.MARSHAL, self.convoy, convoys.ALL_CLEAR)
            convoys.depart(self.node, cast.MARSHAL, self.convoy, 1)

    def arrive(self) -> None:
        if self.convoy:
            convoys.arrive(self.node, cast.MARSHAL, self.convoy, self.some())
            convoys.close_arrival(self.node, cast.MARSHAL, self.convoy)

    def link(self) -> None:
        link(self.node, cast.REGISTRAR, *(self.some() * 2)[:2])

    def unlink(self) -> None:
        unlink(self.node, cast.REGISTRAR, *(self.some() * 2)[:2])

    def leave(self) -> None:
        leave_household(self.node, cast.REGISTRAR, self.some()[0])

    def withdraw(self) -> None:
        moves = models.Movement.objects.using(self.node.alias).order_by("entry")
        known = list(moves.filter(person__in=self.persons).values_list("entry", "person"))
        number = self.data.draw(st.integers(0, 1000))
        if known:
            entry, person = known[number % len(known)]
            what = EntryWithdrawn(withdrawn=entry, reason="wrong_person")
            append(self.node, cast.COORDINATOR, [Draft(what, person)])


@MANY
@given(data=st.data())
def test_nobody_leaves_the_list_silently(node: Node, clock: Clock, data: st.DataObject) -> None:
    """Everyone whose joining stands is waiting, seated, or in a named state, whatever happened."""
    day = Day(node, clock, data)
    for _ in range(data.draw(st.integers(3, 9))):
        day.anything()
        joined = set(
            waiting_models.WaitingJoined.objects.using(node.alias).values_list("subject", flat=True)
        )
        listed = queries.members_of(node, queries.Line(node)[:])
        on_list = {person for those in listed.values() for person in those}
        for account in accounts(node, joined):
            if account.state == "waiting":
                assert on_list & set(account.records), account
            else:
                assert account.state in ENDS, account
        left = told.remainder(node)
        assert left.is_empty, left
        assert sum(told.numbers(node).states.values()) == left.persons
        assert told.numbers(node).states == counts(node)
    if day.convoy:
        assert set(convoy_queries.aboard_of(node, day.convoy)) <= set(
            models.Whereabouts.objects.using(node.alias).values_list("person", flat=True)
        )
    assert set(counts(node)) <= set(STATES)


@MANY
@given(data=st.data())
def test_the_past_is_told_as_it_was_seen(node: Node, clock: Clock, data: st.DataObject) -> None:
    """The numbers of each moment are those that were on the page then, whatever came later."""
    day = Day(node, clock, data)
    seen: list[tuple[int, dict[tuple[str, str], int]]] = []
    for _ in range(data.draw(st.integers(3, 9))):
        day.anything()
        seen.append((clock.now, dict(told.numbers(node).cells)))
        clock.now += 1
    for at, cells in seen:
        assert dict(told.as_it_was(node, at).cells) == cells
    assert dict(told.as_it_was(node, clock.now, known=False).cells) == seen[-1][1]
