"""What is recorded of people who do not travel, or who leave the road: bare facts without cause.

Each continues by name the movements that stood before it, so it needs no journey of its own. The
detail is a second entry that only health and protection roles read.
"""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from corridor.journal.kinds import Fact, Movement, code, fact, personal
from corridor.people import models

_LISTING = ("registrar", "marshal", "coordinator")
_RECEIVING = ("marshal", "coordinator", "shelter", "registrar", "nurse", "protection")
_FINDING = ("coordinator", "protection")


class AtPlace(Fact):
    """Subject: the person. `place` is the id of where it happened, or empty."""

    place: Annotated[str, code(1)] = ""


@fact(
    "person.turned_away",
    table=models.PersonTurnedAway,
    scope="movement",
    roles=_LISTING,
    say=_("Was turned away."),
    moves_to=Movement("turned_away", 15, place="place"),
)
class PersonTurnedAway(AtPlace):
    """Somebody with arms or a list did not let them on; their days of waiting stay theirs."""


@fact(
    "person.chose_to_stay",
    table=models.PersonChoseToStay,
    scope="movement",
    roles=_LISTING,
    say=_("Chose to stay."),
    moves_to=Movement("chose_to_stay", 15, place="place"),
)
class PersonChoseToStay(AtPlace):
    """No reason is asked or written down."""


@fact(
    "person.prevented_from_leaving",
    table=models.PersonPrevented,
    scope="movement",
    roles=(*_LISTING, "protection"),
    say=_("Was prevented from leaving."),
    moves_to=Movement("prevented_from_leaving", 15, place="place"),
)
class PersonPrevented(AtPlace):
    """Somebody else decided that they may not leave."""


@fact(
    "person.left_at_own_wish",
    table=models.PersonLeft,
    scope="movement",
    roles=_RECEIVING,
    say=_("Left at own wish."),
    moves_to=Movement("left_at_own_wish", 15, place="place"),
)
class PersonLeft(AtPlace):
    """Closes without questions."""


@fact(
    "person.referred",
    table=models.PersonReferred,
    scope="movement",
    roles=_RECEIVING,
    say=_("Was referred to care."),
    moves_to=Movement("referred", 15, place="place"),
)
class PersonReferred(AtPlace):
    """The bare fact; `place` is where they were sent, if it is a place of the operation."""


@fact(
    "person.taken_aside",
    table=models.PersonTakenAside,
    scope="movement",
    roles=_RECEIVING,
    say=_("Was taken aside."),
    moves_to=Movement("taken_aside", 15, place="place"),
)
class PersonTakenAside(AtPlace):
    """The bare fact of custody, without accusation (STD 6.6)."""


@fact(
    "person.died",
    table=models.PersonDied,
    scope="movement",
    roles=_RECEIVING,
    say=_("Died."),
    moves_to=Movement("dead", 15, place="place"),
)
class PersonDied(AtPlace):
    """The bare fact, without cause."""


@fact(
    "person.received",
    table=models.PersonReceived,
    scope="movement",
    roles=_RECEIVING,
    say=_("Was received at a site."),
    moves_to=Movement("at_site", 15, place="place"),
)
class PersonReceived(AtPlace):
    """Seen at a site, however they came: on foot, back from care, released."""


@fact(
    "custody.described",
    table=models.CustodyDescribed,
    scope="medical",
    roles=_RECEIVING,
    say=_("What was seen was written down in confidence."),
)
class CustodyDescribed(Fact):
    """Subject: the person; `movement` the entry it tells about. Anybody may write, few may read."""

    movement: Annotated[str, code(1)]
    words: Annotated[str | None, personal(2)] = None


@fact(
    "loop.assigned",
    table=models.LoopAssigned,
    scope="movement",
    roles=_FINDING,
    say=_("Somebody was asked to find out what became of this person."),
)
class LoopAssigned(Fact):
    """Subject: the person; `movement` the entry that is open; `owner` an actor."""

    movement: Annotated[str, code(1)]
    owner: Annotated[str, code(2)]


@fact(
    "loop.followed",
    table=models.LoopFollowed,
    scope="movement",
    roles=(*_RECEIVING, "tracing"),
    say=_("Somebody asked after this person, and will ask again."),
)
class LoopFollowed(Fact):
    """Subject: the person. Nothing is closed by it; it is due again at `due_ms`."""

    movement: Annotated[str, code(1)]
    due_ms: Annotated[int, code(2)]
    words: Annotated[str | None, personal(3)] = None


@fact(
    "loop.closed",
    table=models.LoopClosed,
    scope="movement",
    roles=(*_FINDING, "tracing"),
    say=_("It was found out what became of this person."),
)
class LoopClosed(Fact):
    """Subject: the person. `why` it was open, and the `outcome`; a movement follows in one append.

    `outcome` is at_site, referred, in_care, taken_aside, left_at_own_wish, chose_to_stay, waiting
    or dead.
    """

    movement: Annotated[str, code(1)]
    why: Annotated[str, code(2)]
    outcome: Annotated[str, code(3)]
    words: Annotated[str | None, personal(4)] = None
