"""Verbs of seats: made, given, moved, given back; a vehicle taken off with its people kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from corridor.engines.planning import Load
from corridor.engines.seating import Party, Seating, seat
from corridor.engines.travelling import Seated
from corridor.journal.append import Draft, already, append, subjects_of
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.joining import refuse_while_joining
from corridor.people.queries import ends_of
from corridor.stops.convoy import entries, models, queries
from corridor.stops.convoy.acts.checks import not_departed
from corridor.stops.convoy.acts.fleet import VehicleDraft, check_vehicle, vehicle_draft

RELEASES = ("no_show", "refused", "breakdown", "window", "replanned", "wish")


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
    """A new convoy with vehicles of its own; returns its id. Nobody has a seat yet."""
    if not name.strip():
        raise Refusal(_("A convoy needs a name; nothing was saved."))
    if not vehicles:
        raise Refusal(_("A convoy needs at least one vehicle; nothing was saved."))
    for one in vehicles:
        check_vehicle(one)
    with node.transaction():
        if command and (done := subjects_of(node, [command])):
            return done[command]
        convoy = node.new_id()
        described = entries.ConvoyDescribed(
            name=name.strip(), origin=origin, destination=destination, departs_ms=departs_ms
        )
        drafts = [Draft(described, convoy)]
        for one in vehicles:
            drafts.append(vehicle_draft(node, one))
            drafts.append(Draft(entries.VehicleAssigned(convoy=convoy), drafts[-1].subject))
        append(node, actor, drafts, command=command)
    return convoy


def fill(node: Node, actor: str, convoy_id: str, *, command: str = "") -> Seating:
    """Gives the free seats to who waits at the origin: by need, then days waited, families whole.

    Told seats stay as they are. Returns who was seated and who was left.
    """
    refuse_while_joining(node)
    with node.transaction():
        convoy = not_departed(node, convoy_id)
        if already(node, command):
            return Seating()
        parties, units = queries.next_in_order(node, convoy)
        seating = seat(parties, queries.room(node, convoy_id), queries.guardians_of(node, convoy))
        drafts = _told(convoy_id, seating, units)
        append(node, actor, drafts, command=command)
    return seating


def release(
    node: Node,
    actor: str,
    convoy_id: str,
    persons: Iterable[str],
    reason: str = "wish",
    *,
    command: str = "",
) -> list[str]:
    """Gives seats back: the persons keep waiting, with all their days; returns them.

    Who is aboard gets off.
    """
    if reason not in RELEASES:
        raise Refusal(_("Say why the seat is given back."))
    with node.transaction():
        if already(node, command):
            return []
        convoy = not_departed(node, convoy_id)
        held = queries.seats(node, convoy_id)
        those = [one for one in persons if one in held]
        if not those:
            raise Refusal(_("None of these people holds a seat on this convoy."))
        drafts = get_off(node, convoy, those, reason)
        drafts += [released(held[one], reason) for one in those]
        append(node, actor, drafts, command=command)
    return those


def release_no_shows(node: Node, actor: str, convoy_id: str, *, command: str = "") -> list[str]:
    """Gives back the seats of everybody who did not come, so that others may have them."""
    aboard = queries.aboard_of(node, convoy_id)
    duties = queries.crew(node)
    told = queries.seats_told(node, convoy_id)
    absent = [one for one in told if one not in aboard and one not in duties]
    return release(node, actor, convoy_id, absent, "no_show", command=command)


def move(
    node: Node,
    actor: str,
    convoy_id: str,
    persons: Sequence[str],
    vehicle: str,
    *,
    command: str = "",
) -> None:
    """These people ride in another vehicle of the convoy; who is aboard gets off first."""
    with node.transaction():
        if already(node, command):
            return
        convoy = not_departed(node, convoy_id)
        held = queries.seats(node, convoy_id)
        if not persons or any(one not in held for one in persons):
            raise Refusal(_("Not all of these people hold a seat here; nothing was changed."))
        room = queries.room(node, convoy_id)
        if vehicle not in room:
            raise Refusal(_("This vehicle does not drive with the convoy; nothing was changed."))
        moving = dict.fromkeys(persons, vehicle)
        for _home, seated in queries.units_told(node, moving).get(vehicle, ()):
            if rule := room[vehicle].refuses(seated.unit):
                said = _("They do not fit there (%(rule)s); nothing was changed.")
                raise Refusal(said % {"rule": rule})
            room[vehicle].add(seated.unit)
        drafts = get_off(node, convoy, persons, "moved")
        drafts += [told(convoy_id, one, vehicle, held[one]) for one in persons]
        append(node, actor, drafts, command=command)


def take_off(
    node: Node,
    actor: str,
    convoy_id: str,
    vehicle: str,
    reason: str = "breakdown",
    *,
    instead: str = "",
    command: str = "",
) -> tuple[list[str], list[str]]:
    """A vehicle drops out; returns who was moved to another one, and who waits again.

    Told families go first into what is free on the other vehicles (and on the one that comes
    `instead`), in the published order. Who finds no place keeps waiting with all their days.
    """
    with node.transaction():
        if already(node, command):
            return [], []
        convoy = not_departed(node, convoy_id)
        own = {row.vehicle: row.entry for row in queries.assignments(node, convoy_id)}
        if vehicle not in own:
            raise Refusal(_("This vehicle does not drive with the convoy; nothing was changed."))
        off = entries.VehicleTakenOff(convoy=convoy_id, reason=reason)
        drafts = [Draft(off, vehicle, over=((own[vehicle], 0),))]
        if instead and instead not in own:
            drafts.append(Draft(entries.VehicleAssigned(convoy=convoy_id), instead))
        append(node, actor, drafts, command=command)
        return _seat_again(node, actor, convoy, vehicle, reason)


def add_vehicle(node: Node, actor: str, convoy_id: str, vehicle: str, *, command: str = "") -> None:
    """One more vehicle drives with the convoy."""
    with node.transaction():
        if already(node, command):
            return
        not_departed(node, convoy_id)
        busy = {row.vehicle: row.convoy for row in queries.assignments(node)}
        free = {one.id for one in queries.fleet(node)}
        stages = queries.stages(node)
        if vehicle not in free or stages.get(busy.get(vehicle, ""), "arrived") != "arrived":
            raise Refusal(_("This vehicle drives with a convoy already, or is not known here."))
        draft = Draft(entries.VehicleAssigned(convoy=convoy_id), vehicle)
        append(node, actor, [draft], command=command)


def seat_crew(
    node: Node, actor: str, convoy_id: str, person: str, vehicle: str, *, command: str = ""
) -> None:
    """A member of the crew rides in this vehicle; crew takes no seat of the people's."""
    with node.transaction():
        if already(node, command):
            return
        not_departed(node, convoy_id)
        if person not in queries.crew(node):
            raise Refusal(_("This person is not of the crew; nothing was changed."))
        if vehicle not in {one.id for one in queries.vehicles(node, convoy_id)}:
            raise Refusal(_("This vehicle does not drive with the convoy; nothing was changed."))
        held = queries.seats(node, convoy_id).get(person)
        append(node, actor, [told(convoy_id, person, vehicle, held)], command=command)


def told(convoy: str, person: str, vehicle: str, before: models.Seat | None = None) -> Draft:
    """A place told, over the one that the person held."""
    over = ((before.entry, 0),) if before else ()
    return Draft(entries.SeatTold(convoy=convoy, vehicle=vehicle), person, over=over)


def released(before: models.Seat, reason: str) -> Draft:
    """A place given back."""
    what = entries.SeatReleased(convoy=before.convoy, reason=reason)
    return Draft(what, before.person, over=((before.entry, 0),))


def get_off(node: Node, convoy: models.Convoy, persons: Iterable[str], reason: str) -> list[Draft]:
    """Those of them who are aboard get off, and wait where the convoy sets off."""
    aboard = queries.aboard_of(node, convoy.id)
    those = [one for one in persons if one in aboard]
    ends = ends_of(node, those)
    what = entries.PersonGotOff(convoy=convoy.id, place=convoy.origin or "", reason=reason)
    return [Draft(what, one, over=ends.get(one, ())) for one in those]


def _told(convoy: str, seating: Seating, units: dict[str, Seated]) -> list[Draft]:
    return [
        told(convoy, person, vehicle)
        for unit, vehicle in seating.seats.items()
        for person in units[unit].persons
    ]


def _seat_again(
    node: Node, actor: str, convoy: models.Convoy, vehicle: str, reason: str
) -> tuple[list[str], list[str]]:
    held = queries.seats(node, convoy.id)
    stranded = {one: vehicle for one, row in held.items() if row.vehicle == vehicle}
    room = queries.room(node, convoy.id)
    families = queries.units_told(node, stranded).get(vehicle, [])
    rank = queries.rank_of(node, convoy, stranded)
    families.sort(key=lambda one: rank.get(one[0], len(rank)))
    parties = [Party(seated.unit.id, (seated.unit,)) for _home, seated in families]
    seating = seat(parties, room, queries.guardians_of(node, convoy))
    units = {seated.unit.id: seated for _home, seated in families}
    moved = {p: v for unit, v in seating.seats.items() for p in units[unit].persons}
    moved |= _crew_elsewhere(node, stranded, room)
    drafts = get_off(node, convoy, stranded, reason)
    for person in stranded:
        if person in moved:
            drafts.append(told(convoy.id, person, moved[person], held[person]))
        else:
            drafts.append(released(held[person], reason))
    append(node, actor, drafts)
    return sorted(moved), sorted(set(stranded) - set(moved))


def _crew_elsewhere(node: Node, stranded: dict[str, str], room: dict[str, Load]) -> dict[str, str]:
    """Crew of a vehicle that drops out rides along in the first of the others."""
    if not room:
        return {}
    duties = queries.crew(node)
    return {person: next(iter(room)) for person in stranded if person in duties}
