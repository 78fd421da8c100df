"""People of a convoy: who was told a seat, boarded, got off, arrived, or was lost on the way."""

from __future__ import annotations

from django.db import models

from corridor.journal.tables.shapes import FactTable, FoldedTable


class SeatTold(FactTable):
    """A person was given a place on a vehicle and told so."""

    convoy = models.TextField(db_index=True)
    vehicle = models.TextField(db_index=True)


class SeatReleased(FactTable):
    """A person's place was given back."""

    convoy = models.TextField(db_index=True)
    reason = models.TextField()


class Seat(FoldedTable):
    """The place a person holds by all that stands: told, and neither changed nor given back."""

    pk = models.CompositePrimaryKey("person", "entry")
    entry = models.TextField()
    person = models.TextField()
    convoy = models.TextField(db_index=True)
    vehicle = models.TextField()
    told_ms = models.BigIntegerField()
    hlc = models.BigIntegerField()

    @classmethod
    def key_column(cls) -> str:
        return "person"


class LuggageCounted(FactTable):
    """How many pieces of luggage a family brings to a convoy."""

    convoy = models.TextField(db_index=True)
    pieces = models.BigIntegerField()


class PersonBoarded(FactTable):
    convoy = models.TextField()
    vehicle = models.TextField()


class PersonGotOff(FactTable):
    """Left the vehicle at a pick-up point: `on_the_way` 1 if the convoy had left before."""

    convoy = models.TextField(db_index=True)
    place = models.TextField()
    reason = models.TextField()
    on_the_way = models.BigIntegerField()


class Aboard(FoldedTable):
    """Who set off (or would now) with a convoy, and on which vehicle: the left side of STD 2.6."""

    pk = models.CompositePrimaryKey("person", "entry")
    entry = models.TextField()
    person = models.TextField()
    convoy = models.TextField(db_index=True)
    vehicle = models.TextField()
    happened_ms = models.BigIntegerField()
    hlc = models.BigIntegerField()

    @classmethod
    def key_column(cls) -> str:
        return "person"


class PersonArrived(FactTable):
    convoy = models.TextField(db_index=True)
    site = models.TextField()


class PersonTakenToCare(FactTable):
    convoy = models.TextField(db_index=True)
    place = models.TextField()


class PersonLeftOnTheWay(FactTable):
    convoy = models.TextField(db_index=True)


class PersonDiedOnTheWay(FactTable):
    convoy = models.TextField(db_index=True)


class PersonHeld(FactTable):
    convoy = models.TextField(db_index=True)
    place = models.TextField()


class ChildReleased(FactTable):
    """A child was handed to somebody: to an adult it is bound to, or to a protection officer."""

    convoy = models.TextField(db_index=True)
    released_to = models.TextField()
    how = models.TextField()


class ChildWithheld(FactTable):
    """Somebody asked for a child and was not given it. `asked_by` empty: unknown here."""

    convoy = models.TextField(db_index=True)
    asked_by = models.TextField()
    reason = models.TextField()


class ScanNoted(FactTable):
    """A card held to a scanner or typed, whatever came of it."""

    lane = models.TextField()
    phase = models.TextField()
    outcome = models.TextField()
    card = models.TextField()
    people = models.BigIntegerField()
    vehicle = models.TextField()
    typed = models.TextField(null=True)


class HeadsCounted(FactTable):
    """Heads counted by somebody who did not look at the scans. `vehicle` empty: the convoy."""

    vehicle = models.TextField()
    count = models.BigIntegerField()
    phase = models.TextField()
