"""Sealing bytes to a node, in the age format (pyrage): bundles, messages, backups, testimony.

A node's reading key grows from its seed, so that nothing more than the seed has to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import BinaryIO

import pyrage
from pyrage import x25519

from corridor.journal.keys.derived import derived

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


class CannotOpen(Exception):
    """The bytes are not sealed to this node, or they are damaged."""


def recipient_of(seed: bytes, purpose: str = "age") -> str:
    """The public half of a reading key, as age writes it."""
    return str(_identity(seed, purpose).to_public())


def seal_to(recipients: Iterable[str], plain: bytes) -> bytes:
    """`plain`, to be opened by each of the recipients. Raises `ValueError` for a bad recipient."""
    try:
        keys = [x25519.Recipient.from_str(one) for one in recipients]
    except pyrage.RecipientError as error:
        raise ValueError("That is no recipient's key.") from error
    sealed: bytes = pyrage.encrypt(plain, keys)
    return sealed


def open_sealed(seed: bytes, sealed: bytes, purpose: str = "age") -> bytes:
    """What was sealed to this seed's reading key. Raises `CannotOpen`."""
    try:
        plain: bytes = pyrage.decrypt(sealed, [_identity(seed, purpose)])
    except (pyrage.DecryptError, ValueError, OSError) as error:
        raise CannotOpen("It is not sealed to this node, or it is damaged.") from error
    return plain


def open_streamed(
    seed: bytes, sealed: BinaryIO, plain: Callable[[bytes], None], purpose: str = "age"
) -> None:
    """The same piece by piece, each given to `plain` as it was opened. Raises `CannotOpen`.

    What `plain` raises comes through.
    """
    drain = _Drain(plain)
    try:
        pyrage.decrypt_io(sealed, drain, [_identity(seed, purpose)])
    except (pyrage.DecryptError, ValueError, OSError) as error:
        if drain.fault is not None:
            raise drain.fault from None
        raise CannotOpen("It is not sealed to this node, or it is damaged.") from error


class _Drain:
    """The file that opened bytes are written to."""

    def __init__(self, plain: Callable[[bytes], None]) -> None:
        self._plain = plain
        self.fault: Exception | None = None

    def write(self, piece: bytes) -> int:
        try:
            self._plain(piece)
        except Exception as error:
            self.fault = error
            raise OSError("stopped") from error
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""


@lru_cache(maxsize=64)
def _identity(seed: bytes, purpose: str) -> x25519.Identity:
    raw = derived(seed, purpose)
    return x25519.Identity.from_str(_bech32("age-secret-key-", raw).upper())


def _bech32(prefix: str, raw: bytes) -> str:
    """Bytes in the checked letters that age uses for keys (BIP 173)."""
    bits = int.from_bytes(raw, "big") << (-len(raw) * 8 % 5)
    count = -(-len(raw) * 8 // 5)
    values = [bits >> 5 * (count - 1 - n) & 31 for n in range(count)]
    spread = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = _polymod([*spread, *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [check >> 5 * (5 - n) & 31 for n in range(6)]
    return f"{prefix}1" + "".join(_LETTERS[one] for one in values)


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for n, factor in enumerate(_GENERATOR):
            if top >> n & 1:
                check ^= factor
    return check
