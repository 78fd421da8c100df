"""Keys grown from the node's seed, each for one purpose."""

from __future__ import annotations

from nacl.encoding import RawEncoder
from nacl.hash import blake2b


def derived(seed: bytes, purpose: str, message: bytes = b"") -> bytes:
    """32 bytes that only the holder of `seed` (32 bytes) can make; `purpose` up to 16 bytes."""
    digest: bytes = blake2b(
        message, digest_size=32, key=seed, person=purpose.encode(), encoder=RawEncoder
    )
    return digest
