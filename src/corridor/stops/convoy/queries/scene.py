"""What several parts of an instance look at: convoys, seats, open windows, and the minutes."""

from __future__ import annotations

from collections import defaultdict

from corridor.journal.node import Node
from corridor.people.queries import rows_of
from corridor.stops.convoy import models
from corridor.stops.convoy.queries.convoys import convoys, stages
from corridor.stops.convoy.queries.fleet import routes, windows
from corridor.stops.waiting.queries import places

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS


def slot_id(window: str, departs_ms: int) -> str:
    """A departure of a window, as the planner names it."""
    return f"{window}@{departs_ms}"


class Scene:
    """What several parts of an instance look at: convoys, seats and who is away."""

    def __init__(self, node: Node, now: int, zero: int) -> None:
        self.node, self.now, self.zero = node, now, zero
        self.pickups = {one.id for one in places(node, "pickup")}
        self.receptions = [one.id for one in places(node, "reception")]
        self.convoys = {one.id: one for one in convoys(node)}
        self.stages = stages(node)
        use = models.Aboard.objects.using(node.alias)
        open_ids = [one for one in self.convoys if self.stages.get(one) != "arrived"]
        self.aboard: dict[str, int] = defaultdict(int)
        for row in rows_of(use, "convoy", open_ids):
            self.aboard[row.convoy] += 1
        self.seats: dict[str, models.Seat] = {
            row.person: row
            for row in models.Seat.objects.using(node.alias).order_by("hlc", "entry")
            if row.convoy not in self.stages
        }
        self.open_windows = {
            one.id: one for one in windows(node) if one.state != "closed" and one.opens_ms
        }
        self.out = {
            (one.pickup, one.reception): (one.out_minutes or 0, one.back_minutes or 0)
            for one in routes(node)
        }

    @classmethod
    def of(cls, node: Node) -> Scene:
        """The scene as of now; minute zero is the midnight before."""
        now = node.clock()
        return cls(node, now, now - now % DAY_MS)

    def minute(self, at_ms: int) -> int:
        """A time in minutes of the instance."""
        return (at_ms - self.zero) // MINUTE_MS

    def is_planned_anew(self, convoy: str) -> bool:
        """Whether the planner may change this convoy: from a window, and nobody aboard yet."""
        one = self.convoys.get(convoy)
        return (
            one is not None
            and one.window in self.open_windows
            and convoy not in self.stages
            and not self.aboard.get(convoy)
            and (one.departs_ms or 0) > self.now
        )

    def frozen(self) -> list[models.Convoy]:
        """Convoys that are not over and that the planner leaves as they are."""
        return [
            one
            for one in self.convoys.values()
            if self.stages.get(one.id) != "arrived" and not self.is_planned_anew(one.id)
        ]
