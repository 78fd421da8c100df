"""Signed messages between two nodes: each names its writer by certificate, an answer its question.

A letter is signed with the node's key. Once the other's reading key is known it is also sealed to
it. No state is kept between letters: who repeats an old one learns nothing, since what comes back
is sealed to the node it names.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec

from corridor.journal.keys.certificates import Certificate, Untrusted, read
from corridor.journal.keys.sealing import CannotOpen, open_sealed, seal_to
from corridor.journal.keys.signing import is_signed
from corridor.journal.node import Node

_TAG = b"corridor.letter.1\0"
_OPEN, _SEALED = b"\0", b"\1"
#: No honest letter is longer.
LONGEST = 8 * 2**20


class _Letter(msgspec.Struct, array_like=True):
    certificate: str
    certificate_signature: str
    answers: str
    nonce: bytes
    payload: bytes


class BadLetter(Exception):
    """A letter that is not believed; `why` is damaged, foreign, forged or too_large."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Letter:
    """A letter whose signature was found right."""

    sender: Certificate
    payload: bytes
    answers: str
    digest: str


def write(node: Node, payload: bytes, *, to: Certificate | None = None, answers: str = "") -> bytes:
    """A letter of this node; `answers` is the digest of the letter it answers."""
    raw = msgspec.msgpack.encode(
        _Letter(
            node.certificate_text, node.certificate_signature, answers, node.random(16), payload
        )
    )
    raw += node.signer.sign(_TAG + raw)
    if to is None or not to.recipient:
        return _OPEN + raw
    return _SEALED + seal_to([to.recipient], raw)


def open_letter(node: Node, raw: bytes) -> Letter:
    """Raises `BadLetter` for what no node of this operation wrote."""
    if len(raw) > LONGEST:
        raise BadLetter("too_large")
    inner = raw[1:]
    if raw[:1] == _SEALED:
        try:
            inner = open_sealed(node.signer.seed, inner)
        except CannotOpen as error:
            raise BadLetter("damaged") from error
    try:
        letter = msgspec.msgpack.decode(inner[:-64], type=_Letter)
    except msgspec.MsgspecError as error:
        raise BadLetter("damaged") from error
    try:
        sender = read(node.operation, letter.certificate, letter.certificate_signature)
    except Untrusted as error:
        raise BadLetter("foreign") from error
    if not is_signed(sender.node, _TAG + inner[:-64], inner[-64:]):
        raise BadLetter("forged")
    return Letter(sender, letter.payload, letter.answers, hashlib.sha256(raw).hexdigest())
