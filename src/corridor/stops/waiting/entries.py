"""What is recorded on the waiting list."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from msgspec import UNSET

from corridor.journal.kinds import Change, Fact, Movement, Text, change, code, fact, personal
from corridor.stops.waiting import models


@change(
    "place.described",
    record=models.Place,
    scope="core",
    roles=("coordinator", "administrator"),
    say=_("The place was described."),
)
class PlaceDescribed(Change):
    """`use` is pickup or reception; `name_other` its name in another script."""

    name: Annotated[Text, code(1)] = UNSET
    name_other: Annotated[Text, code(2)] = UNSET
    use: Annotated[Text, code(3)] = UNSET


@fact(
    "waiting.joined",
    table=models.WaitingJoined,
    scope="movement",
    roles=("registrar", "coordinator", "marshal"),
    say=_("Asked to leave and waits at {place}."),
    moves_to=Movement("waiting", 10, place="place"),
)
class WaitingJoined(Fact):
    """Subject: the person. The days waited count from this fact."""

    place: Annotated[str, code(1)]


@fact(
    "urgency.assessed",
    table=models.UrgencyAssessed,
    scope="registry",
    roles=("registrar", "nurse", "coordinator"),
    say=_("The urgency was assessed by rule {rule}."),
)
class UrgencyAssessed(Fact):
    """Subject: the person. `reasons` are codes of the rule, as JSON text."""

    rule: Annotated[str, code(1)]
    urgency: Annotated[str | None, personal(2)] = None
    reasons: Annotated[str | None, personal(3)] = None
