"""Vehicles, routes, windows, receptions and crew."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from msgspec import UNSET

from corridor.journal.kinds import Change, Fact, Number, Text, change, code, fact, personal
from corridor.stops.convoy import models

_PLANNING = ("coordinator", "marshal")


class Capacity(Change):
    """Places by kind; a lying place and a wheelchair place are not seats.

    A fitted stretcher takes `stretcher_seats` seats (0: none can be fitted), at most `max_fitted`;
    wheelchairs likewise. `luggage` in kg, `ambulance` and `rough` (an open truck) 0 or 1.
    """

    seats: Annotated[Number, code(3)] = UNSET
    lying: Annotated[Number, code(4)] = UNSET
    wheelchairs: Annotated[Number, code(5)] = UNSET
    stretcher_seats: Annotated[Number, code(6)] = UNSET
    max_fitted: Annotated[Number, code(7)] = UNSET
    wheelchair_seats: Annotated[Number, code(8)] = UNSET
    max_extra_chairs: Annotated[Number, code(9)] = UNSET
    luggage: Annotated[Number, code(10)] = UNSET
    ambulance: Annotated[Number, code(11)] = UNSET
    rough: Annotated[Number, code(12)] = UNSET


@change(
    "vehicle_type.described",
    record=models.VehicleType,
    scope="movement",
    roles=_PLANNING,
    say=_("The kind of vehicle was described."),
)
class VehicleTypeDescribed(Capacity):
    """A kind of vehicle: what new vehicles of it hold."""

    label: Annotated[Text, code(1)] = UNSET


@change(
    "vehicle.described",
    record=models.Vehicle,
    scope="movement",
    roles=_PLANNING,
    say=_("The vehicle was described."),
)
class VehicleDescribed(Capacity):
    """`from_ms` and `until_ms` say when it is at hand; empty means without limit."""

    label: Annotated[Text, code(2)] = UNSET
    plate: Annotated[Text, code(13)] = UNSET
    from_ms: Annotated[Number, code(14)] = UNSET
    until_ms: Annotated[Number, code(15)] = UNSET


@fact(
    "vehicle.assigned",
    table=models.VehicleAssigned,
    scope="movement",
    roles=_PLANNING,
    say=_("Drives with convoy {convoy}."),
)
class VehicleAssigned(Fact):
    """Subject: the vehicle."""

    convoy: Annotated[str, code(1)]


@fact(
    "vehicle.taken_off",
    table=models.VehicleTakenOff,
    scope="movement",
    roles=_PLANNING,
    say=_("Was taken off convoy {convoy} ({reason})."),
)
class VehicleTakenOff(Fact):
    """Subject: the vehicle. Continues its assignment. `reason`: breakdown, swapped, replanned."""

    convoy: Annotated[str, code(1)]
    reason: Annotated[str, code(2)] = ""


@change(
    "route.described",
    record=models.Route,
    scope="movement",
    roles=_PLANNING,
    say=_("The route was described."),
)
class RouteDescribed(Change):
    """Times of a route in minutes; `pickup` and `reception` are ids of places (STD 2.4)."""

    pickup: Annotated[Text, code(1)] = UNSET
    reception: Annotated[Text, code(2)] = UNSET
    before_minutes: Annotated[Number, code(3)] = UNSET
    out_minutes: Annotated[Number, code(4)] = UNSET
    back_minutes: Annotated[Number, code(5)] = UNSET


@change(
    "window.described",
    record=models.Window,
    scope="movement",
    roles=("coordinator",),
    say=_("The agreed window was described."),
)
class WindowDescribed(Change):
    """A time agreed with the parties (STD 2.9, 2.10). `state` is agreed or closed.

    `probability` in percent; `max_vehicles` is what one escort can lead, `escorts` how many there
    are, `guardians` the adults at hand for children alone.
    """

    label: Annotated[Text, code(1)] = UNSET
    opens_ms: Annotated[Number, code(2)] = UNSET
    closes_ms: Annotated[Number, code(3)] = UNSET
    probability: Annotated[Number, code(4)] = UNSET
    pickups: Annotated[Text, code(5)] = UNSET
    receptions: Annotated[Text, code(6)] = UNSET
    departs: Annotated[Text, code(7)] = UNSET
    max_vehicles: Annotated[Number, code(8)] = UNSET
    escorts: Annotated[Number, code(9)] = UNSET
    guardians: Annotated[Number, code(10)] = UNSET
    names_required: Annotated[Number, code(11)] = UNSET
    agreement: Annotated[Text, personal(12)] = UNSET
    state: Annotated[Text, code(13)] = UNSET


@change(
    "intake.described",
    record=models.Intake,
    scope="movement",
    roles=("coordinator", "shelter"),
    say=_("What the reception takes in a day was described."),
)
class IntakeDescribed(Change):
    """People, and people lying, that a reception takes on a day; empty `day`: on any day."""

    place: Annotated[Text, code(1)] = UNSET
    day: Annotated[Text, code(2)] = UNSET
    persons: Annotated[Number, code(3)] = UNSET
    lying: Annotated[Number, code(4)] = UNSET


@fact(
    "crew.joined",
    table=models.CrewJoined,
    scope="movement",
    roles=_PLANNING,
    say=_("Joined the crew."),
)
class CrewJoined(Fact):
    """Subject: the person. `duty`: driver, escort, nurse, guardian, marshal or other."""

    duty: Annotated[str, code(1)]


@fact(
    "crew.left",
    table=models.CrewLeft,
    scope="movement",
    roles=_PLANNING,
    say=_("Left the crew."),
)
class CrewLeft(Fact):
    """Subject: the person. Continues their joining."""


@fact(
    "fitness.checked",
    table=models.FitnessChecked,
    scope="medical",
    roles=("nurse",),
    say=_("Fitness to travel was checked."),
)
class FitnessChecked(Fact):
    """Subject: the person. T1 sitting to T4 with escort, T5 not fit now (STD 2.7)."""

    travel_class: Annotated[str | None, personal(1)] = None


@fact(
    "assistance.named",
    table=models.AssistanceNamed,
    scope="movement",
    roles=("nurse", "protection"),
    say=_("The help that somebody needs on the way was written down for the marshals."),
)
class AssistanceNamed(Fact):
    """Subject: the person. `help` is what a marshal does, never why: a code of `HELP`."""

    help: Annotated[str | None, personal(1)] = None
