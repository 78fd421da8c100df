"""What two nodes say to each other: groups, trails, parts that were withheld, bundles."""

from __future__ import annotations

import random
from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.journal import schema, tips
from corridor.journal.append import Draft, Part, append, write
from corridor.journal.arrive import take
from corridor.journal.exchange import differing, grouped, lacking, scopes_for, summarise
from corridor.journal.format import Head, digest
from corridor.journal.keys.signing import Signer
from corridor.journal.node import Node
from corridor.journal.sent import Sent, computed_id
from corridor.journal.store import by_ids, known_ids
from corridor.journal.tables.models import Verdict
from corridor.people.entries import PersonErased, PersonRegistered, RowSetAside, RowSettled
from corridor.stops.waiting.entries import WaitingJoined
from corridor.sync import bundle, wire
from tests.nodes import World

pytestmark = pytest.mark.usefixtures("unblocked")


def people(node: Node, start: int, count: int = 3) -> list[str]:
    drafts = [
        Draft(PersonRegistered(name=f"name {n}"), f"p{n}") for n in range(start, start + count)
    ]
    return append(node, "clerk", drafts)


def pour(giver: Node, taker: Node) -> list[Sent]:
    sent = list(lacking(giver, summarise(taker)))
    assert not take(taker, sent).alarms
    return sent


def test_equal_nodes_have_equal_tips_and_nothing_to_say(world: World) -> None:
    a, b = world.node(), world.node()
    people(a, 1)
    people(b, 10)
    assert differing(a, grouped(b))
    pour(a, b)
    pour(b, a)
    assert tips.tips_hash(a) == tips.tips_hash(b)
    assert differing(a, grouped(b)) == []
    assert pour(a, b) == []


def test_thousands_of_sessions_are_compared_by_groups(world: World) -> None:
    a, b = world.node(), world.node()
    for number in range(150):
        people(a, number, 1)
        a.session = None
    pour(a, b)
    people(a, 1000)
    short = grouped(b)
    only = differing(a, short)
    assert short.bits == 3
    assert 1 <= len(only) <= 2  # the vouchers' own chain, and that of the new session
    summary = summarise(b, short.bits, only)
    assert len(summary.has) < 60
    assert not take(b, list(lacking(a, summary))).alarms
    assert schema.state_hash(a) == schema.state_hash(b)


def test_a_scope_that_a_node_lacks_stays_a_bare_envelope_until_it_may_have_it(
    world: World,
) -> None:
    a, b = world.node(), world.node()
    ids = people(a, 1) + append(a, "clerk", [Draft(WaitingJoined(place="x"), "p1")])
    movement_only = scopes_for(["movement"])
    take(b, list(lacking(a, summarise(b), movement_only)))
    assert known_ids(b, ids) == set(ids)
    assert tips.tips_hash(a) == tips.tips_hash(b)
    with b.cursor() as cursor:
        cursor.execute("SELECT head FROM journal_entry WHERE id = %s", [ids[0]])
        assert cursor.fetchone()[0] is None
    assert set(ids[:3]) <= set(summarise(b).wants)
    taken = take(b, list(lacking(a, summarise(b))))
    assert (taken.new, taken.alarms) == (0, [])
    assert summarise(b).wants == []
    assert schema.state_hash(a) == schema.state_hash(b)


def test_what_was_erased_is_not_asked_for_again(world: World) -> None:
    a, b = world.node(), world.node()
    people(a, 1)
    bare = [msgspec.structs.replace(one, body=None) for one in lacking(a, None)]
    take(b, bare)
    assert len(summarise(b).wants) == 3
    append(b, "clerk", [Draft(PersonErased(), "p1")])
    assert len(summarise(b).wants) == 2
    pour(a, b)
    pour(b, a)
    assert summarise(a).wants == summarise(b).wants == []
    assert schema.state_hash(a) == schema.state_hash(b)


def bundled(giver: Node, *takers: Node) -> bytes:
    return bundle.make(giver, [one.certificate for one in takers])


def test_a_bundle_carries_all_and_only_its_receivers_open_it(world: World) -> None:
    a, b, c = world.node(), world.node(), world.node()
    people(a, 1, 40)
    raw = bundled(a, b)
    assert b"name 1" not in raw
    taken = bundle.take(b, raw)
    assert (taken.new, taken.alarms) == (42, [])
    assert taken.kinds["person.registered"] == 40
    assert schema.state_hash(a) == schema.state_hash(b)
    assert bundle.take(b, raw).new == 0
    assert bundle.take(c, raw).alarms == [("tamper", "bundle: not_for_us")]
    assert known_ids(c, [one.chain for one in lacking(a, None)]) == set()


def test_a_truncated_flipped_foreign_or_forged_bundle_changes_nothing(world: World) -> None:
    a, b = world.node(), world.node()
    people(a, 1, 5)
    people(b, 50)
    raw = bundled(a, b)
    before = schema.state_hash(b), tips.tips_hash(b)
    source = random.Random(3)
    bad = [raw[: source.randrange(len(raw))] for _ in range(12)]
    for _ in range(30):
        at = source.randrange(len(raw))
        bad.append(raw[:at] + bytes([raw[at] ^ 1 << source.randrange(8)]) + raw[at + 1 :])
    foreign = World(world.folder / "..", seed=9)
    foreign.folder = world.folder / "foreign"
    foreign.folder.mkdir()
    other = foreign.node()
    people(other, 1)
    bad.append(bundle.make(other, [b.certificate]))
    bad.append(bundle.sealed(a, [b.certificate], lacking(other, None)))
    forged = list(lacking(a, None))
    forged[-1] = msgspec.structs.replace(forged[-1], hlc=forged[-1].hlc + 1)
    bad.append(bundle.sealed(a, [b.certificate], forged))
    liar = Signer.from_seed(b"x" * 32)
    mine, a.signer = a.signer, liar
    bad.append(bundled(a, b))
    a.signer = mine
    for one in bad:
        taken = bundle.take(b, one)
        assert taken.new == 0
        assert [what for what, _ in taken.alarms] == ["tamper"]
    assert (schema.state_hash(b), tips.tips_hash(b)) == before
    assert bundle.take(b, raw).new == 7
    foreign.close()


def test_a_bundle_whose_last_part_is_forged_leaves_nothing_of_its_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "ENTRIES", 3)
    a, b = world.node(), world.node()
    for start in (1, 10, 20):
        people(a, start)
    sent = list(lacking(a, summarise(b)))
    assert len(list(wire.chunks(sent))) >= 3
    other = msgspec.structs.replace(sent[-2], body=sent[-3].body, id="")
    forged = [*sent[:-2], other, sent[-1]]
    before = schema.state_hash(b), tips.tips_hash(b)
    told: list[int] = []
    taken = bundle.take(b, bundle.sealed(a, [b.certificate], forged), told.append)
    assert told  # earlier parts were looked at
    assert (taken.new, taken.alarms) == (0, [("tamper", "bundle: forged")])
    assert (schema.state_hash(b), tips.tips_hash(b)) == before
    assert bundle.take(b, bundle.sealed(a, [b.certificate], sent)).alarms == []
    assert schema.state_hash(b) == schema.state_hash(a)


@pytest.mark.parametrize("holds_it", [False, True])
@pytest.mark.parametrize("at", [2, 3, 4])
def test_a_body_altered_in_the_middle_of_a_batch_is_refused(
    world: World, at: int, holds_it: bool
) -> None:
    a, b = world.node(), world.node()
    people(a, 1, 6)
    sent = list(lacking(a, summarise(b)))
    if holds_it:
        bundle.take(b, bundle.sealed(a, [b.certificate], sent))
    assert sent[at].signature is None
    assert sent[at].body
    altered = msgspec.structs.replace(sent[at], body=(sent[at].body or b"")[:-1] + b" ")
    before = schema.state_hash(b), tips.tips_hash(b)
    forged = bundle.sealed(a, [b.certificate], [*sent[:at], altered, *sent[at + 1 :]])
    taken = bundle.take(b, forged)
    assert taken.new == 0
    assert [what for what, _about in taken.alarms] == ["tamper"]
    assert (schema.state_hash(b), tips.tips_hash(b)) == before


@pytest.mark.parametrize("odd", [
    {"subject": "a\0b"}, {"subject": "x" * 5000}, {"command": "c" * 5000, "subject": "p"},
    {"subject": "p", "item": 2**40}, {"subject": "p", "about": ("y" * 5000,)},
    {"subject": "p", "over": (("z\0", 1),)},
])  # fmt: skip
def test_what_a_database_could_not_hold_is_held_as_unreadable(
    world: World, odd: dict[str, object]
) -> None:
    a, b = world.node(), world.node()
    people(a, 1)
    head = msgspec.convert({"kind": "person.registered", **odd}, Head)
    entry = write(a, [Part(head, None, "registry")])[0]
    assert bundle.take(b, bundled(a, b)).alarms == []
    assert known_ids(b, [entry]) == {entry}
    assert schema.state_hash(a) == schema.state_hash(b)
    verdicts = Verdict.objects.using(b.alias).filter(entry=entry)
    assert [one.verdict for one in verdicts] == ["malformed"]
    schema.rebuild(b)
    assert schema.state_hash(a) == schema.state_hash(b)


def test_a_bundle_can_be_answered_with_what_its_sender_lacked(world: World) -> None:
    a, b = world.node(), world.node()
    people(a, 1)
    first = bundle.make(a, [b.certificate], for_stick=True)
    bundle.take(b, first)
    people(b, 20)
    answer = bundle.make(b, [a.certificate], bundle.open_bundle(b, first).manifest.holds)
    assert bundle.open_bundle(a, answer).manifest.entries == 5
    bundle.take(a, answer)
    assert schema.state_hash(a) == schema.state_hash(b)


def test_what_unpacks_to_more_than_honest_is_not_unpacked() -> None:
    bomb = wire._compressors.compress(bytes(wire.MOST_BYTES + 1))
    columns = [b"\1" + bomb, *[b"\0"] * 8]
    with pytest.raises(wire.Unreadable, match="more than any honest"):
        wire.unpack(msgspec.msgpack.encode((wire.VERSION, 1, columns)))
    with pytest.raises(wire.Unreadable):
        wire.unpack(msgspec.msgpack.encode((wire.VERSION, 10**9, [b""] * 9)))


def test_a_number_that_does_not_end_is_unreadable() -> None:
    numbers = [0, 1, 127, 128, 300, 2**63, 2**64 - 1]
    assert wire._numbers(wire._varints(numbers)) == numbers
    for torn in (b"\x80", b"\x01\xff", b"\x80" * 10 + b"\x01", b"\xff" * 2_000_000):
        with pytest.raises(wire.Unreadable):
            wire._numbers(torn)


def test_a_clock_or_flag_that_no_envelope_can_hold_is_unreadable(world: World) -> None:
    a = world.node()
    people(a, 1)
    version, count, columns = msgspec.msgpack.decode(wire.pack(list(lacking(a, None))))
    for column, number in ((2, b"\xff\xff\xff\xff\x7f"), (3, b"\xff" * 9 + b"\x01")):
        changed = list(columns)
        changed[column] = b"\0" + number * count
        with pytest.raises(wire.Unreadable):
            wire.unpack(msgspec.msgpack.encode((version, count, changed)))


hexes = st.sampled_from(
    ["", "ab" * 16, "cd" * 32, "01a0c450-6c00-70b8-8718-822ce47c4107", "ff" * 33]
)
raws = st.builds(lambda a, b, c: f'{{"{a}":"{b}{c}"}}'.encode(), st.text(max_size=5), hexes, hexes)


@given(
    parts=st.lists(
        st.tuples(
            st.one_of(st.none(), raws, st.binary(max_size=9)),
            st.one_of(st.none(), raws, st.binary(max_size=9)),
            st.integers(0, 2**62), st.integers(0, 2**31 - 1), st.booleans(), st.integers(0, 2),
        ),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_what_is_packed_is_unpacked_to_the_byte(
    parts: list[tuple[bytes | None, bytes | None, int, int, bool, int]],
) -> None:
    sent: list[Sent] = []
    prev, seq = "", 0
    for head, body, hlc, flags, signed, chain in parts:
        one = Sent(
            f"{chain:02x}" * 32, seq + 1, prev, hlc, flags,
            "11" * 32 if head is None else "", "" if body is None else digest(body),
            head, body, b"s" * 64 if signed else None,
        )  # fmt: skip
        sent.append(msgspec.structs.replace(one, id=computed_id(one)))
        seq, prev = seq + 1, sent[-1].id
    back = wire.unpack(wire.pack(sent))
    unsigned = [msgspec.structs.replace(one, signature=None) for one in sent]
    assert [msgspec.structs.replace(one, signature=None) for one in back] == unsigned
    for packed, given_ in zip(back, sent, strict=True):
        assert packed.signature in (None, given_.signature)


@given(raw=st.binary(max_size=60))
def test_no_bytes_at_all_end_in_anything_but_a_refusal(raw: bytes) -> None:
    with pytest.raises(wire.Unreadable):
        wire.unpack(raw)


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_row_is_erased_with_whom_it_was_about_in_any_order(
    world: World, order: tuple[int, ...]
) -> None:
    row_at, settled_at, erased_at, here = (world.node() for _ in range(4))
    aside = RowSetAside(row=7, values="Amal Zenobia 0791234567")
    (row,) = append(row_at, "clerk", [Draft(aside, "a list")])
    settled = RowSettled(aside=row, how="registered")
    append(settled_at, "clerk", [Draft(settled, "a list", about=("amal",))])
    append(erased_at, "guard", [Draft(PersonErased(), "amal")])
    givers = [row_at, settled_at, erased_at]
    first = [list(lacking(one, None)) for one in givers]
    for number in order:
        assert not take(here, first[number]).alarms
    assert by_ids(here, [row])[0].is_stub
    assert summarise(here).wants == []
    assert not take(here, first[0]).alarms  # an old bundle brings nothing back
    assert by_ids(here, [row])[0].is_stub
    live = schema.state_hash(here)
    schema.rebuild(here)
    assert schema.state_hash(here) == live
    for one in givers:
        pour(here, one)
        assert schema.state_hash(one) == live
    assert by_ids(row_at, [row])[0].is_stub


def test_nobody_has_other_entries_erased_by_calling_them_rows(world: World) -> None:
    a = world.node()
    kept, _gone = people(a, 1, 2)
    settled = RowSettled(aside=kept, how="registered")
    append(a, "clerk", [Draft(settled, "a list", about=("p2",))])
    append(a, "guard", [Draft(PersonErased(), "p2")])
    assert by_ids(a, [kept])[0].body is not None
