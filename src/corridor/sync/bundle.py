"""One file for the stick and for the wire: chunks of entries and a signed manifest, sealed.

    age( "corridor bundle 1\\n"  (length, chunk)*  0  length, manifest  signature )

Lengths have four bytes. Each chunk ends at a signed entry. The manifest names the sender by its
certificate, the nodes it is meant for, and the hash of every chunk; it is signed by the sender's
node key. The whole is one age file to the receivers' keys. Nothing is taken in before all of it
was found whole.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from corridor.journal import arrive, store, tips, trust
from corridor.journal.arrive import Taken
from corridor.journal.exchange import Summary, lacking, scopes_for, summarise
from corridor.journal.keys.certificates import Certificate, Untrusted, read
from corridor.journal.keys.sealing import CannotOpen, open_sealed, seal_to
from corridor.journal.keys.signing import is_signed
from corridor.journal.node import Node
from corridor.journal.sent import Sent
from corridor.sync import wire

MAGIC = b"corridor bundle 1\n"
_TAG = b"corridor.bundle.1\0"
_LENGTH = struct.Struct(">I")
#: No honest chunk, manifest or file is larger.
MOST_CHUNK, MOST_MANIFEST, MOST_FILE = 32 * 2**20, 64 * 2**20, 4 * 2**30

Progress = Callable[[int], None]


class Manifest(msgspec.Struct, frozen=True):
    """What a bundle says of itself. `holds` is what its sender held, for an answer to it."""

    certificate: str
    certificate_signature: str
    receivers: tuple[str, ...]
    made_ms: int
    entries: int
    chunks: tuple[str, ...]
    tips: str
    more: bool = False
    holds: Summary | None = None


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
    raw: bytes = b""


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
    out = io.BytesIO()
    out.write(MAGIC)
    hashes: list[str] = []
    entries, more = 0, False
    for some in wire.chunks(sent):
        if most_chunks is not None and len(hashes) == most_chunks:
            more = True
            break
        packed = wire.pack(some)
        out.write(_LENGTH.pack(len(packed)) + packed)
        hashes.append(hashlib.sha256(packed).hexdigest())
        entries += len(some)
        progress(entries)
    manifest = msgspec.json.encode(
        Manifest(
            node.certificate_text, node.certificate_signature,
            tuple(one.node for one in receivers), node.clock(), entries, tuple(hashes),
            tips.tips_hash(node), more, holds,
        )
    )  # fmt: skip
    out.write(_LENGTH.pack(0) + _LENGTH.pack(len(manifest)) + manifest)
    out.write(node.signer.sign(_TAG + manifest))
    return seal_to([one.recipient for one in receivers], out.getvalue())


def open_bundle(node: Node, raw: bytes) -> Opened:
    """Opens a bundle and checks all that can be checked on it alone. Raises `BadBundle`."""
    if len(raw) > MOST_FILE:
        raise BadBundle("too_large")
    if not raw.startswith(b"age-encryption.org/"):
        raise BadBundle("damaged")
    try:
        plain = open_sealed(node.signer.seed, raw)
    except CannotOpen as error:
        raise BadBundle("not_for_us") from error
    if not plain.startswith(MAGIC):
        raise BadBundle("newer" if plain.startswith(b"corridor bundle ") else "damaged")
    chunks, manifest_raw, signature = _split(plain)
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
    if tuple(hashlib.sha256(one).hexdigest() for one in chunks) != manifest.chunks:
        raise BadBundle("forged")
    return Opened(manifest, sender, tuple(chunks))


def _split(plain: bytes) -> tuple[list[bytes], bytes, bytes]:
    at = len(MAGIC)
    chunks: list[bytes] = []
    view = memoryview(plain)
    try:
        while size := _LENGTH.unpack_from(plain, at)[0]:
            if size > MOST_CHUNK:
                raise BadBundle("too_large")
            chunks.append(bytes(view[at + 4 : at + 4 + size]))
            at += 4 + size
        (size,) = _LENGTH.unpack_from(plain, at + 4)
    except struct.error as error:
        raise BadBundle("damaged") from error
    manifest = bytes(view[at + 8 : at + 8 + size])
    signature = bytes(view[at + 8 + size :])
    if size > MOST_MANIFEST or len(manifest) != size or len(signature) != 64:
        raise BadBundle("damaged")
    return chunks, manifest, signature


def take(node: Node, raw: bytes, progress: Progress = lambda done: None) -> Taken:
    """Takes in a bundle. Never raises for a bad one: it reports, and nothing was changed."""
    try:
        opened = open_bundle(node, raw)
        for packed in opened.chunks[1:]:
            wire.unpack(packed)
        taken = take_opened(node, opened.chunks, progress)
    except BadBundle as bad:
        return _refused(node, bad.why)
    except wire.Unreadable:
        return _refused(node, "forged")
    if not any(what == "tamper" for what, _ in taken.alarms):
        agree(node, opened.manifest)
    return taken


def take_opened(
    node: Node, parts: Sequence[bytes], progress: Progress = lambda done: None
) -> Taken:
    """Takes in chunks that were checked, each in a transaction of its own."""
    taken = Taken()
    for part in parts:
        sent, loose = wire.unpack_with_loose(part)
        if len(store.known_ids(node, loose)) != len(loose):
            taken.add(_refused(node, "forged"))
        else:
            taken.add(arrive.take(node, sent))
        progress(taken.new + taken.duplicate)
        if any(what == "tamper" for what, _ in taken.alarms):
            break
    return taken


def _refused(node: Node, why: str) -> Taken:
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
