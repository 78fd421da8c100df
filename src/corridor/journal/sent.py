"""Entries on their way between nodes."""

from __future__ import annotations

import msgspec

from corridor.journal.format import digest, id_of


class Sent(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An entry on its way. `head` is None where the receiver has no right to its scope.

    `head_hash` is empty where the head comes along. `id` is what the entry is called where it came
    from, or "": whoever receives it believes only what was computed here.
    """

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
    id: str = ""


def computed_id(s: Sent) -> str:
    """The id of an entry, from its parts. Raises `ValueError` where a hash is none."""
    head = digest(s.head) if s.head is not None else s.head_hash
    body = digest(s.body) if s.body is not None else s.body_hash
    return id_of(
        bytes.fromhex(s.chain), s.seq, bytes.fromhex(s.prev), s.hlc, s.flags,
        bytes.fromhex(head), bytes.fromhex(body),
    ).hex()  # fmt: skip
