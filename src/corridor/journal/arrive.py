"""Taking in entries that came from another node, in any order and any pieces.

An authentic entry is never refused: it is held, and judged when folding. Anything that is not
authentic makes the whole delivery refused, which changes nothing but an alarm. What came before
the entries it follows waits as it came.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from corridor.journal import alarms, spoken, store
from corridor.journal.clock import is_ahead
from corridor.journal.collecting import undisturbed
from corridor.journal.fold import erased_among, fold, strip_waiting
from corridor.journal.format import Envelope, Head, digest, has_body, signed_bytes
from corridor.journal.keys.certificates import Certificate, Untrusted, read
from corridor.journal.keys.signing import is_signed
from corridor.journal.node import Node
from corridor.journal.sent import Sent, computed_id
from corridor.journal.store import Held

_LARGEST = 2**63 - 1
#: Keys of chains and ids of entries, in hex.
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass
class Taken:
    """What became of a delivery: counts of entries, and what was refused or noticed."""

    new: int = 0
    duplicate: int = 0
    bodies: int = 0
    waiting: int = 0
    alarms: list[tuple[str, str]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, other: Taken) -> None:
        """Counts what became of a further part."""
        self.new += other.new
        self.duplicate += other.duplicate
        self.bodies += other.bodies
        self.waiting = other.waiting
        self.alarms += [one for one in other.alarms if one not in self.alarms]
        self.kinds += other.kinds


class Refused(Exception):
    """Something in a delivery is not authentic; `what` says which part."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The delivery is not authentic: {what}.")
        self.what = what


@dataclass(frozen=True, slots=True)
class Computed:
    """Entries whose hashes and ids were computed here, from the parts that came."""

    sent: Sequence[Sent]


def take(node: Node, sent: Iterable[Sent]) -> Taken:
    """Takes in a delivery, all or nothing; never raises for a bad one, but reports it."""
    return take_all(node, [sent])


def take_all(
    node: Node,
    parts: Iterable[Iterable[Sent] | Computed],
    tell: Callable[[Taken], None] = lambda taken: None,
) -> Taken:
    """The same for a delivery in parts, told of after each. A part may raise `Refused` itself."""
    total = Taken()
    try:
        with node.transaction():
            for sent in parts:
                taken = Taken()
                with undisturbed():
                    _Arrival(node, taken).take(_all_arrived(sent))
                total.add(taken)
                tell(total)
    except Refused as refused:
        total = Taken(alarms=[("tamper", refused.what)])
        with node.transaction():
            store.raise_alarm(node, "tamper", refused.what)
    return total


def _arrived(sent: Sent) -> Sent:
    """With the id that was computed here. Raises `Refused` where a part does not fit."""
    _check_envelope(sent)
    if sent.head is not None and sent.head_hash not in ("", digest(sent.head)):
        raise Refused("head")
    if sent.body is not None and digest(sent.body) != sent.body_hash:
        raise Refused("body")
    try:
        return msgspec.structs.replace(sent, id=computed_id(sent))
    except ValueError:
        raise Refused("envelope") from None


def _check_envelope(s: Sent) -> None:
    if not (
        1 <= s.seq <= _LARGEST
        and 0 <= s.hlc <= _LARGEST
        and 0 <= s.flags < 2**31
        and has_body(s.flags) == bool(s.body_hash)
        and (s.seq == 1) == (s.prev == "")
    ):
        raise Refused("envelope")


def _envelope(s: Sent) -> Envelope:
    return Envelope(s.chain, s.seq, s.prev, s.hlc, s.flags, s.head_hash, s.body_hash)


def _all_arrived(sent: Iterable[Sent] | Computed) -> Sequence[Sent]:
    if not isinstance(sent, Computed):
        return [_arrived(one) for one in sent]
    for one in sent.sent:
        _check_envelope(one)
    return sent.sent


class _Arrival:
    def __init__(self, node: Node, taken: Taken) -> None:
        self.node = node
        self.taken = taken
        self.accepted: list[Held] = []
        self.by_id: dict[str, Sent] = {}
        self.woken: set[str] = set()  # they waited here since an earlier delivery

    def take(self, arrived: Sequence[Sent]) -> None:
        """Sorts out what is new, attaches what can be, and leaves the rest waiting."""
        touched = self._sort_out(arrived)
        self._wake()
        attached = True
        while attached and self.by_id:
            attached = self._attach_all()
        self._leave_waiting()
        if self.accepted or touched:
            fold(self.node, fresh=self.accepted, touched=touched)
        strip_waiting(self.node)
        self._adopt_clock()
        self.taken.new = len(self.accepted)
        self.taken.kinds = Counter(one.head.kind for one in self.accepted if one.head)
        if self.accepted:
            self.taken.alarms += alarms.look_for_forks(self.node, self.accepted)

    def _sort_out(self, arrived: Sequence[Sent]) -> set[str]:
        """Fills stubs from entries that are held already; returns which."""
        held = store.signatures(self.node, [one.id for one in arrived])
        offered: dict[str, Sent] = {}
        for one in arrived:
            if one.id in held:
                self.taken.duplicate += 1
                if one.signature != held[one.id]:
                    self._check_signature(one)
                if one.head is not None:
                    offered[one.id] = one
            else:
                self._check_signature(one)
                before = self.by_id.get(one.id)
                if before is None or before.body is None:
                    self.by_id[one.id] = one
        return self._fill(offered)

    def _fill(self, offered: dict[str, Sent]) -> set[str]:
        """Heads and bodies that were withheld before; returns whose."""
        heads: dict[str, bytes] = {}
        bodies: dict[str, bytes] = {}
        for bare in store.missing_among(self.node, offered):
            sent = offered[bare.id]
            if bare.raw_head is None and sent.head is not None:
                heads[bare.id] = sent.head
            head = bare.head or store.safe_head(sent.head)
            if sent.body is None or bare.raw_body is not None or head is None:
                continue
            if not erased_among(self.node, spoken.persons(self.node, {bare.id: head})[bare.id]):
                bodies[bare.id] = sent.body
        store.add_heads(self.node, heads)
        store.add_bodies(self.node, bodies)
        self.taken.bodies = len(heads.keys() | bodies.keys())
        return heads.keys() | bodies.keys()

    @staticmethod
    def _check_signature(one: Sent) -> None:
        """A chain's name is its key, so this can be told even before its voucher has come."""
        signature = one.signature
        if signature is not None and not is_signed(one.chain, signed_bytes(one.id), signature):
            raise Refused("signature")

    def _wake(self) -> None:
        """Looks again at what waited."""
        for key, raw in store.waiting(self.node):
            sent = msgspec.msgpack.decode(raw, type=Sent)
            before = self.by_id.get(key)
            if before is None or before.body is None:
                self.by_id[key] = msgspec.structs.replace(sent, id=key)
                self.woken.add(key)

    def _leave_waiting(self) -> None:
        rows = [
            (one.id, one.chain, one.seq, msgspec.msgpack.encode(one)) for one in self.by_id.values()
        ]
        store.set_waiting(self.node, rows)
        self.taken.waiting = len(rows)

    # -- attaching --------------------------------------------------------------------

    def _attach_all(self) -> bool:
        """Attaches what follows something held, chain by chain; tells whether anything did."""
        chains: dict[str, list[Sent]] = defaultdict(list)
        for one in self.by_id.values():
            chains[one.chain].append(one)
        numbers = store.chain_numbers(self.node, chains)
        before = len(self.accepted)
        for key in sorted(chains):
            if key not in numbers:
                certificate = self._first_certificate(chains[key])
                if certificate is None:
                    continue
                numbers[key] = store.add_chain(
                    self.node, key, key, certificate.name, certificate.powers
                )
            if key in numbers:
                self._attach(key, numbers[key], chains[key])
        return len(self.accepted) > before

    def _first_certificate(self, arrived: list[Sent]) -> Certificate | None:
        """The certificate with which a node's own chain begins."""
        for one in sorted(arrived, key=lambda one: one.id):
            head = store.safe_head(one.head)
            if one.seq != 1 or head is None or head.kind != "node.certified":
                continue
            try:
                return self._certificate(one.chain, head)
            except Untrusted:
                arrived.remove(one)
                self._fault(one, "certificate")
        return None

    def _certificate(self, chain: str, head: Head) -> Certificate:
        certificate = read(
            self.node.operation,
            str(head.codes.get("certificate")),
            str(head.codes.get("signature")),
        )
        if certificate.node != chain:
            raise Untrusted("The certificate belongs to another node.")
        return certificate

    def _fault(self, one: Sent, what: str) -> None:
        """What waited since an earlier delivery is dropped; else the delivery is refused."""
        if one.id not in self.woken:
            raise Refused(what)
        del self.by_id[one.id]
        about = f"waited: {what}"
        self.taken.alarms.append(("tamper", about))
        store.raise_alarm(self.node, "tamper", about)

    def _attach(self, key: str, number: int, arrived: list[Sent]) -> None:
        """Accepts every path of this chain from what is held up to a signed entry."""
        followers: dict[str, list[Sent]] = defaultdict(list)
        for one in arrived:
            followers[one.prev].append(one)
        outside = [prev for prev in followers if prev not in self.by_id]
        anchors = {"": 0} | store.seqs_in_chain(self.node, number, outside)
        stack = [
            (anchors[one.prev], [one])
            for prev in followers
            if prev in anchors
            for one in followers[prev]
        ]
        fresh: list[Sent] = []
        while stack:
            seq, path = stack.pop()
            while True:
                last = path[-1]
                seq += 1
                if last.seq != seq:
                    self._fault(last, "sequence")
                    break
                if last.signature is not None:
                    fresh += path
                    path = []
                after = followers.get(last.id)
                if after is None:
                    break
                if len(after) > 1:
                    stack += [(seq, [*path, one]) for one in after[1:]]
                path.append(after[0])
        self._accept(key, number, fresh)

    def _accept(self, key: str, number: int, fresh: list[Sent]) -> None:
        if not fresh:
            return
        once = {one.id: one for one in fresh}
        ordered = sorted(once.values(), key=lambda one: one.seq)
        of, powers = store.chain_writer(self.node, number)
        if of == self.node.key:
            alarms.remember_own_tips(self.node)
        held = [
            Held(
                one.id, _envelope(one), store.safe_head(one.head), one.head,
                one.body, one.signature, of, powers,
            )
            for one in ordered
        ]  # fmt: skip
        store.insert(self.node, held, {key: number})
        self.accepted += held
        for one in ordered:
            del self.by_id[one.id]
        if of == key:
            self._read_vouchers(key, held)

    def _read_vouchers(self, key: str, held: list[Held]) -> None:
        """A node's own chain tells of renewed certificates and of its sessions."""
        name, powers = store.certificate_in_force(self.node, key)
        for one in held:
            if one.head is None:
                raise Refused("voucher")
            if one.head.kind == "node.certified":
                try:
                    certificate = self._certificate(key, one.head)
                except Untrusted:
                    raise Refused("certificate") from None
                name, powers = certificate.name, certificate.powers
                store.renew(self.node, key, name, powers)
            elif one.head.kind == "session.opened":
                chain = str(one.head.codes.get("chain"))
                if _KEY.fullmatch(chain) and not store.chain_numbers(self.node, [chain]):
                    slot, tip = one.head.codes.get("slot"), str(one.head.codes.get("tip") or "")
                    store.add_chain(
                        self.node, chain, key, name, powers,
                        slot if isinstance(slot, int) and 0 <= slot < 2**31 else 0,
                        tip if _KEY.fullmatch(tip) else "",
                    )  # fmt: skip

    def _adopt_clock(self) -> None:
        """Takes over the newest reading of others, unless it is too far ahead to be believed."""
        if not self.accepted:
            return
        now = self.node.clock()
        newest = int(store.note(self.node, "hlc") or 0)
        latest = max(one.envelope.hlc for one in self.accepted)
        if not is_ahead(latest, now):
            store.set_note(self.node, "hlc", str(max(newest, latest)))
            return
        for one in self.accepted:
            if is_ahead(one.envelope.hlc, now):
                name = store.name_of_node(self.node, one.node)
                alarm = ("clock", name)
                if alarm not in self.taken.alarms:
                    self.taken.alarms.append(alarm)
                    store.raise_alarm(self.node, *alarm)
            else:
                newest = max(newest, one.envelope.hlc)
        store.set_note(self.node, "hlc", str(newest))
