"""What is recorded about persons, households and cards."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from msgspec import UNSET

from corridor.journal.kinds import (
    Change,
    Fact,
    Number,
    Text,
    change,
    code,
    fact,
    personal,
)
from corridor.people import models

_REGISTERING = ("registrar", "coordinator", "protection")

#: Who reads what of a person, as little as their work needs (STD 2.5, 8.5). The office writes the
#: full record; the desk meets the person; the road and the counters must know who stands there.
OFFICE = ("registrar", "tracing", "protection", "coordinator")
DESK = (*OFFICE, "nurse", "shelter")
ROAD = (*DESK, "marshal")
COUNTERS = (*ROAD, "aid", "cash")

#: What says who somebody is without a name: for the audit of fairness as well (STD 8.3).
AUDITED = (*ROAD, "auditor")

#: Where people come from is for the audit only, and never shown beside a name.
AUDIT = ("auditor",)


class HouseholdValues(Change):
    """What is known of a household. `place` is the id of where it registered."""

    place: Annotated[Text, code(1)] = UNSET
    address: Annotated[Text, personal(2, DESK)] = UNSET
    phone: Annotated[Text, personal(3, DESK)] = UNSET
    source: Annotated[Text, code(4)] = UNSET
    source_id: Annotated[Text, personal(5, OFFICE)] = UNSET
    came_from: Annotated[Text, personal(6, AUDIT)] = UNSET
    registered_on: Annotated[Text, personal(7, DESK)] = UNSET


@change(
    "household.registered",
    record=models.Household,
    scope="registry",
    roles=_REGISTERING,
    say=_("The household was registered."),
)
class HouseholdRegistered(HouseholdValues):
    """The first values of a household."""


@change(
    "household.corrected",
    record=models.Household,
    scope="registry",
    roles=_REGISTERING,
    say=_("The household's record was corrected."),
)
class HouseholdCorrected(HouseholdValues):
    """Later values."""


class PersonValues(Change):
    """What is known of a person. Who belongs to which household is personal, so it can be erased.

    `birth_precision` is day, month, year or decade (STD 9.7); `travels` is seat, lap, lying or
    wheelchair; `age_years_high` is set where only a range is known; `age_disputed` is yes until it
    is resolved; `birth_written` is the date as it was said, in `birth_calendar`; `declined` names
    the questions that somebody does not want to answer, separated by spaces, so that nobody asks
    again; documents and difficulties are JSON text; `unseen` says who told of somebody who was not
    there (relative or outreach), until somebody sees them; `nationality_state` is stated,
    unprovable or unknown.
    """

    household: Annotated[Text, personal(1, COUNTERS)] = UNSET
    relationship: Annotated[Text, personal(2, ROAD)] = UNSET
    name: Annotated[Text, personal(3, COUNTERS)] = UNSET
    name_other: Annotated[Text, personal(4, COUNTERS)] = UNSET
    known_as: Annotated[Text, personal(5, COUNTERS)] = UNSET
    sex: Annotated[Text, personal(6, AUDITED)] = UNSET
    birth_on: Annotated[Text, personal(7, AUDITED)] = UNSET
    birth_precision: Annotated[Text, personal(8, AUDITED)] = UNSET
    age_years: Annotated[Number, personal(9, AUDITED)] = UNSET
    age_as_of: Annotated[Text, personal(10, AUDITED)] = UNSET
    phone: Annotated[Text, personal(11, DESK)] = UNSET
    travels: Annotated[Text, personal(12, AUDITED)] = UNSET
    nationality: Annotated[Text, personal(13, OFFICE)] = UNSET
    origin: Annotated[Text, personal(14, AUDIT)] = UNSET
    documents: Annotated[Text, personal(15, OFFICE)] = UNSET
    difficulties: Annotated[Text, personal(16, DESK)] = UNSET
    source: Annotated[Text, code(17, OFFICE)] = UNSET
    source_id: Annotated[Text, personal(18, OFFICE)] = UNSET
    given_name: Annotated[Text, personal(19, OFFICE)] = UNSET
    father_name: Annotated[Text, personal(20, OFFICE)] = UNSET
    family_name: Annotated[Text, personal(21, OFFICE)] = UNSET
    mother_name: Annotated[Text, personal(22, OFFICE)] = UNSET
    birth_estimated: Annotated[Text, personal(23, AUDITED)] = UNSET
    marital: Annotated[Text, personal(24, OFFICE)] = UNSET
    language: Annotated[Text, personal(25, DESK)] = UNSET
    age_years_high: Annotated[Number, personal(26, AUDITED)] = UNSET
    birth_calendar: Annotated[Text, personal(27, OFFICE)] = UNSET
    birth_written: Annotated[Text, personal(28, OFFICE)] = UNSET
    age_disputed: Annotated[Text, personal(29, AUDITED)] = UNSET
    education: Annotated[Text, personal(30, OFFICE)] = UNSET
    occupation: Annotated[Text, personal(31, OFFICE)] = UNSET
    next_of_kin: Annotated[Text, personal(32, OFFICE)] = UNSET
    declined: Annotated[Text, personal(33, DESK)] = UNSET
    unseen: Annotated[Text, personal(34, ROAD)] = UNSET
    grandfather_name: Annotated[Text, personal(35, OFFICE)] = UNSET
    nationality_state: Annotated[Text, personal(36, OFFICE)] = UNSET


@change(
    "person.registered",
    record=models.Person,
    scope="registry",
    roles=_REGISTERING,
    say=_("Registered."),
)
class PersonRegistered(PersonValues):
    """The first values of a person."""


@change(
    "person.corrected",
    record=models.Person,
    scope="registry",
    roles=_REGISTERING,
    say=_("The record was corrected."),
)
class PersonCorrected(PersonValues):
    """Later values."""


@change(
    "person.seen",
    record=models.Person,
    scope="registry",
    roles=(*ROAD,),
    say=_("Seen in person."),
)
class PersonSeen(Change):
    """Somebody saw a person who was registered by word of others: `unseen` is nothing now."""

    unseen: Annotated[Text, personal(34, ROAD)] = UNSET


@fact(
    "need.observed",
    table=models.NeedObserved,
    scope="registry",
    roles=(*_REGISTERING, "nurse", "marshal", "shelter"),
    say=_("A specific need was noted."),
)
class NeedObserved(Fact):
    """`source` is declared, observed or assessed (STD 1.5)."""

    need: Annotated[str | None, personal(1, COUNTERS)] = None
    source: Annotated[str | None, personal(2, COUNTERS)] = None


@fact(
    "need.observed_in_confidence",
    table=models.NeedObservedInConfidence,
    scope="medical",
    roles=("registrar", "nurse", "protection"),
    say=_("A need was noted in confidence."),
)
class NeedObservedInConfidence(Fact):
    """As `need.observed`, for the codes with handling R (STD 1.5)."""

    need: Annotated[str | None, personal(1)] = None
    source: Annotated[str | None, personal(2)] = None


@fact(
    "card.issued",
    table=models.CardIssued,
    scope="registry",
    roles=_REGISTERING,
    say=_("The household was given card {card}."),
)
class CardIssued(Fact):
    """Subject: the household."""

    card: Annotated[str, code(1, COUNTERS)]


@fact(
    "card.voided",
    table=models.CardVoided,
    scope="registry",
    roles=_REGISTERING,
    say=_("Card {card} no longer counts ({reason})."),
)
class CardVoided(Fact):
    """Subject: the household. `reason` is lost, damaged, stolen or error."""

    card: Annotated[str, code(1, COUNTERS)]
    reason: Annotated[str, code(2)]


@fact(
    "records.linked",
    table=models.RecordsLinked,
    scope="registry",
    roles=("registrar", "coordinator", "tracing", "protection"),
    say=_("Found to be the same person as another record."),
)
class RecordsLinked(Fact):
    """Subject and `other` are one person; a person decided it."""

    other: Annotated[str, code(1)]


@fact(
    "records.told_apart",
    table=models.RecordsToldApart,
    scope="registry",
    roles=("registrar", "coordinator", "tracing", "protection"),
    say=_("Found to be another person than a record that looks alike."),
)
class RecordsToldApart(Fact):
    """Subject and `other` look alike and are two persons; they are not shown as alike again."""

    other: Annotated[str, code(1)]


@fact(
    "person.erased",
    table=models.PersonErased,
    scope="core",
    power="authority",
    roles=("protection", "administrator"),
    say=_("What was known of this person was erased on request."),
    final=True,
    erases=True,
)
class PersonErased(Fact):
    """Names, values and words go, everywhere and for good; movements and counts stay."""


@fact(
    "row.set_aside",
    table=models.RowSetAside,
    scope="registry",
    roles=_REGISTERING,
    say=_("A row of a list was set aside."),
)
class RowSetAside(Fact):
    """Subject: the import. `problems` and `values` are JSON text; `values` has field, label and
    text of each cell. `role` is person, household, both or note, `household` the list's own id."""

    row: Annotated[int, code(1)]
    sheet: Annotated[str | None, personal(2)] = None
    problems: Annotated[str | None, personal(3)] = None
    values: Annotated[str | None, personal(4)] = None
    role: Annotated[str | None, personal(5)] = None
    household: Annotated[str | None, personal(6)] = None


@fact(
    "row.settled",
    table=models.RowSettled,
    scope="registry",
    roles=_REGISTERING,
    say=_("A row that was set aside is settled ({how})."),
    identifies=("row.set_aside", "aside"),
)
class RowSettled(Fact):
    """Subject: the import. `aside` is the entry of the row; `how` is registered, left_out,
    came_again or taken_over (it corrected somebody registered before). `reason` of leaving it out
    is double, nobody, no_consent, unreadable or elsewhere."""

    aside: Annotated[str, code(1)]
    how: Annotated[str, code(2)]
    reason: Annotated[str | None, code(3)] = None
    words: Annotated[str | None, personal(4)] = None


@fact(
    "word.received",
    table=models.WordReceived,
    scope="registry",
    roles=(*_REGISTERING, "tracing"),
    say=_("Word of this person came in with a list: {status} {place} {text}"),
)
class WordReceived(Fact):
    """Subject: the person of whom somebody wrote a note elsewhere (STD 6.8).

    `status` is information_sought, is_note_author, believed_alive, believed_missing or
    believed_dead; `contact` tells whether the author spoke with the person.
    """

    status: Annotated[str | None, personal(1)] = None
    contact: Annotated[str | None, personal(2)] = None
    place: Annotated[str | None, personal(3)] = None
    phone: Annotated[str | None, personal(4)] = None
    text: Annotated[str | None, personal(5)] = None
    said_on: Annotated[str | None, personal(6)] = None


@fact(
    "list.imported",
    table=models.ListImported,
    scope="registry",
    roles=_REGISTERING,
    say=_("A list was imported: {people} people in {households} households."),
)
class ListImported(Fact):
    """Subject: the import. Counts of what was registered and what was set aside."""

    source: Annotated[str, code(1)]
    file_hash: Annotated[str, code(2)]
    people: Annotated[int, code(3)]
    households: Annotated[int, code(4)]
    set_aside: Annotated[int, code(5)]
    file_name: Annotated[str | None, personal(6)] = None
