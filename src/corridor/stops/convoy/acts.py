"""Verbs of the convoy. Each may refuse, in one sentence; a refusal leaves no trace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from corridor.engines import cards
from corridor.engines.seating import Carrier, Party, Seating, seat
from corridor.journal.append import Draft, already, append, subjects_of
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.queries import ends_of, household_of_card, persons_of
from corridor.stops.convoy import entries, models, queries
from corridor.stops.waiting.queries import queue


@dataclass(frozen=True)
class VehicleDraft:
    """A vehicle to be made: a label that people can read on it, and its places by kind."""

    label: str
    seats: int
    lying: int = 0
    wheelchairs: int = 0


def plan(
    node: Node,
    actor: str,
    name: str,
    origin: str,
    destination: str,
    departs_ms: int | None,
    vehicles: Sequence[VehicleDraft],
    *,
    command: str = "",
) -> str:
    """A new convoy with its vehicles; returns its id. Nobody has a seat yet."""
    if not name.strip():
        raise Refusal(_("A convoy needs a name; nothing was saved."))
    if not vehicles:
        raise Refusal(_("A convoy needs at least one vehicle; nothing was saved."))
    for one in vehicles:
        if not one.label.strip() or min(one.seats, one.lying, one.wheelchairs) < 0:
            raise Refusal(
                _("Each vehicle needs a label and no negative places. Nothing was saved.")
            )
    with node.transaction():
        if command and (done := subjects_of(node, [command])):
            return done[command]
        convoy = node.new_id()
        described = entries.ConvoyDescribed(
            name=name.strip(), origin=origin, destination=destination, departs_ms=departs_ms
        )
        drafts = [Draft(described, convoy)]
        for one in vehicles:
            what = entries.VehicleDescribed(
                convoy=convoy,
                label=one.label.strip(),
                seats=one.seats,
                lying=one.lying,
                wheelchairs=one.wheelchairs,
            )
            drafts.append(Draft(what, node.new_id()))
        append(node, actor, drafts, command=command)
    return convoy


def fill(node: Node, actor: str, convoy_id: str, *, command: str = "") -> Seating:
    """Gives the free seats to who waits at the origin: by need, then days waited, families whole.

    Told seats stay as they are. Returns who was seated and who was left.
    """
    with node.transaction():
        convoy = _not_departed(node, convoy_id)
        told = queries.seats_told(node, convoy_id)
        groups = queue(node, convoy.origin or "")
        taken = set(told) | queries.told_elsewhere(node, convoy_id)
        travels = _travels(
            node, {person for group in groups for person in group.persons} | set(told)
        )
        parties = [
            Party(
                group.household or group.persons[0], tuple((p, travels[p]) for p in group.persons)
            )
            for group in groups
            if not taken & set(group.persons)
        ]
        carriers = [
            _free(one, [travels[p] for p, vehicle in told.items() if vehicle == one.id])
            for one in queries.vehicles(node, convoy_id)
        ]
        seating = seat(parties, carriers)
        drafts = [
            Draft(entries.SeatTold(convoy=convoy_id, vehicle=vehicle), person)
            for person, vehicle in seating.seats.items()
        ]
        append(node, actor, drafts, command=command)
    return seating


def release(node: Node, actor: str, convoy_id: str, persons: Iterable[str]) -> None:
    """Gives seats back: the persons keep waiting, with all their days."""
    with node.transaction():
        _not_departed(node, convoy_id)
        told = queries.seats_told(node, convoy_id)
        drafts = [
            Draft(entries.SeatReleased(convoy=convoy_id), one) for one in persons if one in told
        ]
        if not drafts:
            raise Refusal(_("None of these people holds a seat on this convoy."))
        append(node, actor, drafts)


def board_by_card(
    node: Node, actor: str, convoy_id: str, typed: str, *, command: str = ""
) -> list[str]:
    """Boards the family that holds this card and has seats; returns who boarded now."""
    number = cards.as_typed(typed)
    if not cards.is_whole(number):
        raise Refusal(_("That is not a whole card number. Look at the card again."))
    household = household_of_card(node, number)
    if household is None:
        raise Refusal(_("No card with this number counts. Send the people to the help desk."))
    family = queries.present_family(node, convoy_id, household)
    if not family:
        raise Refusal(_("This card has no seats on this convoy. Send the people to the help desk."))
    return board(node, actor, convoy_id, [one.id for one in family], command=command)


def board(
    node: Node, actor: str, convoy_id: str, persons: Iterable[str], *, command: str = ""
) -> list[str]:
    """Records that these people, who hold seats, are aboard; returns who was not before."""
    with node.transaction():
        if already(node, command):
            return []
        _not_departed(node, convoy_id)
        told = queries.seats_told(node, convoy_id)
        aboard = queries.aboard_of(node, convoy_id)
        wanted = list(persons)
        if without := [one for one in wanted if one not in told]:
            said = _("%(count)d of these people hold no seat here; nobody boarded.")
            raise Refusal(said % {"count": len(without)})
        fresh = [one for one in wanted if one not in aboard]
        if not fresh:
            raise Refusal(_("These people are aboard already."))
        ends = ends_of(node, fresh)
        drafts = [
            Draft(
                entries.PersonBoarded(convoy=convoy_id, vehicle=told[one]),
                one,
                over=ends.get(one, ()),
            )
            for one in fresh
        ]
        append(node, actor, drafts, command=command)
    return fresh


def depart(node: Node, actor: str, convoy_id: str, head_count: int, *, command: str = "") -> int:
    """The convoy leaves with this many heads counted; returns the difference to the scans."""
    if head_count < 0:
        raise Refusal(_("A head count is a number from 0 upwards."))
    with node.transaction():
        if not already(node, command):
            _not_departed(node, convoy_id)
            if not queries.aboard_of(node, convoy_id):
                raise Refusal(_("Nobody is aboard; the convoy was not sent off."))
            what = entries.ConvoyDeparted(head_count=head_count)
            append(node, actor, [Draft(what, convoy_id)], command=command)
        return head_count - len(queries.aboard_of(node, convoy_id))


def arrive(
    node: Node, actor: str, convoy_id: str, persons: Iterable[str], *, command: str = ""
) -> list[str]:
    """Records that these people were seen at the other end; returns who was not before.

    Who was never scanned aboard but stands there arrives as well: it happened.
    """
    with node.transaction():
        if already(node, command):
            return []
        convoy = _departed(node, convoy_id)
        seen = queries.arrived_of(node, convoy_id)
        fresh = [one for one in persons if one not in seen]
        if not fresh:
            raise Refusal(_("These people were marked as arrived already."))
        ends = ends_of(node, fresh)
        drafts = [
            Draft(
                entries.PersonArrived(convoy=convoy_id, site=convoy.destination or ""),
                one,
                over=ends.get(one, ()),
            )
            for one in fresh
        ]
        append(node, actor, drafts, command=command)
    return fresh


def arrive_by_card(
    node: Node, actor: str, convoy_id: str, typed: str, *, command: str = ""
) -> list[str]:
    """Marks the family of this card, as far as it boarded, as arrived."""
    household = household_of_card(node, typed)
    if household is None:
        raise Refusal(_("No card with this number counts. Mark the people in the list."))
    aboard = queries.aboard_of(node, convoy_id)
    family = [line.person for line in queries.manifest(node, convoy_id)
              if line.household == household and line.person in aboard]  # fmt: skip
    if not family:
        raise Refusal(_("Nobody of this card boarded this convoy. Mark the people in the list."))
    return arrive(node, actor, convoy_id, family, command=command)


def close_arrival(node: Node, actor: str, convoy_id: str, *, command: str = "") -> int:
    """The convoy has arrived; returns how many boarded and were not seen since."""
    with node.transaction():
        if not already(node, command):
            convoy = _departed(node, convoy_id)
            if queries.has_arrived(node, convoy_id):
                raise Refusal(_("The arrival of this convoy was closed already."))
            what = entries.ConvoyArrived(site=convoy.destination or "")
            append(node, actor, [Draft(what, convoy_id)], command=command)
        return len(queries.not_accounted_for(node, convoy_id))


def _not_departed(node: Node, convoy_id: str) -> models.Convoy:
    convoy = queries.convoy(node, convoy_id)
    if convoy is None:
        raise Refusal(_("There is no such convoy here."))
    if queries.has_departed(node, convoy_id):
        raise Refusal(_("This convoy has left; nothing was changed."))
    return convoy


def _departed(node: Node, convoy_id: str) -> models.Convoy:
    convoy = queries.convoy(node, convoy_id)
    if convoy is None:
        raise Refusal(_("There is no such convoy here."))
    if not queries.has_departed(node, convoy_id):
        raise Refusal(_("This convoy has not left yet; nothing was changed."))
    return convoy


def _free(vehicle: models.Vehicle, taken: list[str]) -> Carrier:
    return Carrier(
        vehicle.id,
        max(0, (vehicle.seats or 0) - taken.count("seat")),
        max(0, (vehicle.lying or 0) - taken.count("lying")),
        max(0, (vehicle.wheelchairs or 0) - taken.count("wheelchair")),
    )


def _travels(node: Node, persons: set[str]) -> dict[str, str]:
    found = dict.fromkeys(persons, "seat")
    return found | {one.id: one.travels for one in persons_of(node, persons) if one.travels}
