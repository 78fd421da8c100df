"""Verbs of the waiting list."""

from corridor.people.acts import Refusal
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
from corridor.stops.waiting.acts.rule import decide_rule, effect_of, propose_rule, publish_rule
from corridor.stops.waiting.queries import RULE
from corridor.stops.waiting.queries.rule import rule_in_force

__all__ = [
    "MAY_JOIN",
    "RULE",
    "BatchRow",
    "Refusal",
    "answer",
    "answer_by_card",
    "assess_again",
    "assess_changed",
    "call_forward",
    "decide",
    "decide_rule",
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
    "propose_rule",
    "publish_rule",
    "rule_in_force",
]
