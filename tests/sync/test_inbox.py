"""What came over the line is kept before it is taken in: lost by nothing, counted by nobody yet."""

from __future__ import annotations

import random
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import OperationalError, connections

from corridor.config import sites
from corridor.journal import alarms, schema, tips
from corridor.journal.append import Draft, append
from corridor.journal.arrive import take
from corridor.journal.entries import NodeRevoked
from corridor.journal.exchange import lacking
from corridor.journal.home import Home
from corridor.journal.node import Node
from corridor.journal.sent import Sent
from corridor.people.models import Person
from corridor.sync import bundle, inbox, meeting, wire
from corridor.sync.meeting import Met, NotMet, meet
from corridor.sync.words import why_not_met
from tests.nodes import World
from tests.sync.test_meeting import clone_of, people

pytestmark = pytest.mark.usefixtures("unblocked")


def kept(node: Node) -> int:
    with node.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM journal_inbox")
        return int(cursor.fetchone()[0])


def persons(node: Node) -> int:
    return Person.objects.using(node.alias).count()


def test_the_line_is_free_once_all_of_it_is_kept(
    world: World, door: Callable[[Node], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "ENTRIES", 5)
    here, there = world.node(), world.node()
    for number in range(6):
        people(there, number * 10)
        people(here, 1000 + number * 10)
    at: list[tuple[int, int, int, int, int]] = []

    def tell(met: Met) -> None:
        if met.stage == "working" and not at:
            at.append((met.kept, met.went, persons(here), persons(there), kept(there)))

    met = meet(here, door(there), tell)
    assert at[0][:4] == (32, 32, 30, 30)  # kept on both sides, and taken in on neither
    assert at[0][4] > 0
    assert met.equal
    assert (persons(here), persons(there), kept(here), kept(there)) == (60, 60, 0, 0)


def test_who_brought_something_may_leave_and_it_is_taken_in(
    world: World, door: Callable[[Node], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = world.node(), world.node()
    people(here, 1)
    monkeypatch.setattr(meeting, "PAUSES", (0.0,))
    asked, compared = urllib.request.urlopen, []

    def cut(request: urllib.request.Request, **more: Any) -> Any:
        if request.full_url.endswith("compare"):
            compared.append(request)
            if len(compared) > 1:
                raise ConnectionResetError
        return asked(request, **more)

    monkeypatch.setattr(meeting.urllib.request, "urlopen", cut)
    met = meet(here, door(there))
    assert (met.across, met.compared, met.equal, met.stage) == (True, False, False, "done")
    assert met.words("en")  # to be read to the other site instead
    until = time.monotonic() + 20
    while (persons(there), kept(there)) != (5, 0):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert tips.tips_hash(here) == tips.tips_hash(there)


def test_what_could_not_be_taken_in_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = world.node(), world.node()
    people(there, 1)
    inbox.keep(here, bundle.open_bundle(here, bundle.make(there, [here.certificate])))
    monkeypatch.setattr(inbox, "AGAIN", 0.0)
    taking, tried = inbox.take_in, []

    def failing(node: Node, tell: inbox.Tell) -> None:
        tried.append(node)
        if len(tried) < 3:
            raise OperationalError("database or disk is full")
        taking(node, tell)

    monkeypatch.setattr(inbox, "take_in", failing)
    inbox.take_in_soon(here)
    until = time.monotonic() + 20
    while (persons(here), kept(here)) != (5, 0):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert len(tried) == 3


def test_what_was_kept_when_the_plug_was_pulled_is_taken_in_at_the_next_opening(
    tmp_path: Path, world: World
) -> None:
    home = Home(tmp_path / "site")
    node = sites.make_site(home, "Orchard", "north", None, "administrator word")
    other = world.node()
    people(other, 1)
    made = bundle.sealed(node, [node.certificate], lacking(node, None))
    inbox.keep(node, bundle.open_bundle(node, made))
    assert kept(node) == 1
    connections[node.alias].close()
    again = sites.open_site(home, home.unseal(None))
    assert kept(again) == 0


def forging(giver: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on this node gives something else than it signed, in bundles that it does sign."""

    def forged(node: Node, *more: Any) -> Iterator[Sent]:
        sent = list(lacking(node, *more))
        if node is giver:
            at = next(n for n, one in enumerate(sent) if one.body)
            sent[at] = msgspec.structs.replace(sent[at], body=sent[at + 1].body, id="")
        yield from sent

    monkeypatch.setattr(meeting, "lacking", forged)
    monkeypatch.setattr(bundle, "lacking", forged)


@pytest.mark.parametrize("way", ["pull", "push"])
def test_what_is_not_as_it_was_signed_is_dropped_and_told_to_both(
    world: World, door: Callable[[Node], str], monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    here, there = world.node(), world.node()
    giver, taker = (there, here) if way == "pull" else (here, there)
    people(giver, 1)
    before = schema.state_hash(taker)
    url = door(there)
    with monkeypatch.context() as patch:
        forging(giver, patch)
        with pytest.raises(NotMet, match="forged" if way == "pull" else "not_taken"):
            meet(here, url)
    assert (kept(taker), persons(taker), schema.state_hash(taker)) == (0, 0, before)
    assert ("tamper", "bundle: forged") in alarms.raised(taker)
    assert ("tamper", "bundle: forged") not in alarms.raised(giver)
    assert meet(here, url).equal
    assert persons(taker) == 5


def test_who_turns_out_to_be_revoked_is_given_nothing(
    world: World, door: Callable[[Node], str]
) -> None:
    """That a site is revoked may come from nobody but that site itself."""
    here, there, boss = world.node(), world.node(), world.node()
    people(there, 1)
    people(here, 100)
    append(boss, "guard", [Draft(NodeRevoked(), there.key)])
    take(there, list(lacking(boss, None)))
    before = tips.entries(there)
    met = meet(here, door(there))
    assert (met.went, met.equal, tips.entries(there)) == (0, False, before)


@pytest.mark.parametrize(("limit", "value", "kept_at_most"), [("MOST", 2, 2), ("MOST_BYTES", 1, 1)])
def test_who_brings_more_than_is_kept_waits_until_that_is_taken_in(
    world: World,
    door: Callable[[Node], str],
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    value: int,
    kept_at_most: int,
) -> None:
    monkeypatch.setattr(wire, "ENTRIES", 5)
    monkeypatch.setattr(inbox, limit, value)
    here, there = world.node(), world.node()
    for number in range(40):
        people(here, number * 10)
    most: list[int] = []
    assert meet(here, door(there), lambda met: most.append(kept(there))).equal
    assert max(most) == kept_at_most
    assert persons(there) == 200


def test_a_slow_line_leaves_time_to_work_in_what_came(
    world: World, door: Callable[[Node], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "ENTRIES", 5)
    monkeypatch.setattr(meeting, "SLOW", 0.0)
    here, there = world.node(), world.node()
    for number in range(20):
        people(there, number * 10)
    seen: list[int] = []

    def tell(met: Met) -> None:
        if met.stage == "taking":
            seen.append(persons(here))

    met = meet(here, door(there), tell)
    assert met.equal
    assert met.came.new == met.kept == 102
    assert 0 < max(seen) < 100


def test_a_disk_that_is_full_there_is_told_here_and_nothing_is_lost(
    world: World, door: Callable[[Node], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = world.node(), world.node()
    people(here, 1)
    url = door(there)
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "keep", full)
        with pytest.raises(NotMet) as told:
            meet(here, url)
    assert "its disk may be full" in why_not_met(told.value.why)
    assert (persons(there), kept(there)) == (0, 0)
    assert meet(here, url).equal


def full(_node: Node, _opened: bundle.Opened) -> None:
    raise OperationalError("database or disk is full")


def test_two_who_take_in_the_same_take_it_in_once(world: World, tmp_path: Path) -> None:
    here, there = world.node(), world.node()
    for start in (1, 10, 20):
        people(there, start)
        inbox.keep(here, bundle.open_bundle(here, bundle.make(there, [here.certificate])))
    came: list[int] = []

    def work() -> None:
        inbox.take_in(here, lambda _sender, taken: came.append(taken.new))
        connections[here.alias].close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(came) == 15 + 2
    assert (persons(here), kept(here)) == (15, 0)


def test_what_counts_never_hangs_on_what_is_only_kept(world: World) -> None:
    here, there = world.node(), world.node()
    people(there, 1)
    before = tips.tips_hash(here), schema.state_hash(here)
    inbox.keep(here, bundle.open_bundle(here, bundle.make(there, [here.certificate])))
    assert (tips.tips_hash(here), schema.state_hash(here)) == before
    people(here, 100)
    live = schema.state_hash(here)
    schema.rebuild(here)
    assert schema.state_hash(here) == live
    inbox.take_in(here)
    assert persons(here) == 10


def test_leaves_are_where_chains_end_however_they_grew(world: World) -> None:
    """They are moved without reading what grew, so they are looked for one by one here."""
    a, b = world.node(), world.node()
    people(a, 1)
    clone = clone_of(a, world)
    source = random.Random(5)
    for number in range(1, 25):
        people(source.choice((a, clone, b)), 10 * number, source.randrange(1, 4))
        giver, taker = source.sample((a, b, clone), 2)
        if source.random() < 0.6:
            inbox.keep(taker, bundle.open_bundle(taker, bundle.make(giver, [taker.certificate])))
            inbox.take_in(taker)
        for node in (a, b, clone):
            if source.random() < 0.7:
                assert ends(node) == {one for those in tips.leaves(node).values() for one in those}
    forked = [those for those in tips.leaves(b).values() if len(those) > 1]
    assert forked  # the clone wrote on


def ends(node: Node) -> set[tuple[str, int]]:
    with node.cursor() as cursor:
        cursor.execute("SELECT id, seq, prev FROM journal_entry")
        rows = cursor.fetchall()
    followed = {prev for _, _, prev in rows}
    return {(entry, seq) for entry, seq, _ in rows if entry not in followed}
