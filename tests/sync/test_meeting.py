"""Two nodes meet over HTTP: one request when equal, all of it else, on from where a line broke."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corridor.journal import schema, store, trust
from corridor.journal.append import Draft, append
from corridor.journal.arrive import take
from corridor.journal.entries import NodeRevoked
from corridor.journal.exchange import lacking, summarise
from corridor.journal.node import Node
from corridor.people.entries import PersonRegistered
from corridor.sync import meeting, views, wire
from corridor.sync.meeting import NotMet, meet
from tests.nodes import World

pytestmark = pytest.mark.usefixtures("unblocked")


def people(node: Node, start: int, count: int = 5) -> None:
    numbers = range(start, start + count)
    append(node, "clerk", [Draft(PersonRegistered(name=f"name {n}"), f"p{n}") for n in numbers])


def test_both_hold_the_same_after_one_meeting_and_ask_once_at_the_next(
    world: World, door: Callable[[Node], str]
) -> None:
    here, there = world.node(), world.node()
    people(here, 1)
    people(there, 100, 30)
    trust.mark_joining(here)
    url = door(there)
    met = meet(here, url)
    assert met.equal
    assert (met.came.new, met.went) == (32, 7)
    assert met.came.kinds["person.registered"] == 30
    assert not trust.is_joining(here)
    assert schema.state_hash(here) == schema.state_hash(there)
    again = meet(here, url)
    assert (again.equal, again.requests, again.came.new, again.went) == (True, 1, 0, 0)
    assert again.words("ar") == met.words("ar")
    assert len(met.digits) == 19


def test_a_broken_line_goes_on_where_it_was(
    world: World, door: Callable[[Node], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = world.node(), world.node()
    for number in range(12):
        people(there, number * 10)
    monkeypatch.setattr(wire, "ENTRIES", 10)
    monkeypatch.setattr(meeting, "PAUSES", (0.0,))
    url = door(there)
    asked = urllib.request.urlopen
    calls: list[str] = []

    def breaking(request: urllib.request.Request, **more: Any) -> Any:
        calls.append(request.full_url)
        if len(calls) % 3 == 0:
            raise ConnectionResetError
        return asked(request, **more)

    monkeypatch.setattr(meeting.urllib.request, "urlopen", breaking)
    monkeypatch.setattr(meeting, "TRIES", 2)
    with pytest.raises(NotMet, match="unreachable"):
        meet(here, url)
    with here.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM journal_entry")
        kept = cursor.fetchone()[0]
    assert kept > 0
    monkeypatch.setattr(meeting, "TRIES", 50)
    met = meet(here, url)
    assert met.equal
    assert met.came.duplicate == 0
    assert met.came.new == 62 - kept
    assert schema.state_hash(here) == schema.state_hash(there)


def test_much_goes_in_few_requests_either_way(
    world: World, door: Callable[[Node], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "ENTRIES", 5)
    here, there = world.node(), world.node()
    for number in range(12):
        people(there, number * 10)
        people(here, 1000 + number * 10)
    met = meet(here, door(there))
    assert met.equal
    assert (met.came.new, met.came.duplicate, met.went) == (62, 0, 62)
    # Twelve chunks each way, by one, two, four and four at a time, between two comparisons.
    assert met.requests <= 2 + 5 + 5
    assert schema.state_hash(here) == schema.state_hash(there)


def test_a_forked_chain_comes_whole_over_several_requests(
    world: World, door: Callable[[Node], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = world.node(), world.node()
    people(there, 1)
    clone = clone_of(there, world)
    for number in range(1, 6):
        people(there, 10 * number)
        people(clone, 100 * number)
    take(there, list(lacking(clone, summarise(there))))
    monkeypatch.setattr(wire, "ENTRIES", 6)
    met = meet(here, door(there))
    assert met.equal
    assert (met.came.new, met.came.duplicate) == (7 + 25 + 25, 0)
    assert [what for what, _ in met.came.alarms] == ["fork"]
    assert schema.state_hash(here) == schema.state_hash(there)


def clone_of(node: Node, world: World) -> Node:
    """A node that holds the same and goes on writing the same chain, as a copied disk does."""
    clone = replace(
        world.node(), signer=node.signer, certificate=node.certificate,
        certificate_text=node.certificate_text, certificate_signature=node.certificate_signature,
    )  # fmt: skip
    take(clone, list(lacking(node, None)))
    assert node.session is not None
    chain = node.session.signer.public
    clone.session = replace(node.session, chain_n=store.chain_numbers(clone, [chain])[chain])
    return clone


def test_who_is_revoked_or_of_another_operation_gets_nothing(
    world: World, door: Callable[[Node], str], tmp_path: Path
) -> None:
    here, there = world.node(), world.node()
    people(there, 1)
    url = door(there)
    (tmp_path / "foreign").mkdir()
    foreign = World(tmp_path / "foreign", seed=8)
    stranger = foreign.node()
    with pytest.raises(NotMet, match="foreign"):
        meet(stranger, url)
    append(there, "clerk", [Draft(NodeRevoked(), here.key)])
    with pytest.raises(NotMet, match="revoked"):
        meet(here, url)
    with pytest.raises(NotMet, match="address"):
        meet(here, "ftp://x")
    foreign.close()


def test_noise_is_refused_and_a_flood_shuts_the_door(
    world: World, door: Callable[[Node], str]
) -> None:
    there, here = world.node(), world.node()
    url = door(there)
    codes = []
    for number in range(views.MOST_BAD + 2):
        request = urllib.request.Request(f"{url}/sync/compare", data=b"x" * number)
        with pytest.raises(urllib.error.HTTPError) as told:
            urllib.request.urlopen(request, timeout=10)
        codes.append(told.value.code)
    assert codes[0] == 403
    assert codes[-1] == 429
    views._bad.clear()
    assert meet(here, url).equal


def test_a_copy_that_first_read_what_the_other_wrote_is_noticed_by_everybody(
    world: World,
) -> None:
    """By the order of its entries alone it would look like the same laptop, started again."""
    there, elsewhere = world.node(), world.node()
    people(there, 1)
    clone = clone_of(there, world)
    clone.session = None  # the disk was copied, and started again
    people(there, 10)
    take(clone, list(lacking(there, summarise(clone))))
    people(clone, 100)
    for reader in (elsewhere, there):
        found = take(reader, list(lacking(clone, summarise(reader)))).alarms
        assert [what for what, _ in found] == ["fork"]
