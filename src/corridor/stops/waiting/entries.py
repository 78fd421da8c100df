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
    "waiting_paper.entered",
    table=models.PaperListEntered,
    scope="movement",
    roles=("registrar", "coordinator", "marshal"),
    say=_("A waiting list on paper was entered: {cards} cards."),
)
class PaperListEntered(Fact):
    """Subject: the pick-up point. Whoever wrote it is named here, where a name can be erased."""

    cards: Annotated[int, code(1)]
    written_by: Annotated[str | None, personal(2)] = None


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


@fact(
    "urgency.override_proposed",
    table=models.OverrideProposed,
    scope="registry",
    roles=("registrar", "nurse", "protection", "coordinator"),
    say=_("Another class was asked for; a second person must confirm it."),
)
class OverrideProposed(Fact):
    """Subject: the person. `assessed` is the class the rule gave; `reason` one of a closed list.

    Nothing changes until somebody else confirms; it ends by itself at `until_ms`.
    """

    until_ms: Annotated[int, code(1)]
    urgency: Annotated[str | None, personal(2)] = None
    assessed: Annotated[str | None, personal(3)] = None
    reason: Annotated[str | None, personal(4)] = None
    words: Annotated[str | None, personal(5)] = None


@fact(
    "urgency.override_decided",
    table=models.OverrideDecided,
    scope="registry",
    roles=("nurse", "protection", "coordinator"),
    say=_("A second person decided on the class."),
)
class OverrideDecided(Fact):
    """Subject: the person. `decision` is confirmed, refused or ended; never by who proposed."""

    proposal: Annotated[str, code(1)]
    decision: Annotated[str, code(2)]
    words: Annotated[str | None, personal(3)] = None


@fact(
    "urgency_rule.proposed",
    table=models.RuleProposed,
    scope="core",
    roles=("coordinator",),
    say=_("Another rule of need was proposed; a second person must confirm it."),
)
class RuleProposed(Fact):
    """Subject: the proposal. `content` is JSON text: the classes A to C and their conditions."""

    content: Annotated[str, code(1)]
    words: Annotated[str | None, personal(2)] = None


@fact(
    "urgency_rule.decided",
    table=models.RuleDecided,
    scope="core",
    roles=("coordinator", "nurse", "protection"),
    say=_("A second person decided on the proposed rule."),
)
class RuleDecided(Fact):
    """Subject: the proposal. `decision` is published or refused; never by who proposed."""

    decision: Annotated[str, code(1)]


@fact(
    "call.made",
    table=models.CallMade,
    scope="movement",
    roles=("coordinator", "marshal"),
    say=_("Groups were called forward to {gate} at {place}."),
)
class CallMade(Fact):
    """Subject: the call. `come_ms` to `until_ms` is when they are asked to come."""

    place: Annotated[str, code(1)]
    gate: Annotated[str, code(2)]
    come_ms: Annotated[int | None, code(3)] = None
    until_ms: Annotated[int | None, code(4)] = None


@fact(
    "group.called",
    table=models.GroupCalled,
    scope="movement",
    roles=("coordinator", "marshal"),
    say=_("Was called forward at {place}."),
)
class GroupCalled(Fact):
    """Subject: the person. `call` is the id of the call."""

    call: Annotated[str, code(1)]
    place: Annotated[str, code(2)]


@fact(
    "call.answered",
    table=models.CallAnswered,
    scope="movement",
    roles=("coordinator", "marshal"),
    say=_("Somebody at the gate answered for this group."),
)
class CallAnswered(Fact):
    """Subject: the person. `answer` is came or not_yet: who does not come keeps their place."""

    call: Annotated[str, code(1)]
    answer: Annotated[str, code(2)]


@fact(
    "call.ended",
    table=models.CallEnded,
    scope="movement",
    roles=("coordinator", "marshal"),
    say=_("The call is over; who did not come keeps their place."),
)
class CallEnded(Fact):
    """Subject: the call."""
