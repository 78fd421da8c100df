"""Convoys: planned, judged, halted, sent off, turned back, arrived; and their papers."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from msgspec import UNSET

from corridor.journal.kinds import ROLES, Change, Fact, Number, Text, change, code, fact, personal
from corridor.stops.convoy import models

_STAFF = ("coordinator", "marshal")


@change(
    "convoy.described",
    record=models.Convoy,
    scope="movement",
    roles=_STAFF,
    say=_("The convoy was described."),
)
class ConvoyDescribed(Change):
    """`origin` and `destination` are ids of places; `departs_ms` the planned time."""

    name: Annotated[Text, code(1)] = UNSET
    origin: Annotated[Text, code(2)] = UNSET
    destination: Annotated[Text, code(3)] = UNSET
    departs_ms: Annotated[Number, code(4)] = UNSET
    window: Annotated[Text, code(5)] = UNSET
    lead: Annotated[Text, code(6)] = UNSET


@fact(
    "plan.published",
    table=models.PlanPublished,
    scope="movement",
    roles=("coordinator",),
    say=_("A plan was published: {seated} people were given seats."),
)
class PlanPublished(Fact):
    """Subject: the plan. `plan` holds ids only, `report` what the check said (both JSON text)."""

    instance_hash: Annotated[str, code(1)]
    plan_hash: Annotated[str, code(2)]
    seed: Annotated[int, code(3)]
    stage: Annotated[str, code(4)]
    parameters: Annotated[str, code(5)]
    seated: Annotated[int, code(6)]
    left_behind: Annotated[int, code(7)]
    breaches: Annotated[int, code(8)]
    plan: Annotated[str | None, personal(9)] = None
    report: Annotated[str | None, personal(10)] = None


@fact(
    "departure.judged",
    table=models.DepartureJudged,
    scope="movement",
    roles=_STAFF,
    say=_("The departure was judged: {decision}."),
)
class DepartureJudged(Fact):
    """Subject: the convoy. `decision` go or no_go; `answers` JSON of point to ok or not_ok."""

    decision: Annotated[str, code(1)]
    answers: Annotated[str, code(2)]
    remark: Annotated[str | None, personal(3)] = None


@fact(
    "convoy.halted",
    table=models.ConvoyHalted,
    scope="movement",
    roles=ROLES,
    say=_("Everything was halted ({reason})."),
)
class ConvoyHalted(Fact):
    """Subject: the convoy. Anybody of the team may."""

    reason: Annotated[str, code(1)] = ""


@fact(
    "halt.lifted",
    table=models.HaltLifted,
    scope="movement",
    roles=_STAFF,
    say=_("The halt was lifted."),
)
class HaltLifted(Fact):
    """Subject: the convoy. Continues the halts it lifts."""

    reason: Annotated[str | None, personal(1)] = None


@fact(
    "convoy.departed",
    table=models.ConvoyDeparted,
    scope="movement",
    roles=_STAFF,
    say=_("The convoy departed with {head_count} people aboard."),
)
class ConvoyDeparted(Fact):
    """Subject: the convoy. `head_count` is what somebody counted, not what was scanned."""

    head_count: Annotated[int, code(1)]


@fact(
    "convoy.turned_back",
    table=models.ConvoyTurnedBack,
    scope="movement",
    roles=_STAFF,
    say=_("The convoy turned back ({reason})."),
)
class ConvoyTurnedBack(Fact):
    """Subject: the convoy. Its people are counted where they set off."""

    reason: Annotated[str, code(1)] = ""


@fact(
    "convoy.arrived",
    table=models.ConvoyArrived,
    scope="movement",
    roles=(*_STAFF, "shelter"),
    say=_("The convoy arrived."),
    ends_journey=True,
)
class ConvoyArrived(Fact):
    """Subject: the convoy. From now on, whoever boarded and was not seen is not accounted for."""

    site: Annotated[str, code(1)] = ""


@fact(
    "manifest.issued",
    table=models.ManifestIssued,
    scope="movement",
    roles=_STAFF,
    say=_("Version {version} of the manifest was issued with {count} people."),
)
class ManifestIssued(Fact):
    """Subject: the convoy. `lines` is JSON text: the id of the person on each line."""

    version: Annotated[int, code(1)]
    count: Annotated[int, code(2)]
    digest: Annotated[str, code(3)]
    lines: Annotated[str | None, personal(4)] = None


@fact(
    "paper.entered",
    table=models.PaperEntered,
    scope="movement",
    roles=(*_STAFF, "shelter", "registrar"),
    say=_("A sheet of paper was entered ({sheet}: {count})."),
)
class PaperEntered(Fact):
    """Subject: the convoy. `sheet` control, boarding, departure, arrival, tally or closed.

    `count` is how many are ticked, or the heads it tells; `ticked` JSON text of ids of persons.
    """

    sheet: Annotated[str, code(1)]
    version: Annotated[int, code(2)]
    count: Annotated[int, code(3)]
    ticked: Annotated[str | None, personal(4)] = None
    written_by: Annotated[str | None, personal(5)] = None
