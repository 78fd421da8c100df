"""Kinds: unknown ones are kept, older ones upgraded, wrong ones named; looks are sealed."""

from __future__ import annotations

from typing import Annotated

import pytest

from corridor.journal import kinds, schema, store
from corridor.journal.append import Draft, LacksPower, Part, append, write
from corridor.journal.format import Head
from corridor.journal.kinds import Fact, code, fact, personal
from corridor.journal.looks import look, seal
from corridor.journal.models import Look
from corridor.journal.node import Node
from corridor.journal.tables.models import LooksRecorded as LooksTable
from corridor.journal.tables.models import Verdict
from corridor.journal.timeline import timeline
from corridor.people import models
from corridor.people.entries import PersonErased
from corridor.stops.waiting.entries import WaitingJoined
from corridor.stops.waiting.models import WaitingJoined as WaitingTable
from tests.nodes import Clock

EVERY_SCOPE = frozenset({"core", "registry", "movement", "medical", "audit"})


def written(node: Node, kind: str, version: int, **codes: str) -> str:
    head = Head(kind=kind, version=version, actor="clerk", subject="p", codes=dict(codes))
    return write(node, [Part(head, None, "movement")])[0]


def test_an_unknown_kind_and_a_newer_version_are_kept_and_count_for_nothing(node: Node) -> None:
    ids = [written(node, "later.kind", 1, x="1"), written(node, "waiting.joined", 9, place="x")]
    assert len(store.by_ids(node, ids)) == 2
    assert models.Movement.objects.using(node.alias).count() == 0
    assert Verdict.objects.using(node.alias).count() == 0


def test_an_older_version_is_upgraded_when_folded(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = written(node, "waiting.joined", 1, station="old school")
    assert Verdict.objects.using(node.alias).get(entry=entry).verdict == "malformed"
    now = kinds.kind_named("waiting.joined")
    assert now is not None
    newer = kinds.Kind(
        now.name, now.struct, now.table, now.scope, now.say, now.roles, now.power, 2, now.movement,
        {1: lambda values: {"place": values["station"]}},
    )  # fmt: skip
    monkeypatch.setitem(kinds._KINDS, now.name, newer)
    schema.rebuild(node)
    assert WaitingTable.objects.using(node.alias).get(entry=entry).place == "old school"
    monkeypatch.undo()
    schema.rebuild(node)


def test_an_entry_that_does_not_fit_its_kind_is_named(node: Node) -> None:
    wrong = [
        Head(kind="waiting.joined", subject="p", codes={"place": 7}),
        Head(kind="waiting.joined", subject="p", codes={"place": "x" * 10 + "\0"}),
        Head(kind="convoy.departed", subject="c", codes={"head_count": 2**70}),
        Head(kind="person.registered", subject="p", codes={"name": "in the head"}),
    ]
    ids = write(node, [Part(head, None, "movement") for head in wrong])
    verdicts = Verdict.objects.using(node.alias).filter(entry__in=ids)
    assert set(verdicts.values_list("verdict", flat=True)) == {"malformed"}
    assert verdicts.count() == 4


def test_what_a_node_may_not_do_is_refused_before_and_rejected_after(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node, "certificate", node.certificate.__class__(
        **{f: getattr(node.certificate, f) for f in node.certificate.__struct_fields__}
        | {"powers": ("site",)}
    ))  # fmt: skip
    with pytest.raises(LacksPower):
        append(node, "clerk", [Draft(PersonErased(), "p")])
    head = Head(kind="person.erased", actor="clerk", subject="p")
    entry = write(node, [Part(head, None, "core")])[0]
    assert Verdict.objects.using(node.alias).get(entry=entry).verdict == "rejected"


def test_wrong_declarations_are_named() -> None:
    with pytest.raises(TypeError, match="needs one mark"):

        @fact("x.made", table=WaitingTable, scope="movement", say="x")
        class _NoMark(Fact):
            place: str

    with pytest.raises(TypeError, match="declared twice"):

        @fact("waiting.joined", table=WaitingTable, scope="movement", say="x")
        class _Twice(Fact):
            place: Annotated[str, code(1)]

    with pytest.raises(TypeError, match="needs a default"):

        @fact("x.made", table=WaitingTable, scope="movement", say="x")
        class _NoDefault(Fact):
            place: Annotated[str, personal(1)]

    with pytest.raises(TypeError, match="lacks columns"):

        @fact("x.made", table=WaitingTable, scope="movement", say="x")
        class _NoColumn(Fact):
            colour: Annotated[str, code(1)]


def test_looks_are_sealed_one_entry_for_each_actor(node: Node, clock: Clock) -> None:
    append(node, "clerk", [Draft(WaitingJoined(place="school"), "p")])
    before = schema.state_hash(node)
    look(node, "amira", ["p1"], "read")
    look(node, "amira", ["p2"], "read")
    look(node, "nurse", ["p1"], "read")
    assert seal(node) == 3
    assert seal(node) == 0
    assert LooksTable.objects.using(node.alias).count() == 2
    assert schema.state_hash(node) == before
    look(node, "amira", ["p1"], "read")
    clock.now += 6 * 60 * 1000
    look(node, "amira", ["p3"], "read")
    assert Look.objects.using(node.alias).count() == 0


def test_a_timeline_tells_in_sentences_and_by_scope(node: Node) -> None:
    append(node, "clerk", [Draft(WaitingJoined(place="school"), "p")])
    lines = timeline(node, "p", EVERY_SCOPE, lambda identity: identity.upper())
    assert [line.sentence for line in lines] == ["Asked to leave and waits at SCHOOL."]
    assert timeline(node, "p", frozenset({"core"})) == []
