"""What binds each agreed window in a plan, and what one more of it would spare. Read only."""

from __future__ import annotations

import msgspec

from corridor.engines import planning
from corridor.stops.convoy.queries.planning import DAY, Built

#: So many limits of a window are kept, the dearest first.
MOST_LIMITS = 6


class Limit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A limit that binds: `limit` a code of `BINDS`; `spares` days of waiting, weighed by need.

    `at_ms` is the departure it belongs to, or the day of a reception; `place` and `vehicle` (one
    of its kind) are ids, where it has them.
    """

    limit: str
    spares: float
    at_ms: int = 0
    place: str = ""
    vehicle: str = ""


class WindowTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a plan makes of one window: people aboard, seats that drive, those that stay empty."""

    people: int
    seats: int
    empty: int
    limits: list[Limit] = []


def binding(built: Built, plan: planning.Plan) -> dict[str, WindowTold]:
    """Window to what the plan makes of it; without prices no limit is known to bind."""
    slots = {one.id: built.at(one.depart) for one in built.instance.slots}
    vehicles = {one.type: one.id for one in reversed(built.instance.vehicles)}
    found = {}
    for window, row in planning.what_binds(built.instance, plan).items():
        limits = [
            Limit(
                one["limit"],
                one["price"],
                slots[one["slot"]] if "slot" in one else built.at(one["day"] * DAY),
                one.get("pickup") or one.get("reception") or "",
                vehicles.get(one.get("type", ""), ""),
            )
            for one in row["binding"][:MOST_LIMITS]
        ]
        found[window] = WindowTold(row["people"], row["seats"], row["empty"], limits)
    return found
