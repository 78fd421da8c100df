"""Entries as they travel: a chunk of whole transactions, column by column, each compressed alone.

Nothing that the receiver can compute is sent: ids, hashes of parts that come along, what follows
what within a run of a chain. Signatures go along where a run ends; the chain covers the rest. Ids
and salts lie in columns of their own, as bytes: each id once, then by how long ago it was named.
"""

from __future__ import annotations

import re
import struct
from binascii import unhexlify
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate

import msgspec
import zstandard

from corridor.journal.format import id_of
from corridor.journal.sent import Sent, computed_id

VERSION = 1
#: A chunk is cut at the first signed entry after this many entries or bytes.
ENTRIES, BYTES = 2000, 4 * 1024 * 1024
#: No chunk that says it is larger is unpacked.
MOST_ENTRIES, MOST_BYTES = 200_000, 128 * 1024 * 1024
LEVEL = 5

_COLUMNS = 9
_HEAD, _BODY, _WITHHELD, _SIGNED = 1, 2, 4, 8
_STARTS = 16
#: An id with dashes, one without or a hash, and a salt: each where a text of the JSON begins.
_ID = re.compile(
    rb'"(?:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})'
    rb"|([0-9a-f]{64})(?![0-9a-f])|([0-9a-f]{32})(?![0-9a-f]))"
)
#: What the text of the parts has beside the marks and the signs between parts.
_PRINTED = bytes(range(4, 256))
_MARKS = re.compile(rb"[\x01\x02\x03]")
_SALTS = re.compile(rb".{32}")
_DASHED, _SALT = 1, 3
_UNMARKED = bytes(set(range(256)) - {1, 2, 3})
#: Numbers as `_varint` writes them; what is none matches byte by byte.
_VARINTS = re.compile(rb"[\x80-\xff]{0,9}[\x00-\x7f]|[\x80-\xff]")


class Unreadable(Exception):
    """The bytes are no chunk, or one beyond the limits."""


@dataclass(frozen=True)
class _Start:
    """Where a run begins."""

    chain: str
    seq: int
    prev: str
    hlc: int


def chunks(sent: Iterable[Sent]) -> Iterator[list[Sent]]:
    """Cuts at signed entries, so that each chunk can be taken in by itself."""
    some: list[Sent] = []
    size = 0
    for one in sent:
        some.append(one)
        size += len(one.head or b"") + len(one.body or b"") + 100
        if one.signature is not None and (len(some) >= ENTRIES or size >= BYTES):
            yield some
            some, size = [], 0
    if some:
        yield some


# -- packing ---------------------------------------------------------------------------


@dataclass
class _Packing:
    starts: list[tuple[bytes, int, bytes, int]] = field(default_factory=list)
    marks: bytearray = field(default_factory=bytearray)
    flags: list[int] = field(default_factory=list)
    clocks: list[int] = field(default_factory=list)
    hashes: bytearray = field(default_factory=bytearray)
    signatures: bytearray = field(default_factory=bytearray)
    parts: list[bytes] = field(default_factory=list)

    def add(self, one: Sent, mark: int, hlc: int) -> None:
        if one.head is None:
            self.hashes += bytes.fromhex(one.head_hash)
        else:
            mark |= _HEAD
            self.parts.append(one.head)
        if one.body is not None:
            mark |= _BODY
            self.parts.append(one.body)
        elif one.body_hash:
            mark |= _WITHHELD
            self.hashes += bytes.fromhex(one.body_hash)
        if one.signature is not None:
            mark |= _SIGNED
            self.signatures += one.signature
        self.marks.append(mark)
        self.flags.append(one.flags)
        self.clocks.append(hlc << 1 if hlc >= 0 else -hlc << 1 | 1)


def pack(sent: Sequence[Sent]) -> bytes:
    """The bytes of a chunk."""
    return pack_with_ids(sent)[0]


def pack_with_ids(sent: Sequence[Sent]) -> tuple[bytes, list[str]]:
    """The bytes of a chunk, and the ids of its entries."""
    packing = _Packing()
    ids = [one.id or computed_id(one) for one in sent]
    ends = _ends(sent, ids)
    chain, seq, last_id, before = "", 0, "", 0
    for n, one in enumerate(sent):
        if one.seq == seq + 1 and one.prev == last_id and one.chain == chain:
            mark, hlc = 0, one.hlc - before
        else:
            mark, hlc = _STARTS, 0
            packing.starts.append(
                (bytes.fromhex(one.chain), one.seq, bytes.fromhex(one.prev), one.hlc)
            )
        if one.signature is not None and not ends[n]:
            one = msgspec.structs.replace(one, signature=None)
        packing.add(one, mark, hlc)
        chain, seq, last_id, before = one.chain, one.seq, ids[n], one.hlc
    texts, named, references, salts = _squeeze(packing.parts)
    columns = [
        msgspec.msgpack.encode(packing.starts), bytes(packing.marks), _varints(packing.flags),
        _varints(packing.clocks), bytes(packing.hashes), bytes(packing.signatures),
        texts, _transposed(named), msgspec.msgpack.encode((references, salts)),
    ]  # fmt: skip
    return msgspec.msgpack.encode((VERSION, len(sent), list(map(_compressed, columns)))), ids


def _ends(sent: Sequence[Sent], ids: list[str]) -> list[bool]:
    """Whether no signed entry comes after this one in its run: only then its signature is sent."""
    ends = [True] * len(sent)
    later: dict[str, tuple[int, str]] = {}
    for n in range(len(sent) - 1, -1, -1):
        one = sent[n]
        after = later.get(one.chain)
        covered = after is not None and after == (one.seq + 1, ids[n])
        ends[n] = not covered
        if covered or one.signature is not None:
            later[one.chain] = one.seq, one.prev
        else:
            later.pop(one.chain, None)
    return ends


def _squeeze(parts: list[bytes]) -> tuple[bytes, list[bytes], bytes, bytes]:
    """Text with marks in place of ids and salts; the distinct ids; references to them; salts."""
    text = b"\0".join(parts)
    if not all(parts) or len(text.translate(None, _PRINTED)) != len(parts) - 1:
        return b"\1" + msgspec.msgpack.encode(parts), [], b"", b""
    pieces = _ID.split(text)
    known: dict[bytes, int] = {}
    references: list[int] = []
    marks: list[bytes] = []
    salts: list[bytes] = []
    for dashed, plain, salt in zip(pieces[1::4], pieces[2::4], pieces[3::4], strict=True):
        if salt:
            marks.append(b'"\3')
            salts.append(salt)
            continue
        marks.append(b'"\1' if dashed else b'"\2')
        count = len(known)
        references.append(count - known.setdefault(dashed or plain, count))
    whole = [b""] * (2 * len(marks) + 1)
    whole[::2], whole[1::2] = pieces[::4], marks
    ids = [unhexlify(one.replace(b"-", b"")) for one in known]
    return b"\0" + b"".join(whole), ids, _varints(references), unhexlify(b"".join(salts))


def _transposed(ids: list[bytes]) -> bytes:
    """Ids by length, byte place by byte place: what all have in common lies together."""
    short = b"".join(one for one in ids if len(one) == 16)
    long = [one for one in ids if len(one) == 32]
    order = bytes(len(one) // 16 for one in ids)
    planes = b"".join(short[place::16] for place in range(16))
    common = 7 * (len(short) // 16)
    return msgspec.msgpack.encode(
        (order, _compressed(planes[:common]), planes[common:], b"".join(long))
    )


_compressors = zstandard.ZstdCompressor(level=LEVEL, write_checksum=False)


def _compressed(raw: bytes) -> bytes:
    small = _compressors.compress(raw)
    return b"\1" + small if len(small) < len(raw) else b"\0" + raw


def _varints(numbers: list[int]) -> bytes:
    known = {number: _varint(number) for number in set(numbers)}
    return b"".join(map(known.__getitem__, numbers))


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


# -- unpacking -------------------------------------------------------------------------


def unpack(raw: bytes) -> list[Sent]:
    """The entries of a chunk. Raises `Unreadable`."""
    return unpack_with_loose(raw)[0]


def unpack_with_loose(raw: bytes) -> tuple[list[Sent], set[str]]:
    """The entries of a chunk by their computed ids, and which of them no signature in it covers.

    An honest sender's are held by the receiver already: parts that it asked for.
    """
    try:
        version, count, packed = msgspec.msgpack.decode(raw, type=tuple[int, int, list[bytes]])
        if version != VERSION:
            raise Unreadable("it was written by a newer version")
        if not 0 < count <= MOST_ENTRIES or len(packed) != _COLUMNS:
            raise Unreadable("it is larger than any honest part")
        room = [MOST_BYTES]
        return _unpacked(count, [_decompressed(one, room) for one in packed])
    except (ValueError, IndexError, TypeError, StopIteration, OverflowError, struct.error,
            msgspec.MsgspecError, zstandard.ZstdError) as error:  # fmt: skip
        raise Unreadable("its bytes make no sense") from error


def may_hold(raw: bytes, text: bytes) -> bool:
    """Whether a text that is no id may stand in a chunk; where this says no, it does not."""
    try:
        _version, _count, packed = msgspec.msgpack.decode(raw, type=tuple[int, int, list[bytes]])
        return text in _decompressed(packed[6], [MOST_BYTES])
    except (ValueError, IndexError, Unreadable, msgspec.MsgspecError, zstandard.ZstdError):
        return True


def _unpacked(count: int, columns: list[bytes]) -> tuple[list[Sent], set[str]]:
    starts = iter(msgspec.msgpack.decode(columns[0], type=list[tuple[bytes, int, bytes, int]]))
    marks = columns[1]
    flags, clocks = _numbers(columns[2]), _numbers(columns[3])
    parts = iter(_stretched(columns[6], columns[7], columns[8]))
    if not len(marks) == len(flags) == len(clocks) == count:
        raise Unreadable("its columns differ in length")
    hashes, signatures = columns[4], columns[5]
    at_hash = at_signature = seq = hlc = 0
    chain = prev = ""
    key = before = b""
    signature: bytes | None = bytes(64)
    found: list[Sent] = []
    loose: set[str] = set()
    for mark, flag, clock in zip(marks, flags, clocks, strict=True):
        if mark & _STARTS:
            if signature is None:
                loose.add(prev)
            key, seq, before, hlc = next(starts)
            chain, prev = key.hex(), before.hex()
        else:
            seq, hlc = seq + 1, hlc + (-(clock >> 1) if clock & 1 else clock >> 1)
        head = body = signature = None
        head_hex = ""
        if mark & _HEAD:
            head = next(parts)
            head_hash = sha256(head).digest()
        else:
            head_hash = hashes[at_hash : at_hash + 32]
            head_hex = head_hash.hex()
            at_hash += 32
        body_hash = b""
        if mark & _BODY:
            body = next(parts)
            body_hash = sha256(body).digest()
        elif mark & _WITHHELD:
            body_hash = hashes[at_hash : at_hash + 32]
            at_hash += 32
        if mark & _SIGNED:
            signature = signatures[at_signature : at_signature + 64]
            at_signature += 64
        before = id_of(key, seq, before, hlc, flag, head_hash, body_hash)
        entry = before.hex()
        body_hex = body_hash.hex()
        found.append(
            Sent(chain, seq, prev, hlc, flag, head_hex, body_hex, head, body, signature, entry)
        )
        prev = entry
    if signature is None:
        loose.add(prev)
    return found, loose - {one.prev for one in found} if loose else loose


def _stretched(texts: bytes, packed: bytes, columns: bytes) -> list[bytes]:
    """The parts of the entries as they were signed."""
    if texts[:1] == b"\1":
        return msgspec.msgpack.decode(texts[1:], type=list[bytes])
    references, salts = msgspec.msgpack.decode(columns, type=tuple[bytes, bytes])
    ids = _ids(packed)
    size = len(texts) + 36 * len(ids) + 64 * len(references)
    if size > MOST_BYTES:
        raise Unreadable("it is larger than any honest part")
    if len(texts) <= 1:
        return []
    numbers = iter(_numbers(references))
    salt = iter(_SALTS.findall(salts.hex().encode()))
    known = 0
    marked: list[bytes] = []
    for mark in texts[1:].translate(None, _UNMARKED):
        if mark == _SALT:
            marked.append(next(salt))
        elif back := next(numbers):
            marked.append(ids[known - back][mark - _DASHED])
        else:
            marked.append(ids[known][mark - _DASHED])
            known += 1
    pieces = _MARKS.split(texts[1:])
    whole = [b""] * (len(pieces) + len(marked))
    whole[::2], whole[1::2] = pieces, marked
    return b"".join(whole).split(b"\0")


def _ids(packed: bytes) -> list[tuple[bytes, bytes]]:
    """Each id as it is written with dashes and without."""
    order, first, rest, long = msgspec.msgpack.decode(
        packed, type=tuple[bytes, bytes, bytes, bytes]
    )
    planes = _decompressed(first, [MOST_BYTES]) + rest
    count = order.count(1)
    short = iter([planes[n::count].hex() for n in range(count)])
    places = accumulate((1 for _ in range(order.count(2))), initial=0)
    found = []
    for size in order:
        if size == 1:
            text = next(short)
            dashed = "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
            found.append((dashed.encode(), text.encode()))
        else:
            at = next(places) * 32
            whole = long[at : at + 32].hex().encode()
            found.append((whole, whole))
    return found


def _numbers(raw: bytes) -> list[int]:
    if raw.isascii():
        return list(raw)
    found = _VARINTS.findall(raw)
    known = {one: _number(one) for one in set(found)}
    return [known[one] for one in found]


def _number(raw: bytes) -> int:
    if raw[-1] & 0x80:
        raise Unreadable("a number in it is too long")
    number = 0
    for byte in reversed(raw):
        number = number << 7 | byte & 0x7F
    return number


def _decompressed(raw: bytes, room: list[int]) -> bytes:
    """The bytes of a column; all columns together must fit into the room."""
    if raw[:1] == b"\0":
        room[0] -= len(raw)
        return raw[1:]
    size = zstandard.frame_content_size(raw[1:])
    if not 0 <= size <= room[0]:
        raise Unreadable("it unpacks to more than any honest part")
    room[0] -= size
    return zstandard.ZstdDecompressor().decompress(raw[1:], max_output_size=size)
