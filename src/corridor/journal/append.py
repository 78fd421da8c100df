"""Appending entries: compose, chain, sign, store and fold in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET

from corridor.journal import alarms, store
from corridor.journal.clock import is_ahead, milliseconds, tick
from corridor.journal.collecting import undisturbed
from corridor.journal.fold import fold
from corridor.journal.format import (
    Body,
    Code,
    Envelope,
    Head,
    digest,
    encode,
    flags_of,
    signed_bytes,
)
from corridor.journal.keys.signing import Signer
from corridor.journal.kinds import Change, Fact, Kind, kind_of
from corridor.journal.node import Node, Session
from corridor.journal.store import Held
from corridor.journal.tables.models import ActorIntroduced
from corridor.journal.tables.reading import has

__all__ = ["Draft", "LacksPower", "Part", "already", "append", "subjects_of", "write"]

LARGEST = 2**63 - 1


class LacksPower(Exception):
    """This node's certificate does not allow what was to be recorded."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be recorded.

    `over` names what it replaces (changes: entry id and field number, as the form showed them)
    or continues (facts: entry id and 0). `at` is the claimed time in milliseconds, if it is not
    now by this node's clock; `writer` the actor who is said to have written it on paper, by id
    and never by name. `command` is for a draft that must count once by itself, whatever it is
    recorded together with.
    """

    what: Fact | Change
    subject: str
    about: tuple[str, ...] = ()
    over: tuple[tuple[str, int], ...] = ()
    at: int | None = None
    precision: str = "second"
    writer: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """An entry before it has its place in a chain."""

    head: Head
    body: Body | None
    scope: str


def append(node: Node, actor: str, drafts: Sequence[Draft], *, command: str = "") -> list[str]:
    """Records the drafts as one transaction and returns the ids of their entries.

    The same `command` again records nothing and returns the ids of the first time. Raises
    `LacksPower` if this node's certificate does not allow a kind, and `ValueError` for values
    that no entry can carry, or for a writer who is no actor of the operation.
    """
    with undisturbed(), node.transaction():
        if done := already(node, command):
            return done
        _refuse_names(node, {draft.writer for draft in drafts} - {""})
        parts = [_compose(node, actor, draft, command, n) for n, draft in enumerate(drafts)]
        return write(node, parts)


def write(node: Node, parts: Sequence[Part]) -> list[str]:
    """Chains, signs, stores and folds; for parts that were composed elsewhere."""
    if not parts:
        return []
    if len({part.scope == "protection" for part in parts}) > 1:
        raise ValueError("What is sealed for protection is never recorded together with the rest.")
    with node.transaction():
        session = _session(node)
        held = _chained(node, session, parts)
        store.insert(node, held, {session.signer.public: session.chain_n})
        _remember_clock(node, session.hlc)
        fold(node, fresh=held)
        alarms.look_for_forks(node, held[:1])
    return [one.id for one in held]


def already(node: Node, command: str) -> list[str]:
    """The entries of a command that was recorded before, in their order; else none."""
    if not command:
        return []
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT MIN(id) FROM journal_entry WHERE command > '' AND command = %s"
            " GROUP BY item ORDER BY item",
            [command],
        )
        return [row[0] for row in cursor.fetchall()]


def subjects_of(node: Node, commands: Sequence[str]) -> dict[str, str]:
    """Which of these commands were recorded before, with the subject of their first entry."""
    found: dict[str, str] = {}
    with node.cursor() as cursor:
        for some in store.chunks(set(commands)):
            cursor.execute(
                "SELECT command, MIN(subject) FROM journal_entry"
                f" WHERE item = 0 AND command > '' AND command IN ({store.marks(len(some))})"
                " GROUP BY command",
                some,
            )
            found.update(dict(cursor.fetchall()))
    return found


def _refuse_names(node: Node, writers: set[str]) -> None:
    """A head is kept for ever and goes everywhere: what somebody is called never stands in it."""
    for writer in writers:
        if not has(node.alias, ActorIntroduced, "subject", writer):
            raise ValueError(
                "The writer of an entry is an actor; what a writer is called belongs into a body."
            )


def _compose(node: Node, actor: str, draft: Draft, command: str, item: int) -> Part:
    kind = kind_of(draft.what)
    if kind.power and kind.power not in node.certificate.powers:
        raise LacksPower(f"This node may not record {kind.name}: it lacks the power {kind.power}.")
    codes, personal = _values(kind, draft.what)
    head = Head(
        kind=kind.name,
        version=kind.version,
        actor=actor,
        subject=draft.subject,
        about=draft.about,
        over=draft.over,
        command=draft.command or command,
        item=0 if draft.command else item,
        at=draft.at,
        precision=draft.precision,
        writer=draft.writer,
        codes=codes,
    )
    if not store.is_storable(head):
        raise ValueError(f"{kind.name} names something that no database can hold.")
    body = Body(node.random(16).hex(), personal) if personal else None
    return Part(head, body, kind.scope)


def _values(kind: Kind, what: Fact | Change) -> tuple[dict[str, Any], dict[str, Any]]:
    """The public and the personal values of an instance, checked against its declaration."""
    codes: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    for name, mark in kind.fields.items():
        value = getattr(what, name)
        if value is UNSET or (value is None and kind.is_fact):
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and "\0" in one:
                raise ValueError(f"{kind.name}.{name} holds a NUL character.")
            if isinstance(one, int) and abs(one) > LARGEST:
                raise ValueError(f"{kind.name}.{name} is too large a number.")
        (personal if mark.personal else codes)[name] = value
    msgspec.convert({**codes, **personal}, kind.struct)
    return codes, personal


def _chained(node: Node, session: Session, parts: Sequence[Part]) -> list[Held]:
    held = []
    for part in parts:
        session.hlc = tick(session.hlc, node.clock())
        held.append(
            _entry(node, session.signer.public, session.seq, session.tip, session.hlc, part)
        )
        session.seq, session.tip = session.seq + 1, held[-1].id
    held[-1].signature = session.signer.sign(signed_bytes(held[-1].id))
    return held


def _entry(node: Node, chain: str, seq: int, prev: str, hlc: int, part: Part) -> Held:
    at = node.clock() if part.head.at is None else part.head.at
    head = msgspec.structs.replace(part.head, at=None if at == milliseconds(hlc) else at)
    raw_head = encode(head)
    raw_body = encode(part.body) if part.body else None
    flags = flags_of(part.scope, has_body=raw_body is not None)
    envelope = Envelope(
        chain, seq + 1, prev, hlc, flags, digest(raw_head), digest(raw_body) if raw_body else ""
    )
    return Held(
        envelope.entry_id(), envelope, head if store.is_storable(head) else None, raw_head,
        raw_body, None, node.key, node.certificate.powers,
    )  # fmt: skip


def _remember_clock(node: Node, hlc: int) -> None:
    store.set_note(node, "hlc", str(hlc))


def _session(node: Node) -> Session:
    """This process's session, opened now if there is none or its tip is no longer held."""
    last = int(store.note(node, "hlc") or 0)
    session = node.session
    if session is not None and session.tip and not store.known_ids(node, [session.tip]):
        session = None
    if session is None:
        session = node.session = _open(node, last)
    if not is_ahead(last, node.clock()):
        session.hlc = max(session.hlc, last)
    return session


def _open(node: Node, last: int) -> Session:
    slot = node.own_slot()
    signer = Signer.from_seed(node.random(32))
    chain_n, tip = _vouch(node, signer, slot, 0 if is_ahead(last, node.clock()) else last)
    return Session(signer, chain_n, slot, "", 0, tip)


def _vouch(node: Node, signer: Signer, slot: int, last: int) -> tuple[int, int]:
    """Appends the voucher to the node's chain; returns the new chain's number and the clock."""
    known = store.chain_numbers(node, [node.key])
    own = known.get(node.key)
    if own is None:
        own = store.add_chain(
            node, node.key, node.key, node.certificate.name, node.certificate.powers
        )
    seq, prev = store.tip_of(node, own)
    parts = []
    if not _knows_certificate(node, own):
        store.renew(node, node.key, node.certificate.name, node.certificate.powers)
        codes: dict[str, Code] = {
            "certificate": node.certificate_text,
            "signature": node.certificate_signature,
        }
        parts.append(Part(Head(kind="node.certified", subject=node.key, codes=codes), None, "core"))
    opened: dict[str, Code] = {"chain": signer.public, "slot": slot}
    if tip := alarms.tip_to_name(node, slot):
        opened["tip"] = tip
    parts.append(Part(Head(kind="session.opened", subject=node.key, codes=opened), None, "core"))
    vouching = Session(node.signer, own, slot, prev, seq, last)
    held = _chained(node, vouching, parts)
    store.insert(node, held, {node.key: own})
    chain_n = store.add_chain(
        node, signer.public, node.key, node.certificate.name, node.certificate.powers, slot, tip
    )
    fold(node, fresh=held)
    return chain_n, vouching.hlc


def _knows_certificate(node: Node, own: int) -> bool:
    """Whether the newest certificate on the node's own chain is the one it has now."""
    given = list(store.select(node, "e.chain_id = %s AND e.kind = 'node.certified'", [own]))
    head = given[-1].head if given else None
    return head is not None and head.codes.get("certificate") == node.certificate_text
