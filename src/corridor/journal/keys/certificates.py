"""Certificates: the operation's root says which node may do what, until when."""

from __future__ import annotations

import msgspec

from corridor.journal.keys.signing import Signer, is_signed

_TAG = b"corridor.certificate.1\0"

#: What a node may be allowed beyond recording; judged when folding, by certificate.
POWERS = ("site", "coordinator", "protection", "authority")


class Certificate(msgspec.Struct, frozen=True):
    """What the root signs. `node` and `operation` are verifying keys in hex; dates are ISO."""

    operation: str
    node: str
    name: str
    powers: tuple[str, ...]
    scopes: tuple[str, ...]
    since: str
    until: str
    recipient: str = ""


class Untrusted(Exception):
    """A certificate that this operation's root did not give."""


def issue(root: Signer, certificate: Certificate) -> tuple[str, str]:
    """The certificate's bytes as text, and the root's signature in hex."""
    text = msgspec.json.encode(certificate).decode()
    return text, root.sign(_TAG + text.encode()).hex()


def read(operation: str, text: str, signature: str) -> Certificate:
    """The certificate in `text`, if the root of `operation` signed it; else raises `Untrusted`."""
    try:
        signed = bytes.fromhex(signature)
        certificate = msgspec.json.decode(text.encode(), type=Certificate)
    except (ValueError, msgspec.MsgspecError) as error:
        raise Untrusted("The certificate cannot be read.") from error
    if not is_signed(operation, _TAG + text.encode(), signed):
        raise Untrusted("The certificate is not signed by this operation's root.")
    if certificate.operation != operation:
        raise Untrusted("The certificate belongs to another operation.")
    return certificate
