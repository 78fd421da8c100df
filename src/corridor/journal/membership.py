"""Who belongs to the operation: enrolling, renewing, revoking, lifting from quarantine.

The root signs certificates; it may lie on this laptop, on a stick or on paper, and is needed for
enrolling and renewing only.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from corridor.journal import enrol, store, trust
from corridor.journal.append import Draft, LacksPower, append
from corridor.journal.clock import milliseconds
from corridor.journal.entries import EntryAdopted, NodeEnrolled, NodeRevoked
from corridor.journal.format import SCOPES
from corridor.journal.keys import slots
from corridor.journal.keys.signing import Signer
from corridor.journal.keys.words import secret_in
from corridor.journal.node import Node
from corridor.journal.refused import TrustRefused

#: Scopes that a certificate may name; `core` comes with every one.
CHOICES = tuple(scope for scope in SCOPES if scope not in ("core", "protection"))


@dataclass(frozen=True)
class Quarantined:
    """An entry that a revoked node wrote after its last trusted one."""

    entry: str
    kind: str
    subject: str
    node: str
    at_ms: int


def root_from(node: Node, seed: str) -> Signer:
    """The operation's root from its seed in hex. Raises `TrustRefused` for another's."""
    try:
        root = Signer.from_seed(bytes.fromhex(seed))
    except ValueError as error:
        raise TrustRefused(_("That is no root key.")) from error
    if root.public != node.operation:
        raise TrustRefused(_("That is the root key of another operation. Nothing was changed."))
    return root


def root_in_words(node: Node, text: str) -> Signer:
    """The root from the words on paper."""
    seed = secret_in(text)
    if seed is None:
        raise TrustRefused(_("A word of the root key is wrong or missing. Read all 36 again."))
    return root_from(node, seed.hex())


def root_on_stick(node: Node, raw: bytes, passphrase: str) -> Signer:
    """The root from a file that `copy_root` made."""
    try:
        return root_from(node, slots.unseal_raw(raw, passphrase).root_seed)
    except slots.WrongPassphrase as error:
        raise TrustRefused(
            _("This is no file with a root key, or its passphrase is another.")
        ) from error


def copy_root(seed: str, passphrase: str, random: slots.Random) -> bytes:
    """The bytes of a file for a stick: the root, sealed with a passphrase of its own."""
    return slots.seal(slots.Secrets("", "", seed), passphrase, random)


def give(
    node: Node,
    actor: str,
    root: Signer,
    asked: enrol.Request,
    powers: Sequence[str],
    scopes: Sequence[str],
    until: datetime.date,
) -> str:
    """Enrols the node that asked; returns its certificate as a text. Raises `TrustRefused`."""
    with node.transaction():
        if trust.is_revoked(node, asked.node):
            raise TrustRefused(_("This node was revoked. Make the laptop anew, with new keys."))
        before = trust.certificates(node).get(asked.node)
        names = {one.name for one in trust.nodes(node) if one.key != asked.node}
        if before is None and asked.name in names:
            raise TrustRefused(_("There is a site of this name already. Choose another there."))
        return _certify(node, actor, root, asked, powers, scopes, until)


def renew(node: Node, actor: str, root: Signer, known: trust.Known, until: datetime.date) -> str:
    """A certificate with a later end, which reaches its node at the next meeting too."""
    if known.revoked:
        raise TrustRefused(_("This node was revoked; it cannot be renewed."))
    old = known.certificate
    asked = enrol.Request(old.node, old.recipient, old.name, "")
    with node.transaction():
        token = _certify(node, actor, root, asked, old.powers, old.scopes, until)
        trust.adopt_renewal(node)
    return token


def _certify(
    node: Node,
    actor: str,
    root: Signer,
    asked: enrol.Request,
    powers: Sequence[str],
    scopes: Sequence[str],
    until: datetime.date,
) -> str:
    today = datetime.datetime.fromtimestamp(node.clock() / 1000, datetime.UTC).date()
    if unknown := set(scopes) - set(CHOICES):
        raise TrustRefused(_("There is no scope {name}.").format(name=sorted(unknown)[0]))
    try:
        certificate = enrol.certify(root, asked, powers, scopes, today, until)
    except ValueError as error:
        raise TrustRefused(str(error)) from error
    text, signature, token = enrol.issued(root, certificate)
    what = NodeEnrolled(certificate=text, signature=signature)
    append(node, actor, [Draft(what, certificate.node)])
    return token


def revoke(node: Node, actor: str, known: trust.Known, last: str | None) -> None:
    """From `last` on (or altogether) nothing that the node wrote counts. Raises `TrustRefused`."""
    if known.is_self:
        raise TrustRefused(_("A site cannot revoke itself; another one must do it."))
    with node.transaction():
        if last is not None and _writer_of(node, last) != known.key:
            raise TrustRefused(_("The last trusted entry must be one of that node, held here."))
        try:
            append(node, actor, [Draft(NodeRevoked(last=last), known.key)])
        except LacksPower as error:
            raise TrustRefused(_("Only a site with the power “authority” may do this.")) from error


def adopt(node: Node, actor: str, entry: str, reason: str) -> None:
    """Takes over one quarantined entry, in the actor's name. Raises `TrustRefused`."""
    with node.transaction():
        found = [one for one in quarantined(node) if one.entry == entry]
        if not found:
            raise TrustRefused(_("There is no quarantined entry of this number."))
        what = EntryAdopted(adopted=entry, reason=reason or None)
        try:
            append(node, actor, [Draft(what, found[0].subject)])
        except LacksPower as error:
            raise TrustRefused(_("Only a site with the power “authority” may do this.")) from error


def quarantined(node: Node, most: int = 500) -> list[Quarantined]:
    """What is in quarantine, the oldest first; the sessions themselves are left out."""
    held = store.select(
        node,
        "e.id IN (SELECT entry FROM journal_tables_verdict WHERE verdict = 'quarantined')"
        " AND e.kind NOT IN ('session.opened', 'node.certified')",
        order="e.hlc, e.id",
    )
    found: list[Quarantined] = []
    for one in held:
        if one.head is not None and len(found) < most:
            name = store.name_of_node(node, one.node)
            at_ms = milliseconds(one.envelope.hlc)
            found.append(Quarantined(one.id, one.head.kind, one.head.subject, name, at_ms))
    return found


def _writer_of(node: Node, entry: str) -> str:
    found = store.by_ids(node, [entry])
    return found[0].node if found else ""
