"""One file for the stick and for the wire: chunks of entries and a signed manifest, sealed.

    age( "corridor bundle 1\\n"  (length, chunk)*  0  length, manifest  signature )

Lengths have four bytes. Each chunk ends at a signed entry. The manifest names the sender by its
certificate, the nodes it is meant for, and the hash of every chunk; it is signed by the sender's
node key. The whole is one age file to the receivers' keys. Nothing is taken in before all of it
was found whole, and then all of it or nothing.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import msgspec

from corridor.journal import arrive, store, tips, trust
from corridor.journal.arrive import Taken
from corridor.journal.exchange import Summary, lacking, scopes_for, summarise
from corridor.journal.keys.certificates import Certificate, Untrusted, read
from corridor.journal.keys.sealing import CannotOpen, open_streamed, seal_to
from corridor.journal.keys.signing import is_signed
from corridor.journal.node import Node
from corridor.journal.sent import Sent
from corridor.sync import wire

MAGIC = b"corridor bundle 1\n"
_TAG = b"corridor.bundle.1\0"
_AGE = b"age-encryption.org/"
_LENGTH = struct.Struct(">I")
#: No honest chunk, manifest or file is larger.
MOST_CHUNK, MOST_MANIFEST, MOST_FILE = 32 * 2**20, 64 * 2**20, 2**30

Progress = Callable[[int], None]


class Manifest(msgspec.Struct, frozen=True):
    """What a bundle says of itself. `holds` is what its sender held, for an answer to it.

    Where there is `more`, `ends` names for each chain the entries in it that nothing in it follows:
    whoever has read this asks on from there.
    """

    certificate: str
    certificate_signature: str
    receivers: tuple[str, ...]
    made_ms: int
    entries: int
    chunks: tuple[str, ...]
    tips: str
    more: bool = False
    holds: Summary | None = None
    ends: dict[str, list[str]] = {}


class BadBundle(Exception):
    """A bundle that is not taken in. `why` is one of `WHYS`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


#: Why a bundle is refused; the sentences are in `corridor.sync.words`.
WHYS = ("damaged", "not_for_us", "foreign", "forged", "too_large", "newer")


@dataclass(frozen=True)
class Opened:
    """A bundle whose seal, signature and hashes were found right."""

    manifest: Manifest
    sender: Certificate
    chunks: tuple[bytes, ...]


def make(
    node: Node,
    receivers: Sequence[Certificate],
    summary: Summary | None = None,
    *,
    most_chunks: int | None = None,
    for_stick: bool = False,
    progress: Progress = lambda done: None,
) -> bytes:
    """A bundle of what the owner of the summary lacks (None: of everything), for the receivers."""
    scopes = frozenset.intersection(*(scopes_for(one.scopes) for one in receivers))
    return sealed(
        node, receivers, lacking(node, summary, scopes), most_chunks=most_chunks,
        holds=summarise(node) if for_stick else None, progress=progress,
    )  # fmt: skip


def sealed(
    node: Node,
    receivers: Sequence[Certificate],
    sent: Iterable[Sent],
    *,
    most_chunks: int | None = None,
    holds: Summary | None = None,
    progress: Progress = lambda done: None,
) -> bytes:
    """A bundle of these entries."""
    return sealed_chunks(
        node, receivers, wire.chunks(sent), most_chunks=most_chunks, holds=holds, progress=progress
    )


def sealed_chunks(
    node: Node,
    receivers: Sequence[Certificate],
    chunks: Iterable[Sequence[Sent]],
    *,
    most_chunks: int | None = None,
    holds: Summary | None = None,
    progress: Progress = lambda done: None,
) -> bytes:
    """A bundle of entries that were cut into chunks."""
    out = io.BytesIO()
    out.write(MAGIC)
    hashes: list[str] = []
    ends: dict[str, str] = {}
    entries, more = 0, False
    for some in chunks:
        if most_chunks is not None and len(hashes) == most_chunks:
            more = True
            break
        packed, ids = wire.pack_with_ids(some)
        out.write(_LENGTH.pack(len(packed)) + packed)
        hashes.append(hashlib.sha256(packed).hexdigest())
        entries += len(some)
        for entry, one in zip(ids, some, strict=True):
            ends.pop(one.prev, None)
            ends[entry] = one.chain
        progress(entries)
    manifest = msgspec.json.encode(
        Manifest(
            node.certificate_text, node.certificate_signature,
            tuple(one.node for one in receivers), node.clock(), entries, tuple(hashes),
            tips.tips_hash(node), more, holds, _by_chain(ends) if more else {},
        )
    )  # fmt: skip
    out.write(_LENGTH.pack(0) + _LENGTH.pack(len(manifest)) + manifest)
    out.write(node.signer.sign(_TAG + manifest))
    return seal_to([one.recipient for one in receivers], out.getvalue())


def _by_chain(ends: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry, chain in ends.items():
        found.setdefault(chain, []).append(entry)
    return found


def open_bundle(node: Node, raw: bytes | BinaryIO) -> Opened:
    """Opens a bundle and checks all that can be checked on it alone. Raises `BadBundle`.

    It is read piece by piece, so only its chunks lie in memory, compressed as they came.
    """
    file = io.BytesIO(raw) if isinstance(raw, bytes) else raw
    if file.seek(0, io.SEEK_END) > MOST_FILE:
        raise BadBundle("too_large")
    file.seek(0)
    if not file.read(len(_AGE)) == _AGE:
        raise BadBundle("damaged")
    file.seek(0)
    reading = _Reading()
    try:
        open_streamed(node.signer.seed, file, reading.add)
    except CannotOpen as error:
        raise BadBundle("not_for_us") from error
    manifest_raw, signature = reading.end()
    try:
        manifest = msgspec.json.decode(manifest_raw, type=Manifest)
    except msgspec.MsgspecError as error:
        raise BadBundle("damaged") from error
    try:
        sender = read(node.operation, manifest.certificate, manifest.certificate_signature)
    except Untrusted as error:
        raise BadBundle("foreign") from error
    if not is_signed(sender.node, _TAG + manifest_raw, signature):
        raise BadBundle("forged")
    if node.key not in manifest.receivers:
        raise BadBundle("not_for_us")
    if tuple(hashlib.sha256(one).hexdigest() for one in reading.chunks) != manifest.chunks:
        raise BadBundle("forged")
    return Opened(manifest, sender, tuple(reading.chunks))


class _Reading:
    """Takes a bundle apart while it is opened. Raises `BadBundle`."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self._held = bytearray()
        self._started = False
        self._tail = False  # the chunks are over

    def add(self, piece: bytes) -> None:
        """The next bytes."""
        self._held += piece
        if not self._started:
            if len(self._held) < len(MAGIC):
                return
            self._started = True
            start = bytes(self._held[: len(MAGIC)])
            if start != MAGIC:
                known = start.startswith(b"corridor bundle ")
                raise BadBundle("newer" if known else "damaged")
            del self._held[: len(MAGIC)]
        while not self._tail and len(self._held) >= _LENGTH.size:
            (size,) = _LENGTH.unpack_from(self._held)
            if size > MOST_CHUNK:
                raise BadBundle("too_large")
            if len(self._held) < _LENGTH.size + size:
                return
            self._tail = size == 0
            if size:
                self.chunks.append(bytes(self._held[_LENGTH.size : _LENGTH.size + size]))
            del self._held[: _LENGTH.size + size]
        if len(self._held) > MOST_MANIFEST:
            raise BadBundle("too_large")

    def end(self) -> tuple[bytes, bytes]:
        """The manifest and its signature."""
        raw = bytes(self._held)
        if not self._tail or len(raw) < _LENGTH.size + 64:
            raise BadBundle("damaged")
        (size,) = _LENGTH.unpack_from(raw)
        if len(raw) != _LENGTH.size + size + 64:
            raise BadBundle("damaged")
        return raw[_LENGTH.size : -64], raw[-64:]


def take(node: Node, raw: bytes | BinaryIO, progress: Progress = lambda done: None) -> Taken:
    """Takes in a bundle, all or nothing. Never raises for a bad one, but reports it."""
    try:
        opened = open_bundle(node, raw)
    except BadBundle as bad:
        return refused(node, bad.why)
    taken = arrive.take_all(
        node, parts(node, opened.chunks), lambda taken: progress(taken.new + taken.duplicate)
    )
    # Where no first sync is under way nothing hangs on it, and the leaves need not be brought up.
    if trust.is_joining(node) and not any(what == "tamper" for what, _ in taken.alarms):
        agree(node, opened.manifest)
    return taken


def parts(node: Node, chunks: Iterable[bytes]) -> Iterator[arrive.Computed]:
    """Chunks taken apart, one after another. Raises `Refused` at one that is not as signed."""
    for chunk in chunks:
        try:
            sent, loose = wire.unpack_with_loose(chunk)
        except wire.Unreadable as error:
            raise arrive.Refused("bundle: forged") from error
        if len(store.known_ids(node, loose)) != len(loose):
            raise arrive.Refused("bundle: forged")
        yield arrive.Computed(sent)


def refused(node: Node, why: str) -> Taken:
    """A bundle that cannot be believed: only that one came is remembered."""
    with node.transaction():
        store.raise_alarm(node, "tamper", f"bundle: {why}")
    return Taken(alarms=[("tamper", f"bundle: {why}")])


def agree(node: Node, manifest: Manifest) -> bool:
    """Whether all that the sender held is here now; then a first sync is complete."""
    if tips.tips_hash(node) != manifest.tips:
        if manifest.holds is None:
            return False
        ends = {entry for ids in manifest.holds.has.values() for entry in ids}
        if len(store.known_ids(node, ends)) != len(ends):
            return False
    with node.transaction():
        trust.mark_joined(node)
    return True
