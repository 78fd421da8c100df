"""Verbs of what convoys are made of: vehicles, routes, windows, receptions, crew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _
from msgspec import UNSET

from corridor.journal.append import Draft, append, subjects_of
from corridor.journal.changes import over
from corridor.journal.kinds import Change
from corridor.journal.node import Node
from corridor.journal.tables.shapes import RecordTable
from corridor.people import entries as people_entries
from corridor.people.acts import Newcomer, NewHousehold, Refusal, register
from corridor.people.queries import persons_of
from corridor.stops.convoy import entries, models, queries
from corridor.stops.waiting.queries import places

DUTIES = ("driver", "escort", "nurse", "guardian", "marshal", "other")


@dataclass(frozen=True)
class VehicleDraft:
    """A vehicle to be made: a label that people can read on it, and its places by kind."""

    label: str
    seats: int
    lying: int = 0
    wheelchairs: int = 0
    stretcher_seats: int = 0
    max_fitted: int = 0
    wheelchair_seats: int = 0
    max_extra_chairs: int = 0
    luggage: int | None = None
    ambulance: bool = False
    rough: bool = False
    plate: str = ""
    from_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True)
class WindowDraft:
    """An agreed window: times in milliseconds, ids of places, what escorts can lead."""

    label: str
    opens_ms: int
    closes_ms: int
    departs: Sequence[int]
    pickups: Sequence[str]
    receptions: Sequence[str]
    max_vehicles: int
    escorts: int = 1
    guardians: int = 0
    probability: int = 100
    names_required: bool = False
    agreement: str = ""


def check_vehicle(one: VehicleDraft) -> None:
    """Raises `Refusal` for a vehicle nobody could board."""
    numbers = (
        one.seats, one.lying, one.wheelchairs, one.stretcher_seats, one.max_fitted,
        one.wheelchair_seats, one.max_extra_chairs, one.luggage or 0,
    )  # fmt: skip
    if not one.label.strip() or min(numbers) < 0:
        raise Refusal(_("Each vehicle needs a label and no negative places. Nothing was saved."))


def vehicle_draft(node: Node, one: VehicleDraft, vehicle: str = "") -> Draft:
    """The draft that describes a vehicle, a new one if no id is given."""
    values = asdict(one)
    values |= {
        "label": one.label.strip(),
        "plate": one.plate.strip() or None,
        "ambulance": int(one.ambulance),
        "rough": int(one.rough),
    }
    seen = over(node, models.Vehicle, vehicle, tuple(values)) if vehicle else ()
    return Draft(entries.VehicleDescribed(**values), vehicle or node.new_id(), over=seen)


def describe_vehicle(
    node: Node, actor: str, one: VehicleDraft, *, vehicle: str = "", command: str = ""
) -> str:
    """Puts a vehicle into the fleet, or describes it anew; returns its id."""
    check_vehicle(one)
    with node.transaction():
        if command and (done := subjects_of(node, [command])):
            return done[command]
        same = [v for v in queries.fleet(node) if v.label == one.label.strip() and v.id != vehicle]
        if same:
            said = _("There is a vehicle called %(label)s already. Nothing was saved.")
            raise Refusal(said % {"label": one.label.strip()})
        draft = vehicle_draft(node, one, vehicle)
        append(node, actor, [draft], command=command)
    return draft.subject


def describe_type(
    node: Node, actor: str, one: VehicleDraft, *, kind: str = "", command: str = ""
) -> str:
    """A kind of vehicle, called by the draft's label; returns its id."""
    check_vehicle(one)
    what = entries.VehicleTypeDescribed(
        label=one.label.strip(),
        seats=one.seats,
        lying=one.lying,
        wheelchairs=one.wheelchairs,
        stretcher_seats=one.stretcher_seats,
        max_fitted=one.max_fitted,
        wheelchair_seats=one.wheelchair_seats,
        max_extra_chairs=one.max_extra_chairs,
        luggage=one.luggage,
        ambulance=int(one.ambulance),
        rough=int(one.rough),
    )
    return _describe(node, actor, models.VehicleType, what, kind, command)


def describe_route(
    node: Node,
    actor: str,
    pickup: str,
    reception: str,
    *,
    before: int,
    out: int,
    back: int,
    command: str = "",
) -> str:
    """The times of a route; the same pair again describes it anew."""
    known = {one.id: one.use for one in places(node)}
    if known.get(pickup) != "pickup" or known.get(reception) != "reception":
        raise Refusal(_("A route goes from a pick-up point to a reception site."))
    if out < 1 or before < 0 or back < 0:
        raise Refusal(_("A route takes at least a minute, and no time is negative."))
    what = entries.RouteDescribed(
        pickup=pickup, reception=reception, before_minutes=before, out_minutes=out,
        back_minutes=back,
    )  # fmt: skip
    return _describe(node, actor, models.Route, what, f"{pickup}:{reception}", command)


def describe_intake(
    node: Node,
    actor: str,
    place: str,
    persons: int,
    lying: int = 0,
    *,
    day: str = "",
    command: str = "",
) -> str:
    """How many people a reception takes on a day; an empty day stands for every day."""
    if place not in {one.id for one in places(node, "reception")}:
        raise Refusal(_("There is no such reception site here."))
    if min(persons, lying) < 0 or lying > persons:
        raise Refusal(_("People lying are counted among the people, and no number is negative."))
    what = entries.IntakeDescribed(place=place, day=day, persons=persons, lying=lying)
    return _describe(node, actor, models.Intake, what, f"{place}@{day}", command)


def describe_window(
    node: Node, actor: str, one: WindowDraft, *, window: str = "", command: str = ""
) -> str:
    """A window agreed with the parties; returns its id."""
    if not one.label.strip() or one.opens_ms >= one.closes_ms:
        raise Refusal(_("A window needs a name, and opens before it closes."))
    outside = [at for at in one.departs if not one.opens_ms <= at < one.closes_ms]
    if outside or not one.departs:
        raise Refusal(_("Name at least one departure, each of them inside the window."))
    if not one.pickups or not one.receptions:
        raise Refusal(_("Name the pick-up points and the receptions the window is for."))
    if one.max_vehicles < 1 or one.escorts < 0 or one.guardians < 0:
        raise Refusal(_("An escort leads at least one vehicle, and no number is negative."))
    if not 0 <= one.probability <= 100:
        raise Refusal(_("The probability is between 0 and 100 percent."))
    what = entries.WindowDescribed(
        label=one.label.strip(), opens_ms=one.opens_ms, closes_ms=one.closes_ms,
        probability=one.probability, pickups=" ".join(one.pickups),
        receptions=" ".join(one.receptions), departs=" ".join(map(str, sorted(one.departs))),
        max_vehicles=one.max_vehicles, escorts=one.escorts, guardians=one.guardians,
        names_required=int(one.names_required), agreement=one.agreement.strip() or None,
        state="agreed",
    )  # fmt: skip
    return _describe(node, actor, models.Window, what, window, command)


def close_window(node: Node, actor: str, window: str, *, command: str = "") -> None:
    """A window is not agreed any more: nothing more is planned in it."""
    if queries.window(node, window) is None:
        raise Refusal(_("There is no such window here."))
    what = entries.WindowDescribed(state="closed")
    _describe(node, actor, models.Window, what, window, command)


def join_crew(
    node: Node, actor: str, name: str, duty: str, *, person: str = "", command: str = ""
) -> str:
    """Somebody works on vehicles: registered if they are not yet; returns their id.

    They stand in the accounts as everybody does, hold a card, and never wait for a seat.
    """
    if duty not in DUTIES:
        raise Refusal(_("Choose what this person does on a vehicle."))
    with node.transaction():
        if command and (done := subjects_of(node, [f"{command}c"])):
            return done[f"{command}c"]
        if not person:
            if not name.strip():
                raise Refusal(_("Write the name of the person; nothing was saved."))
            values = people_entries.PersonRegistered(
                name=name.strip(), relationship="head", source="crew"
            )
            home = NewHousehold(
                people_entries.HouseholdRegistered(source="crew"), [Newcomer(values)]
            )
            person = register(node, actor, [home])[0].persons[0]
        elif not persons_of(node, [person]):
            raise Refusal(_("There is no such person here; nothing was changed."))
        draft = Draft(entries.CrewJoined(duty=duty), person, command=f"{command}c" * bool(command))
        append(node, actor, [draft])
    return person


def leave_crew(node: Node, actor: str, person: str, *, command: str = "") -> None:
    """Somebody does not work on vehicles any more."""
    with node.transaction():
        if person not in queries.crew(node):
            raise Refusal(_("This person is not of the crew; nothing was changed."))
        append(node, actor, [Draft(entries.CrewLeft(), person)], command=command)


def _describe(
    node: Node,
    actor: str,
    record: type[RecordTable],
    what: Change,
    subject: str,
    command: str,
) -> str:
    """Writes values of a record over those that stand now, or of a new one."""
    with node.transaction():
        if command and (done := subjects_of(node, [command])):
            return done[command]
        names = tuple(name for name in what.__struct_fields__ if getattr(what, name) is not UNSET)
        seen = over(node, record, subject, names) if subject else ()
        subject = subject or node.new_id()
        append(node, actor, [Draft(what, subject, over=seen)], command=command)
    return subject
