"""Bad days of the list: two clerks at once, a clock that is wrong, sites that meet."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor.journal.actors import introduce
from corridor.journal.append import already
from corridor.journal.node import Node
from corridor.oversight.accounts import numbers, remainder
from corridor.people.acts import Refusal, register
from corridor.people.queries import counts
from corridor.stops.waiting import acts, queries
from corridor.stops.waiting.queries import calls
from tests import cast
from tests.journal.test_exchange import pour
from tests.journeys.test_road import DAY, everybody_waits, opened
from tests.nodes import Clock, World

HOUR = 60 * 60 * 1000


def test_two_clerks_join_the_same_family(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    made = register(node, cast.REGISTRAR, [cast.AMALS])[0]
    assert len(acts.join_by_card(node, cast.REGISTRAR, made.card, school, command="one")) == 5
    with pytest.raises(Refusal, match="waits already"):
        acts.join_by_card(node, cast.MARSHAL, made.card, school, command="two")
    assert acts.join_by_card(node, cast.REGISTRAR, made.card, school, command="one") == []
    assert already(node, "two") == []
    (family,) = queries.Line(node)[:]
    assert family.people == 5
    assert counts(node) == {"waiting": 5}


@pytest.mark.parametrize("wrong", [HOUR, -HOUR, 40 * DAY, -40 * DAY])
def test_a_clock_that_is_wrong_gives_nobody_fewer_than_no_days(
    node: Node, clock: Clock, wrong: int
) -> None:
    school, _camp = opened(node)
    right = clock.now
    clock.now += wrong
    made = register(node, cast.REGISTRAR, [cast.NADIA])[0]
    acts.join(node, cast.REGISTRAR, made.persons, school)
    clock.now = right
    (family,) = queries.Line(node)[:]
    (group,) = queries.queue(node)
    assert family.days(clock.now) == group.days(clock.now) >= 0
    standing = queries.standing_of(node, family)
    assert standing.before == 0
    assert numbers(node).total == 1
    clock.now += 2 * DAY
    assert queries.Line(node)[0].days(clock.now) >= 0


def test_a_paper_with_a_time_to_come_counts_no_days_yet(node: Node, clock: Clock) -> None:
    school, _camp = opened(node)
    card = register(node, cast.REGISTRAR, [cast.NADIA])[0].card
    (row,) = acts.join_batch(node, cast.MARSHAL, [card], school, at=clock.now + 3 * DAY)
    assert row.joined == 1
    assert queries.Line(node)[0].days(clock.now) == 0


def test_no_act_puts_a_name_into_the_head_of_an_entry(node: Node, clock: Clock) -> None:
    """Heads are kept for ever and go everywhere; who wrote a paper is named there by number."""
    school, _camp = opened(node)
    made = register(node, cast.REGISTRAR, [cast.NADIA])[0]
    with pytest.raises(ValueError, match="is an actor"):
        acts.join(node, cast.REGISTRAR, made.persons, school, at=clock.now, writer="Mara, gate 2")
    assert len(queries.Line(node)) == 0
    mara = introduce(node, cast.COORDINATOR, "Mara", ["marshal"])
    acts.join(node, cast.REGISTRAR, made.persons, school, at=clock.now, writer=mara)
    assert len(queries.Line(node)) == 1
    with node.cursor() as cursor:
        cursor.execute("SELECT head FROM journal_entry")
        heads = [bytes(row[0]) for row in cursor.fetchall()]
    assert not any(b"Mara" in one for one in heads) and any(mara.encode() in one for one in heads)


def test_two_sites_call_the_same_card_before_they_meet(tmp_path: Path, unblocked: None) -> None:
    world = World(tmp_path)
    a, b = world.node("site", "coordinator"), world.node("site", "coordinator")
    school, _camp = opened(a)
    persons = everybody_waits(a, world.clock, school)
    pour(a, b)
    first = acts.call_forward(a, cast.MARSHAL, school, "North", 6)
    world.clock.now += 60_000
    second = acts.call_forward(b, cast.MARSHAL, school, "South", 6)
    pour(a, b)
    pour(b, a)
    called = {*persons["AMALS"], *persons["SAMIRA"]}
    for node in (a, b):
        groups = calls.groups_called(node, [first, second])
        assert not any(one.before for one in groups[first])
        assert {p for one in groups[second] if one.before for p in one.persons} == called
        assert remainder(node).is_empty
        third = acts.call_forward(node, cast.MARSHAL, school, "East", 2)
        assert not called & set(calls.called_persons(node, [third])[third])
    pour(b, a)
    before = [(one.household, one.number) for one in queries.Line(a)[:]]
    acts.end_call(a, cast.MARSHAL, first)
    acts.end_call(a, cast.MARSHAL, second)
    assert [(one.household, one.number) for one in queries.Line(a)[:]] == before
    world.close()
