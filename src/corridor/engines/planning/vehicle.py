"""The rule of one vehicle: what is aboard, and whether it is still legal."""

from __future__ import annotations

from corridor.engines.planning.instance import Unit, VehicleType


class Load:
    """Sums over the units aboard one vehicle, so that a look at one more unit is cheap."""

    __slots__ = (
        "chairs",
        "children",
        "critical",
        "free",
        "guardians",
        "kind",
        "luggage",
        "lying",
        "needs_roof",
        "per_guardian",
        "persons",
        "seats",
        "walking",
    )

    def __init__(self, kind: VehicleType, per_guardian: int) -> None:
        self.kind = kind
        self.per_guardian = per_guardian
        self.seats = self.lying = self.critical = self.chairs = 0
        self.luggage = self.children = self.persons = 0
        self.needs_roof = self.walking = self.guardians = 0
        self.free = kind.seats
        """Seats left after fitted stretchers, wheelchairs and guardians."""

    def add(self, unit: Unit, sign: int = 1) -> None:
        """Puts a unit aboard, or takes it off with sign -1."""
        self.seats += sign * unit.seats
        self.luggage += sign * unit.luggage
        self.persons += sign * unit.persons
        if not unit.rough_ok:
            self.needs_roof += sign
        lying = unit.stretchers + unit.critical
        if not lying:
            self.walking += sign
        if lying or unit.wheelchairs or unit.unaccompanied:
            self.lying += sign * lying
            self.critical += sign * unit.critical
            self.chairs += sign * unit.wheelchairs
            self.children += sign * unit.unaccompanied
            self.guardians = -(-self.children // self.per_guardian)
            self.free = self._free()
        else:
            self.free -= sign * unit.seats

    def _free(self) -> int:
        kind = self.kind
        taken = self.seats + self.guardians
        if self.lying > kind.stretchers:
            taken += (self.lying - kind.stretchers) * kind.stretcher_seats
        if self.chairs > kind.wheelchairs:
            taken += (self.chairs - kind.wheelchairs) * kind.wheelchair_seats
        return kind.seats - taken

    def broken(self) -> str | None:
        """The first rule of the vehicle that this load breaks, if any."""
        kind = self.kind
        if kind.ambulance and self.walking:
            return "ambulance-only-medical"
        if self.critical and not kind.ambulance:
            return "critical-needs-ambulance"
        if kind.rough and self.needs_roof:
            return "not-in-open-truck"
        fitted = self.lying - kind.stretchers
        if fitted > 0 and (not kind.stretcher_seats or fitted > kind.max_fitted):
            return "lying-places"
        extra = self.chairs - kind.wheelchairs
        if extra > 0 and (not kind.wheelchair_seats or extra > kind.max_extra_chairs):
            return "wheelchair-places"
        if self.free < 0:
            return "seats"
        return "luggage" if self.luggage > kind.luggage else None

    def refuses(self, unit: Unit) -> str | None:
        """The rule that keeps one more unit out, or None if it may board."""
        if not (unit.stretchers or unit.critical or unit.wheelchairs or unit.unaccompanied):
            return self._refuses_plain(unit)
        self.add(unit)
        rule = self.broken()
        self.add(unit, -1)
        return rule

    def takes(self, unit: Unit) -> int:
        """Seats that this unit takes up with stretchers, wheelchairs and guardians for it."""
        if not (unit.lying or unit.wheelchairs or unit.unaccompanied):
            return unit.seats
        before = self.free
        self.add(unit)
        taken = before - self.free
        self.add(unit, -1)
        return taken

    def _refuses_plain(self, unit: Unit) -> str | None:
        kind = self.kind
        if kind.ambulance:
            return "ambulance-only-medical"
        if kind.rough and not unit.rough_ok:
            return "not-in-open-truck"
        if unit.seats > self.free:
            return "seats"
        return "luggage" if self.luggage + unit.luggage > kind.luggage else None


def fits_alone(kind: VehicleType, unit: Unit, per_guardian: int) -> str | None:
    """The rule that keeps a unit out of an empty vehicle of this type, or None."""
    return Load(kind, per_guardian).refuses(unit)
