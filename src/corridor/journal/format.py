"""The bytes of an entry: head, body, envelope and id. Fixed for ever, because they are signed.

An entry has three parts. The *head* (kept for ever) and the *body* (the personal part, which can
be detached) are JSON made once by their writer and stored as they are; nothing re-encodes them.
The *envelope* binds them into a chain by fixed-width fields, so that it can be packed again
from its columns without any question of how. The id of an entry is the SHA-256 of its tagged
envelope; a signature is made over the id.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Any

import msgspec

ENVELOPE_TAG = b"corridor.entry.1\0"
SIGNATURE_TAG = b"corridor.signature.1\0"
_LAYOUT = struct.Struct(">32sQ32sQI32s32s")

#: Scopes in the order of their numbers in the envelope; only ever add at the end.
SCOPES = (
    "core",
    "registry",
    "movement",
    "assistance",
    "medical",
    "tracing",
    "audit",
    "protection",
)

_HAS_BODY = 1
_SCOPE_SHIFT = 8

# `gc=False`: structures that form no cycles are not looked at again and again by the collector,
# which in bulk takes a tenth of the time.

#: Codes are ids, integers and codes of closed lists; a list of them where a kind needs several.
Code = str | int | list[str | int] | None
#: A value of a body: text or an integer, or a list of either; never a float.
Value = str | int | list[str | int] | None


class Head(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What is kept for ever of an entry.

    `over` lists what it replaces or continues as (entry id, field number); field 0 stands for
    the whole entry. `at` is the claimed time in milliseconds since 1970 (UTC) where it differs
    from the journal's clock, `precision` how exactly it is known, `writer` the actor who is said
    to have written it on paper first.
    """

    kind: str
    version: int = 1
    actor: str = ""
    subject: str = ""
    about: tuple[str, ...] = ()
    over: tuple[tuple[str, int], ...] = ()
    command: str = ""
    item: int = 0
    at: int | None = None
    precision: str = "second"
    writer: str = ""
    codes: dict[str, Code] = {}


class Body(msgspec.Struct, frozen=True, gc=False):
    """The personal part: 16 bytes of salt in hex, and the values."""

    salt: str
    values: dict[str, Value]


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """The fixed part of an entry. Hashes, `chain` and `prev` are hex; `prev` is empty at seq 1."""

    chain: str
    seq: int
    prev: str
    hlc: int
    flags: int
    head_hash: str
    body_hash: str

    def entry_id(self) -> str:
        """SHA-256 of the tagged envelope, in hex."""
        return id_of(
            bytes.fromhex(self.chain),
            self.seq,
            bytes.fromhex(self.prev),
            self.hlc,
            self.flags,
            bytes.fromhex(self.head_hash),
            bytes.fromhex(self.body_hash),
        ).hex()


def id_of(
    chain: bytes, seq: int, prev: bytes, hlc: int, flags: int, head_hash: bytes, body_hash: bytes
) -> bytes:
    """The id of an entry from the fields of its envelope; an empty hash is packed as zeros."""
    packed = _LAYOUT.pack(chain, seq, prev, hlc, flags, head_hash, body_hash)
    return hashlib.sha256(ENVELOPE_TAG + packed).digest()


_encoder = msgspec.json.Encoder(order="deterministic")
_head_decoder = msgspec.json.Decoder(Head)
_body_decoder = msgspec.json.Decoder(Body)


def encode(part: Head | Body) -> bytes:
    """The bytes of a head or body, made once by the writer of the entry."""
    return _encoder.encode(part)


def decode_head(raw: bytes) -> Head:
    """The head in `raw`. Raises `msgspec.DecodeError` for bytes that are no head."""
    return _head_decoder.decode(raw)


def decode_body(raw: bytes) -> Body:
    """The body in `raw`. Raises `msgspec.DecodeError` for bytes that are no body."""
    return _body_decoder.decode(raw)


def may_hold_nul(raw: bytes) -> bool:
    """Whether a text in the JSON of `raw` may hold a NUL; where this says no, none does."""
    return b"\\u0000" in raw


def digest(raw: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(raw).hexdigest()


def signed_bytes(entry_id: str) -> bytes:
    """What the last entry of a transaction signs."""
    return SIGNATURE_TAG + bytes.fromhex(entry_id)


def flags_of(scope: str, *, has_body: bool) -> int:
    """The envelope's flags for an entry of `scope`."""
    return SCOPES.index(scope) << _SCOPE_SHIFT | (_HAS_BODY if has_body else 0)


def scope_number(flags: int) -> int:
    """The number of an entry's scope in `SCOPES`; it may be one that this version lacks."""
    return flags >> _SCOPE_SHIFT


def has_body(flags: int) -> bool:
    """Whether the entry was written with a body, here or not."""
    return bool(flags & _HAS_BODY)


def as_json(value: Any) -> str:
    """Deterministic JSON text, for rule contents and hashes."""
    return _encoder.encode(value).decode()
