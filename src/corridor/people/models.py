"""Tables about persons and households."""

from __future__ import annotations

from django.db import models

from corridor.journal.tables.shapes import FactTable, FoldedTable, RecordTable
from corridor.people.lists.models import ListAskedFor as ListAskedFor
from corridor.people.lists.models import ListDecided as ListDecided
from corridor.people.lists.models import ListMapping as ListMapping
from corridor.people.lists.models import ListTakenOut as ListTakenOut


class Household(RecordTable):
    """People who live together and share food, acknowledging one head (STD 1.2)."""

    place = models.TextField(null=True)
    address = models.TextField(null=True)
    phone = models.TextField(null=True)
    source = models.TextField(null=True)
    source_id = models.TextField(null=True)
    came_from = models.TextField(null=True)
    registered_on = models.TextField(null=True)


class Person(RecordTable):
    """One person under one permanent id (STD 1.2, 1.3).

    `birth_on` is as much of an ISO date as is known: `1990`, `1990-05` or `1990-05-17` (STD 9.7).
    """

    household = models.TextField(null=True, db_index=True)
    relationship = models.TextField(null=True)
    name = models.TextField(null=True)
    name_other = models.TextField(null=True)
    known_as = models.TextField(null=True)
    sex = models.TextField(null=True)
    birth_on = models.TextField(null=True)
    birth_precision = models.TextField(null=True)
    age_years = models.BigIntegerField(null=True)
    age_years_high = models.BigIntegerField(null=True)
    age_as_of = models.TextField(null=True)
    phone = models.TextField(null=True)
    travels = models.TextField(null=True)
    nationality = models.TextField(null=True)
    nationality_state = models.TextField(null=True)
    origin = models.TextField(null=True)
    documents = models.TextField(null=True)
    difficulties = models.TextField(null=True)
    given_name = models.TextField(null=True)
    father_name = models.TextField(null=True)
    grandfather_name = models.TextField(null=True)
    family_name = models.TextField(null=True)
    mother_name = models.TextField(null=True)
    birth_estimated = models.TextField(null=True)
    birth_calendar = models.TextField(null=True)
    birth_written = models.TextField(null=True)
    age_disputed = models.TextField(null=True)
    education = models.TextField(null=True)
    occupation = models.TextField(null=True)
    next_of_kin = models.TextField(null=True)
    declined = models.TextField(null=True)
    unseen = models.TextField(null=True)
    marital = models.TextField(null=True)
    language = models.TextField(null=True)
    source = models.TextField(null=True)
    source_id = models.TextField(null=True)


class NeedObserved(FactTable):
    """A specific need that staff at the desk may know (STD 1.5, handling O)."""

    need = models.TextField(null=True)
    source = models.TextField(null=True)


class NeedObservedInConfidence(FactTable):
    """A specific need for health and protection roles only (STD 1.5, handling R)."""

    need = models.TextField(null=True)
    source = models.TextField(null=True)


class NeedEnded(FactTable):
    """A need is over; `observation` is the entry in which it stood."""

    observation = models.TextField()


class NeedEndedInConfidence(FactTable):
    """A need held in confidence is over."""

    observation = models.TextField()


class ReviewAsked(FactTable):
    """A need that nobody on the spot could assess waits for a nurse or protection (STD 1.1)."""


class ReviewDescribed(FactTable):
    """What was said or seen, for health and protection roles only."""

    words = models.TextField(null=True)


class ReviewSettled(FactTable):
    pass


class CardIssued(FactTable):
    """A card of a household. The number says nothing about anybody."""

    card = models.TextField(db_index=True)


class CardVoided(FactTable):
    card = models.TextField(db_index=True)
    reason = models.TextField()


class RecordsLinked(FactTable):
    """Two records are one person; undone by withdrawing the entry."""

    other = models.TextField(db_index=True)


class RecordsToldApart(FactTable):
    """Two records that look alike are two persons: a person decided it."""

    other = models.TextField(db_index=True)


class PersonErased(FactTable):
    pass


class ConsentGiven(FactTable):
    """Somebody agreed to one use, after the text of this version was read to them (STD 2.3)."""

    use = models.TextField()
    text = models.TextField()
    form = models.TextField(null=True)
    language = models.TextField(null=True)
    given_by = models.TextField(null=True)
    given_by_name = models.TextField(null=True)
    interpreter = models.TextField(null=True)
    witness = models.TextField(null=True)


class ConsentRefused(FactTable):
    """Somebody was asked and said no. No reason is kept."""

    use = models.TextField()
    text = models.TextField()
    form = models.TextField(null=True)
    language = models.TextField(null=True)
    given_by = models.TextField(null=True)
    given_by_name = models.TextField(null=True)
    interpreter = models.TextField(null=True)
    witness = models.TextField(null=True)


class ConsentWithdrawn(FactTable):
    """Somebody took their consent back."""

    use = models.TextField()


class SeatingRequested(FactTable):
    """A wish about a seat, told to the planner without a reason.

    `wish` is apart, women or near_carer; `other` the person or household it speaks of.
    """

    wish = models.TextField(null=True)
    other = models.TextField(null=True)


class SeatingRequestEnded(FactTable):
    pass


class CarerClaimed(FactTable):
    """A child without the usual carer is bound to an adult who says they care for it."""

    carer = models.TextField(null=True, db_index=True)
    relationship = models.TextField(null=True)


class CarerVerified(FactTable):
    claim = models.TextField(db_index=True)
    method = models.TextField(null=True)


class CarerEnded(FactTable):
    reason = models.TextField(null=True)


class ChildDescribed(FactTable):
    """What the card of a child who travels without parents needs (STD 2.8)."""

    birth_place = models.TextField(null=True)
    features = models.TextField(null=True)
    found = models.TextField(null=True)
    family_address = models.TextField(null=True)
    mother_maiden = models.TextField(null=True)
    blood_group = models.TextField(null=True)
    health = models.TextField(null=True)


class RowSetAside(FactTable):
    """A row of an imported list that could not be registered as it was."""

    entry = models.TextField(db_index=True)
    sheet = models.TextField(null=True)
    row = models.BigIntegerField()
    problems = models.TextField(null=True)
    values = models.TextField(null=True)
    role = models.TextField(null=True)
    household = models.TextField(null=True)


class RowSettled(FactTable):
    """A row set aside waits no longer."""

    aside = models.TextField(db_index=True)
    how = models.TextField()
    reason = models.TextField(null=True)
    words = models.TextField(null=True)


class WordReceived(FactTable):
    """What somebody wrote of a person in another system; it moves nobody."""

    status = models.TextField(null=True)
    contact = models.TextField(null=True)
    place = models.TextField(null=True)
    phone = models.TextField(null=True)
    text = models.TextField(null=True)
    said_on = models.TextField(null=True)


class ListImported(FactTable):
    """An imported file, by its hash: how many came of it."""

    source = models.TextField()
    file_hash = models.TextField()
    people = models.BigIntegerField()
    households = models.BigIntegerField()
    set_aside = models.BigIntegerField()
    file_name = models.TextField(null=True)


class Movement(FoldedTable):
    """Every standing fact that says where a person is or went."""

    pk = models.CompositePrimaryKey("person", "entry")
    entry = models.TextField()
    person = models.TextField()
    state = models.TextField()
    stage = models.IntegerField()
    place = models.TextField()
    journey = models.TextField()
    happened_ms = models.BigIntegerField()
    hlc = models.BigIntegerField()
    actor = models.TextField()
    node = models.TextField()

    @classmethod
    def key_column(cls) -> str:
        return "person"


class JourneyEnd(FoldedTable):
    """A journey is over by this fact: whoever is still on the way is not accounted for."""

    pk = models.CompositePrimaryKey("journey", "entry")
    entry = models.TextField()
    journey = models.TextField()
    happened_ms = models.BigIntegerField()
    hlc = models.BigIntegerField()

    @classmethod
    def key_column(cls) -> str:
        return "journey"


class StandingEnd(FoldedTable):
    """A movement that no other one continues: where its person is now."""

    pk = models.CompositePrimaryKey("person", "entry")
    entry = models.TextField()
    person = models.TextField()
    state = models.TextField()
    stage = models.IntegerField()
    place = models.TextField()
    journey = models.TextField()
    happened_ms = models.BigIntegerField()
    hlc = models.BigIntegerField()
    actor = models.TextField()

    @classmethod
    def key_column(cls) -> str:
        return "person"


class Whereabouts(FoldedTable):
    """Where each person is by all that is known; `ends` > 1 is a finding."""

    person = models.TextField(primary_key=True)
    state = models.TextField()
    place = models.TextField()
    journey = models.TextField()
    since_ms = models.BigIntegerField()
    entry = models.TextField()
    seen_by = models.TextField()
    ends = models.IntegerField()

    class Meta(FoldedTable.Meta):
        indexes = [
            models.Index(fields=["state", "place", "journey"], name="whereabouts_counted"),
            models.Index(
                fields=["ends"], condition=models.Q(ends__gt=1), name="whereabouts_two_places"
            ),
        ]

    @classmethod
    def key_column(cls) -> str:
        return "person"


class SearchName(FoldedTable):
    """Each name of a person as it is searched (`spelling`), apart from the wide records."""

    pk = models.CompositePrimaryKey("person", "name")
    person = models.TextField()
    name = models.TextField(db_index=True)

    @classmethod
    def key_column(cls) -> str:
        return "person"


class Cluster(FoldedTable):
    """Records that are one person, under the lowest of their ids; lone records have no row."""

    person = models.TextField(primary_key=True)
    root = models.TextField(db_index=True)

    @classmethod
    def key_column(cls) -> str:
        return "person"


class Occupancy(FoldedTable):
    """How many persons a household has."""

    household = models.TextField(primary_key=True)
    persons = models.IntegerField()

    @classmethod
    def key_column(cls) -> str:
        return "household"


class PersonTurnedAway(FactTable):
    place = models.TextField()


class PersonChoseToStay(FactTable):
    place = models.TextField()


class PersonPrevented(FactTable):
    place = models.TextField()


class PersonLeft(FactTable):
    place = models.TextField()


class PersonReferred(FactTable):
    place = models.TextField()


class PersonTakenAside(FactTable):
    place = models.TextField()


class PersonDied(FactTable):
    place = models.TextField()


class PersonReceived(FactTable):
    place = models.TextField()


class CustodyDescribed(FactTable):
    """What was seen or told about a movement, for health and protection roles only."""

    movement = models.TextField(db_index=True)
    words = models.TextField(null=True)


class LoopAssigned(FactTable):
    """Who is to find out what became of somebody."""

    movement = models.TextField(db_index=True)
    owner = models.TextField()


class LoopFollowed(FactTable):
    """Somebody asked, and asks again by a time."""

    movement = models.TextField(db_index=True)
    due_ms = models.BigIntegerField()
    words = models.TextField(null=True)


class LoopClosed(FactTable):
    """What was found out about somebody who was not accounted for."""

    movement = models.TextField(db_index=True)
    why = models.TextField()
    outcome = models.TextField()
    words = models.TextField(null=True)
