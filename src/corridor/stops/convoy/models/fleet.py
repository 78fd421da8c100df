"""What convoys are made of: vehicles, routes, windows, receptions, crew."""

from __future__ import annotations

from django.db import models

from corridor.journal.tables.shapes import FactTable, FoldedTable, RecordTable


class Capacity(RecordTable):
    """What a vehicle holds; the words are those of the planner (corridor-convoy-1)."""

    seats = models.BigIntegerField(null=True)
    lying = models.BigIntegerField(null=True)
    wheelchairs = models.BigIntegerField(null=True)
    stretcher_seats = models.BigIntegerField(null=True)
    max_fitted = models.BigIntegerField(null=True)
    wheelchair_seats = models.BigIntegerField(null=True)
    max_extra_chairs = models.BigIntegerField(null=True)
    luggage = models.BigIntegerField(null=True)
    ambulance = models.BigIntegerField(null=True)
    rough = models.BigIntegerField(null=True)

    class Meta(RecordTable.Meta):
        abstract = True


class VehicleType(Capacity):
    """A kind of vehicle, from which the capacity of a new vehicle is taken."""

    label = models.TextField(null=True)


class Vehicle(Capacity):
    """A vehicle of the fleet, with what it can carry and when it is at hand."""

    label = models.TextField(null=True)
    plate = models.TextField(null=True)
    from_ms = models.BigIntegerField(null=True)
    until_ms = models.BigIntegerField(null=True)


class VehicleAssigned(FactTable):
    """A vehicle drives with a convoy."""

    convoy = models.TextField(db_index=True)


class VehicleTakenOff(FactTable):
    """A vehicle does not drive with a convoy any more."""

    convoy = models.TextField(db_index=True)
    reason = models.TextField()


class Assignment(FoldedTable):
    """Which vehicle drives with which convoy, by all that stands."""

    pk = models.CompositePrimaryKey("vehicle", "entry")
    entry = models.TextField()
    vehicle = models.TextField()
    convoy = models.TextField(db_index=True)

    @classmethod
    def key_column(cls) -> str:
        return "vehicle"


class Route(RecordTable):
    """Minutes from a pick-up point to a reception: loading before, the way out, the way back."""

    pickup = models.TextField(null=True)
    reception = models.TextField(null=True)
    before_minutes = models.BigIntegerField(null=True)
    out_minutes = models.BigIntegerField(null=True)
    back_minutes = models.BigIntegerField(null=True)


class Window(RecordTable):
    """A time agreed with the parties, in which convoys may drive between named places.

    `pickups` and `receptions` are ids with spaces between, `departs` times in milliseconds.
    `names_required` is 1 where a recorded agreement demands names on the dashboard sheet.
    """

    label = models.TextField(null=True)
    opens_ms = models.BigIntegerField(null=True)
    closes_ms = models.BigIntegerField(null=True)
    probability = models.BigIntegerField(null=True)
    pickups = models.TextField(null=True)
    receptions = models.TextField(null=True)
    departs = models.TextField(null=True)
    max_vehicles = models.BigIntegerField(null=True)
    escorts = models.BigIntegerField(null=True)
    guardians = models.BigIntegerField(null=True)
    names_required = models.BigIntegerField(null=True)
    agreement = models.TextField(null=True)
    state = models.TextField(null=True)


class Intake(RecordTable):
    """How many people, and how many lying, a reception takes on a day (or on any, if empty)."""

    place = models.TextField(null=True, db_index=True)
    day = models.TextField(null=True)
    persons = models.BigIntegerField(null=True)
    lying = models.BigIntegerField(null=True)


class CrewJoined(FactTable):
    """A person of the accounts works on vehicles and never waits for a seat."""

    duty = models.TextField()


class CrewLeft(FactTable):
    pass


class FitnessChecked(FactTable):
    """The quick look before a journey: travel class T1 to T5 (STD 2.7)."""

    travel_class = models.TextField(null=True)


class AssistanceNamed(FactTable):
    """What a marshal does for somebody on the way; not why."""

    help = models.TextField(null=True)
