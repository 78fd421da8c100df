"""Why a family leaves when it does, by the plan that was published last. Read only."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from corridor.engines.departures import Reason
from corridor.journal.node import Node
from corridor.stops.convoy import models
from corridor.stops.convoy.queries.binding import WindowTold


class _Report(msgspec.Struct):
    """What is kept of a published plan for those who ask."""

    why: dict[str, Reason] = {}
    excluded: dict[str, str] | int = {}
    split_helps: list[str] = []
    windows: dict[str, WindowTold] = {}


@dataclass(frozen=True)
class Answer:
    """When the plan was made, what is so of the family in it, and why it is not in it."""

    at_ms: int
    reason: Reason | None
    excluded: str
    split_helps: bool


def last_plan(node: Node) -> models.PlanPublished | None:
    """The plan published last."""
    return models.PlanPublished.objects.using(node.alias).order_by("-hlc", "-entry").first()


def answer_to(node: Node, family: str) -> Answer | None:
    """What the last plan says of a family, or None if none was published."""
    fact = last_plan(node)
    if fact is None:
        return None
    told = msgspec.json.decode(fact.report or "{}", type=_Report)
    excluded = told.excluded if isinstance(told.excluded, dict) else {}
    return Answer(
        fact.happened_ms, told.why.get(family), excluded.get(family, ""),
        family in told.split_helps,
    )  # fmt: skip


def passed_over(node: Node) -> list[tuple[str, Reason]]:
    """Families whom somebody with less need overtook, or whom an earlier vehicle would hold."""
    fact = last_plan(node)
    told = msgspec.json.decode(fact.report or "{}", type=_Report) if fact else _Report()
    found = [(family, one) for family, one in told.why.items() if one.overtaken or one.could]
    return sorted(found, key=lambda one: (one[1].need, -one[1].overtaken, one[0]))


def bound_last(node: Node) -> dict[str, WindowTold]:
    """Window to what the plan published last made of it, and what bound it."""
    fact = last_plan(node)
    return msgspec.json.decode(fact.report or "{}", type=_Report).windows if fact else {}
