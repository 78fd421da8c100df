"""What is recorded of talks with one person alone."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from corridor.journal.kinds import Fact, code, fact, personal
from corridor.people import models

#: Who talks with somebody alone, and reads what was said.
ALONE = ("registrar", "nurse", "protection")

#: Who must know which adult a child belongs to.
NEAR_CHILDREN = (
    "registrar", "marshal", "nurse", "shelter", "tracing", "protection", "coordinator",
)  # fmt: skip

#: Uses that each adult is asked about separately (STD 1.1, 2.3, 6.4).
USES = ("records", "share_partners", "tracing", "photo", "travel", "split")

#: How somebody shows that they understood.
FORMS = ("spoken", "signature", "mark")

#: Who speaks: the person, the carer of a child, or in exceptional cases a relative (STD 2.3).
SPEAKERS = ("self", "carer", "proxy")

WISHES = ("women", "near_carer", "apart")


class Answer(Fact):
    """Subject: the person asked. `use` is one of `USES`, `text` the version that was read out."""

    use: Annotated[str, code(1)]
    text: Annotated[str, code(2)]
    form: Annotated[str | None, personal(3)] = None
    language: Annotated[str | None, personal(4)] = None
    given_by: Annotated[str | None, personal(5)] = None
    given_by_name: Annotated[str | None, personal(6)] = None
    interpreter: Annotated[str | None, personal(7)] = None
    witness: Annotated[str | None, personal(8)] = None


@fact(
    "consent.given",
    table=models.ConsentGiven,
    scope="registry",
    roles=ALONE,
    confided_to=ALONE,
    say=_("Agreed to one use of what is recorded."),
)
class ConsentGiven(Answer):
    """The person agreed. It continues by name what they said before about the same use."""


@fact(
    "consent.refused",
    table=models.ConsentRefused,
    scope="registry",
    roles=ALONE,
    confided_to=ALONE,
    say=_("Did not agree to one use of what is recorded."),
)
class ConsentRefused(Answer):
    """The person said no; no reason is kept. It continues what they said before."""


@fact(
    "consent.withdrawn",
    table=models.ConsentWithdrawn,
    scope="registry",
    roles=ALONE,
    confided_to=ALONE,
    say=_("Took a consent back."),
)
class ConsentWithdrawn(Fact):
    """The person took a consent back; it continues the consent."""

    use: Annotated[str, code(1)]


@fact(
    "seating.requested",
    table=models.SeatingRequested,
    scope="registry",
    roles=ALONE,
    confided_to=ALONE,
    say=_("Told a wish about a seat."),
)
class SeatingRequested(Fact):
    """`wish` is one of `WISHES`; `other` is the person or household that it speaks of."""

    wish: Annotated[str | None, personal(1)] = None
    other: Annotated[str | None, personal(2)] = None


@fact(
    "seating.request_ended",
    table=models.SeatingRequestEnded,
    scope="registry",
    roles=ALONE,
    confided_to=ALONE,
    say=_("Took a wish about a seat back."),
)
class SeatingRequestEnded(Fact):
    """It continues the wish that is over."""


#: Who keeps and prints the card of a child who travels without parents (STD 2.8).
CHILD_CARD = ("registrar", "nurse", "protection")


@fact(
    "child.described",
    table=models.ChildDescribed,
    scope="registry",
    roles=CHILD_CARD,
    confided_to=CHILD_CARD,
    say=_("What a child's card needs was written down."),
)
class ChildDescribed(Fact):
    """Subject: the child. What STD 2.8 asks for beside the record; it continues what stood."""

    birth_place: Annotated[str | None, personal(1)] = None
    features: Annotated[str | None, personal(2)] = None
    found: Annotated[str | None, personal(3)] = None
    family_address: Annotated[str | None, personal(4)] = None
    mother_maiden: Annotated[str | None, personal(5)] = None
    blood_group: Annotated[str | None, personal(6, ("nurse", "protection"))] = None
    health: Annotated[str | None, personal(7, ("nurse", "protection"))] = None


@fact(
    "carer.claimed",
    table=models.CarerClaimed,
    scope="registry",
    roles=("registrar", "nurse", "shelter", "protection"),
    confided_to=NEAR_CHILDREN,
    say=_("An adult says that they care for this child."),
)
class CarerClaimed(Fact):
    """Subject: the child; `carer` a registered adult. A claim is unverified until protection
    verifies or ends it.
    """

    carer: Annotated[str | None, personal(1)] = None
    relationship: Annotated[str | None, personal(2)] = None


@fact(
    "carer.verified",
    table=models.CarerVerified,
    scope="registry",
    roles=("protection",),
    confided_to=NEAR_CHILDREN,
    say=_("The adult was verified as this child's carer."),
)
class CarerVerified(Fact):
    """Subject: the child. `method` is one of `acts.METHODS` (STD 6.5)."""

    claim: Annotated[str, code(1)]
    method: Annotated[str | None, personal(2)] = None


@fact(
    "carer.ended",
    table=models.CarerEnded,
    scope="registry",
    roles=("protection",),
    confided_to=NEAR_CHILDREN,
    say=_("The adult no longer cares for this child."),
)
class CarerEnded(Fact):
    """Subject: the child; it continues the claim. `reason` is one of `acts.ENDINGS`."""

    reason: Annotated[str | None, personal(1)] = None
