"""Ed25519 keys of sessions, nodes and the operation (PyNaCl)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey


@dataclass(frozen=True)
class Signer:
    """A signing key; `public` is the verifying key in hex, which also names the chain."""

    seed: bytes
    public: str

    @classmethod
    def from_seed(cls, seed: bytes) -> Signer:
        """The key grown from 32 bytes of randomness."""
        return cls(seed, SigningKey(seed).verify_key.encode().hex())

    @cached_property
    def _key(self) -> SigningKey:
        return SigningKey(self.seed)

    def sign(self, message: bytes) -> bytes:
        """64 bytes of signature."""
        return self._key.sign(message).signature

    def __repr__(self) -> str:
        """Never shows the seed: this may end in a traceback."""
        return f"Signer({self.public[:8]}…)"


def is_signed(public: str, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is by the key `public` (hex) over `message`."""
    try:
        VerifyKey(bytes.fromhex(public)).verify(message, signature)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True
