"""A plan for everybody who waits, made beside boarding: what a scan waits while the planner thinks.

    python -m bench.beside [PEOPLE] [SECONDS]

Scans are timed on a quiet site, while the planner reads who waits, and while it thinks in its own
process; beside them stands how long each stage took.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
django.setup()

from bench.boarding import ACTOR, LANES, prepared  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from tests.nodes import lone_node  # noqa: E402

from corridor.desk.languages import compile_all  # noqa: E402
from corridor.desk.models import Draft  # noqa: E402
from corridor.desk.site import serve_node  # noqa: E402
from corridor.engines.urgency import STARTING_RULE  # noqa: E402
from corridor.exercise.operation import new_household  # noqa: E402
from corridor.exercise.population import households  # noqa: E402
from corridor.journal.node import Node  # noqa: E402
from corridor.people.acts import register  # noqa: E402
from corridor.people.confided.acts import answer_each  # noqa: E402
from corridor.people.queries import day_of, is_child_on, persons_of  # noqa: E402
from corridor.stops.convoy import acts  # noqa: E402
from corridor.stops.waiting import acts as waiting  # noqa: E402

MINUTE = 60_000
HOUR = 60 * MINUTE


def stage(node: Node, people: int) -> None:
    """So many wait at one place; three days of windows, and vehicles for most of them."""
    waiting.publish_rule(node, ACTOR, STARTING_RULE)
    school = waiting.describe_place(node, ACTOR, "Old school", "pickup")
    camp = waiting.describe_place(node, ACTOR, "Old orchard", "reception")
    made = [new_household(one) for one in households(3, people, day_of(node.clock()))]
    for first in range(0, len(made), 100):
        done = register(node, ACTOR, made[first : first + 100])
        some = [person for one in done for person in one.persons]
        waiting.join(node, ACTOR, some, school)
        grown = [p.id for p in persons_of(node, some) if not is_child_on(p, day_of(node.clock()))]
        answer_each(node, ACTOR, {one: {"travel": "given", "split": "given"} for one in grown})
    acts.describe_route(node, ACTOR, school, camp, before=30, out=60, back=60)
    acts.describe_intake(node, ACTOR, camp, people, people // 20)
    for number in range(1, 2 + people // 700):
        bus = acts.VehicleDraft(f"Old bus {number}", 50, lying=2, wheelchairs=2, luggage=3000)
        acts.describe_vehicle(node, ACTOR, bus)
    now = node.clock()
    for day in range(3):
        opens = now + (2 + 24 * day) * HOUR
        draft = acts.WindowDraft(
            f"Day {day + 1}", opens, opens + 12 * HOUR, [opens + n * 3 * HOUR for n in range(3)],
            [school], [camp], 40, escorts=4, guardians=20,
        )  # fmt: skip
        acts.describe_window(node, ACTOR, draft)


def scanned(node: Node, convoy: str, cards: list[str], enough: int = 0, key: str = "") -> str:
    """Scans while the proposal is in one stage (or `enough` of them); what it says of each stage.

    A scan comes every 50 ms, as from eight busy lanes.
    """
    times: dict[str, list[float]] = {}
    began: dict[str, float] = {}
    row = Draft.objects.using(node.alias).filter(key=key)
    for number in range(10**6):
        said = row.values_list("state", "stage").first() if key else ("quiet", "quiet")
        state, now = said or ("gone", "gone")
        name = now if now in ("quiet", "reading", "wishes") else "thinking"
        if (enough and number >= enough) or state not in ("quiet", "running"):
            break
        began.setdefault(name, time.perf_counter())
        started = time.perf_counter()
        card = cards[number % len(cards)]
        acts.scan(node, ACTOR, convoy, card, acts.LANES[number % LANES])
        times.setdefault(name, []).append((time.perf_counter() - started) * 1000)
        time.sleep(0.05)
    starts = [*began.values(), time.perf_counter()]
    lines = []
    for (name, those), first, last in zip(times.items(), starts, starts[1:], strict=False):
        those.sort()
        lines.append(
            f"| {name} | {last - first:.1f} | {len(those)} | {statistics.median(those):.1f} |"
            f" {those[int(len(those) * 0.95)]:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Prints a table."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    limit = float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    compile_all()
    with tempfile.TemporaryDirectory() as folder:
        node, _clock = lone_node(Path(folder), "default", key=b"k" * 32)
        node.clock = lambda: int(time.time() * 1000)
        call_command("createcachetable", database="default", verbosity=0)
        serve_node(node)
        stage(node, people)
        convoy, cards = prepared(node, 500, 5)
        print(f"{people} people wait, load of the machine {os.getloadavg()[0]:.1f}\n")
        print("| the planner | s | scans | p50 ms | p95 ms |\n|---|---|---|---|---|")
        print(scanned(node, convoy, cards, 60), flush=True)
        key = acts.start(node, ACTOR, limit)
        print(scanned(node, convoy, cards, key=key), flush=True)
        found = acts.load(node, key)[1]
        seated = sum(len(trip.units) for trip in found.plan.trips) if found else 0
        print(f"\nplan: {found.plan.stage if found else 'none'}, {seated} units seated")
        connections.close_all()


if __name__ == "__main__":
    main()
