"""What is recorded of convoys."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from msgspec import UNSET

from corridor.journal.kinds import (
    Change,
    Fact,
    Movement,
    Number,
    Text,
    change,
    code,
    fact,
)
from corridor.stops.convoy import models


@change(
    "convoy.described",
    record=models.Convoy,
    scope="movement",
    roles=("coordinator", "marshal"),
    say=_("The convoy was described."),
)
class ConvoyDescribed(Change):
    """`origin` and `destination` are ids of places; `departs_ms` the planned time."""

    name: Annotated[Text, code(1)] = UNSET
    origin: Annotated[Text, code(2)] = UNSET
    destination: Annotated[Text, code(3)] = UNSET
    departs_ms: Annotated[Number, code(4)] = UNSET


@change(
    "vehicle.described",
    record=models.Vehicle,
    scope="movement",
    roles=("coordinator", "marshal"),
    say=_("The vehicle was described."),
)
class VehicleDescribed(Change):
    """Places by kind; a lying place and a wheelchair place are not seats."""

    convoy: Annotated[Text, code(1)] = UNSET
    label: Annotated[Text, code(2)] = UNSET
    seats: Annotated[Number, code(3)] = UNSET
    lying: Annotated[Number, code(4)] = UNSET
    wheelchairs: Annotated[Number, code(5)] = UNSET


@fact(
    "seat.told",
    table=models.SeatTold,
    scope="movement",
    roles=("coordinator", "marshal"),
    say=_("Was given a place on vehicle {vehicle} of convoy {convoy}."),
)
class SeatTold(Fact):
    """Subject: the person. A later one for the same convoy names the one it replaces."""

    convoy: Annotated[str, code(1)]
    vehicle: Annotated[str, code(2)]


@fact(
    "seat.released",
    table=models.SeatReleased,
    scope="movement",
    roles=("coordinator", "marshal"),
    say=_("The place on convoy {convoy} was given back."),
)
class SeatReleased(Fact):
    """Subject: the person."""

    convoy: Annotated[str, code(1)]


@fact(
    "person.boarded",
    table=models.PersonBoarded,
    scope="movement",
    roles=("marshal", "coordinator"),
    say=_("Boarded vehicle {vehicle} of convoy {convoy}."),
    moves_to=Movement("aboard", 20, place="vehicle", journey="convoy"),
)
class PersonBoarded(Fact):
    """Subject: the person."""

    convoy: Annotated[str, code(1)]
    vehicle: Annotated[str, code(2)] = ""


@fact(
    "convoy.departed",
    table=models.ConvoyDeparted,
    scope="movement",
    roles=("marshal", "coordinator"),
    say=_("The convoy departed with {head_count} people aboard."),
)
class ConvoyDeparted(Fact):
    """Subject: the convoy. `head_count` is what somebody counted, not what was scanned."""

    head_count: Annotated[int, code(1)]


@fact(
    "person.arrived",
    table=models.PersonArrived,
    scope="movement",
    roles=("marshal", "coordinator", "shelter", "registrar"),
    say=_("Arrived with convoy {convoy}."),
    moves_to=Movement("at_site", 30, place="site", journey="convoy"),
)
class PersonArrived(Fact):
    """Subject: the person."""

    convoy: Annotated[str, code(1)]
    site: Annotated[str, code(2)] = ""


@fact(
    "convoy.arrived",
    table=models.ConvoyArrived,
    scope="movement",
    roles=("marshal", "coordinator", "shelter"),
    say=_("The convoy arrived."),
    ends_journey=True,
)
class ConvoyArrived(Fact):
    """Subject: the convoy. From now on, whoever boarded and was not seen is not accounted for."""

    site: Annotated[str, code(1)] = ""
