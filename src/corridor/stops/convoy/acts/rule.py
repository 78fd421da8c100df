"""The numbers of travelling, published as versions: each plan tells by which it was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from corridor.journal import rules
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.stops.convoy import queries

#: Each number with the least and the most that makes sense.
LIMITS: Mapping[str, tuple[int, int]] = {
    "luggage_kg": (0, 100),
    "children_per_guardian": (1, 20),
    "aging_percent": (0, 100),
    "unserved_delay_days": (0, 30),
    "max_wait_days": (1, 90),
    "consent_required": (0, 1),
    "manifest_luggage": (0, 1),
    "manifest_assistance": (0, 1),
}
CLASSES = ("A", "B", "C", "D")


def publish_travel_rule(node: Node, actor: str, values: Mapping[str, Any]) -> str:
    """Publishes the numbers by which convoys are planned from now on; returns the entry.

    `values` has the names of `LIMITS`, and `weight`: class of need to weight. Raises `Refusal`.
    """
    weight = values.get("weight", {})
    if set(values) != {*LIMITS, "weight"} or set(weight) != set(CLASSES):
        raise Refusal(_("Say every number of the rule; nothing was published."))
    if any(not least <= int(values[name]) <= most for name, (least, most) in LIMITS.items()):
        raise Refusal(_("A number is outside of what makes sense; nothing was published."))
    ordered = [int(weight[one]) for one in CLASSES]
    if ordered != sorted(ordered, reverse=True) or ordered[-1] < 1 or ordered[0] > 1000:
        raise Refusal(
            _("Greater need never weighs less: A, B, C, D from high to low; nothing was published.")
        )
    content: dict[str, Any] = {name: int(values[name]) for name in LIMITS}
    content["weight"] = dict(zip(CLASSES, ordered, strict=True))
    with node.transaction():
        if content == queries.travel_rule(node) and rules.in_force(node, queries.TRAVEL_RULE):
            raise Refusal(_("These numbers are in force already; nothing was published."))
        return rules.publish(node, actor, queries.TRAVEL_RULE, content)
