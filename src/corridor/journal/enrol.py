"""How a node joins an operation: its request goes to where the root is, a certificate comes back.

Both are short texts that fit into a QR code or a file. Two people compare six words of each, or the
wrong laptop could be let in by whoever carries the file.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from corridor.journal.keys.certificates import POWERS, Certificate, Untrusted, issue, read
from corridor.journal.keys.sealing import recipient_of
from corridor.journal.keys.signing import Signer, is_signed
from corridor.journal.keys.words import check_words

VALID_YEARS = 2
LONGEST_NAME = 60
_REQUEST, _CERTIFICATE = "CORRIDOR-REQUEST-1.", "CORRIDOR-CERTIFICATE-1."
_TAG = b"corridor.request.1\0"
_MOST = 64 * 1024


class BadToken(Exception):
    """A text that is no request or certificate; the sentence says why."""


class _Asked(msgspec.Struct, array_like=True):
    node: bytes
    recipient: str
    name: str


@dataclass(frozen=True)
class Request:
    """A node that wants to join, and what proves that it holds the key it names."""

    node: str
    recipient: str
    name: str
    token: str

    def words(self, language: str) -> list[str]:
        """The six words that both sides compare."""
        return check_words(_body(self.token, _REQUEST), language)


def request(signer: Signer, name: str) -> str:
    """The request of a node, as a text."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadToken(f"A site's name has 1 to {LONGEST_NAME} characters.")
    asked = msgspec.msgpack.encode(
        _Asked(bytes.fromhex(signer.public), recipient_of(signer.seed), name)
    )
    return _text(_REQUEST, asked + signer.sign(_TAG + asked))


def read_request(token: str) -> Request:
    """Raises `BadToken`."""
    raw = _body(token, _REQUEST)
    asked, signature = raw[:-64], raw[-64:]
    try:
        found = msgspec.msgpack.decode(asked, type=_Asked)
    except msgspec.MsgspecError as error:
        raise BadToken("This request is damaged. Ask for it again.") from error
    if not is_signed(found.node.hex(), _TAG + asked, signature):
        raise BadToken("This request was altered on its way. Ask for it again.")
    return Request(found.node.hex(), found.recipient, found.name, token.strip())


def certify(
    root: Signer,
    asked: Request,
    powers: Sequence[str],
    scopes: Sequence[str],
    since: datetime.date,
    until: datetime.date,
) -> Certificate:
    """The certificate that answers a request. Raises `ValueError` for what cannot be."""
    if unknown := set(powers) - set(POWERS):
        raise ValueError(f"There is no power {sorted(unknown)[0]}; there are {', '.join(POWERS)}.")
    if until <= since:
        raise ValueError("A certificate must end after today.")
    return Certificate(
        root.public, asked.node, asked.name, tuple(p for p in POWERS if p in powers),
        tuple(scopes), since.isoformat(), until.isoformat(), asked.recipient,
    )  # fmt: skip


def certificate_token(text: str, signature: str) -> str:
    """A signed certificate as a text that fits into a QR code."""
    return _text(_CERTIFICATE, bytes.fromhex(signature) + zlib.compress(text.encode(), 9))


def issued(root: Signer, certificate: Certificate) -> tuple[str, str, str]:
    """The certificate's text, the root's signature, and both as a token."""
    text, signature = issue(root, certificate)
    return text, signature, certificate_token(text, signature)


def read_certificate(token: str) -> tuple[Certificate, str, str]:
    """The certificate, its text and its signature. Raises `BadToken`.

    It names its own operation: whether that is the right one is what the six words tell.
    """
    raw = _body(token, _CERTIFICATE)
    try:
        text = zlib.decompressobj().decompress(raw[64:], _MOST).decode()
        operation = msgspec.json.decode(text.encode(), type=Certificate).operation
        return read(operation, text, raw[:64].hex()), text, raw[:64].hex()
    except (zlib.error, ValueError, msgspec.MsgspecError, Untrusted) as error:
        raise BadToken("This certificate is damaged or was altered. Ask for it again.") from error


def certificate_words(token: str, language: str) -> list[str]:
    """The six words of a certificate."""
    return check_words(_body(token, _CERTIFICATE), language)


def is_request(token: str) -> bool:
    """Whether a text looks like a request (else it may be a certificate)."""
    return token.strip().startswith(_REQUEST)


def years_later(day: datetime.date, years: int) -> datetime.date:
    """The same day some years later."""
    return day.replace(year=day.year + years, day=min(day.day, 28))


def _text(what: str, raw: bytes) -> str:
    return what + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _body(token: str, what: str) -> bytes:
    token = "".join(token.split())
    if not token.startswith(what) or len(token) > _MOST:
        expected = "request" if what == _REQUEST else "certificate"
        raise BadToken(f"That is no {expected}. It begins with {what}")
    body = token.removeprefix(what)
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadToken("A part of the text is missing. Copy all of it.") from error
