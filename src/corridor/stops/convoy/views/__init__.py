"""Pages of the road."""

from corridor.stops.convoy.views import (
    arrival,
    boarding,
    convoys,
    departure,
    fitness,
    fleet,
    papers,
    plans,
    reasons,
    rule,
    way,
)

__all__ = [
    "arrival",
    "boarding",
    "convoys",
    "departure",
    "fitness",
    "fleet",
    "papers",
    "plans",
    "reasons",
    "rule",
    "way",
]
