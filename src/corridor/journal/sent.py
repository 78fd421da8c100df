"""Entries on their way between nodes."""

from __future__ import annotations

import msgspec

from corridor.journal.store import Held


class Sent(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An entry on its way. `head` is None where the receiver has no right to its scope."""

    chain: str
    seq: int
    prev: str
    hlc: int
    flags: int
    head_hash: str
    body_hash: str
    head: bytes | None
    body: bytes | None
    signature: bytes | None


def sent_of(one: Held) -> Sent:
    """The entry with all of it that is here."""
    e = one.envelope
    return Sent(
        e.chain, e.seq, e.prev, e.hlc, e.flags, e.head_hash, e.body_hash,
        one.raw_head, one.raw_body, one.signature,
    )  # fmt: skip
