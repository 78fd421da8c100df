"""What each list holds, by the role of who takes it out. Read only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from corridor.desk.access import readers_of
from corridor.desk.context import names_of_site
from corridor.desk.templatetags.desk import moment
from corridor.engines.disclosure import published
from corridor.journal.actors import name_of
from corridor.journal.node import Node
from corridor.people import models as people_models
from corridor.people.acts import Refusal
from corridor.people.queries import (
    accounts,
    age_on,
    ages_on,
    cards_of,
    consents_of,
    counts,
    day_of,
    names_for,
    needs_of,
    persons_of,
    states_of,
)
from corridor.stops.convoy import queries as convoy
from corridor.stops.waiting import queries as waiting

Cell = str | int | None

#: Who may take each list out. Each of these is also who may be the second person.
ROLES = {
    "people": ("coordinator", "protection"),
    "waiting": ("coordinator",),
    "manifest": ("coordinator", "marshal"),
    "whereabouts": ("coordinator", "protection", "auditor"),
    "counts": ("coordinator", "protection", "auditor", "administrator"),
}
NAMED = ("people", "waiting", "manifest", "whereabouts")

#: Lists from which whoever said no to sharing is left out. On a manifest stands who travels.
_BY_CONSENT = ("people", "waiting", "whereabouts")

#: The field of a record that a column holds: whoever does not read it does not take it along.
_FIELD_OF = {
    "person.name": "name", "whereabouts.name": "name", "person.other_names": "name_other",
    "person.known_as": "known_as", "person.given": "given_name", "person.father": "father_name",
    "person.family": "family_name", "person.mother": "mother_name", "person.sex": "sex",
    "person.birth": "birth_on", "person.birth_estimated": "birth_estimated",
    "person.age": "age_years", "person.relationship": "relationship",
    "person.marital": "marital", "person.language": "language", "person.phone": "phone",
    "person.travels": "travels", "household.id": "household",
}  # fmt: skip
_HOME_FIELD_OF = {"household.phone": "phone", "household.address": "address"}

#: Columns that are no field of a record, and that only some roles take along.
_ONLY_FOR = {"whereabouts.seen_by": frozenset(("coordinator", "protection"))}

#: Lowest ages of the bands of STD 1.10.
BANDS = ((0, "0-4"), (5, "5-11"), (12, "12-17"), (18, "18-59"), (60, "60+"))

#: States whose counts are left out below the higher limit (STD 8.4: health, missing, held).
_SENSITIVE = frozenset(
    ("not_accounted_for", "referred", "taken_aside", "turned_away", "prevented_from_leaving",
     "dead")
)  # fmt: skip


@dataclass
class Listing:
    """A list as it goes out: columns, rows, the persons in it, and how many said no to it."""

    columns: list[str]
    rows: list[list[Cell]] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    left_out: int = 0


@dataclass(frozen=True)
class Asked:
    """Which list: `part` is a convoy of the manifest or a place of the waiting list, or empty."""

    what: str
    part: str = ""


def listing(node: Node, roles: frozenset[str], asked: Asked, language: str = "en") -> Listing:
    """The list as holders of these roles may take it out. Raises `Refusal`."""
    if not roles & set(ROLES[asked.what]):
        raise Refusal(_("Your roles do not take this list out. Nothing was written."))
    found = _BUILDERS[asked.what](node, asked, language)
    return _for_roles(found, roles)


def may(roles: Iterable[str], what: str) -> bool:
    """Whether holders of these roles may take this list out."""
    return bool(set(roles) & set(ROLES.get(what, ())))


def _for_roles(found: Listing, roles: frozenset[str]) -> Listing:
    kept = [at for at, column in enumerate(found.columns) if roles & _readers(column, roles)]
    columns = [found.columns[at] for at in kept]
    rows = [[row[at] for at in kept] for row in found.rows]
    return Listing(columns, rows, found.persons, found.left_out)


def _readers(column: str, everybody: frozenset[str]) -> frozenset[str]:
    if column in _FIELD_OF:
        return readers_of("person.registered", _FIELD_OF[column])
    if column in _HOME_FIELD_OF:
        return readers_of("household.registered", _HOME_FIELD_OF[column])
    if column == "person.needs":
        return readers_of("need.observed", "need")
    return _ONLY_FOR.get(column, everybody)


def _agreeing(node: Node, persons: Iterable[str]) -> tuple[set[str], int]:
    """Those who did not say no to sharing, and how many did."""
    everybody = set(persons)
    said = consents_of(node, everybody)
    no = {one for one in everybody if said.get(one, {}).get("share_partners", "given") != "given"}
    return everybody - no, len(no)


def _people(node: Node, asked: Asked, language: str) -> Listing:
    """Everybody registered, under the names that `corridor import` knows: it can come in again."""
    found = Listing([
        "person.id", "household.id", "household.card", "person.name", "person.other_names",
        "person.known_as", "person.given", "person.father", "person.family", "person.mother",
        "person.sex", "person.birth", "person.birth_estimated", "person.age",
        "person.relationship", "person.marital", "person.language", "person.phone",
        "household.phone", "household.address", "person.needs", "person.state",
    ])  # fmt: skip
    ids = people_models.Person.objects.using(node.alias).order_by("household", "id")
    everybody = list(ids.values_list("id", flat=True))
    agreeing, found.left_out = _agreeing(node, everybody)
    today = day_of(node.clock())
    for at in range(0, len(everybody), 2000):
        some = [one for one in everybody[at : at + 2000] if one in agreeing]
        rows = {row.id: row for row in persons_of(node, some)}
        homes = _homes(node, {row.household for row in rows.values() if row.household})
        cards = cards_of(node, homes)
        needs = needs_of(node, some, in_confidence=False)
        states = states_of(node, some)
        for person in (rows[one] for one in some):
            home = homes.get(person.household or "")
            ages = ages_on(person, today)
            age = "" if person.birth_on or ages[0] is None else "-".join(map(str, ages))
            found.rows.append([
                person.id, person.household, cards.get(person.household or "", ""), person.name,
                person.name_other, person.known_as, person.given_name, person.father_name,
                person.family_name, person.mother_name, person.sex, person.birth_on,
                person.birth_estimated, age, person.relationship, person.marital,
                person.language, person.phone, home.phone if home else "",
                home.address if home else "", " ".join(sorted(needs.get(person.id, ()))),
                states.get(person.id, "registered"),
            ])  # fmt: skip
            found.persons.append(person.id)
    return found


def _homes(node: Node, ids: Iterable[str]) -> dict[str, people_models.Household]:
    use = people_models.Household.objects.using(node.alias)
    wanted = list(ids)
    found: dict[str, people_models.Household] = {}
    for at in range(0, len(wanted), 500):
        found |= {row.id: row for row in use.filter(id__in=wanted[at : at + 500])}
    return found


def _waiting(node: Node, asked: Asked, language: str) -> Listing:
    """Who waits, in the order in which seats are given."""
    found = Listing([
        "waiting.position", "waiting.place", "waiting.need_class", "waiting.days",
        "household.card", "person.id", "person.name", "person.sex", "person.age",
        "person.travels",
    ])  # fmt: skip
    names = {one.id: waiting.place_name(one, language) for one in waiting.places(node)}
    groups = waiting.queue(node, _place(node, asked.part))
    agreeing, found.left_out = _agreeing(node, (p for one in groups for p in one.persons))
    rows = {row.id: row for row in persons_of(node, agreeing)}
    cards = cards_of(node, [one.household for one in groups if one.household])
    today = day_of(node.clock())
    for position, group in enumerate(groups, 1):
        for row in (rows[one] for one in group.persons if one in rows):
            found.rows.append([
                position, names.get(group.place, ""), group.urgency, group.days(node.clock()),
                cards.get(group.household, ""), row.id, row.name or row.known_as, row.sex,
                age_on(row, today), row.travels or "seat",
            ])  # fmt: skip
            found.persons.append(row.id)
    return found


def _place(node: Node, said: str) -> str:
    if not said:
        return ""
    for one in waiting.places(node, "pickup"):
        if said in (one.id, one.name, one.name_other):
            return one.id
    raise Refusal(_("There is no pick-up point called “%(name)s”.") % {"name": said})


def _manifest(node: Node, asked: Asked, language: str) -> Listing:
    """Who rides, by convoy and vehicle: no needs, no origin, no phone (STD 2.5)."""
    found = Listing([
        "convoy", "line", "vehicle", "household.card", "person.id", "person.name", "person.sex",
        "person.age", "person.relationship", "person.travels", "duty", "aboard", "arrived",
    ])  # fmt: skip
    today = day_of(node.clock())
    for one in _convoys(node, asked.part):
        lines = convoy.manifest(node, one.id)
        persons = convoy.persons_by_id(node, [line.person for line in lines])
        for line in lines:
            said = convoy.described(persons.get(line.person), today)
            age = said["age"]
            found.rows.append([
                one.name, line.number, line.label, line.card, line.person, str(said["name"]),
                str(said["sex"]), age if isinstance(age, int) else None,
                str(said["relationship"]), str(said["travels"]), line.duty,
                "yes" if line.boarded else "no", "yes" if line.arrived else "no",
            ])  # fmt: skip
            found.persons.append(line.person)
    return found


def _convoys(node: Node, said: str) -> list[Any]:
    """The convoy of this name or id; without one, all that are not over."""
    known = convoy.convoys(node)
    if not said:
        over = convoy.stages(node)
        return [one for one in known if over.get(one.id) not in ("arrived", "turned_back")]
    chosen = [one for one in known if said in (one.id, one.name)]
    if not chosen:
        raise Refusal(_("There is no convoy called “%(name)s”.") % {"name": said})
    return chosen[:1]


def _whereabouts(node: Node, asked: Asked, language: str) -> Listing:
    """Where everybody is by all that is known."""
    found = Listing([
        "person.id", "whereabouts.name", "household.card", "state", "place", "journey", "since",
        "whereabouts.seen_by",
    ])  # fmt: skip
    name = names_for(node, language)
    everybody = accounts(node)
    agreeing, found.left_out = _agreeing(node, (one.person for one in everybody))
    rows = {row.id: row for row in persons_of(node, agreeing)}
    cards = cards_of(node, {row.household for row in rows.values() if row.household})
    for one in everybody:
        row = rows.get(one.person)
        if one.person not in agreeing:
            continue
        found.rows.append([
            one.person, (row.name or row.known_as) if row else "",
            cards.get(row.household or "", "") if row else "", one.state,
            name(one.place) if one.place else "", name(one.journey) if one.journey else "",
            moment(one.since_ms), name_of(node, one.seen_by) if one.seen_by else "",
        ])  # fmt: skip
        found.persons.append(one.person)
    return found


def _counts(node: Node, asked: Asked, language: str) -> Listing:
    """Counts that tell of nobody: by state, and by sex and band of age (STD 1.10, 8.4)."""
    states = counts(node)
    by_state = published(states, _SENSITIVE & set(states))
    groups: dict[tuple[str, str], int] = {}
    today = day_of(node.clock())
    rows = people_models.Person.objects.using(node.alias)
    for person in rows.iterator(2000):
        key = (person.sex or "unknown", _band(age_on(person, today)))
        groups[key] = groups.get(key, 0) + 1
    by_group = published(groups)
    found = Listing(["operation", "on", "table", "first", "second", "people"])
    head: list[Cell] = [names_of_site(node)[0], today.isoformat()]
    total = None if by_state.total is None or by_group.total is None else by_state.total
    found.rows.append([*head, "all", "", "", total])
    found.rows += [[*head, "state", key, "", n] for key, n in by_state.cells.items()]
    found.rows += [
        [*head, "sex and age", sex, band, by_group.cells[sex, band]]
        for sex, band in sorted(by_group.cells)
    ]
    return found


def _band(age: int | None) -> str:
    if age is None:
        return "unknown"
    return next(name for least, name in reversed(BANDS) if age >= least)


_BUILDERS: dict[str, Callable[[Node, Asked, str], Listing]] = {
    "people": _people,
    "waiting": _waiting,
    "manifest": _manifest,
    "whereabouts": _whereabouts,
    "counts": _counts,
}
