"""Key slots: the site's secrets at rest, each slot opened by one passphrase (Argon2id).

The file holds no secret in clear. A slot keeps the same random master key, sealed with a key
grown from its passphrase; the master key seals the secrets. So a passphrase can be changed or
a second one added without touching the database.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from argon2.low_level import Type, hash_secret_raw
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

#: RFC 9106, second recommended option: 64 MiB, 3 passes, 4 lanes.
MEMORY_KIB, PASSES, LANES = 64 * 1024, 3, 4

Random = Callable[[int], bytes]


class WrongPassphrase(Exception):
    """No slot opens with this passphrase."""


class Secrets(msgspec.Struct):
    """What a site keeps sealed: database key, node seed, and the root's seed until it is taken off.

    All in hex; `database_key` is empty for a database without encryption. `database_url` is the
    address of a database server, with its password, where the site's database is not a file.
    """

    database_key: str
    node_seed: str
    root_seed: str = ""
    database_url: str = ""


class _Slot(msgspec.Struct):
    salt: str
    memory_kib: int
    passes: int
    lanes: int
    box: str


class _File(msgspec.Struct):
    slots: list[_Slot]
    secrets: str


def _grow(passphrase: str, slot: _Slot) -> bytes:
    return hash_secret_raw(
        passphrase.encode(),
        bytes.fromhex(slot.salt),
        time_cost=slot.passes,
        memory_cost=slot.memory_kib,
        parallelism=slot.lanes,
        hash_len=SecretBox.KEY_SIZE,
        type=Type.ID,
    )


def seal(secrets: Secrets, passphrase: str, random: Random) -> bytes:
    """The bytes of a new slot file with one slot."""
    master = random(SecretBox.KEY_SIZE)
    slot = _Slot(random(16).hex(), MEMORY_KIB, PASSES, LANES, "")
    nonce = random(SecretBox.NONCE_SIZE)
    slot.box = SecretBox(_grow(passphrase, slot)).encrypt(master, nonce).hex()
    sealed = SecretBox(master).encrypt(msgspec.json.encode(secrets), random(SecretBox.NONCE_SIZE))
    return msgspec.json.encode(_File([slot], sealed.hex()))


def unseal(path: Path, passphrase: str) -> Secrets:
    """The secrets in the slot file at `path`. Raises `WrongPassphrase` or `OSError`."""
    return unseal_raw(path.read_bytes(), passphrase)


def unseal_raw(raw: bytes, passphrase: str) -> Secrets:
    """The secrets in the bytes of a slot file. Raises `WrongPassphrase`."""
    file, master = _opened(raw, passphrase)
    opened = SecretBox(master).decrypt(bytes.fromhex(file.secrets))
    return msgspec.json.decode(opened, type=Secrets)


def reseal(path: Path, passphrase: str, secrets: Secrets, random: Random) -> bytes:
    """The bytes of the slot file at `path` with other secrets; every passphrase stays as it is."""
    file, master = _opened(path.read_bytes(), passphrase)
    nonce = random(SecretBox.NONCE_SIZE)
    file.secrets = SecretBox(master).encrypt(msgspec.json.encode(secrets), nonce).hex()
    return msgspec.json.encode(file)


def _opened(raw: bytes, passphrase: str) -> tuple[_File, bytes]:
    try:
        file = msgspec.json.decode(raw, type=_File)
    except msgspec.MsgspecError as error:
        raise WrongPassphrase("These bytes hold no key slots.") from error
    for slot in file.slots:
        try:
            return file, SecretBox(_grow(passphrase, slot)).decrypt(bytes.fromhex(slot.box))
        except CryptoError:
            continue
    raise WrongPassphrase("This passphrase does not open the site.")
