"""Published plans against the independent referee: families, vehicles and windows at random."""

from __future__ import annotations

import json
import random

import pytest

from corridor.engines import planning
from corridor.journal.node import Node
from corridor.people.acts import register
from corridor.stops.convoy import acts, models, queries
from corridor.stops.waiting import acts as waiting
from tests import cast
from tests.convoy_referee import REFEREE, tool
from tests.journeys.test_road import opened
from tests.nodes import Clock
from tests.road.stage import HOUR, agree

WAYS = ("seat", "seat", "seat", "seat", "lap", "lying", "wheelchair")


def random_world(node: Node, clock: Clock, source: random.Random, number: int) -> None:
    """Families join; a window, a route and some vehicles appear."""
    who = cast.COORDINATOR
    school = waiting.describe_place(node, who, f"School {number}", "pickup")
    camp = waiting.describe_place(node, who, f"Camp {number}", "reception")
    acts.describe_route(node, who, school, camp, before=source.randint(0, 60),
                        out=source.randint(20, 180), back=source.randint(20, 180))  # fmt: skip
    acts.describe_intake(node, who, camp, source.randint(5, 60), source.randint(0, 5))
    for _ in range(source.randint(1, 6)):
        people = []
        for k in range(source.randint(1, 7)):
            born = source.choice((1950, 1985, 1999, 2012, 2020, 2026))
            way = source.choice(WAYS) if k else "seat"
            people.append(cast.newcomer("X", "unknown", f"{born}-01-05", travels=way))
        made = register(node, who, [cast.household(*people)])[0]
        agree(node, made.persons)
        waiting.join(node, who, made.persons, school)
    for k in range(source.randint(1, 3)):
        kind = acts.VehicleDraft(
            f"V{number}.{k}", source.randint(2, 30), lying=source.randint(0, 2),
            stretcher_seats=source.choice((0, 2)), max_fitted=source.randint(0, 2),
            wheelchairs=source.randint(0, 1), wheelchair_seats=source.choice((0, 1)),
            max_extra_chairs=source.randint(0, 2), luggage=source.choice((None, 100, 1000)),
            ambulance=source.random() < 0.15, rough=source.random() < 0.15,
        )  # fmt: skip
        acts.describe_vehicle(node, who, kind)
    opens = clock.now + source.randint(1, 6) * HOUR
    departs = [opens + k * HOUR for k in range(source.randint(1, 2))]
    acts.describe_window(
        node, who,
        acts.WindowDraft(f"W{number}", opens, opens + 8 * HOUR, departs, [school], [camp],
                         source.randint(1, 4), source.randint(1, 2), source.randint(0, 3)),
    )  # fmt: skip


def judged(node: Node, clock: Clock, seed: int, rounds: int) -> int:
    """Publishes a plan in each round and has the referee judge what was published."""
    if not REFEREE.exists():
        pytest.skip(f"The referee of convoys is not at {REFEREE}.")
    model, referee = tool("model"), tool("referee")
    source = random.Random(seed)
    opened(node)
    seated = 0
    for number in range(rounds):
        random_world(node, clock, source, number)
        built = queries.build(node)
        proposal = acts.propose(node)
        acts.publish(node, cast.COORDINATOR, proposal.plan)
        fact = models.PlanPublished.objects.using(node.alias).order_by("-hlc", "-entry")[0]
        instance = model.instance_from_dict(planning.write_instance(built.instance))
        found = referee.check(instance, json.loads(fact.plan or "{}"))
        assert not found.broken, found.broken
        seated += fact.seated
        clock.now += 20 * HOUR
    return seated


def test_the_referee_finds_published_plans_legal(node: Node, clock: Clock) -> None:
    assert judged(node, clock, 1, 12) > 20


@pytest.mark.heavy
@pytest.mark.parametrize("seed", range(2, 10))
def test_two_hundred_published_plans_are_legal(node: Node, clock: Clock, seed: int) -> None:
    assert judged(node, clock, seed, 24) > 40
