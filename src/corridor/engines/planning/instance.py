"""What the planner is told: people by need and size, vehicles, windows, receptions.

Times are whole minutes from a zero that the caller chooses. The types refuse every field
they do not name, so no origin, nationality, faith, name or sex can reach a plan (STD 2.1:
need decides the order; origin, politics and payment never do).
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

FORMAT: Final = "corridor-convoy-1"
DAY: Final = 1440
"""Minutes in a day."""

Need = Literal["A", "B", "C", "D"]
NEEDS: Final[tuple[Need, ...]] = ("A", "B", "C", "D")
"""Critical, urgent, vulnerable, standard: the most pressing first."""


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """People who must sit in one vehicle together.

    `seats` leaves out infants on a lap, people lying and people in a wheelchair. `critical`
    lie in an ambulance, `stretchers` in an ambulance or a fitted bus. `luggage` is in kg.
    """

    id: str
    persons: int
    seats: int
    lap: int = 0
    stretchers: int = 0
    critical: int = 0
    wheelchairs: int = 0
    luggage: int = 0
    unaccompanied: int = 0
    rough_ok: bool = True

    @property
    def lying(self) -> int:
        """People who need a lying place."""
        return self.stretchers + self.critical


class Household(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family: more than one unit only where it agreed to be split over vehicles.

    `ready` is the first minute it can leave, `waited` the minutes it has waited when planning
    begins. `told` and `told_vehicle` are the slot and the vehicle already announced to it.
    """

    id: str
    pickup: str
    ready: int
    waited: int
    need: Need
    units: tuple[Unit, ...]
    told: str | None = None
    told_vehicle: str | None = None

    @property
    def persons(self) -> int:
        """People in all units."""
        return sum(unit.persons for unit in self.units)


class VehicleType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a kind of vehicle holds.

    One fitted stretcher takes `stretcher_seats` seats (0: cannot be fitted), at most
    `max_fitted` of them; wheelchairs likewise. An ambulance carries people lying and their
    carers only; `rough` is an open truck.
    """

    id: str
    seats: int
    stretchers: int = 0
    stretcher_seats: int = 0
    max_fitted: int = 0
    wheelchairs: int = 0
    wheelchair_seats: int = 0
    max_extra_chairs: int = 0
    luggage: int = 0
    ambulance: bool = False
    rough: bool = False


class Vehicle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vehicle, at hand from `start` to `end` (-1: for ever)."""

    id: str
    type: str
    start: int
    end: int


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agreed time in which named pick-ups and receptions may be driven between."""

    id: str
    open: int
    close: int
    probability: float
    pickups: tuple[str, ...]
    receptions: tuple[str, ...]


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A moment in a window at which convoys set off.

    `max_vehicles` is what one escort can lead, `max_convoys` the escorts, `guardians` the
    adults at hand for children alone.
    """

    id: str
    window: str
    depart: int
    max_vehicles: int
    max_convoys: int
    guardians: int


class Reception(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place of arrival: people and people lying it takes, per day from day 0."""

    id: str
    medical: bool
    intake: tuple[int, ...]
    lying: tuple[int, ...]


class Travel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Minutes a vehicle is taken before departure, on the way out, and on the way back."""

    pickup: str
    reception: str
    before: int
    out: int
    back: int


class Instance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a plan is made from.

    `weight` prices a person-day of waiting by need class, `aging` adds to it per day already
    waited. A household left behind is priced as leaving `unserved_delay` after `horizon`.
    """

    name: str
    now: int
    horizon: int
    pickups: tuple[str, ...]
    receptions: tuple[Reception, ...]
    types: tuple[VehicleType, ...]
    vehicles: tuple[Vehicle, ...]
    windows: tuple[Window, ...]
    slots: tuple[Slot, ...]
    travel: tuple[Travel, ...]
    households: tuple[Household, ...]
    weight: dict[Need, float]
    aging: float
    unserved_delay: int
    children_per_guardian: int
    max_wait: int
    format: Literal["corridor-convoy-1"] = FORMAT

    @property
    def unserved_at(self) -> int:
        """The minute at which a household left behind is priced as leaving."""
        return self.horizon + self.unserved_delay

    def cost(self, household: Household, depart: int) -> float:
        """Weighted person-days that this household waits from now if it leaves at `depart`.

        Convex in the wait, so nobody is put off for ever; by persons, so that a large family
        is not put back for being large.
        """
        days = max(0, depart - max(self.now, household.ready)) / DAY
        before = household.waited / DAY
        by_need = self.weight[household.need] * days
        return household.persons * (by_need + self.aging * (before * days + days * days / 2))

    def rate(self, household: Household, at: int) -> float:
        """The weight of one more person-day of waiting at minute `at`."""
        since = max(0, at - max(self.now, household.ready))
        return self.weight[household.need] + self.aging * (household.waited + since) / DAY


class Trip(msgspec.Struct):
    """One vehicle from one pick-up to one reception on one slot, and who is aboard."""

    vehicle: str
    slot: str
    pickup: str
    reception: str
    units: list[str]


class Plan(msgspec.Struct):
    """Who leaves when. `bound` is a proven lower limit of the weighted waiting, if any.

    `prices`: what one more of each limit of the program is worth, for the explanations.
    """

    trips: list[Trip]
    left: list[str]
    bound: float | None = None
    stage: str = ""
    prices: dict[tuple[str | int, ...], float] = {}
