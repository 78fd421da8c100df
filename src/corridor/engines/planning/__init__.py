"""Who leaves when: a legal plan for families, vehicles, windows and receptions.

`read_instance`, `plan`, `check`, `write_plan`. The input has no origin, nationality, faith, name or
sex, and its types refuse fields they do not know.
"""

from corridor.engines.planning.board import Board
from corridor.engines.planning.check import Breach, check
from corridor.engines.planning.frame import Frame
from corridor.engines.planning.instance import (
    Household,
    Instance,
    Plan,
    Trip,
    Unit,
    VehicleType,
)
from corridor.engines.planning.promises import keep
from corridor.engines.planning.reading import (
    InstanceError,
    read_instance,
    read_plan,
    write_instance,
    write_plan,
)
from corridor.engines.planning.vehicle import Load
from corridor.engines.planning.walk import walk

__all__ = [
    "Breach",
    "Household",
    "Instance",
    "InstanceError",
    "Load",
    "Plan",
    "Trip",
    "Unit",
    "VehicleType",
    "check",
    "plan",
    "read_instance",
    "read_plan",
    "write_instance",
    "write_plan",
]


def plan(instance: Instance, previous: Plan | None = None) -> Plan:
    """A legal plan by need: told people first where they were told, then the walk."""
    board = Board(Frame(instance))
    if previous is not None:
        keep(board, previous)
    walk(board)
    return board.to_plan("walk")
