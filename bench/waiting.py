"""The waiting list with many people on it: what each question to it takes.

    python -m bench.waiting [PEOPLE] [KEEP]

Registers PEOPLE (50,000 unless said otherwise), all of whom wait at two pick-up points, on an
encrypted file, and prints p50 and p95 in milliseconds: through the pages (without the network) and
of the accounts as they were at a time. With KEEP, a folder, the site is made there once and used
again.
"""

from __future__ import annotations

import logging
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from itertools import islice
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from tests.nodes import NOW, Clock, lone_node  # noqa: E402

from corridor.desk.languages import compile_all  # noqa: E402
from corridor.desk.models import User  # noqa: E402
from corridor.desk.site import serve_node  # noqa: E402
from corridor.desk.team import add_user  # noqa: E402
from corridor.engines.urgency import STARTING_RULE  # noqa: E402
from corridor.exercise.operation import new_household  # noqa: E402
from corridor.exercise.population import households  # noqa: E402
from corridor.journal import schema  # noqa: E402
from corridor.journal.node import Node  # noqa: E402
from corridor.oversight import accounts, auditing  # noqa: E402
from corridor.people.acts import register  # noqa: E402
from corridor.people.queries import card_of_household  # noqa: E402
from corridor.stops.waiting import acts, queries  # noqa: E402

LIMIT_MS = 100
DAY_MS = 24 * 60 * 60 * 1000
DAYS = 20


def main() -> None:
    """Fills a site and prints a table."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    if len(sys.argv) > 2:
        Path(sys.argv[2]).mkdir(parents=True, exist_ok=True)
        measure(Path(sys.argv[2]), people)
    else:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), people)


def measure(folder: Path, people: int) -> None:
    """All figures of one site."""
    logging.disable(logging.WARNING)
    compile_all()
    fresh = not (folder / "default.db").exists()
    node, clock = lone_node(folder, "default", key=b"k" * 32, fresh=fresh)
    if fresh:
        call_command("createcachetable", database="default", verbosity=0)
        fill(node, clock, people)
    else:
        schema.prepare(node)
    clock.now = NOW + DAYS * DAY_MS + 60_000
    serve_node(node)
    name = f"bench{time.time_ns()}"
    client = signed_in(node, name)
    cards = some_cards(node)
    pages(client, node, clock, cards)
    rule(node)
    looking_back(node)


def fill(node: Node, clock: Clock, people: int) -> None:
    """Everybody is registered over some days and waits at one of two places."""
    acts.publish_rule(node, "actor", STARTING_RULE)
    places = [acts.describe_place(node, "actor", name, "pickup") for name in ("School", "Mosque")]
    made = households(1, people, date(2026, 9, 21))
    done = 0
    started = time.perf_counter()
    while some := list(islice(made, 200)):
        clock.now = NOW + done * DAYS * DAY_MS // people
        found = register(node, "actor", [new_household(one) for one in some])
        for place, those in zip(places, (found[:120], found[120:]), strict=True):
            acts.join(node, "actor", [p for one in those for p in one.persons], place)
        done += sum(len(one.members) for one in some)
    seconds = time.perf_counter() - started
    print(f"{done} people registered and waiting in {seconds:.0f} s")


def signed_in(node: Node, name: str) -> Client:
    """A browser of a coordinator who registers, too."""
    roles = ["coordinator", "registrar", "auditor"]
    user: User = add_user(node, "actor", name, "a long password", roles)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def some_cards(node: Node) -> list[tuple[str, str]]:
    """Households from all over the list with their cards."""
    groups = queries.queue(node)
    chosen = random.Random(1).sample(groups, 40)
    return [(one.household, card_of_household(node, one.household)) for one in chosen]


def pages(client: Client, node: Node, clock: Clock, cards: list[tuple[str, str]]) -> None:
    """What clerks do, by the pages."""
    place = queries.places(node, "pickup")[0].id
    other = queries.places(node, "pickup")[1].id
    source = random.Random(2)

    def get(path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    def post(path: str, values: dict[str, object]) -> None:
        clock.now += 1000
        answer = client.post(path, {**values, "command": f"c{time.time_ns()}"})
        assert answer.status_code == 302, (path, answer.status_code)

    fresh = register(
        node, "actor", [new_household(one) for one in households(99, 200, date(2026, 9, 21))]
    )
    new = iter([one.card for one in fresh])
    told("list, first page", lambda n: get("/waiting/"))
    told("list, any page", lambda n: get(f"/waiting/?page={source.randint(1, 200)}&place={place}"))
    told("join by card", lambda n: post("/waiting/join/", {"card": next(new), "place": place}))
    told("why this number", lambda n: get(f"/waiting/family/{cards[n][0]}/"))
    told(
        "call forward 50 people",
        lambda n: post("/waiting/calls/", {"place": other, "gate": "1", "people": "50"}),
        6,
    )
    told("calls", lambda n: get("/waiting/calls/"))
    told("accounts of everyone", lambda n: get("/accounts/"))
    told("first page", lambda n: get("/"))


def rule(node: Node) -> None:
    """What another rule would change, reckoned for everybody who waits."""
    told("effect of another rule", lambda n: acts.effect_of(node, STARTING_RULE), 2)
    told("whose class is out of date", lambda n: queries.out_of_date(node), 3)
    told("waiting at equal need", lambda n: auditing.compared(node, "origin"), 3)


def looking_back(node: Node) -> None:
    """The accounts as they were at times of the past."""
    first = NOW
    told(
        "as it was at a time",
        lambda n: accounts.as_it_was(node, first + n * DAYS * DAY_MS // 10),
        4,
    )
    told("numbers per state and place", lambda n: accounts.numbers(node), 6)


def told(what: str, act: Callable[[int], object], times: int = 12) -> None:
    """Prints how long an act takes, the first time left out: by the wall, and of the processor."""
    act(0)
    wall, own = [], []
    for n in range(1, times):
        started, began = time.perf_counter(), time.process_time()
        act(n)
        wall.append((time.perf_counter() - started) * 1000)
        own.append((time.process_time() - began) * 1000)
    p50, p95 = statistics.median(own), sorted(own)[int(len(own) * 0.95)]
    print(
        f"{what:28} processor p50 {p50:8.1f} ms  p95 {p95:8.1f} ms"
        f"  wall p50 {statistics.median(wall):8.1f} ms  limit {LIMIT_MS} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
