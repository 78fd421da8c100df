"""People of a convoy: seats, boarding, getting off, arrival, and what befell them on the way."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from corridor.journal.kinds import Fact, Movement, code, fact, personal
from corridor.stops.convoy import models

_STAFF = ("marshal", "coordinator")
_RECEIVING = (*_STAFF, "shelter", "registrar")


@fact(
    "seat.told",
    table=models.SeatTold,
    scope="movement",
    roles=_STAFF,
    say=_("Was given a place on vehicle {vehicle} of convoy {convoy}."),
)
class SeatTold(Fact):
    """Subject: the person. Continues the place it replaces, if any."""

    convoy: Annotated[str, code(1)]
    vehicle: Annotated[str, code(2)]


@fact(
    "seat.released",
    table=models.SeatReleased,
    scope="movement",
    roles=_STAFF,
    say=_("The place on convoy {convoy} was given back."),
)
class SeatReleased(Fact):
    """Subject: the person. `reason`: no_show, refused, breakdown, window, replanned or wish."""

    convoy: Annotated[str, code(1)]
    reason: Annotated[str, code(2)] = ""


@fact(
    "luggage.counted",
    table=models.LuggageCounted,
    scope="movement",
    roles=(*_STAFF, "registrar"),
    say=_("Luggage for convoy {convoy}: {pieces} pieces."),
)
class LuggageCounted(Fact):
    """Subject: the person whose family carries it. The last count of a family stands."""

    convoy: Annotated[str, code(1)]
    pieces: Annotated[int, code(2)]


@fact(
    "person.boarded",
    table=models.PersonBoarded,
    scope="movement",
    roles=_STAFF,
    say=_("Boarded vehicle {vehicle} of convoy {convoy}."),
    moves_to=Movement("aboard", 20, place="vehicle", journey="convoy"),
)
class PersonBoarded(Fact):
    """Subject: the person."""

    convoy: Annotated[str, code(1)]
    vehicle: Annotated[str, code(2)] = ""


@fact(
    "person.got_off",
    table=models.PersonGotOff,
    scope="movement",
    roles=_RECEIVING,
    say=_("Got off convoy {convoy} and waits at {place}."),
    moves_to=Movement("waiting", 20, place="place", journey="convoy"),
)
class PersonGotOff(Fact):
    """Subject: the person. `reason`: refused, breakdown, window, moved, error or turned_back.

    At the stage of boarding, so that whoever got off may board again; the name of what it
    continues decides. `on_the_way` is 1 if the convoy had left before.
    """

    convoy: Annotated[str, code(1)]
    place: Annotated[str, code(2)] = ""
    reason: Annotated[str, code(3)] = ""
    on_the_way: Annotated[int, code(4)] = 0


@fact(
    "person.arrived",
    table=models.PersonArrived,
    scope="movement",
    roles=_RECEIVING,
    say=_("Arrived with convoy {convoy}."),
    moves_to=Movement("at_site", 30, place="site", journey="convoy"),
)
class PersonArrived(Fact):
    """Subject: the person."""

    convoy: Annotated[str, code(1)]
    site: Annotated[str, code(2)] = ""


@fact(
    "person.taken_to_care",
    table=models.PersonTakenToCare,
    scope="movement",
    roles=(*_RECEIVING, "nurse"),
    say=_("Was taken from convoy {convoy} to medical care."),
    moves_to=Movement("referred", 25, place="place", journey="convoy"),
)
class PersonTakenToCare(Fact):
    """Subject: the person. The bare fact; what was found is recorded elsewhere."""

    convoy: Annotated[str, code(1)]
    place: Annotated[str, code(2)] = ""


@fact(
    "person.left_on_the_way",
    table=models.PersonLeftOnTheWay,
    scope="movement",
    roles=_RECEIVING,
    say=_("Left convoy {convoy} at own wish."),
    moves_to=Movement("left_at_own_wish", 25, journey="convoy"),
)
class PersonLeftOnTheWay(Fact):
    """Subject: the person. It closes without questions."""

    convoy: Annotated[str, code(1)]


@fact(
    "person.held",
    table=models.PersonHeld,
    scope="movement",
    roles=(*_RECEIVING, "protection"),
    say=_("Was held at a checkpoint on the way with convoy {convoy}."),
    moves_to=Movement("taken_aside", 25, place="place", journey="convoy"),
)
class PersonHeld(Fact):
    """Subject: the person. The bare fact of custody; its detail is for protection (STD 6.6)."""

    convoy: Annotated[str, code(1)]
    place: Annotated[str, code(2)] = ""


@fact(
    "person.died_on_the_way",
    table=models.PersonDiedOnTheWay,
    scope="movement",
    roles=(*_RECEIVING, "nurse"),
    say=_("Died on the way with convoy {convoy}."),
    moves_to=Movement("dead", 90, journey="convoy"),
)
class PersonDiedOnTheWay(Fact):
    """Subject: the person. The bare fact, without cause."""

    convoy: Annotated[str, code(1)]


@fact(
    "child.released",
    table=models.ChildReleased,
    scope="movement",
    roles=(*_RECEIVING, "protection"),
    say=_("The child was handed over ({how})."),
)
class ChildReleased(Fact):
    """Subject: the child. `how` adult or protection; `released_to` a person or an actor."""

    convoy: Annotated[str, code(1)]
    released_to: Annotated[str, code(2)]
    how: Annotated[str, code(3)]


@fact(
    "child.withheld",
    table=models.ChildWithheld,
    scope="movement",
    roles=(*_RECEIVING, "protection"),
    say=_("The child was not handed to somebody who asked ({reason})."),
)
class ChildWithheld(Fact):
    """Subject: the child. `asked_by` a person, or empty; `reason` one of `WITHHELD`."""

    convoy: Annotated[str, code(1)]
    asked_by: Annotated[str, code(2)] = ""
    reason: Annotated[str, code(3)] = ""


@fact(
    "scan.noted",
    table=models.ScanNoted,
    scope="movement",
    roles=_RECEIVING,
    say=_("A card was held to the scanner ({outcome})."),
)
class ScanNoted(Fact):
    """Subject: the convoy. Every scan is kept, also wrong, unknown and repeated ones.

    `phase` boarding or arrival; `card` only if it is a whole number; `typed` what else was read.
    """

    lane: Annotated[str, code(1)]
    phase: Annotated[str, code(2)]
    outcome: Annotated[str, code(3)]
    card: Annotated[str, code(4)] = ""
    people: Annotated[int, code(5)] = 0
    vehicle: Annotated[str, code(6)] = ""
    typed: Annotated[str | None, personal(7)] = None


@fact(
    "heads.counted",
    table=models.HeadsCounted,
    scope="movement",
    roles=_RECEIVING,
    say=_("{count} heads were counted."),
)
class HeadsCounted(Fact):
    """Subject: the convoy. `phase` boarding, departure, checkpoint or arrival."""

    count: Annotated[int, code(1)]
    phase: Annotated[str, code(2)]
    vehicle: Annotated[str, code(3)] = ""
