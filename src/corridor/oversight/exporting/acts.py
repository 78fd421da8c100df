"""Asking for a list, deciding as the second person, and taking it out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from corridor.desk.access import places_of
from corridor.journal import trust
from corridor.journal.actors import roles_of
from corridor.journal.append import Draft, append
from corridor.journal.keys.sealing import seal_to
from corridor.journal.looks import look
from corridor.journal.node import Node
from corridor.oversight.exporting.lists import NAMED, Asked, Listing, listing, may
from corridor.oversight.exporting.writing import FORMS, written
from corridor.people.acts import Refusal
from corridor.people.lists import entries, models

#: After the second person agreed, the list may be taken out for so long, once.
OPEN_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Wish:
    """A list somebody wants to take out: which, as what file, why, and sealed to whom.

    `recipient` is an age key (`age1…`), `to_name` what that recipient is called.
    """

    asked: Asked
    form: str
    purpose: str
    recipient: str
    to_name: str


@dataclass(frozen=True)
class Taken:
    """What went out: the bytes of the file, and the list that it holds."""

    raw: bytes
    found: Listing


def recipient_named(node: Node, said: str) -> tuple[str, str]:
    """Key and name of a recipient: a site of this operation by its name, or a key itself.

    Raises `Refusal` for what is neither.
    """
    words = said.strip()
    for one in trust.nodes(node):
        if words == one.certificate.name and one.certificate.recipient and not one.revoked:
            return one.certificate.recipient, one.certificate.name
    try:
        seal_to([words], b"")
    except ValueError:
        raise Refusal(
            _("“%(to)s” is neither a key (age1…) nor a site of this operation. Nothing went out.")
            % {"to": words[:80]}
        ) from None
    return words, words


def check(node: Node, actor: str, wish: Wish) -> None:
    """Refuses a wish that lacks something, or that its writer may not have."""
    if wish.asked.what not in NAMED or wish.form not in FORMS:
        raise Refusal(_("There is no such list. Nothing went out."))
    if not wish.purpose.strip():
        raise Refusal(_("Say what the list is for. Nothing went out."))
    if not may(_roles(node, actor, wish.asked.part), wish.asked.what):
        raise Refusal(_("Your roles do not take this list out. Nothing was written."))


def _roles(node: Node, actor: str, part: str) -> frozenset[str]:
    """The roles that somebody holds everywhere, or where this convoy or pick-up point is."""
    now = node.clock()
    found = roles_of(node, actor, now)
    for place in places_of(node, part) if part else ():
        found |= roles_of(node, actor, now, place=place)
    return found


def ask(node: Node, actor: str, wish: Wish, *, command: str = "") -> str:
    """Asks for a list; somebody else has to agree. Returns its id. Raises `Refusal`."""
    check(node, actor, wish)
    key, name = recipient_named(node, wish.recipient)
    identity = node.new_id()
    what = entries.ListAskedFor(
        what=wish.asked.what,
        form=wish.form,
        part=wish.asked.part or None,
        purpose=wish.purpose.strip()[:500],
        to_key=key,
        to_name=(wish.to_name.strip() or name)[:200],
    )
    with node.transaction():
        append(node, actor, [Draft(what, identity)], command=command)
    return identity


def decide(node: Node, actor: str, identity: str, decision: str, *, command: str = "") -> None:
    """The second person agrees, refuses, or looks at what went out alone. Raises `Refusal`."""
    if decision not in ("agreed", "refused", "looked", "objected"):
        raise Refusal(_("Say whether you agree. Nothing was changed."))
    with node.transaction():
        row = wish_of(node, identity)
        if row.actor == actor:
            raise Refusal(_("Another person has to decide this. Nothing was changed."))
        if not may(_roles(node, actor, row.part or ""), row.what):
            raise Refusal(_("Your roles do not decide about this list. Nothing was changed."))
        if decision_on(node, identity) is not None:
            raise Refusal(_("Somebody decided this already."))
        is_out = taken_out(node, identity) is not None
        if is_out != (decision in ("looked", "objected")):
            raise Refusal(_("This cannot be decided any more. Nothing was changed."))
        what = entries.ListDecided(decision=decision)
        append(node, actor, [Draft(what, identity)], command=command)


def take_out(node: Node, actor: str, identity: str, language: str) -> Taken:
    """The file of a list to which somebody agreed; recorded, and once. Raises `Refusal`."""
    with node.transaction():
        row = wish_of(node, identity)
        decided = decision_on(node, identity)
        if row.actor != actor:
            raise Refusal(_("Somebody else asked for this list. Ask for one yourself."))
        if decided is None or decided.decision != "agreed":
            raise Refusal(_("Nobody has agreed yet that this list goes out."))
        if node.clock() - decided.happened_ms > OPEN_MS:
            raise Refusal(_("That was agreed more than a day ago. Ask again."))
        if taken_out(node, identity) is not None:
            raise Refusal(_("This list went out already. Ask again if it is needed again."))
        return _taken(node, actor, identity, row, decided.actor, language)


def take_out_alone(
    node: Node, actor: str, wish: Wish, second: str, language: str = "en"
) -> tuple[Taken, str]:
    """A list at the command line, where whoever holds the passphrase holds the register.

    `second` is the actor who agreed there, or empty: then a second person looks at it afterwards,
    and until then it is open. Returns what went out and its id. Raises `Refusal`.
    """
    if second == actor:
        raise Refusal(_("Another person has to decide this. Nothing was changed."))
    with node.transaction():
        identity = ask(node, actor, wish)
        if second:
            decide(node, second, identity, "agreed")
        return _taken(node, actor, identity, wish_of(node, identity), second, language), identity


def _taken(
    node: Node, actor: str, identity: str, row: models.ListAskedFor, second: str, language: str
) -> Taken:
    roles = _roles(node, actor, row.part or "")
    found = listing(node, roles, Asked(row.what, row.part or ""), language)
    raw = seal_to([row.to_key or ""], written(found, row.form))
    look(node, actor, found.persons, "taken out")
    what = entries.ListTakenOut(
        what=row.what,
        form=row.form,
        rows=len(found.rows),
        file_hash=hashlib.sha256(raw).hexdigest(),
        second=second,
    )
    append(node, actor, [Draft(what, identity)])
    return Taken(raw, found)


def take_counts(node: Node, actor: str, form: str) -> Taken:
    """Counts that tell of nobody; recorded. Raises `Refusal`."""
    roles = roles_of(node, actor, node.clock())
    found = listing(node, roles, Asked("counts"))
    raw = written(found, form)
    what = entries.ListTakenOut(
        what="counts", form=form, rows=len(found.rows),
        file_hash=hashlib.sha256(raw).hexdigest(), second="",
    )  # fmt: skip
    with node.transaction():
        append(node, actor, [Draft(what, node.new_id())])
    return Taken(raw, found)


def wish_of(node: Node, identity: str) -> models.ListAskedFor:
    """The wish under this id. Raises `Refusal`."""
    use = models.ListAskedFor.objects.using(node.alias)
    row: models.ListAskedFor | None = use.filter(subject=identity).first()
    if row is None:
        raise Refusal(_("Nobody asked for this list."))
    return row


def decision_on(node: Node, identity: str) -> models.ListDecided | None:
    """What the second person said; where two sites decided, a no counts."""
    rows = models.ListDecided.objects.using(node.alias).filter(subject=identity)
    ordered = sorted(rows, key=lambda one: (one.decision not in ("refused", "objected"), one.hlc))
    return ordered[0] if ordered else None


def taken_out(node: Node, identity: str) -> models.ListTakenOut | None:
    """The record that the list went out, or None."""
    return models.ListTakenOut.objects.using(node.alias).filter(subject=identity).first()
