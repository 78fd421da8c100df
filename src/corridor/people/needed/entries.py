"""What is recorded of needs after they were first observed."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from corridor.journal.kinds import Fact, code, fact, personal
from corridor.people import models

#: Who assesses what others could not, and reads what is held in confidence (STD 1.5).
CARING = ("nurse", "protection")

#: Who may say that somebody should be looked at again.
ASKING = ("registrar", "marshal", "nurse", "shelter", "protection", "coordinator")


@fact(
    "need.ended",
    table=models.NeedEnded,
    scope="registry",
    roles=("registrar", "nurse", "shelter", "protection", "coordinator"),
    say=_("A specific need is over."),
)
class NeedEnded(Fact):
    """Subject: the person; `observation` is its entry (STD 1.5: it can be closed)."""

    observation: Annotated[str, code(1)]


@fact(
    "need.ended_in_confidence",
    table=models.NeedEndedInConfidence,
    scope="medical",
    roles=CARING,
    say=_("A need that was noted in confidence is over."),
)
class NeedEndedInConfidence(Fact):
    """As `need.ended`, for the codes with handling R (STD 1.5)."""

    observation: Annotated[str, code(1)]


@fact(
    "review.asked",
    table=models.ReviewAsked,
    scope="registry",
    roles=ASKING,
    say=_("Somebody with training is to look at what this person needs."),
)
class ReviewAsked(Fact):
    """Subject: the person. Nobody here could assess a need on the spot (STD 1.1)."""


@fact(
    "review.described",
    table=models.ReviewDescribed,
    scope="medical",
    roles=ASKING,
    say=_("What was said or seen about a need was written down in confidence."),
)
class ReviewDescribed(Fact):
    """Subject: the person. Many may write, few may read."""

    words: Annotated[str | None, personal(1)] = None


@fact(
    "review.settled",
    table=models.ReviewSettled,
    scope="registry",
    roles=CARING,
    say=_("Somebody with training has looked at what this person needs."),
)
class ReviewSettled(Fact):
    """Subject: the person; it continues what was asked. What was found is in needs of its own."""
