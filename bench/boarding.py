"""Boarding: scan to durable with 8 terminals, one boarding at the page, the manifest as PDF.

    python -m bench.boarding [FAMILIES]

The terminals are threads of one process on an encrypted file, as a site's one worker is: first at
the pace of the field (one boarding takes a marshal three seconds, so each rests up to six seconds
after a scan), then twelve times as fast, then without any rest. A boarding at the page is what a
scripted marshal waits in each of four lanes. Beside each figure stands the limit it must hold, and
the processor time of one: where other work shares the machine, the clock on the wall tells of that
work too.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from tests.nodes import lone_node  # noqa: E402

from corridor.desk.languages import compile_all  # noqa: E402
from corridor.desk.site import serve_node  # noqa: E402
from corridor.desk.team import add_user  # noqa: E402
from corridor.engines.urgency import STARTING_RULE  # noqa: E402
from corridor.exercise.operation import new_household  # noqa: E402
from corridor.exercise.population import households  # noqa: E402
from corridor.journal.checkpoints import keep_log_short  # noqa: E402
from corridor.journal.node import Node  # noqa: E402
from corridor.people.acts import register  # noqa: E402
from corridor.people.confided.acts import answer_each  # noqa: E402
from corridor.people.queries import cards_of, day_of, is_child_on, persons_of  # noqa: E402
from corridor.stops.convoy import acts, queries  # noqa: E402
from corridor.stops.waiting import acts as waiting  # noqa: E402
from corridor.stops.waiting import queries as waiting_queries  # noqa: E402

LANES = 4
TERMINALS = 8
ACTOR = "actor-bench"

#: People of the convoy whose manifest is printed.
PRINTED = 850


def prepared(node: Node, people: int, seed: int = 1) -> tuple[str, list[str]]:
    """A convoy with a seat for everybody; returns it and the cards."""
    if not waiting_queries.places(node):
        waiting.publish_rule(node, ACTOR, STARTING_RULE)
    school = waiting.describe_place(node, ACTOR, f"School {seed}", "pickup")
    camp = waiting.describe_place(node, ACTOR, f"Orchard {seed}", "reception")
    made = [new_household(one) for one in households(seed, people, day_of(node.clock()))]
    for first in range(0, len(made), 50):
        done = register(node, ACTOR, made[first : first + 50])
        some = [person for one in done for person in one.persons]
        waiting.join(node, ACTOR, some, school)
        grown = [p.id for p in persons_of(node, some) if not is_child_on(p, day_of(node.clock()))]
        answer_each(node, ACTOR, {one: {"travel": "given"} for one in grown})
    buses = [
        acts.VehicleDraft(f"Bus {seed}.{n}", 90, lying=6, wheelchairs=6)
        for n in range(1, 3 + people // 80)
    ]
    convoy = acts.plan(node, ACTOR, "Bench", school, camp, node.clock(), buses)
    acts.fill(node, ACTOR, convoy)
    told = queries.seats_told(node, convoy)
    homes = {row.household or "" for row in persons_of(node, told)}
    return convoy, list(cards_of(node, homes).values())


Times = list[tuple[float, float]]


def in_threads(
    cards: list[str], threads: int, work: Callable[[str, int], object], rest: float = 0.0
) -> Times:
    """Shares the cards among threads; how long each took, on the wall and of processor, in ms."""
    times: Times = []
    source = random.Random(1)

    def run(number: int) -> None:
        for card in cards[number::threads]:
            time.sleep(source.random() * rest)  # before, so that not all begin in one instant
            started, used = time.perf_counter(), time.thread_time()
            work(card, number)
            times.append((
                (time.perf_counter() - started) * 1000, (time.thread_time() - used) * 1000,
            ))  # fmt: skip
        connections.close_all()

    those = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for one in those:
        one.start()
    for one in those:
        one.join()
    return times


def told(what: str, times: Times, limit: float) -> None:
    """A line of the table."""
    wall, used = sorted(one for one, _ in times), sorted(one for _, one in times)
    last = int(len(times) * 0.99)
    held = "held" if wall[last] <= limit else "not held"
    print(
        f"| {what} | {len(times)} | {statistics.median(wall):.1f} | {wall[last]:.1f} |"
        f" {statistics.median(used):.1f} | {used[last]:.1f} | {limit:.0f} | {held} |",
        flush=True,
    )


def main() -> None:
    """Prints a table."""
    families = int(sys.argv[1]) if len(sys.argv) > 1 else 660
    compile_all()
    with tempfile.TemporaryDirectory() as folder:
        node, _clock = lone_node(Path(folder), "default", key=b"k" * 32)
        node.clock = lambda: int(time.time() * 1000)
        call_command("createcachetable", database="default", verbosity=0)
        serve_node(node)
        node.share_writer()
        keep_log_short(node)
        printed_convoy, _cards = prepared(node, PRINTED, 2)
        convoy, cards = prepared(node, families * 5)
        print(f"{len(cards)} families, load of the machine {os.getloadavg()[0]:.1f}\n")
        print("| what | times | p50 ms | p99 ms | processor p50 | p99 | limit p99 | |")
        print("|---|---|---|---|---|---|---|---|")

        def scan(card: str, lane: int) -> None:
            acts.scan(node, ACTOR, convoy, card, acts.LANES[lane % LANES])

        few = len(cards) // 8
        alone, page = cards[:few], cards[few : 2 * few]
        hurried, fast, paced = cards[2 * few : 3 * few], cards[3 * few : 5 * few], cards[5 * few :]
        told("scan to durable, 1 terminal", in_threads(alone, 1, scan), 10)
        told(f"scan to durable, {TERMINALS} terminals", in_threads(paced, TERMINALS, scan, 6), 10)
        told(f"the same at twelve times the pace, {TERMINALS} terminals",
             in_threads(fast, TERMINALS, scan, 0.5), 10)  # fmt: skip
        told(f"the same without any rest, {TERMINALS} terminals",
             in_threads(hurried, TERMINALS, scan), 10)  # fmt: skip
        clients = signed_in(node)
        told(f"one boarding at the page, {LANES} lanes at once", in_threads(
            page, LANES, lambda card, n: sent(clients[n], convoy, card, acts.LANES[n])
        ), 3000)  # fmt: skip
        for language in ("en", "ar"):
            client = signed_in(node, language)[0]
            told(f"manifest as PDF, {PRINTED} people, {language}",
                 [printed(client, printed_convoy) for _ in range(5)], 1000)  # fmt: skip
        connections.close_all()


def sent(client: Client, convoy: str, card: str, lane: str) -> None:
    """A card sent from the page of a lane; the answer is its new part."""
    values = {"card": card, "lane": lane, "command": f"b{card}"}
    answer = client.post(f"/convoys/{convoy}/boarding/", values, headers={"x-part": "lane"})
    assert answer.status_code == 200, answer.status_code


def signed_in(node: Node, language: str = "en") -> list[Client]:
    """A browser for each lane, of a user of its own."""
    found = []
    for number in range(LANES):
        name = f"{language}{number}{time.time_ns()}"
        user = add_user(node, ACTOR, name, "a long password", ["marshal", "coordinator"])
        client = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": language})
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        found.append(client)
    return found


def printed(client: Client, convoy: str) -> tuple[float, float]:
    """How long the manifest took, on the wall and of all processors."""
    started, used = time.perf_counter(), time.process_time()
    answer = client.get(f"/convoys/{convoy}/manifest.pdf")
    assert answer.content.startswith(b"%PDF")
    return (time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000


if __name__ == "__main__":
    main()
