"""Questions about people: who, where, and whether everybody is accounted for. Read only."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Lookup, Q, TextField

from corridor.desk import access
from corridor.engines import cards
from corridor.journal.node import Node
from corridor.journal.tables import reading
from corridor.people import models
from corridor.people.confided.queries import Carer as Carer
from corridor.people.confided.queries import SeatingWishes as SeatingWishes
from corridor.people.confided.queries import carers_of as carers_of
from corridor.people.confided.queries import consents_of as consents_of
from corridor.people.confided.queries import seating_requests as seating_requests
from corridor.people.needed.queries import needs_of as needs_of
from corridor.people.rows import records_of as records_of
from corridor.people.rows import rows_of as rows_of
from corridor.people.spelling import plain

#: States in which a person is openly on the way or not yet begun; any other is an end.
UNFINISHED = ("registered", "waiting", "aboard", "not_accounted_for")

#: (node, id, language) to a name, or "" for an id that is not its own.
Naming = Callable[[Node, str, str], str]

#: All states of whereabouts, in the order in which they are told (design 5).
STATES = (
    "not_accounted_for",
    "aboard",
    "waiting",
    "registered",
    "at_site",
    "referred",
    "taken_aside",
    "turned_away",
    "chose_to_stay",
    "prevented_from_leaving",
    "left_at_own_wish",
    "dead",
)


@dataclass(frozen=True)
class Account:
    """One human being (all linked records together) and where they are by all that is known."""

    person: str
    records: tuple[str, ...]
    state: str
    place: str
    journey: str
    since_ms: int
    seen_by: str
    ends: int


def accounts(node: Node, persons: Iterable[str] | None = None) -> list[Account]:
    """Every human being, linked records counted once; with `persons` only those."""
    use = models.Whereabouts.objects.using(node.alias)
    if persons is None:
        roots = dict(models.Cluster.objects.using(node.alias).values_list("person", "root"))
        rows = list(use.order_by("person"))
    else:
        together = records_of(node, persons)
        roots = {one: min(those) for those in together.values() for one in those}
        rows = rows_of(use, "person", roots)
    groups: dict[str, list[models.Whereabouts]] = {}
    for row in rows:
        groups.setdefault(roots.get(row.person, row.person), []).append(row)
    return [account_of(root, found) for root, found in groups.items()]


def account_of(root: str, rows: Sequence[models.Whereabouts]) -> Account:
    """What is furthest along tells of all: a record that arrived accounts for one that boarded."""
    best = max(rows, key=lambda row: (row.state not in UNFINISHED, _rank(row.state), row.person))
    return Account(
        root,
        tuple(row.person for row in rows),
        best.state,
        best.place,
        best.journey,
        best.since_ms,
        best.seen_by,
        max(row.ends for row in rows),
    )


def _rank(state: str) -> int:
    return {"registered": 0, "waiting": 1, "aboard": 2, "not_accounted_for": 3}.get(state, 4)


def counted(node: Node) -> Counter[tuple[str, str, str]]:
    """Human beings by state, place and journey, linked records counted once.

    All rows are counted where they lie; of linked records, which are few, the accounts tell.
    """
    cells = "SELECT w.state, w.place, w.journey, COUNT(*) FROM people_whereabouts w"
    by = " GROUP BY w.state, w.place, w.journey"
    linked = " JOIN people_cluster c ON c.person = w.person"
    found: Counter[tuple[str, str, str]] = Counter()
    with node.cursor() as cursor:
        cursor.execute(cells + by)
        found.update({tuple(cell): count for *cell, count in cursor.fetchall()})
        cursor.execute(cells + linked + by)
        found.subtract({tuple(cell): count for *cell, count in cursor.fetchall()})
    clusters = models.Cluster.objects.using(node.alias).values_list("person", flat=True)
    found.update((one.state, one.place, one.journey) for one in accounts(node, clusters))
    return +found


def counts(node: Node) -> dict[str, int]:
    """Number of human beings in each state; states without anybody are left out."""
    found: Counter[str] = Counter()
    for (state, _place, _journey), count in counted(node).items():
        found[state] += count
    return {state: found[state] for state in STATES if state in found}


def household_of_card(node: Node, typed: str) -> str | None:
    """The household that holds the card of this number, however it was typed; None if nobody."""
    number = cards.as_typed(typed)
    issued = reading.rows(node.alias, models.CardIssued, "card", [number])
    if not issued or reading.has(node.alias, models.CardVoided, "card", number):
        return None
    return max(issued, key=lambda row: (row.hlc, row.entry)).subject


def standing_cards(node: Node, household: str) -> list[str]:
    """The numbers of the household's cards that count, the newest first."""
    voided = models.CardVoided.objects.using(node.alias).values("card")
    use = models.CardIssued.objects.using(node.alias)
    found = use.filter(subject=household).exclude(card__in=voided).order_by("-hlc", "-entry")
    return list(dict.fromkeys(found.values_list("card", flat=True)))


def card_of_household(node: Node, household: str) -> str:
    """The number of the household's newest card that counts, or ""."""
    return next(iter(standing_cards(node, household)), "")


def cards_of(node: Node, households: Iterable[str]) -> dict[str, str]:
    """Household to the number of its newest card that counts."""
    voided = models.CardVoided.objects.using(node.alias).values("card")
    use = models.CardIssued.objects.using(node.alias).exclude(card__in=voided)
    rows = sorted(rows_of(use, "subject", households), key=lambda row: row.hlc)
    return {row.subject: row.card for row in rows}


def members(node: Node, household: str) -> list[models.Person]:
    """The persons of a household, the head first."""
    found = rows_of(models.Person.objects.using(node.alias), "household", [household])
    return sorted(found, key=lambda one: (one.relationship != "head", one.created_hlc, one.id))


def persons_of(node: Node, persons: Iterable[str]) -> list[models.Person]:
    """The rows of these persons that are registered here, by id."""
    return rows_of(models.Person.objects.using(node.alias), "id", persons)


class Aged(Protocol):
    """What an age is reckoned from: a record, or these values of one."""

    @property
    def birth_on(self) -> str | None: ...
    @property
    def age_years(self) -> int | None: ...
    @property
    def age_years_high(self) -> int | None: ...
    @property
    def age_as_of(self) -> str | None: ...


def age_on(person: Aged, day: datetime.date) -> int | None:
    """Whole years on a day, from a birth date of any precision or an age with its day (STD 9.7)."""
    if person.birth_on:
        year, *rest = map(int, person.birth_on.split("-"))
        before_birthday = (day.month, day.day)[: len(rest)] < tuple(rest)
        return max(0, day.year - year - before_birthday)
    if person.age_years is None:
        return None
    if not person.age_as_of:
        return int(person.age_years)
    since = datetime.date.fromisoformat(person.age_as_of)
    return int(person.age_years) + max(0, (day - since).days // 365)


def ages_on(person: Aged, day: datetime.date) -> tuple[int | None, ...]:
    """The age on a day, or both ends of the range where only a range is known."""
    least = age_on(person, day)
    if person.birth_on or person.age_years_high is None or least is None:
        return (least,)
    return (least, least + int(person.age_years_high) - int(person.age_years or 0))


_AGE = ("birth_on", "age_years", "age_years_high", "age_as_of")

#: Below this age somebody is a child (STD 6.3).
OF_AGE = 18


def is_child_on(person: models.Person, day: datetime.date) -> bool:
    """Whether somebody is to be treated as a child on a day.

    A disputed age is a child's until it is resolved, and so is one of which only a range is known
    that begins below 18. Nobody becomes a child because nothing is known.
    """
    youngest = ages_on(person, day)[0]
    return bool(person.age_disputed) or (youngest is not None and youngest < OF_AGE)


def may_be_adult(values: Mapping[str, Any], day: datetime.date) -> bool:
    """Whether the values of a record leave it open that somebody is an adult on a day."""
    known = {name: values[name] for name in _AGE if name in values}
    oldest = ages_on(models.Person(**known), day)[-1]
    return oldest is None or oldest >= OF_AGE


def is_adult_on(person: models.Person, day: datetime.date) -> bool:
    """Whether somebody is known to be an adult on a day, and nobody disputes it."""
    return ages_on(person, day)[0] is not None and not is_child_on(person, day)


#: States in which staff had a person before their eyes.
_SEEN = ("aboard", "at_site", "referred", "taken_aside", "dead")


def not_yet_seen(person: models.Person, state: str) -> bool:
    """Whether somebody was registered by word of others, and nobody of the staff saw them since."""
    return bool(person.unseen) and state not in _SEEN


def ends_of(node: Node, persons: Iterable[str]) -> dict[str, tuple[tuple[str, int], ...]]:
    """Person to the movement facts that stand as their end: what the next one continues."""
    found: dict[str, list[tuple[str, int]]] = {}
    columns = ("person", "entry")
    for person, entry in reading.values(node.alias, models.StandingEnd, columns, "person", persons):
        found.setdefault(person, []).append((entry, 0))
    return {person: tuple(sorted(those)) for person, those in found.items()}


def day_of(now_ms: int) -> datetime.date:
    """The day (UTC) of a time in milliseconds."""
    return datetime.datetime.fromtimestamp(now_ms / 1000, datetime.UTC).date()


class _Like(Lookup):
    """`LIKE` with a pattern of our own: `_` stands for one letter, `%` for any."""

    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right} ESCAPE '!'", (*left_values, *right_values)


TextField.register_lookup(_Like)

#: A person has at most so many names: as given, in another script, and known as.
_NAMES_OF_ONE = 3

#: Of very common names only the newest are compared.
_MOST_COMPARED = 100

#: Shorter than this, digits are no part of a phone number.
_SHORTEST_PHONE = 5


def find(node: Node, asked: str, most: int) -> list[models.Person]:
    """People by card, by a part of any of their names, or by phone; newest first, at most `most`.

    Numerals of any script are understood, and so are letters that clerks write for one another
    (alef with and without hamza, ta marbuta and ha, alef maqsura and ya).
    """
    words = " ".join(asked.split())
    number = cards.as_typed(words)
    if cards.is_whole(number) and (household := household_of_card(node, number)):
        return members(node, household)[:most]
    rows = models.Person.objects.using(node.alias)
    if len(number) >= _SHORTEST_PHONE and len(number) * 2 > len(words):
        homes = models.Household.objects.using(node.alias).filter(phone__contains=number)
        found = rows.filter(
            Q(phone__contains=number) | Q(household__in=list(homes.values_list("id", flat=True)))
        )
    else:
        found = rows.filter(id__in=_named(node, Q(name__like=f"%{_literal(words)}%"), most))
    return list(found.order_by("-id")[:most])


def _literal(words: str) -> str:
    """Words as they are searched, to stand in a pattern of `LIKE` for themselves."""
    return plain(words).replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _named(node: Node, alike: Q, most: int) -> list[str]:
    """The newest persons with such a name; ids begin with their time."""
    use = models.SearchName.objects.using(node.alias).filter(alike)
    newest = use.order_by("-person").values_list("person", flat=True)
    return list(dict.fromkeys(newest[: most * _NAMES_OF_ONE]))[:most]


def look_alikes(node: Node, person: models.Person, most: int = 5) -> list[models.Person]:
    """Records of other households whose name and sex look like this person's, a first version.

    Those that somebody linked or told apart already are left out. Age alone or spelling alone
    proves nothing (STD 1.7): this warns and never blocks.
    """
    written = [name for name in (person.name, person.name_other) if name and len(name.split()) > 1]
    if not written:
        return []
    alike = Q()
    for name in written:
        first, *_between, last = plain(name).split(" ")
        # The range lets the index find those who begin so; "!" comes right after the blank.
        begins = Q(name__gte=f"{first} ", name__lt=f"{first}!")
        alike |= begins & Q(name__like=f"%{_literal(last)}%")
    use = models.Person.objects.using(node.alias)
    near = set(_named(node, alike, _MOST_COMPARED)) - _judged(node, person.id)
    rows = use.filter(id__in=near)
    if person.sex:
        rows = rows.filter(Q(sex=person.sex) | Q(sex=None) | Q(sex="unknown"))
    if person.household:
        rows = rows.exclude(household=person.household)
    return list(rows.order_by("-id")[:most])


def places_of(node: Node, identity: str) -> set[str]:
    """Where a person or the people of a household are, or were registered; none for other ids.

    A household is also known by the number of its card.
    """
    if cards.is_whole(cards.as_typed(identity)):
        identity = household_of_card(node, identity) or identity
    persons = reading.rows(node.alias, models.Person, "id", [identity])
    persons = persons or reading.rows(node.alias, models.Person, "household", [identity])
    if persons:
        return set().union(*places_of_each(node, persons).values())
    homes = reading.rows(node.alias, models.Household, "id", [identity])
    return {home.place for home in homes if home.place}


def places_of_each(node: Node, persons: Iterable[models.Person]) -> dict[str, set[str]]:
    """Person to the places where they are or were registered."""
    persons = list(persons)
    homes = {one.household for one in persons if one.household}
    registered = {
        home.id: home.place for home in reading.rows(node.alias, models.Household, "id", homes)
    }
    ids = [one.id for one in persons]
    now = {row.person: row for row in reading.rows(node.alias, models.Whereabouts, "person", ids)}
    stops = {
        journey: access.places_of(node, journey)
        for journey in {row.journey for row in now.values()}
    }
    found = {}
    for one in persons:
        places = {registered.get(one.household or "") or ""}
        if one.id in now:
            places |= {now[one.id].place, *stops[now[one.id].journey]}
        found[one.id] = places - {""}
    return found


def linked_to(node: Node, person: str) -> list[models.Person]:
    """Other records of the same human being."""
    return persons_of(node, records_of(node, [person])[person] - {person})


def _judged(node: Node, person: str) -> set[str]:
    """The person, and every record that somebody compared with it."""
    found = {person}
    tables: tuple[type[models.RecordsLinked | models.RecordsToldApart], ...] = (
        models.RecordsLinked,
        models.RecordsToldApart,
    )
    for table in tables:
        use = table.objects.using(node.alias)
        for column in ("subject", "other"):
            for row in rows_of(use, column, [person]):
                found |= {row.subject, row.other}
    return found


def states_of(node: Node, persons: Sequence[str]) -> dict[str, str]:
    """Person to the state of their whereabouts, linked records taken together."""
    found = accounts(node, persons) if persons else []
    return {record: one.state for one in found for record in one.records}


#: Where names of ids come from; each stop that names things adds a question to it.
_NAMINGS: list[Naming] = []


def add_naming(naming: Naming) -> None:
    """A stop tells how ids of its places, vehicles and convoys are called."""
    _NAMINGS.append(naming)


#: Ids are UUIDs (36 letters) or hashes of entries (64); a shorter text names nothing.
_SHORTEST_ID = 36


def names_for(node: Node, language: str) -> Callable[[str], str]:
    """Turns an id into what people call it in their language; anything else stays as it is."""
    known: dict[str, str] = {}

    def name(identity: str) -> str:
        if len(identity) < _SHORTEST_ID:
            return identity
        if identity not in known:
            told = (naming(node, identity, language) for naming in _NAMINGS)
            known[identity] = next((one for one in told if one), identity)
        return known[identity]

    return name
