"""Questions to the waiting list. Read only."""

from corridor.stops.waiting.queries.facts import RULE, add_fitness, explained, facts_of, out_of_date
from corridor.stops.waiting.queries.order import (
    DAY_MS,
    Group,
    joined_since,
    queue,
    still_open,
    urgency_of,
)
from corridor.stops.waiting.queries.places import place_name, places, tell_names
from corridor.stops.waiting.queries.standing import Standing, group_of, standing_of
from corridor.stops.waiting.queries.words import condition_told

__all__ = [
    "DAY_MS",
    "RULE",
    "Group",
    "Standing",
    "add_fitness",
    "condition_told",
    "explained",
    "facts_of",
    "group_of",
    "joined_since",
    "out_of_date",
    "place_name",
    "places",
    "queue",
    "standing_of",
    "still_open",
    "tell_names",
    "urgency_of",
]
