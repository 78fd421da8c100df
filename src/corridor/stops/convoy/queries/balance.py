"""The equation of STD 2.6: everybody who set off, each on exactly one of its lists. Read only."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.journal.node import Node
from corridor.people.queries import Account, accounts
from corridor.stops.convoy import models
from corridor.stops.convoy.queries.convoys import aboard_of, has_arrived
from corridor.stops.convoy.queries.manifest import Line, manifest

#: The terms in the order in which they are told.
TERMS = (
    "arrived", "brought_back", "transferred", "taken_to_care", "left", "died", "held",
    "on_the_way", "unaccounted",
)  # fmt: skip

#: What the facts of the convoy itself say, the strongest first.
_FACTS = (
    (models.PersonDiedOnTheWay, "died"),
    (models.PersonArrived, "arrived"),
    (models.PersonHeld, "held"),
    (models.PersonTakenToCare, "taken_to_care"),
    (models.PersonLeftOnTheWay, "left"),
)

#: What the state of their whereabouts says of those whom no fact of the convoy speaks of.
_STATES = {
    "at_site": "arrived",
    "waiting": "brought_back",
    "registered": "left",
    "referred": "taken_to_care",
    "left_at_own_wish": "left",
    "chose_to_stay": "left",
    "turned_away": "left",
    "dead": "died",
    "taken_aside": "held",
    "prevented_from_leaving": "held",
    "not_accounted_for": "unaccounted",
}


@dataclass(frozen=True)
class Balance:
    """Who boarded, and each of them on one list; `unlisted` came and had never boarded."""

    boarded: tuple[str, ...]
    terms: dict[str, tuple[str, ...]]
    unlisted: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the lists are together exactly those who boarded."""
        told = [person for those in self.terms.values() for person in those]
        return sorted(told) == sorted(self.boarded)

    @property
    def is_closed(self) -> bool:
        """Whether nobody is unaccounted for or still on the way."""
        return not self.terms["unaccounted"] and not self.terms["on_the_way"]


def balance(node: Node, convoy_id: str) -> Balance:
    """The equation for one convoy, crew included. Linked records count for one another."""
    boarded = aboard_of(node, convoy_id)
    told: dict[str, str] = {}
    seen: set[str] = set()
    for table, term in _FACTS:
        rows = table.objects.using(node.alias).filter(convoy=convoy_id)
        for person in rows.values_list("subject", flat=True):
            told.setdefault(person, term)
            seen.add(person)
    found = {record: one for one in accounts(node, {*boarded, *seen}) for record in one.records}
    over = has_arrived(node, convoy_id)
    terms: dict[str, list[str]] = {term: [] for term in TERMS}
    for person in sorted(boarded):
        account = found.get(person)
        own = told.get(person) or _of_linked(account, told)
        terms[own or _term(account, convoy_id, over)].append(person)
    linked = {record for one in boarded if (a := found.get(one)) for record in a.records}
    unlisted = tuple(sorted(person for person in seen - set(boarded) if person not in linked))
    lists = {term: tuple(those) for term, those in terms.items()}
    return Balance(tuple(sorted(boarded)), lists, unlisted)


def not_accounted_for(node: Node, convoy_id: str) -> list[Line]:
    """Who boarded, was not seen at the other end, and is nowhere else by any linked record."""
    terms = balance(node, convoy_id).terms
    wanted = {*terms["on_the_way"], *terms["unaccounted"]}
    return [line for line in manifest(node, convoy_id) if line.person in wanted] if wanted else []


def _of_linked(account: Account | None, told: dict[str, str]) -> str:
    records = account.records if account else ()
    return next((told[record] for record in records if record in told), "")


def _term(account: Account | None, convoy_id: str, over: bool) -> str:
    if account is None:
        return "unaccounted"
    if account.state == "aboard":
        if account.journey != convoy_id:
            return "transferred"
        return "unaccounted" if over else "on_the_way"
    if account.state == "not_accounted_for" and account.journey != convoy_id:
        return "transferred"
    return _STATES.get(account.state, "unaccounted")
