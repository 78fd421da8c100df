"""Who agreed to what, who asked for which seat, who cares for which child. Read only.

Records of one human being are taken together: what was said at one table holds at every other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corridor.journal.node import Node
from corridor.people import models
from corridor.people.confided.entries import USES
from corridor.people.rows import records_of, rows_of, standing_facts

_ANSWERS: tuple[
    tuple[
        str,
        type[models.ConsentGiven] | type[models.ConsentRefused] | type[models.ConsentWithdrawn],
    ],
    ...,
] = (
    ("given", models.ConsentGiven),
    ("refused", models.ConsentRefused),
    ("withdrawn", models.ConsentWithdrawn),
)


@dataclass(frozen=True)
class Said:
    """What somebody said last about one use, and the entry in which it stands."""

    use: str
    answer: str
    entry: str
    record: str
    at_ms: int
    text: str = ""


def answers_of(node: Node, persons: Iterable[str]) -> dict[str, list[Said]]:
    """Person to everything that stands: more than one answer to a use where sites worked apart."""
    records = records_of(node, persons)
    everybody = {one for those in records.values() for one in those}
    by_record: dict[str, list[Said]] = {}
    for answer, table in _ANSWERS:
        for row in standing_facts(node, table, everybody):
            text = "" if isinstance(row, models.ConsentWithdrawn) else row.text
            said = Said(row.use, answer, row.entry, row.subject, row.happened_ms, text)
            by_record.setdefault(row.subject, []).append(said)
    return {
        person: [said for one in sorted(those) for said in by_record.get(one, ())]
        for person, those in records.items()
    }


def consents_of(node: Node, persons: Iterable[str]) -> dict[str, dict[str, str]]:
    """Person to use to given, refused or withdrawn; a use that was not asked about is left out.

    Where two answers stand, because sites worked apart, a no counts until the person is asked
    again: nobody is moved or shared by a consent that they may have taken back.
    """
    protects = {answer: number for number, (answer, _table) in enumerate(_ANSWERS)}
    found: dict[str, dict[str, str]] = {}
    for person, those in answers_of(node, persons).items():
        for said in those:
            known = found.setdefault(person, {})
            best = known.get(said.use)
            if best is None or protects[said.answer] > protects[best]:
                known[said.use] = said.answer
    return found


@dataclass(frozen=True)
class SeatingWishes:
    """What the planner must know of somebody, without any reason.

    `apart` are persons who may not ride in the same vehicle; `near` are carers beside whom a seat
    is wished. Whoever `declines` gets no seat, and to everybody else looks like any other person
    for whom there is none yet.
    """

    apart: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    women: bool = False
    declines: bool = False


def seating_requests(node: Node, persons: Iterable[str]) -> dict[str, SeatingWishes]:
    """Person to wishes, for those who have any. For the planner only, never for a page."""
    wanted = set(persons)
    records = records_of(node, wanted)
    everybody = {one for those in records.values() for one in those}
    rows = standing_facts(node, models.SeatingRequested, everybody)
    families = _families(node, {row.other for row in rows if row.other})
    found: dict[str, SeatingWishes] = {}
    consents = consents_of(node, wanted)
    for person, those in records.items():
        own = [row for row in rows if row.subject in those]
        declines = consents.get(person, {}).get("travel") in ("refused", "withdrawn")
        if not own and not declines:
            continue
        found[person] = SeatingWishes(
            apart=_others(own, "apart", families) - those,
            near=_others(own, "near_carer", families) - those,
            women=any(row.wish == "women" for row in own),
            declines=declines,
        )
    return found


def _others(
    rows: list[models.SeatingRequested], wish: str, families: dict[str, set[str]]
) -> frozenset[str]:
    named = [row.other for row in rows if row.wish == wish and row.other]
    return frozenset(one for other in named for one in families.get(other, {other}))


def _families(node: Node, households: set[str]) -> dict[str, set[str]]:
    """Household to the persons who belong to it now."""
    found: dict[str, set[str]] = {}
    use = models.Person.objects.using(node.alias)
    for row in rows_of(use, "household", households):
        found.setdefault(row.household or "", set()).add(row.id)
    return found


def wishes_of(node: Node, person: str) -> list[models.SeatingRequested]:
    """The wishes of one person that stand, for the page where they are asked alone."""
    return standing_facts(node, models.SeatingRequested, records_of(node, [person])[person])


@dataclass(frozen=True)
class Carer:
    """An adult to whom a child is bound. `claim` is the entry; `is_verified` by protection."""

    claim: str
    child: str
    carer: str
    relationship: str
    is_verified: bool
    since_ms: int


def carers_of(node: Node, children: Iterable[str]) -> dict[str, list[Carer]]:
    """Child to the adults to whom it is bound; verified ones first, then the latest.

    More than one stands only where sites worked apart: then no child is released before
    protection ended the wrong claim.
    """
    records = records_of(node, children)
    everybody = {one for those in records.values() for one in those}
    claims = standing_facts(node, models.CarerClaimed, everybody)
    found: dict[str, list[Carer]] = {}
    for claim in _told(node, claims):
        for child, those in records.items():
            if claim.child in those:
                found.setdefault(child, []).append(claim)
    return {
        child: sorted(those, key=lambda one: (not one.is_verified, -one.since_ms, one.claim))
        for child, those in found.items()
    }


def children_of(node: Node, carer: str) -> list[Carer]:
    """The claims by which children are bound to this adult."""
    use = models.CarerClaimed.objects.using(node.alias)
    rows = rows_of(use, "carer", records_of(node, [carer])[carer])
    standing = {one.entry for one in standing_facts(node, models.CarerClaimed,
                                                    {row.subject for row in rows})}  # fmt: skip
    return _told(node, [row for row in rows if row.entry in standing])


def _told(node: Node, claims: list[models.CarerClaimed]) -> list[Carer]:
    use = models.CarerVerified.objects.using(node.alias)
    verified = {row.claim for row in rows_of(use, "claim", {one.entry for one in claims})}
    return [
        Carer(
            one.entry, one.subject, one.carer, one.relationship or "", one.entry in verified,
            one.happened_ms,
        )
        for one in claims
        if one.carer
    ]  # fmt: skip


def asked_about(node: Node, person: str) -> dict[str, list[Said]]:
    """Each use, with what stands about it."""
    said = answers_of(node, [person])[person]
    return {use: [one for one in said if one.use == use] for use in USES}
