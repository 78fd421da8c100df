"""Laws of the fold: the tables depend on the set of entries alone, however it came."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.journal import schema
from corridor.journal.append import Draft, append
from corridor.journal.arrive import take
from corridor.journal.changes import over
from corridor.journal.entries import EntryWithdrawn
from corridor.journal.exchange import lacking, summarise
from corridor.journal.node import Node
from corridor.people import models
from corridor.people.entries import PersonCorrected, PersonErased, PersonRegistered, RecordsLinked
from corridor.stops.convoy.entries import ConvoyArrived, PersonArrived, PersonBoarded
from corridor.stops.waiting.entries import WaitingJoined
from corridor.sync import bundle, inbox, wire
from tests.nodes import World

PEOPLE = ("p1", "p2", "p3")

acts = st.lists(
    st.tuples(
        st.sampled_from(("register", "set", "move", "wait", "board", "arrive", "link", "withdraw",
                         "erase", "end", "meet", "repeat")),
        st.integers(0, 1),
        st.sampled_from(PEOPLE),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=25,
)  # fmt: skip


def do(node: Node, what: str, person: str, number: int, done: list[str]) -> None:
    """One act of the script; values and targets depend on `number`."""
    drafts = {
        "register": lambda: Draft(PersonRegistered(name=f"name {number}"), person),
        "set": lambda: Draft(
            PersonCorrected(name=f"other {number}", phone=f"0{number}"),
            person,
            over=over(node, models.Person, person, ("name", "phone")),
        ),
        "move": lambda: Draft(
            PersonCorrected(household=f"h{number % 2}"),
            person,
            over=over(node, models.Person, person, ("household",)),
        ),
        "wait": lambda: Draft(WaitingJoined(place=f"place {number}"), person),
        "board": lambda: Draft(PersonBoarded(convoy=f"c{number % 2}"), person),
        "arrive": lambda: Draft(PersonArrived(convoy=f"c{number % 2}"), person),
        "link": lambda: Draft(RecordsLinked(other=PEOPLE[number % 3]), person),
        "erase": lambda: Draft(PersonErased(), person),
        "end": lambda: Draft(ConvoyArrived(), f"c{number % 2}"),
        "repeat": lambda: Draft(WaitingJoined(place="same"), person),
        "withdraw": lambda: Draft(
            EntryWithdrawn(withdrawn=done[number % len(done)] if done else "x", reason="other"), ""
        ),
    }
    command = f"tap-{person}-{number}" if what == "repeat" else ""
    done += append(node, "actor", [drafts[what]()], command=command)


@pytest.mark.usefixtures("unblocked")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(script=acts, seed=st.integers(0, 2**32))
def test_any_order_and_any_split_gives_the_same_tables(
    script: list[tuple[str, int, str, int]], seed: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        pair = [world.node(), world.node()]
        done: list[str] = []
        for what, at, person, number in script:
            world.clock.now += 1000
            if what == "meet":
                take(pair[1 - at], list(lacking(pair[at], summarise(pair[1 - at]))))
            else:
                do(pair[at], what, person, number, done)
        everything = [*lacking(pair[0], None), *lacking(pair[1], None)]
        whole, pieces = world.node(), world.node()
        assert not take(whole, everything).alarms
        shuffled = random.Random(seed)
        shuffled.shuffle(everything)
        while everything:
            cut = shuffled.randrange(1, len(everything) + 1)
            assert not take(pieces, everything[:cut]).alarms
            everything = everything[cut:]
        live = schema.state_hash(pieces)
        assert live == schema.state_hash(whole)
        packed = world.node()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(wire, "ENTRIES", 1 + seed % 7)
            for giver in pair:
                made = bundle.sealed(giver, [packed.certificate], lacking(giver, None))
                inbox.keep(packed, bundle.open_bundle(packed, made))
        noticed: list[tuple[str, str]] = []
        inbox.take_in(packed, lambda _sender, taken: noticed.extend(taken.alarms))
        assert not noticed
        assert live == schema.state_hash(packed)
        schema.rebuild(pieces)
        assert schema.state_hash(pieces) == live
        for one, other in ((0, 1), (1, 0)):
            take(pair[other], list(lacking(pair[one], summarise(pair[other]))))
        assert schema.state_hash(pair[0]) == schema.state_hash(pair[1]) == live
        world.close()
