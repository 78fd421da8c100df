"""Verbs of plans: checked against what stands now, and published as seats told."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from corridor.engines import planning
from corridor.engines.departures import reasons
from corridor.journal.append import Draft, append, subjects_of
from corridor.journal.format import as_json
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.joining import refuse_while_joining
from corridor.stops.convoy import entries, models, queries
from corridor.stops.convoy.acts.seats import released, told
from corridor.stops.waiting.queries import place_name, places


class PlanRefused(Refusal):
    """A plan that breaks rules; `breaches` names each with where."""

    def __init__(self, breaches: list[planning.Breach]) -> None:
        super().__init__(_("The plan breaks rules and was not published. Each is named below."))
        self.breaches = breaches


@dataclass(frozen=True)
class Published:
    """What publishing changed: the convoys, and how many persons were told or lost a seat."""

    plan: str
    convoys: tuple[str, ...]
    told: int
    released: int
    kept: int


def publish(
    node: Node,
    actor: str,
    plan: planning.Plan,
    *,
    seed: int = 0,
    parameters: Mapping[str, object] | None = None,
    windows: Mapping[str, queries.WindowTold] | None = None,
    command: str = "",
) -> Published:
    """Publishes a plan: convoys, vehicles and a seat for each person. Raises `PlanRefused`.

    It is checked against the instance as of now: what changed since it was made counts.
    Whoever keeps convoy and vehicle is not told again. `windows` are kept for those who ask what
    binds.
    """
    refuse_while_joining(node)
    with node.transaction():
        if command and (done := subjects_of(node, [command])):
            return Published(done[command], (), 0, 0, 0)
        built = queries.build(node)
        if breaches := planning.check(built.instance, plan):
            raise PlanRefused(breaches)
        publishing = _Publishing(node, built, plan)
        identity = node.new_id()
        drafts = [
            Draft(publishing.fact(seed, parameters or {}, windows or {}), identity),
            *publishing.convoy_drafts(),
            *publishing.seat_drafts(),
        ]
        append(node, actor, drafts, command=command)
    return publishing.result(identity)


class _Publishing:
    def __init__(self, node: Node, built: queries.Built, plan: planning.Plan) -> None:
        self.node, self.built, self.plan = node, built, plan
        slots = {one.id: one for one in built.instance.slots}
        self.groups: dict[tuple[str, str, str], list[planning.Trip]] = {}
        for trip in plan.trips:
            key = (trip.slot, trip.pickup, trip.reception)
            self.groups.setdefault(key, []).append(trip)
        self.departs = {name: int(name.rpartition("@")[2]) for name in slots}
        self.window = {name: slot.window for name, slot in slots.items()}
        self.open = [
            one
            for one in queries.convoys(node)
            if one.window and queries.slot_id(one.window, one.departs_ms or 0) in slots
        ]
        self.convoy_of: dict[tuple[str, str, str], str] = {}
        self.told = self.gone = self.kept = 0

    def fact(
        self,
        seed: int,
        parameters: Mapping[str, object],
        windows: Mapping[str, queries.WindowTold],
    ) -> entries.PlanPublished:
        written = as_json(planning.write_plan(self.plan))
        instance = as_json(planning.write_instance(self.built.instance))
        seated = sum(
            len(self.built.persons[unit]) for trip in self.plan.trips for unit in trip.units
        )
        return entries.PlanPublished(
            instance_hash=hashlib.sha256(instance.encode()).hexdigest(),
            plan_hash=hashlib.sha256(written.encode()).hexdigest(),
            seed=seed,
            stage=self.plan.stage,
            parameters=as_json(dict(parameters)),
            seated=seated,
            left_behind=sum(len(one) for one in self.built.persons.values()) - seated,
            breaches=0,
            plan=written,
            report=as_json(
                {
                    "rules": [],
                    "excluded": {one.family: one.why for one in self.built.excluded},
                    "split_helps": self.built.split_helps,
                    "why": reasons(self.built.instance, self.plan),
                    "windows": windows,
                }
            ),
        )

    def convoy_drafts(self) -> list[Draft]:
        """Convoys made, and vehicles assigned to them or taken off."""
        drafts = []
        names = {one.id: place_name(one, "en") for one in places(self.node)}
        known = {(queries.slot_id(one.window or "", one.departs_ms or 0), one.origin or "",
                  one.destination or ""): one.id for one in self.open}  # fmt: skip
        for key in self.groups:
            slot, pickup, reception = key
            convoy = known.get(key)
            if convoy is None:
                convoy = self.node.new_id()
                what = entries.ConvoyDescribed(
                    name=f"{names.get(pickup, '')} – {names.get(reception, '')}",
                    origin=pickup, destination=reception, departs_ms=self.departs[slot],
                    window=self.window[slot],
                )  # fmt: skip
                drafts.append(Draft(what, convoy))
            self.convoy_of[key] = convoy
        wanted = {
            (trip.vehicle, self.convoy_of[key])
            for key, trips in self.groups.items()
            for trip in trips
        }
        ours = {one.id for one in self.open}
        for row in queries.assignments(self.node):
            pair = (row.vehicle, row.convoy)
            if pair in wanted:
                wanted.discard(pair)
            elif row.convoy in ours:
                off = entries.VehicleTakenOff(convoy=row.convoy, reason="replanned")
                drafts.append(Draft(off, row.vehicle, over=((row.entry, 0),)))
        drafts += [
            Draft(entries.VehicleAssigned(convoy=convoy), vehicle)
            for vehicle, convoy in sorted(wanted)
        ]
        return drafts

    def seat_drafts(self) -> list[Draft]:
        """Seats told where they are new or changed, and given back where they are gone."""
        held: dict[str, models.Seat] = {}
        for one in self.open:
            held.update(queries.seats(self.node, one.id))
        duties = queries.crew(self.node)
        wanted = {
            person: (self.convoy_of[key], trip.vehicle)
            for key, trips in self.groups.items()
            for trip in trips
            for unit in trip.units
            for person in self.built.persons[unit]
        }
        drafts = []
        for person, (convoy, vehicle) in wanted.items():
            before = held.get(person)
            if before is not None and (before.convoy, before.vehicle) == (convoy, vehicle):
                self.kept += 1
                continue
            self.told += 1
            drafts.append(told(convoy, person, vehicle, before))
        gone = [
            row for person, row in held.items() if person not in wanted and person not in duties
        ]
        self.gone = len(gone)
        return drafts + [released(row, "replanned") for row in gone]

    def result(self, identity: str) -> Published:
        convoys = tuple(sorted(self.convoy_of.values()))
        return Published(identity, convoys, self.told, self.gone, self.kept)
