"""Verbs of the waiting list."""

from corridor.stops.waiting.acts.calls import answer, answer_by_card, call_forward, end_call
from corridor.stops.waiting.acts.joining import (
    MAY_JOIN,
    BatchRow,
    assess_again,
    assess_changed,
    found_waiting,
    join,
    join_batch,
    join_by_card,
    join_household,
    move_to,
)
from corridor.stops.waiting.acts.overrides import decide, propose
from corridor.stops.waiting.acts.places import describe_place, place_named
from corridor.stops.waiting.acts.rule import effect_of, publish_rule, rule_in_force
from corridor.stops.waiting.queries import RULE

__all__ = [
    "MAY_JOIN",
    "RULE",
    "BatchRow",
    "answer",
    "answer_by_card",
    "assess_again",
    "assess_changed",
    "call_forward",
    "decide",
    "describe_place",
    "effect_of",
    "end_call",
    "found_waiting",
    "join",
    "join_batch",
    "join_by_card",
    "join_household",
    "move_to",
    "place_named",
    "propose",
    "publish_rule",
    "rule_in_force",
]
