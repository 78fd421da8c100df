"""Questions to the waiting list. Read only."""

from corridor.stops.waiting.queries import overrides
from corridor.stops.waiting.queries.away import AWAY, away, away_counts
from corridor.stops.waiting.queries.facts import RULE, add_fitness, explained, facts_of, out_of_date
from corridor.stops.waiting.queries.line import Line
from corridor.stops.waiting.queries.order import (
    DAY_MS,
    Family,
    Group,
    first_joined,
    joined_since,
    members_of,
    places_of,
    queue,
    still_open,
    urgency_of,
)
from corridor.stops.waiting.queries.places import place_name, places, tell_names
from corridor.stops.waiting.queries.standing import Standing, group_of, standing_of
from corridor.stops.waiting.queries.words import condition_told

__all__ = [
    "AWAY",
    "DAY_MS",
    "RULE",
    "Family",
    "Group",
    "Line",
    "Standing",
    "add_fitness",
    "away",
    "away_counts",
    "condition_told",
    "explained",
    "facts_of",
    "first_joined",
    "group_of",
    "joined_since",
    "members_of",
    "out_of_date",
    "overrides",
    "place_name",
    "places",
    "places_of",
    "queue",
    "standing_of",
    "still_open",
    "tell_names",
    "urgency_of",
]
