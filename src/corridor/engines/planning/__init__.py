"""Who leaves when: a legal plan for families, vehicles, windows and receptions.

`read_instance`, `plan`, `check`, `write_plan`. The input has no origin, nationality, faith, name or
sex, and its types refuse fields they do not know.
"""

from corridor.engines.planning.check import Breach, check
from corridor.engines.planning.gate import announcements, fill_at_gate, standby
from corridor.engines.planning.instance import (
    Household,
    Instance,
    Plan,
    Trip,
    Unit,
    VehicleType,
)
from corridor.engines.planning.planner import Effort, Planner
from corridor.engines.planning.promises import Kept, told_first
from corridor.engines.planning.reading import (
    InstanceError,
    read_instance,
    read_plan,
    write_instance,
    write_plan,
)
from corridor.engines.planning.reasons import changes, explain, what_binds
from corridor.engines.planning.vehicle import Load

__all__ = [
    "Breach",
    "Effort",
    "Household",
    "Instance",
    "InstanceError",
    "Kept",
    "Load",
    "Plan",
    "Trip",
    "Unit",
    "VehicleType",
    "announcements",
    "changes",
    "check",
    "explain",
    "fill_at_gate",
    "plan",
    "read_instance",
    "read_plan",
    "standby",
    "told_first",
    "what_binds",
    "write_instance",
    "write_plan",
]


def plan(instance: Instance, previous: Plan | None = None, effort: Effort | None = None) -> Plan:
    """A legal plan, the better the longer the effort: promises first, then everybody by need."""
    return Planner(instance, previous, effort or Effort()).run()
