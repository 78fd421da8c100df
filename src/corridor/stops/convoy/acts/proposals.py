"""Plans in the making: proposed by the planner in the background, changed by a person, checked.

A proposal is no history: it lies in an ordinary table until it is published or thrown away. The
planner runs in a process of its own, so that boarding goes on while it thinks.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

import msgspec
from django.db import connections
from django.utils.translation import gettext as _

from corridor.desk.models import Draft
from corridor.engines import planning
from corridor.engines.wishes import Convoy, arrange
from corridor.journal.fold import erased_among
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.joining import refuse_while_joining
from corridor.stops.convoy import queries

KIND = "plan"
KEPT_MS = 2 * 24 * 60 * 60 * 1000

#: Seconds between looks whether somebody asked the planner to end.
_LOOKS_EVERY = 0.5

#: A vehicle's rules in the order in which they are asked: the last one was the nearest to fitting.
_NEAREST = (
    "ambulance-only-medical", "critical-needs-ambulance", "not-in-open-truck", "lying-places",
    "wheelchair-places", "seats", "luggage",
)  # fmt: skip

Progress = Callable[[str], None]


@dataclass
class Watch:
    """How long the planner may think, what hears of its stages, and what asks it to end.

    `value` and `bound`: the weighted waiting of the best plan, and the least that is proven.
    """

    limit: float = 10.0
    seed: int = 0
    say: Progress = lambda stage: None
    stop: Callable[[], bool] = lambda: False
    value: float | None = None
    bound: float | None = None

    def hear(self, stage: str, value: float, bound: float | None) -> None:
        """Takes note of a stage and passes it on."""
        self.value, self.bound = value, bound
        distance = self.distance
        self.say(stage if distance is None else f"{stage} · {distance:.1f} %")

    @property
    def distance(self) -> float | None:
        """Percent by which the best plan may be above what is possible at all."""
        if not self.bound or self.value is None:
            return None
        return max(0.0, 100 * (self.value / self.bound - 1))


Planner = Callable[[planning.Instance, planning.Plan | None, Watch], planning.Plan]


@dataclass(frozen=True)
class Proposal:
    """A plan in the making with the instance it was made from, and the rules it breaks.

    `distance` is as in `Watch`, None where nothing is proven or a person changed the plan.
    `windows` is what the planner made of each window, and what bound it.
    """

    built: queries.Built
    plan: planning.Plan
    seed: int = 0
    limit: float = 0.0
    broken: tuple[planning.Breach, ...] = ()
    distance: float | None = None
    windows: dict[str, queries.WindowTold] = field(default_factory=dict)


def here(
    instance: planning.Instance, previous: planning.Plan | None, watch: Watch
) -> planning.Plan:
    """Plans in this process, in a fixed number of steps."""
    return planning.plan(instance, previous, planning.Effort(seed=watch.seed, say=watch.hear))


def aside(
    instance: planning.Instance, previous: planning.Plan | None, watch: Watch
) -> planning.Plan:
    """Plans in a process of its own. Raises `Refusal` if it ended without a plan."""
    asked = {
        "instance": planning.write_instance(instance),
        "previous": planning.write_plan(previous) if previous else None,
        "limit": watch.limit,
        "seed": watch.seed,
    }
    command = [sys.executable, "-m", "corridor.engines.planning.aside"]
    with subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write(json.dumps(asked).encode() + b"\n")
        child.stdin.flush()
        threading.Thread(target=_end_when_asked, args=(child, watch), daemon=True).start()
        for line in child.stdout:
            told = json.loads(line)
            if "plan" in told:
                made = planning.read_plan(told["plan"])
                prices = {tuple(name): price for name, price in told["prices"]}
                return planning.Plan(made.trips, made.left, told["bound"], told["stage"], prices)
            watch.hear(told["stage"], told["value"], told["bound"])
    raise Refusal(_("The planner ended without a plan; nothing was changed."))


def _end_when_asked(child: subprocess.Popen[bytes], watch: Watch) -> None:
    """Tells the planner to come to an end as soon as somebody asks for it."""
    while child.poll() is None:
        if watch.stop():
            with suppress(OSError, ValueError):
                assert child.stdin is not None
                child.stdin.close()
            return
        time.sleep(_LOOKS_EVERY)


def propose(node: Node, watch: Watch | None = None, planner: Planner = here) -> Proposal:
    """Plans what stands now; promises made before are kept."""
    refuse_while_joining(node)
    watch = watch or Watch()
    watch.say("reading")
    built = queries.build(node)
    previous = queries.announced(node, built)
    plan = planner(built.instance, previous if previous.trips else None, watch)
    windows = queries.binding(built, plan)
    plan.prices = {}
    watch.say("wishes")
    made = Proposal(built, with_wishes(node, built, plan), watch.seed, watch.limit)
    return replace(_checked(made), distance=watch.distance, windows=windows)


def with_wishes(node: Node, built: queries.Built, plan: planning.Plan) -> planning.Plan:
    """The plan after families changed places inside their convoys for quiet wishes about seats.

    Whoever was told a seat keeps it. A wish that would break a rule is not met.
    """
    wishes = queries.wishes_of(node, built)
    if not (wishes.apart or wishes.near or wishes.women):
        return plan
    instance = built.instance
    units = {unit.id: unit for home in instance.households for unit in home.units}
    told = {unit.id for home in instance.households if home.told for unit in home.units}
    types = {kind.id: kind for kind in instance.types}
    kind_of = {one.id: types[one.type] for one in instance.vehicles}
    groups: dict[tuple[str, str, str], list[int]] = {}
    for number, trip in enumerate(plan.trips):
        groups.setdefault((trip.slot, trip.pickup, trip.reception), []).append(number)
    trips = list(plan.trips)
    for numbers in groups.values():
        kinds = [kind_of[trips[n].vehicle] for n in numbers]
        convoy = Convoy(kinds, [trips[n].units for n in numbers], frozenset(told))
        arranged = arrange(convoy, units, wishes, instance.children_per_guardian)
        for number, aboard in zip(numbers, arranged, strict=True):
            trips[number] = replace_units(trips[number], aboard)
    changed = planning.Plan(trips, plan.left, plan.bound, plan.stage)
    return plan if planning.check(instance, changed) else changed


def start(node: Node, actor: str, limit: float = 10.0, seed: int = 0) -> str:
    """Begins to plan in the background; returns the key of the proposal to come."""
    refuse_while_joining(node)
    now = node.clock()
    drafts = Draft.objects.using(node.alias).filter(kind=KIND)
    drafts.filter(changed_ms__lt=now - KEPT_MS).delete()
    key = node.new_id()
    Draft.objects.using(node.alias).create(
        key=key, kind=KIND, actor=actor, state="running", stage="reading", content="",
        changed_ms=now,
    )  # fmt: skip
    thread = threading.Thread(target=_run, args=(node, key, limit, seed), daemon=True)
    thread.start()
    return key


def end(node: Node, key: str) -> None:
    """Asks the planner for the best plan so far."""
    running = Draft.objects.using(node.alias).filter(kind=KIND, key=key, state="running")
    running.update(state="stopping")


def load(node: Node, key: str) -> tuple[Draft, Proposal | None]:
    """The row of a proposal, and what it holds if it is ready. Raises `Refusal` if it is gone."""
    row = Draft.objects.using(node.alias).filter(kind=KIND, key=key).first()
    if row is None:
        raise Refusal(_("This proposal is gone. Plan again."))
    if row.state != "ready":
        return row, None
    return row, msgspec.json.decode(row.content, type=Proposal)


def keep(node: Node, key: str, proposal: Proposal) -> None:
    """Writes a changed proposal. Raises `Refusal` if somebody in it was erased meanwhile."""
    people = {person for those in proposal.built.persons.values() for person in those}
    with node.transaction():
        if erased_among(node, people):
            raise Refusal(_("Somebody in this plan asked to be erased meanwhile. Plan again."))
        Draft.objects.using(node.alias).filter(kind=KIND, key=key).update(
            content=msgspec.json.encode(proposal).decode(), state="ready", changed_ms=node.clock()
        )


def drop(node: Node, key: str) -> None:
    """Throws a proposal away."""
    Draft.objects.using(node.alias).filter(kind=KIND, key=key).delete()


def forget(node: Node, persons: frozenset[str]) -> None:
    """Throws away every proposal that speaks of somebody who was erased."""
    for row in Draft.objects.using(node.alias).filter(kind=KIND):
        if any(person in row.content for person in persons):
            row.delete()


def latest(node: Node) -> Draft | None:
    """The proposal that was changed last."""
    use = Draft.objects.using(node.alias).filter(kind=KIND)
    return use.order_by("-changed_ms", "-key").first()


def move_family(proposal: Proposal, family: str, trip: int | None) -> Proposal:
    """The family rides on the trip of this number, or (None) on none."""
    homes = {one.id: one for one in proposal.built.instance.households}
    if family not in homes or (trip is not None and not 0 <= trip < len(proposal.plan.trips)):
        raise Refusal(_("There is no such family or vehicle in this plan; nothing was changed."))
    own = [unit.id for unit in homes[family].units]
    trips = [
        replace_units(one, [unit for unit in one.units if unit not in own])
        for one in proposal.plan.trips
    ]
    left = [one for one in proposal.plan.left if one != family]
    if trip is None:
        left.append(family)
    else:
        trips[trip] = replace_units(trips[trip], [*trips[trip].units, *own])
    return _changed(proposal, trips, left)


def swap_vehicle(proposal: Proposal, trip: int, vehicle: str) -> Proposal:
    """Another vehicle drives this trip; if it drives elsewhere at that time, they change places."""
    trips = list(proposal.plan.trips)
    known = {one.id for one in proposal.built.instance.vehicles}
    if not 0 <= trip < len(trips) or vehicle not in known:
        raise Refusal(_("There is no such vehicle in this plan; nothing was changed."))
    before = trips[trip]
    for number, one in enumerate(trips):
        if one.vehicle == vehicle and one.slot == before.slot:
            trips[number] = planning.Trip(
                before.vehicle, one.slot, one.pickup, one.reception, one.units
            )
    trips[trip] = planning.Trip(vehicle, before.slot, before.pickup, before.reception, before.units)
    return _changed(proposal, trips, proposal.plan.left)


def replace_units(trip: planning.Trip, units: list[str]) -> planning.Trip:
    """The trip with other people aboard."""
    return planning.Trip(trip.vehicle, trip.slot, trip.pickup, trip.reception, units)


def breaches(proposal: Proposal) -> list[planning.Breach]:
    """What the plan breaks, rule by rule."""
    return list(proposal.broken)


def why_left(proposal: Proposal, family: str) -> str:
    """The rule that keeps a family out of every kind of vehicle, or full if none does."""
    instance = proposal.built.instance
    home = next((one for one in instance.households if one.id == family), None)
    if home is None:
        return "full"
    if family in proposal.built.split_helps:
        return "needs_split"
    for unit in home.units:
        rules = [
            planning.Load(kind, instance.children_per_guardian).refuses(unit)
            for kind in instance.types
        ]
        if rules and all(rules):
            return max((rule for rule in rules if rule), key=_NEAREST.index)
    return "full"


def _changed(proposal: Proposal, trips: list[planning.Trip], left: list[str]) -> Proposal:
    plan = planning.Plan(trips, left, proposal.plan.bound, "by hand")
    return _checked(replace(proposal, plan=plan, distance=None))


def _checked(proposal: Proposal) -> Proposal:
    broken = planning.check(proposal.built.instance, proposal.plan)
    return replace(proposal, broken=tuple(broken))


def _run(node: Node, key: str, limit: float, seed: int) -> None:
    drafts = Draft.objects.using(node.alias).filter(kind=KIND, key=key)

    def say(stage: str) -> None:
        drafts.update(stage=stage, changed_ms=node.clock())

    def stop() -> bool:
        try:
            return drafts.filter(state="stopping").exists()
        finally:
            connections[node.alias].close()

    try:
        keep(node, key, propose(node, Watch(limit, seed, say, stop), aside))
    except (planning.InstanceError, Refusal, ValueError) as error:
        drafts.update(state="failed", stage=str(error)[:500])
    finally:
        connections[node.alias].close()
